//! Signing in: a password and a one-time code, throttled, with one answer for everything that is wrong.

use std::time::Duration;

use domain::audit::AuditNote;
use serde_json::json;
use store::{StaffAccount, Tx};

use super::{actor, hashed, password, set_up, sign_in_name, totp};
use crate::Authoring;
use crate::error::{ActionError, Result};

/// Tries are counted over this time, in machine time.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Tries for one account in that time.
const TRIES_PER_ACCOUNT: i64 = 10;
/// Tries from one address block in that time. A whole hospital may share one address.
const TRIES_PER_BLOCK: i64 = 200;

/// What somebody typed to sign in, and from where.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) email: String,
    pub(crate) password: String,
    /// A one-time code or a recovery code.
    pub(crate) code: String,
    /// The block of addresses, see [`edge::ClientAddress::block`].
    pub(crate) block: String,
}

/// Somebody who has just signed in.
#[derive(Clone)]
pub struct SignedIn {
    /// The token for the session cookie.
    pub token: String,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").finish_non_exhaustive()
    }
}

impl Authoring {
    /// Signs somebody in.
    ///
    /// # Errors
    /// `Unauthenticated` for a wrong address, password or code alike; `TooMany` after too many tries.
    pub(crate) async fn sign_in(&self, credentials: &Credentials) -> Result<SignedIn> {
        self.count_try(credentials).await?;
        let email = sign_in_name(&credentials.email);
        let account = self.store().staff_by_email(&email).await?;
        let usable = account.filter(|one| one.active && one.setup_hash.is_none());
        let hash = usable.as_ref().and_then(|one| one.password_hash.clone());
        let fits = password::fits(hash, &credentials.password).await;
        let (true, Some(account)) = (fits, usable) else { return Err(wrong()) };

        let tx = self.store().begin().await?;
        if !self.takes_code(&tx, &account, &credentials.code).await? {
            return Err(wrong());
        }
        let (token, session) = self.new_session(account.id);
        tx.insert_session(&session).await?;
        let note =
            AuditNote { action: "staff.signed-in", subject: format!("staff/{}", account.id), details: json!({}) };
        tx.record(&actor(&account), note).await?;
        tx.commit().await?;
        Ok(SignedIn { token })
    }

    /// Counted in a transaction of its own: a failed try must stay counted.
    async fn count_try(&self, credentials: &Credentials) -> Result<()> {
        let tx = self.store().begin().await?;
        let account = tx.count(&format!("sign-in:{}", sign_in_name(&credentials.email)), WINDOW).await?;
        let block = tx.count(&format!("sign-in-from:{}", credentials.block), WINDOW).await?;
        tx.commit().await?;
        let too_many = account > TRIES_PER_ACCOUNT || block > TRIES_PER_BLOCK;
        if too_many { Err(ActionError::TooMany(WINDOW)) } else { Ok(()) }
    }

    /// A code of the app, once; or one of the recovery codes, once.
    pub(crate) async fn takes_code(&self, tx: &Tx, account: &StaffAccount, code: &str) -> Result<bool> {
        let secret = account.totp_secret.as_deref().unwrap_or_default();
        if let Some(step) = totp::step_of(secret, code, self.env().machine_now()) {
            return Ok(tx.use_totp_step(account.id, step).await?);
        }
        let code = set_up::plain_recovery_code(code);
        Ok(!code.is_empty() && tx.use_recovery_code(account.id, &hashed(&code)).await?)
    }
}

fn wrong() -> ActionError {
    ActionError::Unauthenticated("sign-in-wrong")
}
