//! The guard against a chunk that fails again and again, such as over one contact that cannot be read, or that makes
//! the process crash: it is halved, and its halves, down to one person, who is then given up. Nobody else is held up.

use std::time::Duration;

use domain::delivery::{Chunk, OutcomeState};
use sea_orm::Value;

use super::chunk::concerned;
use super::outcome::{Owner, Row};
use crate::column::get;
use crate::handles::Store;
use crate::{StoreError, Tx};

/// How often a lease may be lost at the same place before the chunk is halved.
pub(crate) const TRIES: i16 = 5;

/// The code of somebody who was given up because every attempt failed on our side, before any provider was asked.
pub const POISONED: i32 = -1;

/// What became of a chunk that failed too often.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// There are two of it now, or one without the person who made it fail. Either can be leased.
    Mended,
    /// Nobody is left in it: it has to be ended.
    Empty,
}

impl Store {
    /// Ends the lease of a chunk that could not be worked on after a moment, and remembers that it was lost: a chunk that
    /// always fails at the same place is halved. The last group stays in doubt.
    ///
    /// # Errors
    /// When the database does not answer; then the lease runs out by itself.
    pub async fn fail_chunk(&self, chunk: &Chunk, rest: Duration) -> Result<(), StoreError> {
        let (_, until) = self.lease_times(rest);
        let tx = self.begin().await?;
        let sql = "UPDATE chunk SET lease_until = $3 WHERE id = $1 AND lease = $2 AND lease_until > $3";
        tx.run(sql, [chunk.id.into(), chunk.lease.into(), until.into()]).await?;
        tx.commit().await
    }

    /// Writes down that people of a chunk are given up, because their contacts cannot be read. Nothing when the lease
    /// was lost.
    pub(crate) async fn give_up(&self, chunk: &Chunk, people: &[i64]) -> Result<(), StoreError> {
        if people.is_empty() {
            return Ok(());
        }
        let tx = self.begin().await?;
        let sql = "UPDATE chunk SET lease = lease WHERE id = $1 AND lease = $2";
        if tx.run(sql, [chunk.id.into(), chunk.lease.into()]).await? == 1 {
            tx.write_poisoned(chunk, people).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl Tx {
    /// Halves a chunk that nobody holds, or gives up the only person in it.
    pub(crate) async fn mend(&self, chunk: &Chunk) -> Result<Remedy, StoreError> {
        let people = self.unsettled(chunk).await?;
        match people.as_slice() {
            [] => return Ok(Remedy::Empty),
            [one] => self.leave_out(chunk, *one).await?,
            many => self.halve(chunk, many).await?,
        }
        Ok(Remedy::Mended)
    }

    /// Those of a chunk who have no outcome yet.
    async fn unsettled(&self, chunk: &Chunk) -> Result<Vec<i64>, StoreError> {
        let values: [Value; 7] = [
            chunk.channel.number().into(),
            chunk.language.number().into(),
            chunk.group_start.into(),
            chunk.high.into(),
            chunk.broadcast.into(),
            i64::MAX.into(),
            i64::MAX.into(),
        ];
        let rows = self.rows(concerned(), values).await?;
        let done = self.with_outcome(chunk.broadcast, chunk.group_start, chunk.high).await?;
        let ids =
            rows.iter().map(|row| get::<i64>(row, "id")).filter(|id| id.as_ref().is_ok_and(|id| !done.contains(id)));
        ids.collect()
    }

    async fn leave_out(&self, chunk: &Chunk, person: i64) -> Result<(), StoreError> {
        tracing::error!(
            chunk.id = chunk.id,
            subscriber.id = person,
            "given up: every attempt to send to them fails here"
        );
        self.write_poisoned(chunk, &[person]).await?;
        let sql = "UPDATE chunk SET cursor_id = high, group_start = high, lease = 0, lease_until = 0, tries = 0
            WHERE id = $1";
        self.run(sql, [chunk.id.into()]).await?;
        Ok(())
    }

    async fn write_poisoned(&self, chunk: &Chunk, people: &[i64]) -> Result<(), StoreError> {
        let at = self.core.env.now();
        let given_up = |subscriber: &i64| Row {
            subscriber: *subscriber,
            state: OutcomeState::Failed,
            code: POISONED,
            attempt: 1,
            at,
            retry_at: None,
            provider: None,
            reference: None,
        };
        let rows: Vec<Row> = people.iter().map(given_up).collect();
        let owner = Owner {
            chunk: chunk.id,
            broadcast: chunk.broadcast,
            channel: chunk.channel.number(),
            language: chunk.language.number(),
        };
        let written = self.write_new_outcomes(owner, &rows).await?;
        self.count_on_chunk(chunk.id, written.tally).await
    }

    /// Whoever is in doubt stays so, in either half.
    async fn halve(&self, chunk: &Chunk, people: &[i64]) -> Result<(), StoreError> {
        let (first, second) = people.split_at(people.len() / 2);
        let Some(middle) = first.last().copied() else { return Ok(()) };
        tracing::warn!(chunk.id = chunk.id, people = people.len(), "a range fails again and again, and is halved");
        let id = self.core.env.id();
        let sql =
            "INSERT INTO chunk (id, broadcast, channel, language, lane, priority, low, high, cursor_id, group_start,
                state, lease, lease_until, attempts, audience, estimated)
            SELECT $1, broadcast, channel, language, lane, priority, $2 + 1, high,
                CASE WHEN cursor_id > $2 THEN cursor_id ELSE $2 END,
                CASE WHEN group_start > $2 THEN group_start ELSE $2 END,
                state, 0, 0, 0, $3, 0
            FROM chunk WHERE id = $4";
        let others = i64::try_from(second.len()).unwrap_or(i64::MAX);
        self.run(sql, [id.into(), middle.into(), others.into(), chunk.id.into()]).await?;
        let sql = "UPDATE chunk SET high = $2, cursor_id = CASE WHEN cursor_id < $2 THEN cursor_id ELSE $2 END,
                audience = CASE WHEN audience > $3 THEN audience - $3 ELSE 0 END,
                estimated = 0, lease = 0, lease_until = 0, tries = 0
            WHERE id = $1";
        self.run(sql, [chunk.id.into(), middle.into(), others.into()]).await?;
        Ok(())
    }
}
