//! The unlisted address at which staff read what they are told: looking it up, changing its key, closing it.

use std::time::Duration;

use domain::audit::AuditNote;
use domain::staff::Act;
use domain::{Language, StaffKey};
use serde_json::json;

use crate::Authoring;
use crate::caller::Caller;
use crate::error::{ActionError, Result};

/// How long the answer waits for the page of this process.
const PATIENCE: Duration = Duration::from_secs(10);

/// What becomes of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressChange {
    /// It gets a new key; the old one opens nothing any more.
    NewKey,
    /// There is no such address any more.
    Close,
}

impl Authoring {
    /// The address in every language; empty while there is none. Everybody who works here may hand it out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn staff_addresses(&self, caller: &Caller) -> Result<Vec<(Language, String)>> {
        caller.permit(Act::Read)?;
        Ok(self.addresses(self.store().staff_key().await?.as_ref()))
    }

    /// Changes the address, and answers when the page of this process no longer takes the old key.
    ///
    /// # Errors
    /// When the caller does not manage staff for everybody, or the database does not answer.
    pub async fn change_staff_address(
        &self,
        caller: &Caller,
        change: AddressChange,
    ) -> Result<Vec<(Language, String)>> {
        self.manages(caller)?;
        let tx = self.store().begin().await?;
        let catalogue = tx.catalogue().await?;
        let own = caller.actor.organisation.as_deref();
        if own.is_some_and(|own| catalogue.organisation(own).is_none_or(|one| one.parent.is_some())) {
            return Err(ActionError::Forbidden("other-organisation"));
        }
        let (key, action) = match change {
            AddressChange::NewKey => (Some(StaffKey::new(self.env())), "staff-address.new-key"),
            AddressChange::Close => (None, "staff-address.closed"),
        };
        tx.set_staff_key(key.as_ref()).await?;
        // The key itself is in no line of the record.
        let note = AuditNote { action, subject: "staff-address".to_owned(), details: json!({}) };
        tx.record(&caller.actor, note).await?;
        tx.commit().await?;
        self.wait_for_lock().await;
        Ok(self.addresses(key.as_ref()))
    }

    /// A page that is slow learns of it nevertheless, so its lateness is only written down.
    async fn wait_for_lock(&self) {
        let Some(seen) = self.page_seen() else { return };
        let Ok(version) = self.store().published().version().await else { return };
        if tokio::time::timeout(PATIENCE, seen.locks(version)).await.is_err() {
            tracing::warn!(publication.version = version, "the page does not know the changed staff address yet");
        }
    }

    fn addresses(&self, key: Option<&StaffKey>) -> Vec<(Language, String)> {
        let Some(key) = key else { return Vec::new() };
        self.site().languages.iter().map(|language| (*language, self.site().staff(*language, key))).collect()
    }
}
