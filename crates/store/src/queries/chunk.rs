//! Chunks: leased by one notifier at a time, and the people in them.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::audience::Areas;
use domain::delivery::Chunk;
use domain::{Audience, ChannelKind, Severity, WithCauses};
use sea_orm::{QueryResult, Value};

use super::poison::{Remedy, TRIES};
use super::state::{BROADCAST_CANCELLED, BROADCAST_SENDING, CHUNK_OPEN, SUBSCRIBER_ACTIVE};
use crate::column::{channel, get, language, placeholders, severity};
use crate::handles::Store;
use crate::{Open, Reads, Recipient, StoreError};

/// Chunks of these channels that nobody holds at the time `$1`, most urgent first.
fn due(channels: &str, quiet_below: Option<Severity>) -> String {
    let awake = quiet_below.map_or(0, Severity::level);
    let text = ChannelKind::Sms.number();
    // The plus keeps SQLite on the index of what is due, instead of all chunks of the broadcasts under way.
    format!(
        "SELECT id, broadcast, channel, language, low, high, cursor_id, group_start, attempts, estimated, lease, tried_at,
             tries,
             (SELECT MAX(newer.id) FROM broadcast AS newer
              WHERE newer.incident = (SELECT this.incident FROM broadcast AS this WHERE this.id = chunk.broadcast)
             ) AS newest
         FROM chunk
         WHERE state = {CHUNK_OPEN} AND lease_until <= $1
           AND +broadcast IN (SELECT id FROM broadcast WHERE state = {BROADCAST_SENDING})
           AND channel IN ({channels})
           AND (channel <> {text} OR {awake} <= (SELECT severity FROM broadcast WHERE id = chunk.broadcast))
         ORDER BY lane, priority, id LIMIT $2"
    )
}

/// The next `$6` people of channel `$1` and language `$2` with ids in `($3, $4]` whom broadcast `$5` concerns, and who
/// do not rest at the time `$7`.
pub(crate) fn concerned() -> String {
    format!(
        "SELECT id, blind, contact, language, areas, min_severity
         FROM subscriber
         WHERE channel = $1 AND language = $2 AND state = {SUBSCRIBER_ACTIVE} AND rests_until <= $7
           AND id > $3 AND id <= $4
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
        self.claim_open_chunks(Open { channels, quiet_below: None }, limit, lease_for).await
    }

    /// As [`Store::claim_chunks`], but only of what is open now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim_open_chunks(
        &self,
        open: Open<'_>,
        limit: u64,
        lease_for: Duration,
    ) -> Result<Vec<Chunk>, StoreError> {
        let Open { channels, quiet_below } = open;
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let (now, until) = self.lease_times(lease_for);
        let due = due(&placeholders(channels.len(), 3), quiet_below);
        let first: [Value; 2] = [now.into(), limit.cast_signed().into()];
        let values: Vec<Value> = first.into_iter().chain(channels.iter().map(|one| one.number().into())).collect();
        // A look without a lock: most of the time nothing is due, and no writer need wait for that.
        if self.row(due.clone(), values.clone()).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.begin().await?;
        let rows = tx.rows(due + self.either("", " FOR UPDATE SKIP LOCKED"), values).await?;
        let lease = self.new_lease();
        let mut chunks = Vec::with_capacity(rows.len());
        for row in &rows {
            let chunk = chunk_of(row, lease)?;
            let tries = tries(row)?;
            if tries >= TRIES && tx.mend(&chunk).await? == Remedy::Mended {
                continue;
            }
            let sql = "UPDATE chunk SET lease = $1, lease_until = $2, attempts = attempts + 1, tried_at = cursor_id, tries = $4
                WHERE id = $3";
            tx.run(sql, [lease.into(), until.into(), chunk.id.into(), tries.into()]).await?;
            if get::<i16>(row, "estimated")? == 1 {
                tx.count_audience(chunk.id).await?;
            }
            chunks.push(chunk);
        }
        tx.commit().await?;
        Ok(chunks)
    }

    /// Whether messages of a chunk may still leave: its lease is ours, and nobody paused, cancelled or overtook the
    /// broadcast.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn may_send(&self, chunk: &Chunk) -> Result<bool, StoreError> {
        let sql = format!("SELECT 1 AS one FROM chunk WHERE id = $1 AND lease = $2 AND {}", under_way(3));
        let row = self.row(sql, [chunk.id.into(), chunk.lease.into(), chunk.newest.into()]).await?;
        Ok(row.is_some())
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
        let newer = self.newer_audiences(chunk).await?;
        let (now, _) = self.lease_times(Duration::ZERO);
        let mut after = after;
        loop {
            let values: [Value; 7] = [
                chunk.channel.number().into(),
                chunk.language.number().into(),
                after.into(),
                until.into(),
                chunk.broadcast.into(),
                limit.cast_signed().into(),
                now.into(),
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
                return self.readable_of(chunk, &newer, &open).await;
            }
        }
    }

    /// The people of these rows. Somebody whose contact is damaged is given up, unless everybody's is: then it is the key
    /// that is wrong, or it takes a closer look.
    async fn readable_of(
        &self,
        chunk: &Chunk,
        newer: &[Audience],
        rows: &[&QueryResult],
    ) -> Result<Vec<Recipient>, StoreError> {
        let recipient =
            |row| Ok(Recipient { is_overtaken: concerns_any(newer, row)?, ..self.recipient(row, chunk.channel)? });
        let people = self.readable(rows.iter().copied().map(recipient))?;
        if people.len() < rows.len() {
            let mut damaged = Vec::new();
            for row in rows {
                let id: i64 = get(row, "id")?;
                if !people.iter().any(|one| one.id == id) {
                    damaged.push(id);
                }
            }
            self.give_up(chunk, &damaged).await?;
        }
        Ok(people)
    }

    /// Whom newer updates of the incident reach by the same channel.
    async fn newer_audiences(&self, chunk: &Chunk) -> Result<Vec<Audience>, StoreError> {
        if chunk.newest == chunk.broadcast {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT newer.areas, newer.severity
             FROM broadcast AS newer JOIN broadcast AS this ON this.incident = newer.incident AND this.id < newer.id
             WHERE this.id = $1 AND newer.state <> {BROADCAST_CANCELLED}
               AND EXISTS (SELECT 1 FROM chunk WHERE chunk.broadcast = newer.id AND chunk.channel = $2)"
        );
        let rows = self.rows(sql, [chunk.broadcast.into(), chunk.channel.number().into()]).await?;
        let audience =
            |row| Ok(Audience { areas: Areas(get(row, "areas")?), severity: severity(get(row, "severity")?)? });
        rows.iter().map(audience).collect()
    }
}

impl Reads {
    /// Who has an outcome already: they changed their language and the other chunk sent to them, or a group was
    /// handed back half sent. A question of its own, because PostgreSQL without fresh statistics would answer both
    /// in one by reading every outcome of the broadcast.
    pub(crate) async fn with_outcome(
        &self,
        broadcast: i64,
        after: i64,
        until: i64,
    ) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "SELECT subscriber FROM outcome WHERE broadcast = $1 AND subscriber > $2 AND subscriber <= $3";
        let rows = self.rows(sql, [broadcast.into(), after.into(), until.into()]).await?;
        rows.iter().map(|row| get(row, "subscriber")).collect()
    }
}

impl Store {
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
            is_overtaken: false,
        })
    }
}

/// That messages of a row of `chunk` may leave; the placeholder is for the newest broadcast that its sender knows of.
pub(crate) fn under_way(placeholder: usize) -> String {
    format!(
        "chunk.state = {CHUNK_OPEN}
         AND EXISTS (SELECT 1 FROM broadcast AS this
             WHERE this.id = chunk.broadcast AND this.state = {BROADCAST_SENDING}
             AND NOT EXISTS (SELECT 1 FROM broadcast AS newer
                 WHERE newer.incident = this.incident AND newer.id > ${placeholder}))"
    )
}

/// Whether one of these audiences has the subscriber of a row with `areas` and `min_severity`.
fn concerns_any(audiences: &[Audience], row: &QueryResult) -> Result<bool, StoreError> {
    if audiences.is_empty() {
        return Ok(false);
    }
    let (areas, least): (i64, i16) = (get(row, "areas")?, get(row, "min_severity")?);
    Ok(audiences.iter().any(|one| one.areas.0 & areas != 0 && least <= one.severity.level()))
}

/// How often in a row the lease of a chunk was lost at the place where its cursor stands.
fn tries(row: &QueryResult) -> Result<i16, StoreError> {
    let was_lost = get::<i64>(row, "lease")? != 0 && get::<i64>(row, "tried_at")? == get::<i64>(row, "cursor_id")?;
    Ok(if was_lost { get::<i16>(row, "tries")? + 1 } else { 0 })
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
        newest: get(row, "newest")?,
    })
}
