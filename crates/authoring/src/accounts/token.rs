//! Tokens with which programs act for a member of staff, and what each may be used for.

use domain::staff::{Act, Role};
use store::{ApiToken, StaffAccount};

use super::staff::{about, within_reach};
use super::{hashed, sign_in_name};
use crate::Authoring;
use crate::caller::Caller;
use crate::error::{ActionError, Result};

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    IncidentsRead,
    IncidentsWrite,
    RevisionsApprove,
    RevisionsPublish,
    BroadcastsManage,
}

impl Scope {
    pub(crate) const ALL: [Self; 5] = [
        Self::IncidentsRead,
        Self::IncidentsWrite,
        Self::RevisionsApprove,
        Self::RevisionsPublish,
        Self::BroadcastsManage,
    ];

    /// How it is written in a token and in the API's description.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::IncidentsRead => "incidents:read",
            Self::IncidentsWrite => "incidents:write",
            Self::RevisionsApprove => "revisions:approve",
            Self::RevisionsPublish => "revisions:publish",
            Self::BroadcastsManage => "broadcasts:manage",
        }
    }

    const fn act(self) -> Act {
        match self {
            Self::IncidentsRead => Act::Read,
            // A translator's program may edit words; the actions see to it that it edits no more.
            Self::IncidentsWrite => Act::Translate,
            Self::RevisionsApprove => Act::Approve,
            Self::RevisionsPublish => Act::Publish,
            Self::BroadcastsManage => Act::StopBroadcast,
        }
    }
}

/// Everything that a role may let a program do.
pub(crate) fn scopes_of(role: Role) -> Vec<String> {
    Scope::ALL.into_iter().filter(|scope| role.may(scope.act())).map(|scope| scope.key().to_owned()).collect()
}

impl Authoring {
    /// Makes a token for a member of staff, with every scope of their role, and returns it; only its hash is kept.
    ///
    /// # Errors
    /// When the caller may not manage staff, or there is no such account.
    pub async fn add_token(&self, caller: &Caller, email: &str, label: &str) -> Result<String> {
        self.add_token_for(caller, email, label, None).await
    }

    /// As [`Authoring::add_token`], with these scopes only.
    ///
    /// # Errors
    /// As [`Authoring::add_token`]; and when a scope is unknown or beyond the role.
    pub async fn add_token_for(
        &self,
        caller: &Caller,
        email: &str,
        label: &str,
        scopes: Option<Vec<String>>,
    ) -> Result<String> {
        self.manages(caller)?;
        let tx = self.store().begin().await?;
        let account = tx.staff_by_email(&sign_in_name(email)).await?.ok_or(ActionError::NotFound)?;
        within_reach(caller, &tx.catalogue().await?, account.organisation.as_deref())?;
        let all = scopes_of(account.role);
        let scopes = scopes.unwrap_or_else(|| all.clone());
        if scopes.iter().any(|scope| !all.contains(scope)) {
            return Err(ActionError::field("scopes", "unknown-key"));
        }
        let token = format!("hysbys_{}", self.env().token());
        let row = ApiToken {
            hash: hashed(&token),
            staff: account.id,
            label: domain::text::shorten(&domain::text::single_line(label), 100),
            scopes,
            created_at: self.env().machine_now(),
        };
        tx.insert_token(&row).await?;
        tx.record(&caller.actor, about(&account, "staff.token-added")).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// The account of a token that is to be used for something.
    ///
    /// # Errors
    /// `Unauthenticated` for a token that is none of ours; `Forbidden` for one that is not for this.
    pub(crate) async fn token_holder(&self, token: &str, scope: Scope) -> Result<StaffAccount> {
        let found = self.store().token(&hashed(token)).await?;
        let usable = found.filter(|(_, account)| account.active);
        let (token, account) = usable.ok_or(ActionError::Unauthenticated("token-wrong"))?;
        // A role that was taken away takes its scopes with it.
        let allowed = token.scopes.iter().any(|one| one == scope.key()) && account.role.may(scope.act());
        if allowed { Ok(account) } else { Err(ActionError::Forbidden("scope")) }
    }
}
