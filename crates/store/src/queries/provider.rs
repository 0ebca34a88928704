//! Providers by number: a number takes less room in each of a million outcomes than a name does.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use domain::delivery::ProviderName;

use crate::StoreError;
use crate::column::get;
use crate::handles::Store;

impl Store {
    /// The number of a provider, which it gets when it is first written down. Not while a transaction is open: it may
    /// need one of its own.
    pub(crate) async fn number_of(&self, provider: ProviderName) -> Result<i16, StoreError> {
        loop {
            let known = self.known_providers().get(&provider).copied();
            if let Some(number) = known {
                return Ok(number);
            }
            let sql = "SELECT id FROM provider WHERE name = $1";
            if let Some(row) = self.row(sql, [provider.as_str().into()]).await? {
                let number = get(&row, "id")?;
                self.known_providers().insert(provider, number);
                continue;
            }
            // Another process may be about to take the same number; then this one looks again.
            let tx = self.begin().await?;
            let sql = "INSERT INTO provider (id, name)
                SELECT COALESCE(MAX(id), 0) + 1, CAST($1 AS text) FROM provider WHERE true ON CONFLICT DO NOTHING";
            tx.run(sql, [provider.as_str().into()]).await?;
            tx.commit().await?;
        }
    }

    fn known_providers(&self) -> MutexGuard<'_, BTreeMap<ProviderName, i16>> {
        self.core.providers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
