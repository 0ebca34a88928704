//! Chunks: leased by one notifier at a time, and the people in them.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::delivery::Chunk;
use domain::{ChannelKind, WithCauses};
use sea_orm::{QueryResult, Value};

use super::state::{BROADCAST_SENDING, CHUNK_OPEN, SUBSCRIBER_ACTIVE};
use crate::column::{channel, get, language, placeholders};
use crate::handles::Store;
use crate::{Recipient, StoreError};

/// Chunks of these channels that nobody holds at the time `$1`, most urgent first.
fn due(channels: &str) -> String {
    // The plus keeps SQLite on the index of what is due, instead of all chunks of the broadcasts under way.
    format!(
        "SELECT id, broadcast, channel, language, low, high, cursor_id, group_start, attempts
         FROM chunk
         WHERE state = {CHUNK_OPEN} AND lease_until <= $1
           AND +broadcast IN (SELECT id FROM broadcast WHERE state = {BROADCAST_SENDING})
           AND channel IN ({channels})
         ORDER BY lane, priority, id LIMIT $2"
    )
}

/// The next `$6` people of channel `$1` and language `$2` with ids in `($3, $4]` whom broadcast `$5` concerns.
fn concerned() -> String {
    format!(
        "SELECT id, blind, contact, language
         FROM subscriber
         WHERE channel = $1 AND language = $2 AND state = {SUBSCRIBER_ACTIVE} AND id > $3 AND id <= $4
           AND min_severity <= (SELECT severity FROM broadcast WHERE id = $5)
           AND (areas & (SELECT areas FROM broadcast WHERE id = $5)) <> 0
         ORDER BY id LIMIT $6"
    )
}

impl Store {
    /// Leases chunks that nobody holds, most urgent first. A lease that ran out is free again, so a killed process
    /// loses nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim_chunks(&self, limit: u64, lease_for: Duration) -> Result<Vec<Chunk>, StoreError> {
        self.claim_chunks_of(&ChannelKind::ALL, limit, lease_for).await
    }

    /// As [`Store::claim_chunks`], but only of channels that can send now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim_chunks_of(
        &self,
        channels: &[ChannelKind],
        limit: u64,
        lease_for: Duration,
    ) -> Result<Vec<Chunk>, StoreError> {
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let (now, until) = self.lease_times(lease_for);
        let due = due(&placeholders(channels.len(), 3));
        let first: [Value; 2] = [now.into(), limit.cast_signed().into()];
        let values: Vec<Value> = first.into_iter().chain(channels.iter().map(|one| one.number().into())).collect();
        // A look without a lock: most of the time nothing is due, and no writer need wait for that.
        if self.row(due.clone(), values.clone()).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.begin().await?;
        let rows = tx.rows(due + self.either("", " FOR UPDATE SKIP LOCKED"), values).await?;
        let lease = self.new_lease();
        let chunks = rows.iter().map(|row| chunk_of(row, lease)).collect::<Result<Vec<_>, _>>()?;
        let sql = "UPDATE chunk SET lease = $1, lease_until = $2, attempts = attempts + 1 WHERE id = $3";
        for chunk in &chunks {
            tx.run(sql, [lease.into(), until.into(), chunk.id.into()]).await?;
        }
        tx.commit().await?;
        Ok(chunks)
    }

    /// The next people of a chunk, after the id `after` and in the order of ids: active, concerned, and without an
    /// outcome in this broadcast.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when no contact of the group can be decrypted.
    pub async fn group(&self, chunk: &Chunk, after: i64, limit: u64) -> Result<Vec<Recipient>, StoreError> {
        self.people(chunk, after, chunk.high, limit).await
    }

    /// People of the last group before a crash who have no outcome: they may have been sent to, or not.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when no contact of the group can be decrypted.
    pub async fn ambiguous(&self, chunk: &Chunk) -> Result<Vec<Recipient>, StoreError> {
        if chunk.cursor <= chunk.group_start {
            return Ok(Vec::new());
        }
        self.people(chunk, chunk.group_start, chunk.cursor, i64::MAX.cast_unsigned()).await
    }

    async fn people(&self, chunk: &Chunk, after: i64, until: i64, limit: u64) -> Result<Vec<Recipient>, StoreError> {
        let mut after = after;
        loop {
            let values: [Value; 6] = [
                chunk.channel.number().into(),
                chunk.language.number().into(),
                after.into(),
                until.into(),
                chunk.broadcast.into(),
                limit.cast_signed().into(),
            ];
            let rows = self.rows(concerned(), values).await?;
            let Some(last) = rows.last() else { return Ok(Vec::new()) };
            let first = after;
            after = get(last, "id")?;
            let done = self.with_outcome(chunk.broadcast, first, after).await?;
            let mut open = Vec::with_capacity(rows.len());
            for row in &rows {
                if !done.contains(&get(row, "id")?) {
                    open.push(row);
                }
            }
            if !open.is_empty() {
                return self.readable(open.into_iter().map(|row| self.recipient(row, chunk.channel)));
            }
        }
    }

    /// Who has an outcome already: they changed their language and the other chunk sent to them, or a group was
    /// handed back half sent. A question of its own, because PostgreSQL without fresh statistics would answer both
    /// in one by reading every outcome of the broadcast.
    async fn with_outcome(&self, broadcast: i64, after: i64, until: i64) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "SELECT subscriber FROM outcome WHERE broadcast = $1 AND subscriber > $2 AND subscriber <= $3";
        let rows = self.rows(sql, [broadcast.into(), after.into(), until.into()]).await?;
        rows.iter().map(|row| get(row, "subscriber")).collect()
    }

    /// Leaves out single damaged rows, so that one of them cannot stop a thousand others; but when nothing at all
    /// can be read, the key is wrong, and "everybody skipped" would be a lie.
    pub(crate) fn readable<T>(&self, items: impl Iterator<Item = Result<T, StoreError>>) -> Result<Vec<T>, StoreError> {
        let mut good = Vec::new();
        let mut problem = None;
        for item in items {
            match item {
                Ok(item) => good.push(item),
                Err(error) => problem = Some(error),
            }
        }
        match problem {
            Some(error) if good.is_empty() => Err(error),
            Some(error) => {
                tracing::error!(error = %WithCauses(&error), "stored contacts cannot be read and are left out");
                Ok(good)
            }
            None => Ok(good),
        }
    }

    /// Reads a recipient of a row with `id`, `blind`, `contact` and `language`.
    pub(crate) fn recipient(&self, row: &QueryResult, kind: ChannelKind) -> Result<Recipient, StoreError> {
        let sealed: Vec<u8> = get(row, "contact")?;
        let blind: Vec<u8> = get(row, "blind")?;
        Ok(Recipient {
            id: get(row, "id")?,
            contact: self.core.vault.open_contact("subscriber", kind, &blind, &sealed)?,
            language: language(get(row, "language")?)?,
        })
    }
}

fn chunk_of(row: &QueryResult, lease: i64) -> Result<Chunk, StoreError> {
    Ok(Chunk {
        id: get(row, "id")?,
        broadcast: get(row, "broadcast")?,
        channel: channel(get(row, "channel")?)?,
        language: language(get(row, "language")?)?,
        low: get(row, "low")?,
        high: get(row, "high")?,
        cursor: get(row, "cursor_id")?,
        group_start: get(row, "group_start")?,
        attempts: get::<i32>(row, "attempts")? + 1,
        lease,
    })
}
