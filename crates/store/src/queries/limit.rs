//! Counters against guessing and flooding, in windows of machine time. Their names are hashed: they may hold an address.

use std::time::Duration;

use sea_orm::Value;

use crate::column::get;
use crate::{StoreError, SubTx, Tx};

impl Tx {
    /// Counts one more within the current window of this length, and returns how many that makes. It lasts only if
    /// the transaction is committed: commit also what is refused where tries are counted, and not where only what was
    /// allowed counts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&self, limit_key: &str, window: Duration) -> Result<i64, StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        let length = i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(1);
        let start = now - now.rem_euclid(length);
        let name = self.core.vault.limit_name(limit_key, length);
        let sql = "INSERT INTO limit_count (name, window_start, ends_at, n) VALUES ($1, $2, $3, 1)
            ON CONFLICT (name) DO UPDATE SET
                n = CASE WHEN limit_count.window_start = excluded.window_start THEN limit_count.n + 1 ELSE 1 END,
                window_start = excluded.window_start, ends_at = excluded.ends_at
            RETURNING n";
        let values: [Value; 3] = [name.to_vec().into(), start.into(), start.saturating_add(length).into()];
        let row = self.row(sql, values).await?;
        row.map_or_else(|| Err(StoreError::broken("a limit was not counted")), |row| get(&row, "n"))
    }
}

impl SubTx {
    /// As [`Tx::count`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&self, limit_key: &str, window: Duration) -> Result<i64, StoreError> {
        self.tx.count(limit_key, window).await
    }
}
