//! How the first people of a broadcast fare, and a broadcast that stops itself; and texts to our own phones.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ChannelKind;
use domain::delivery::Broadcast;
use sea_orm::Value;

use super::state::{BROADCAST_PAUSED, BROADCAST_SENDING, CHUNK_OPEN, OUTCOME_DELIVERED, OUTCOME_SENT, OUTCOME_UNKNOWN};
use crate::column::{get, ms, time};
use crate::handles::Store;
use crate::watch::Wake;
use crate::{FirstPeople, Reads, StoreError, Tx};

impl Reads {
    /// How the people fare who were told first, per channel of every broadcast that is still watched and has begun.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn first_people(&self) -> Result<Vec<FirstPeople>, StoreError> {
        let sql = format!(
            "SELECT broadcast, CAST(SUM(n_sent) AS bigint) AS sent, CAST(SUM(n_failed) AS bigint) AS failed,
                 CAST(SUM(audience - n_sent - n_failed - n_skipped - n_expired - n_superseded - n_unknown) AS bigint)
                     AS remaining,
                 MIN(first_sent_at) AS first_sent_at
             FROM chunk
             WHERE broadcast IN (SELECT id FROM broadcast WHERE state = {BROADCAST_SENDING} AND watched = 0)
             GROUP BY broadcast, channel HAVING MIN(first_sent_at) IS NOT NULL"
        );
        let first = |row| {
            Ok(FirstPeople {
                broadcast: get(row, "broadcast")?,
                sent: get(row, "sent")?,
                failed: get(row, "failed")?,
                remaining: get(row, "remaining")?,
                first_sent_at: time(get(row, "first_sent_at")?)?,
            })
        };
        self.rows(sql, []).await?.iter().map(first).collect()
    }

    /// Why a broadcast stopped itself; none when it did not, or a person has seen to it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn held_for(&self, broadcast: i64) -> Result<Option<String>, StoreError> {
        let sql = format!("SELECT held_for FROM broadcast WHERE id = $1 AND state = {BROADCAST_PAUSED}");
        let row = self.row(sql, [broadcast.into()]).await?;
        Ok(row.map(|row| get::<Option<String>>(&row, "held_for")).transpose()?.flatten())
    }

    /// The people with ids in a range who had so many texts about the incident of a broadcast since then, this one not
    /// counted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn told_enough(
        &self,
        broadcast: &Broadcast,
        since: DateTime<Utc>,
        (first, last): (i64, i64),
        most: u32,
    ) -> Result<BTreeSet<i64>, StoreError> {
        let sql = format!(
            "SELECT subscriber FROM outcome
             WHERE broadcast IN (SELECT id FROM broadcast WHERE incident = $1 AND id <> $2 AND created_at > $3)
                 AND subscriber >= $4 AND subscriber <= $5
                 AND state IN ({OUTCOME_SENT}, {OUTCOME_DELIVERED}, {OUTCOME_UNKNOWN})
             GROUP BY subscriber HAVING COUNT(*) >= $6"
        );
        let values: [Value; 6] = [
            broadcast.incident.into(),
            broadcast.id.into(),
            ms(since).into(),
            first.into(),
            last.into(),
            i64::from(most).into(),
        ];
        self.rows(sql, values).await?.iter().map(|row| get(row, "subscriber")).collect()
    }

    /// The channels of which ranges are due that nobody holds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn channels_due(&self) -> Result<Vec<ChannelKind>, StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        let mut due = Vec::new();
        for kind in [ChannelKind::Sms, ChannelKind::Email] {
            let sql = format!(
                "SELECT id FROM chunk WHERE state = {CHUNK_OPEN} AND lease_until <= $1 AND channel = $2
                     AND +broadcast IN (SELECT id FROM broadcast WHERE state = {BROADCAST_SENDING}) LIMIT 1"
            );
            if self.row(sql, [now.into(), kind.number().into()]).await?.is_some() {
                due.push(kind);
            }
        }
        Ok(due)
    }

    /// The broadcasts of the last day whose texts to our own phones left more than `patience` ago, and none arrived.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn without_a_seed(&self, patience: Duration) -> Result<Vec<i64>, StoreError> {
        let span_ms = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        let (now, _) = self.lease_times(Duration::ZERO);
        let sql = "SELECT broadcast FROM seed WHERE at > $1
            GROUP BY broadcast HAVING MAX(arrived_at) IS NULL AND MIN(at) <= $2";
        let day = Duration::from_secs(24 * 3_600);
        let rows = self.rows(sql, [(now - span_ms(day)).into(), (now - span_ms(patience)).into()]).await?;
        rows.iter().map(|row| get(row, "broadcast")).collect()
    }
}

impl Tx {
    /// Pauses a broadcast that is under way because something is wrong with it; a person has to let it go on. False when
    /// it is not under way any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hold_broadcast(&self, broadcast: i64, reason: &str) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE broadcast SET state = {BROADCAST_PAUSED}, held_for = $2
             WHERE id = $1 AND state = {BROADCAST_SENDING} AND watched = 0"
        );
        self.announce(Wake::Work);
        Ok(self.run(sql, [broadcast.into(), reason.into()]).await? == 1)
    }

    /// The first people of a broadcast were told without trouble: it is watched no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_watch(&self, broadcast: i64) -> Result<(), StoreError> {
        self.run("UPDATE broadcast SET watched = 1 WHERE id = $1", [broadcast.into()]).await?;
        Ok(())
    }

    /// Remembers that a direct message is a broadcast's text to one of our own phones.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_seed(&self, message: i64, broadcast: i64) -> Result<(), StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        let sql = "INSERT INTO seed (message, broadcast, at) VALUES ($1, $2, $3)";
        self.run(sql, [message.into(), broadcast.into(), now.into()]).await?;
        Ok(())
    }
}

impl Store {
    /// A direct message arrived. When it was one to our own phones, that proves that its broadcast arrives.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn seed_arrived(&self, message: i64) -> Result<(), StoreError> {
        let open = "SELECT message FROM seed WHERE message = $1 AND arrived_at IS NULL";
        if self.row(open, [message.into()]).await?.is_none() {
            return Ok(());
        }
        let (now, _) = self.lease_times(Duration::ZERO);
        let tx = self.begin().await?;
        tx.run("UPDATE seed SET arrived_at = $2 WHERE message = $1", [message.into(), now.into()]).await?;
        tx.commit().await
    }
}
