//! Signing in: a password and a one-time code, throttled, with one answer for everything that is wrong.

use std::time::Duration;

use domain::audit::AuditNote;
use domain::digest::{hex, sha256};
use domain::staff::{Actor, Role};
use serde_json::json;
use store::{StaffAccount, Tx};

use super::{actor, hashed, note, password, set_up, sign_in_name, totp};
use crate::Authoring;
use crate::error::{ActionError, Result};

/// Tries are counted over this time, in machine time.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Tries for one account from one address block in that time. Counted by block, so that a stranger elsewhere cannot
/// lock out an approver on the day that matters.
const TRIES_PER_ACCOUNT: i64 = 10;
/// Tries for one account from everywhere in that time: nobody guesses a password of twelve letters with so many.
const TRIES_FROM_EVERYWHERE: i64 = 1_000;
/// One-time codes in that time of somebody who knows the password, wherever they are: six digits are few.
const CODES_PER_ACCOUNT: i64 = 10;
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
        let email = sign_in_name(&credentials.email);
        self.count_try(&email, &credentials.block).await?;
        let account = self.store().staff_by_email(&email).await?;
        let tried = self.tried(&email, account.as_ref());
        let usable = account.filter(|one| one.active && one.setup_hash.is_none());
        let hash = usable.as_ref().and_then(|one| one.password_hash.clone());
        let fits = password::fits(hash, &credentials.password).await;
        let (true, Some(account)) = (fits, usable) else { return self.refuse(tried).await };

        let codes = (format!("sign-in-code:{}", account.id), CODES_PER_ACCOUNT);
        self.within_limits(&[codes], || tried.clone()).await?;
        let tx = self.store().begin().await?;
        if !self.takes_code(&tx, &account, &credentials.code).await? {
            drop(tx);
            return self.refuse(tried).await;
        }
        let (token, session) = self.new_session(account.id);
        tx.insert_session(&session).await?;
        tx.record(&actor(&account), note(account.id, "staff.signed-in")).await?;
        tx.commit().await?;
        Ok(SignedIn { token })
    }

    async fn count_try(&self, name: &str, block: &str) -> Result<()> {
        let limits = [
            (format!("sign-in-from:{block}"), TRIES_PER_BLOCK),
            (format!("sign-in:{name}:{block}"), TRIES_PER_ACCOUNT),
            (format!("sign-in:{name}"), TRIES_FROM_EVERYWHERE),
        ];
        // Whose account it is would have to be asked of the database, which a limit is there to spare.
        self.within_limits(&limits, || self.tried(name, None)).await
    }

    /// Counted in a transaction of its own: a failed try must stay counted. What one limit refuses does not count
    /// against the next. The audit log hears of the first refusal of a window and not of each: it is never emptied.
    async fn within_limits(&self, limits: &[(String, i64)], tried: impl Fn() -> AuditNote + Send) -> Result<()> {
        let tx = self.store().begin().await?;
        let mut within = true;
        for (name, most) in limits {
            if !within {
                break;
            }
            let count = tx.count(name, WINDOW).await?;
            within = count <= *most;
            if count == *most + 1 {
                tx.record(&nobody(), AuditNote { action: "staff.sign-in-blocked", ..tried() }).await?;
            }
        }
        tx.commit().await?;
        if within { Ok(()) } else { Err(ActionError::TooMany(WINDOW)) }
    }

    /// What the audit log says of a try: the account, or where there is none a keyed hash of the name. People type
    /// passwords into the wrong field, so the name itself is not kept.
    fn tried(&self, name: &str, account: Option<&StaffAccount>) -> AuditNote {
        let action = "staff.sign-in-failed";
        match account {
            Some(account) => note(account.id, action),
            None => {
                let key = hex(&self.key().derive("sign-in-names"));
                let name = sha256(format!("{key}:{name}"));
                AuditNote { action, subject: "staff".to_owned(), details: json!({"name_hash": name}) }
            }
        }
    }

    /// One answer for everything that is wrong, and a line of the audit log.
    async fn refuse<T>(&self, tried: AuditNote) -> Result<T> {
        let tx = self.store().begin().await?;
        tx.record(&nobody(), tried).await?;
        tx.commit().await?;
        Err(wrong())
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

/// Somebody who has not proved who they are, as the audit log names them. No account has this id.
fn nobody() -> Actor {
    Actor { id: -1, name: "not signed in".to_owned(), role: Role::Author, organisation: None }
}

fn wrong() -> ActionError {
    ActionError::Unauthenticated("sign-in-wrong")
}
