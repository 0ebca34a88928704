//! Housekeeping: what has run out is deleted, so that the database holds no more about anybody than it needs.

use std::time::Duration;

use crate::StoreError;
use crate::handles::Store;

/// How long a repeated report or text is known as such; providers give up repeating within days.
const REPLAYS_KNOWN_FOR: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long an answer is kept for a repeated request.
const ANSWERS_KEPT_FOR: Duration = Duration::from_secs(24 * 3600);
/// Rows per transaction: a long one would hold up the senders.
const SLICE: i64 = 5_000;

/// Table, key and condition; `$1` is the time before which a row has run out.
const RUN_OUT: [(&str, &str, &str, Duration); 6] = [
    ("session", "token_hash", "expires_at < $1", Duration::ZERO),
    ("verification", "token_hash", "expires_at < $1", Duration::ZERO),
    ("limit_count", "name", "ends_at < $1", Duration::ZERO),
    ("message", "id", "state <> 1 AND expires_at < $1", REPLAYS_KNOWN_FOR),
    ("receipt", "id", "state <> 1 AND received_at < $1", REPLAYS_KNOWN_FOR),
    ("inbound", "provider_ref", "received_at < $1", REPLAYS_KNOWN_FOR),
];

impl Store {
    /// Deletes sessions, sign-ups, limits, ended messages, reports and answers that have run out, in slices, and
    /// returns how many rows that were. Call it about once an hour.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for (table, key, condition, kept_for) in RUN_OUT {
            let sql = format!(
                "DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {condition} LIMIT {SLICE})"
            );
            deleted += self.delete_slices(&sql, kept_for).await?;
        }
        deleted += self.delete_slices("DELETE FROM idempotency WHERE created_at < $1", ANSWERS_KEPT_FOR).await?;
        if self.is_sqlite() {
            self.run("PRAGMA incremental_vacuum(1000)", []).await?;
        }
        Ok(deleted)
    }

    async fn delete_slices(&self, sql: &str, kept_for: Duration) -> Result<u64, StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        let before = now - i64::try_from(kept_for.as_millis()).unwrap_or(i64::MAX);
        let mut deleted = 0;
        loop {
            let tx = self.begin().await?;
            let some = tx.run(sql, [before.into()]).await?;
            tx.commit().await?;
            deleted += some;
            if some < SLICE.cast_unsigned() {
                return Ok(deleted);
            }
        }
    }
}
