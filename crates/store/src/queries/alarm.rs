//! Alarms: what a process sees is kept as long as it sees it.

use std::time::Duration;

use domain::WithCauses;
use sea_orm::Value;

use super::state::BROADCAST_PAUSED;
use crate::column::{get, time};
use crate::handles::Store;
use crate::{Alarm, Reads, StoreError};

/// A process that has not said for so long that it sees something does not see it any more.
const FORGOTTEN: Duration = Duration::from_secs(60);

impl Store {
    /// Says what a process sees now, as kind and subject; whatever else it saw is over. Say it again while it lasts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn show_alarms(&self, process: i64, seen: &[(&str, String)]) -> Result<(), StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        let tx = self.begin().await?;
        let begin = "INSERT INTO alarm (kind, subject, process, since, seen_at) VALUES ($1, $2, $3, $4, $4)
            ON CONFLICT (kind, subject, process) DO UPDATE SET seen_at = excluded.seen_at";
        for (kind, subject) in seen {
            let values: [Value; 4] = [(*kind).into(), subject.clone().into(), process.into(), now.into()];
            tx.run(begin, values).await?;
        }
        let over = "DELETE FROM alarm WHERE (process = $1 AND seen_at < $2) OR seen_at < $3";
        tx.run(over, [process.into(), now.into(), self.forgotten().into()]).await?;
        tx.commit().await
    }
}

impl Reads {
    /// What a person should look into now, the oldest first. Without a database there is nothing to say.
    pub async fn alarms(&self) -> Vec<Alarm> {
        self.read_alarms().await.unwrap_or_else(|error| {
            tracing::debug!(error = %WithCauses(&error), "alarms cannot be read");
            Vec::new()
        })
    }

    async fn read_alarms(&self) -> Result<Vec<Alarm>, StoreError> {
        let sql = format!(
            "SELECT kind, subject, MIN(since) AS since FROM alarm WHERE seen_at >= $1 GROUP BY kind, subject
             UNION ALL
             SELECT 'held' AS kind, CAST(id AS text) AS subject, created_at AS since FROM broadcast
             WHERE state = {BROADCAST_PAUSED} AND held_for IS NOT NULL
             ORDER BY since"
        );
        let rows = self.rows(sql, [self.forgotten().into()]).await?;
        let alarm = |row| {
            let (kind, subject) = (get(row, "kind")?, get(row, "subject")?);
            Ok(Alarm { kind, subject, since: time(get(row, "since")?)? })
        };
        rows.iter().map(alarm).collect()
    }

    fn forgotten(&self) -> i64 {
        let (now, _) = self.lease_times(Duration::ZERO);
        now - i64::try_from(FORGOTTEN.as_millis()).unwrap_or(i64::MAX)
    }
}
