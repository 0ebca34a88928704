//! The accounts of staff: inviting, changing, ending.

use chrono::Duration;
use domain::Catalogue;
use domain::audit::AuditNote;
use domain::staff::{Act, Role};
use domain::text;
use serde_json::json;
use store::{StaffAccount, Tx};

use super::{note, set_up::set_up_hash, sign_in_name, totp};
use crate::Authoring;
use crate::caller::Caller;
use crate::error::{ActionError, Result};

/// Somebody who is to get an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The mail address, which is the sign-in name.
    pub email: String,
    /// The name shown to colleagues.
    pub name: String,
    /// What they are there for.
    pub role: Role,
    /// The organisation they speak for; none may speak for all.
    pub organisation: Option<String>,
}

/// What a new member of staff needs, once. Send link and code by different ways.
#[derive(Clone)]
pub struct Invitation {
    /// The account.
    pub staff: i64,
    /// The one-time link.
    pub link: String,
    /// The one-time code.
    pub code: String,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").field("staff", &self.staff).finish_non_exhaustive()
    }
}

/// An account that needs no set-up: for the demo and for tests.
#[derive(Clone)]
pub struct ReadyAccount {
    /// Who.
    pub who: NewAccount,
    /// The password.
    pub password: String,
    /// The secret of the one-time codes, 20 bytes.
    pub totp_secret: Vec<u8>,
}

impl Authoring {
    /// Invites a member of staff. Inviting an address again replaces its role, name and access.
    ///
    /// # Errors
    /// When the caller may not manage staff, or what was given cannot be used.
    pub async fn add_staff(&self, caller: &Caller, who: NewAccount) -> Result<Invitation> {
        self.manages(caller)?;
        let tx = self.store().begin().await?;
        let mut account = self.account_for(&tx, caller, who).await?;
        let (token, code) = (self.env().token(), self.new_code());
        account.setup_hash = Some(set_up_hash(&token, &code));
        account.setup_expires = Some(self.env().machine_now() + Duration::hours(self.settings().set_up_hours.into()));
        account.password_hash = None;
        account.totp_secret = None;
        tx.save_staff(&account).await?;
        self.shut_out(&tx, account.id).await?;
        tx.record(&caller.actor, about(&account, "staff.invited")).await?;
        tx.commit().await?;
        let url = self.settings().url.trim_end_matches('/');
        Ok(Invitation { staff: account.id, link: format!("{url}/set-up/{}-{token}", account.id), code })
    }

    /// Makes an account that can sign in at once.
    ///
    /// # Errors
    /// As [`Authoring::add_staff`].
    pub async fn create_ready_account(&self, caller: &Caller, ready: ReadyAccount) -> Result<i64> {
        self.manages(caller)?;
        let hash = self.hash_password("password", &ready.password).await?;
        if ready.totp_secret.len() < 16 {
            return Err(ActionError::field("totp_secret", "unusable"));
        }
        let tx = self.store().begin().await?;
        let mut account = self.account_for(&tx, caller, ready.who).await?;
        account.password_hash = Some(hash);
        account.totp_secret = Some(ready.totp_secret);
        tx.save_staff(&account).await?;
        tx.record(&caller.actor, about(&account, "staff.created")).await?;
        tx.commit().await?;
        Ok(account.id)
    }

    /// Changes the role or ends the access of somebody else. Whoever is changed is signed out everywhere.
    ///
    /// # Errors
    /// When the caller may not manage staff, changes their own account, or one of an organisation that is not theirs.
    pub(crate) async fn change_staff(&self, caller: &Caller, staff: i64, role: Role, active: bool) -> Result<()> {
        self.manages(caller)?;
        let tx = self.store().begin().await?;
        let mut account = tx.staff(staff).await?.ok_or(ActionError::NotFound)?;
        may_touch(caller, &tx.catalogue().await?, &account)?;
        account.role = role;
        account.active = active;
        tx.save_staff(&account).await?;
        match active {
            true => tx.delete_sessions_of(staff).await?,
            false => self.shut_out(&tx, staff).await?,
        }
        tx.record(&caller.actor, about(&account, "staff.changed")).await?;
        tx.commit().await?;
        Ok(())
    }

    /// An operator at the command line has the id 0 and every right.
    pub(crate) fn manages(&self, caller: &Caller) -> Result<()> {
        if caller.actor.id == 0 { Ok(()) } else { caller.permit(Act::ManageStaff) }
    }

    /// Takes away all API tokens of a member of staff, such as one that got into wrong hands, and says how many.
    ///
    /// # Errors
    /// When the caller may not manage staff, or there is no such account.
    pub async fn revoke_tokens(&self, caller: &Caller, email: &str) -> Result<usize> {
        self.manages(caller)?;
        let tx = self.store().begin().await?;
        let account = tx.staff_by_email(&sign_in_name(email)).await?.ok_or(ActionError::NotFound)?;
        within_reach(caller, &tx.catalogue().await?, account.organisation.as_deref())?;
        let revoked = revoke(&tx, account.id).await?;
        tx.record(&caller.actor, about(&account, "staff.tokens-revoked")).await?;
        tx.commit().await?;
        Ok(revoked)
    }

    /// Ends every way in that an account had before: it is set up anew because somebody else may have got in, or its
    /// access ended. A later return must not bring old tokens back to life.
    async fn shut_out(&self, tx: &Tx, staff: i64) -> Result<()> {
        tx.delete_sessions_of(staff).await?;
        revoke(tx, staff).await?;
        Ok(())
    }

    async fn account_for(&self, tx: &Tx, caller: &Caller, who: NewAccount) -> Result<StaffAccount> {
        let email = domain::EmailAddress::parse(who.email.trim());
        let email = email.map_err(|_| ActionError::field("email", "email"))?;
        let email = sign_in_name(email.as_str());
        let name = text::single_line(&text::normalise(&who.name).unwrap_or_default());
        if name.is_empty() {
            return Err(ActionError::field("name", "blank"));
        }
        let catalogue = tx.catalogue().await?;
        if who.organisation.as_deref().is_some_and(|key| catalogue.organisation(key).is_none()) {
            return Err(ActionError::field("organisation", "unknown-key"));
        }
        within_reach(caller, &catalogue, who.organisation.as_deref())?;
        let known = tx.staff_by_email(&email).await?;
        if let Some(known) = &known {
            may_touch(caller, &catalogue, known)?;
        }
        Ok(StaffAccount {
            id: known.map_or_else(|| self.env().id(), |one| one.id),
            email,
            name: text::shorten(&name, 100),
            role: who.role,
            organisation: who.organisation,
            password_hash: None,
            totp_secret: None,
            totp_last_step: 0,
            setup_hash: None,
            setup_expires: None,
            active: true,
        })
    }

    /// 40 random bits: enough beside a link of 256, and short enough to read out on the phone.
    fn new_code(&self) -> String {
        totp::readable(&self.env().bytes::<5>()).replace(' ', "-")
    }
}

/// Nobody gives themselves another role, and nobody reaches beyond the organisation that they speak for.
fn may_touch(caller: &Caller, catalogue: &Catalogue, account: &StaffAccount) -> Result<()> {
    if account.id == caller.actor.id {
        return Err(ActionError::Forbidden("own-account"));
    }
    within_reach(caller, catalogue, account.organisation.as_deref())
}

/// Whoever manages the staff of one organisation gives nobody more reach than they have themselves.
pub(crate) fn within_reach(caller: &Caller, catalogue: &Catalogue, organisation: Option<&str>) -> Result<()> {
    let Some(own) = caller.actor.organisation.as_deref() else { return Ok(()) };
    let below = organisation.is_some_and(|key| catalogue.line_up(key).contains(&own));
    if below { Ok(()) } else { Err(ActionError::Forbidden("other-organisation")) }
}

async fn revoke(tx: &Tx, staff: i64) -> Result<usize> {
    let tokens = tx.tokens_of(staff).await?;
    for token in &tokens {
        tx.delete_token(&token.hash).await?;
    }
    Ok(tokens.len())
}

/// The note with what the account may do from now on.
pub(crate) fn about(account: &StaffAccount, action: &'static str) -> AuditNote {
    let details = json!({"role": account.role.key(), "organisation": account.organisation, "active": account.active});
    AuditNote { details, ..note(account.id, action) }
}
