//! Texts that came in: a provider repeats what it thinks we did not get, and STOP must be answered once.

use std::time::Duration;

use crate::{StoreError, SubTx, Tx};

impl Tx {
    /// True the first time that a provider's reference is seen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn first_inbound(&self, provider_ref: &str) -> Result<bool, StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        let sql =
            "INSERT INTO inbound (provider_ref, received_at) VALUES ($1, $2) ON CONFLICT (provider_ref) DO NOTHING";
        Ok(self.run(sql, [provider_ref.into(), now.into()]).await? == 1)
    }
}

impl SubTx {
    /// As [`Tx::first_inbound`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn first_inbound(&self, provider_ref: &str) -> Result<bool, StoreError> {
        self.tx.first_inbound(provider_ref).await
    }
}
