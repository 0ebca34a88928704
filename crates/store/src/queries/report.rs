//! What a broadcast came to: per channel and language, at fixed minutes, and why messages failed.

use chrono::TimeDelta;
use sea_orm::QueryResult;

use super::progress::progress_of;
use super::state::OUTCOME_FAILED;
use crate::column::{channel, get, language, ms, time};
use crate::handles::Store;
use crate::{Failures, Reach, Reads, Share, StoreError, Tx};

/// The minutes after a publication at which its reach is written down.
const MINUTES: [i16; 4] = [1, 5, 15, 60];

/// A count that is made later than this would speak of another minute: then there is none.
const LATE: TimeDelta = TimeDelta::seconds(30);

impl Reads {
    /// The counts of a broadcast per channel and language, without posts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn shares(&self, broadcast: i64) -> Result<Vec<Share>, StoreError> {
        let sql = "SELECT channel, language,
                CAST(SUM(audience) AS bigint) AS audience, CAST(SUM(n_sent) AS bigint) AS sent,
                CAST(SUM(n_delivered) AS bigint) AS delivered, CAST(SUM(n_failed) AS bigint) AS failed,
                CAST(SUM(n_skipped) AS bigint) AS skipped, CAST(SUM(n_expired) AS bigint) AS expired,
                CAST(SUM(n_superseded) AS bigint) AS superseded, CAST(SUM(n_unknown) AS bigint) AS unknown,
                CAST(MAX(estimated) AS smallint) AS estimated,
                MIN(first_sent_at) AS first_sent_at, MAX(last_sent_at) AS last_sent_at
            FROM chunk WHERE broadcast = $1 GROUP BY channel, language ORDER BY channel, language";
        let share = |row: QueryResult| {
            Ok(Share {
                channel: channel(get(&row, "channel")?)?,
                language: language(get(&row, "language")?)?,
                progress: progress_of(&row, None)?,
            })
        };
        self.rows(sql, [broadcast.into()]).await?.into_iter().map(share).collect()
    }

    /// The reach of a broadcast at each minute that has passed; a minute at which nobody counted is absent.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reach_of(&self, broadcast: i64) -> Result<Vec<Reach>, StoreError> {
        let sql = "SELECT minute, channel, language, audience, sent, delivered, failed FROM reach
            WHERE broadcast = $1 ORDER BY channel, language, minute";
        let reach = |row: QueryResult| {
            Ok(Reach {
                minute: get(&row, "minute")?,
                channel: channel(get(&row, "channel")?)?,
                language: language(get(&row, "language")?)?,
                audience: get(&row, "audience")?,
                sent: get(&row, "sent")?,
                delivered: get(&row, "delivered")?,
                failed: get(&row, "failed")?,
            })
        };
        self.rows(sql, [broadcast.into()]).await?.into_iter().map(reach).collect()
    }

    /// Why messages of a broadcast failed, the most frequent reason first. Looks only into ranges with failures, and
    /// finds nothing once outcomes are no longer kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn failures(&self, broadcast: i64) -> Result<Vec<Failures>, StoreError> {
        let sql = format!(
            "SELECT chunk.channel, outcome.code, COUNT(*) AS people
             FROM chunk JOIN outcome ON outcome.broadcast = chunk.broadcast AND outcome.chunk = chunk.id
                 AND outcome.subscriber BETWEEN chunk.low AND chunk.high
             WHERE chunk.broadcast = $1 AND chunk.n_failed > 0 AND outcome.state = {OUTCOME_FAILED}
             GROUP BY chunk.channel, outcome.code ORDER BY people DESC, chunk.channel, outcome.code"
        );
        let failures = |row: QueryResult| {
            Ok(Failures {
                channel: channel(get(&row, "channel")?)?,
                code: get(&row, "code")?,
                people: get(&row, "people")?,
            })
        };
        self.rows(sql, [broadcast.into()]).await?.into_iter().map(failures).collect()
    }

    /// The broadcasts whose reach is to be written down now, with the minute.
    async fn due_reach(&self) -> Result<Vec<(i64, i16)>, StoreError> {
        let now = self.core.env.now();
        let longest = TimeDelta::minutes(MINUTES[MINUTES.len() - 1].into()) + LATE;
        let sql = "SELECT id, created_at FROM broadcast WHERE created_at > $1 AND created_at <= $2";
        let mut due = Vec::new();
        for row in self.rows(sql, [ms(now - longest).into(), ms(now).into()]).await? {
            let (id, created_at): (i64, i64) = (get(&row, "id")?, get(&row, "created_at")?);
            let age = now - time(created_at)?;
            let minute = MINUTES.into_iter().find(|minute| {
                let minute = TimeDelta::minutes((*minute).into());
                age >= minute && age < minute + LATE
            });
            let Some(minute) = minute else { continue };
            let known = "SELECT 1 AS one FROM reach WHERE broadcast = $1 AND minute = $2 LIMIT 1";
            if self.row(known, [id.into(), minute.into()]).await?.is_none() {
                due.push((id, minute));
            }
        }
        Ok(due)
    }
}

impl Store {
    /// Writes down how far young broadcasts have come, at the minutes that reports tell of. Call it every second; any
    /// number of processes may. Returns how many counts were made.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_reach(&self) -> Result<usize, StoreError> {
        let due = self.due_reach().await?;
        if due.is_empty() {
            return Ok(0);
        }
        let tx = self.begin().await?;
        for (broadcast, minute) in &due {
            tx.insert_reach(*broadcast, *minute).await?;
        }
        tx.commit().await?;
        Ok(due.len())
    }
}

impl Tx {
    async fn insert_reach(&self, broadcast: i64, minute: i16) -> Result<(), StoreError> {
        let sql = "INSERT INTO reach (broadcast, minute, channel, language, audience, sent, delivered, failed)
            SELECT broadcast, $2, channel, language, CAST(SUM(audience) AS bigint), CAST(SUM(n_sent) AS bigint),
                CAST(SUM(n_delivered) AS bigint), CAST(SUM(n_failed) AS bigint)
            FROM chunk WHERE broadcast = $1 GROUP BY broadcast, channel, language
            ON CONFLICT (broadcast, minute, channel, language) DO NOTHING";
        self.run(sql, [broadcast.into(), minute.into()]).await.map(drop)
    }
}
