//! `hysbys staff`: adds people and API tokens from the command line, where there is nobody yet who could sign in.

use anyhow::Context;
use authoring::{AddressChange, Authoring, Caller, NewAccount};
use domain::staff::Role;

use super::{operator, say};

/// Adds a person and prints the one-time set-up link and code.
///
/// # Errors
/// When the role does not exist, the address is taken, or the database does not answer.
pub async fn add(
    authoring: &Authoring,
    email: &str,
    name: &str,
    role: &str,
    organisation: Option<String>,
) -> anyhow::Result<()> {
    let role = Role::from_key(role).context("role must be author, translator, approver or admin")?;
    let account = NewAccount { email: email.to_owned(), name: name.to_owned(), role, organisation };
    let invitation = authoring.add_staff(&Caller::from(operator()), account).await?;
    say(format_args!("Set-up link (works once): {}", invitation.link))?;
    say(format_args!("Set-up code: {}", invitation.code))?;
    say("Send the two by different ways.")?;
    Ok(())
}

/// Prints a new API token once.
///
/// # Errors
/// When there is no such person, or the database does not answer.
pub async fn token(authoring: &Authoring, email: &str, label: &str) -> anyhow::Result<()> {
    let token = authoring.add_token(&Caller::from(operator()), email, label).await?;
    say(token)?;
    Ok(())
}

/// Takes away all API tokens of a person.
///
/// # Errors
/// When there is no such person, or the database does not answer.
pub async fn revoke_tokens(authoring: &Authoring, email: &str) -> anyhow::Result<()> {
    let revoked = authoring.revoke_tokens(&Caller::from(operator()), email).await?;
    say(format_args!("{revoked} tokens taken away"))?;
    Ok(())
}

/// Prints the address for GPs and health staff in every language, after changing it where that was asked for.
///
/// # Errors
/// When the database does not answer.
pub async fn address(authoring: &Authoring, change: Option<AddressChange>) -> anyhow::Result<()> {
    let caller = Caller::from(operator());
    let addresses = match change {
        Some(change) => authoring.change_staff_address(&caller, change).await?,
        None => authoring.staff_addresses(&caller).await?,
    };
    for (_, address) in &addresses {
        say(address)?;
    }
    if addresses.is_empty() {
        say("there is no address for staff; make one with --new-key")?;
    }
    Ok(())
}
