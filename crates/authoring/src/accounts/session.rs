//! Sessions: a random token in a cookie, its hash in the database, and two ends, by age and by silence.

use chrono::{DateTime, Duration, Utc};
use domain::WithCauses;
use store::{Session, StaffAccount};

use super::{actor, hashed, note};
use crate::Authoring;
use crate::error::Result;

/// How much of its time a session must have used before a request prolongs it: not every click is a write.
const PROLONG_AFTER: Duration = Duration::minutes(5);

/// Somebody with a session.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) account: StaffAccount,
    pub(crate) token_hash: String,
}

impl Authoring {
    /// A new session, not saved yet, with its token.
    pub(crate) fn new_session(&self, staff: i64) -> (String, Session) {
        let token = self.env().token();
        let now = self.env().machine_now();
        let session =
            Session { token_hash: hashed(&token), staff, created_at: now, expires_at: self.silence_ends(now, now) };
        (token, session)
    }

    /// When a session that is used now will end if it is not used again.
    fn silence_ends(&self, created_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let settings = self.settings();
        let by_age = created_at + Duration::hours(settings.session_hours.into());
        by_age.min(now + Duration::minutes(settings.idle_minutes.into()))
    }

    /// Whose session this is, if it is one and has not ended. Using it prolongs it.
    pub(crate) async fn known(&self, token: &str) -> Result<Option<Known>> {
        let token_hash = hashed(token);
        let now = self.env().machine_now();
        let Some((session, account)) = self.store().session(&token_hash).await? else { return Ok(None) };
        if session.expires_at <= now || !account.active || account.setup_hash.is_some() {
            return Ok(None);
        }
        let ends = self.silence_ends(session.created_at, now);
        if ends - session.expires_at >= PROLONG_AFTER
            && let Err(error) = self.prolong(&session, ends).await
        {
            // A database that cannot be written to must not keep people from reading.
            tracing::warn!(error = %WithCauses(&error), "a session could not be prolonged");
        }
        Ok(Some(Known { account, token_hash }))
    }

    async fn prolong(&self, session: &Session, ends: DateTime<Utc>) -> Result<()> {
        let tx = self.store().begin().await?;
        // Signed out in the meantime means signed out.
        if tx.session(&session.token_hash).await?.is_some() {
            tx.delete_session(&session.token_hash).await?;
            tx.insert_session(&Session { expires_at: ends, ..session.clone() }).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Ends a session.
    pub(crate) async fn sign_out(&self, known: &Known) -> Result<()> {
        let tx = self.store().begin().await?;
        tx.delete_session(&known.token_hash).await?;
        tx.record(&actor(&known.account), note(known.account.id, "staff.signed-out")).await?;
        tx.commit().await?;
        Ok(())
    }
}
