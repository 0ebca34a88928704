//! The steps of sending a chunk, each fenced by the lease: who lost it writes nothing.

use domain::delivery::{Chunk, Outcome};
use sea_orm::Value;

use super::chunk::under_way;
use super::outcome::{Owner, Row, Written};
use super::state::{CHUNK_DONE, CHUNK_EXPIRED, CHUNK_OPEN, CHUNK_SUPERSEDED};
use super::tally::Tally;
use crate::handles::Store;
use crate::journal::{Care, Step, Taken};
use crate::{Checkpoint, StoreError, Tx};

impl Store {
    /// Writes the outcomes of the group before and moves the cursor over the group that leaves next. False when the
    /// lease was lost, or the broadcast is paused, overtaken or over: then nothing was written and nothing may be sent;
    /// hand in the outcomes with [`Store::hand_back`].
    ///
    /// # Errors
    /// When the database does not answer; then nothing may be sent either.
    pub async fn checkpoint(&self, chunk: &Chunk, checkpoint: Checkpoint<'_>) -> Result<bool, StoreError> {
        let rows = self.rows_of(checkpoint.outcomes).await?;
        let (_, lease_until) = self.lease_times(checkpoint.lease_for);
        let Checkpoint { cursor, group_start, .. } = checkpoint;
        let chunk = chunk.clone();
        self.take_step(Step::Move(Move { chunk, rows, cursor, group_start, lease_until })).await
    }

    /// Writes the last outcomes of a chunk and ends it. Whoever of its audience has no outcome left before their
    /// turn and counts as skipped. False when the lease was lost or the broadcast was cancelled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn finish_chunk(&self, chunk: &Chunk, outcomes: &[Outcome]) -> Result<bool, StoreError> {
        let rows = self.rows_of(outcomes).await?;
        self.take_step(Step::Finish { chunk: chunk.clone(), rows }).await
    }

    /// Writes the outcomes that there are and gives the lease back, also when the broadcast was paused or is over.
    /// Whoever of the last group has no outcome was not sent to, and will be. False when the lease was lost.
    ///
    /// # Errors
    /// When the database does not answer; then the lease runs out by itself, and the group is ambiguous.
    pub async fn hand_back(&self, chunk: &Chunk, outcomes: &[Outcome]) -> Result<bool, StoreError> {
        let rows = self.rows_of(outcomes).await?;
        self.take_step(Step::HandBack { chunk: chunk.clone(), rows }).await
    }

    /// Gives the lease back and leaves everything else as it is: the last group stays ambiguous.
    ///
    /// # Errors
    /// When the database does not answer; then the lease runs out by itself.
    pub async fn release_chunk(&self, chunk: &Chunk) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        let sql = "UPDATE chunk SET lease = 0, lease_until = 0 WHERE id = $1 AND lease = $2";
        tx.run(sql, [chunk.id.into(), chunk.lease.into()]).await?;
        tx.commit().await
    }
}

/// The outcomes of one group, and the cursor on its way over the next.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    pub(crate) chunk: Chunk,
    pub(crate) rows: Vec<Row>,
    cursor: i64,
    group_start: i64,
    lease_until: i64,
}

/// What a step changes besides the counters.
struct Change<'a> {
    /// When the lease ends, in machine time.
    lease_until: i64,
    /// Assignments; their values are counted from `$14`.
    set: &'a str,
    /// What must hold of the chunk besides the lease.
    only: &'a str,
    values: Vec<Value>,
}

/// Whether a chunk was changed.
enum Changed {
    /// It was, and so many outcomes were written.
    Yes(i64),
    No,
    SomeWereThere,
}

impl Changed {
    const fn taken(&self) -> Taken {
        match self {
            Self::Yes(_) => Taken::Yes,
            Self::No => Taken::No,
            Self::SomeWereThere => Taken::SomeWereThere,
        }
    }
}

impl Tx {
    pub(crate) async fn move_on(&self, step: &Move, care: Care) -> Result<Taken, StoreError> {
        let Move { chunk, rows, cursor, group_start, lease_until } = step;
        let only = under_way(16);
        let values = vec![(*cursor).into(), (*group_start).into(), chunk.newest.into()];
        let set = "cursor_id = $14, group_start = $15";
        let change = Change { lease_until: *lease_until, set, only: &only, values };
        Ok(self.write_and_change(chunk, (rows, care), change).await?.taken())
    }

    pub(crate) async fn finish(&self, chunk: &Chunk, group: (&[Row], Care)) -> Result<Taken, StoreError> {
        let set = format!("state = {CHUNK_DONE}, cursor_id = $14, group_start = $14");
        let only = format!("state = {CHUNK_OPEN}");
        let change = Change { lease_until: 0, set: &set, only: &only, values: vec![chunk.high.into()] };
        let changed = self.write_and_change(chunk, group, change).await?;
        if let Changed::Yes(_) = changed {
            self.count_those_who_left(chunk.id).await?;
            self.close_if_complete(chunk.broadcast).await?;
        }
        Ok(changed.taken())
    }

    pub(crate) async fn hand_in(&self, chunk: &Chunk, group: (&[Row], Care)) -> Result<Taken, StoreError> {
        let only = format!("state <> {CHUNK_DONE}");
        let set = "cursor_id = group_start, lease = 0";
        let change = Change { lease_until: 0, set, only: &only, values: Vec::new() };
        let changed = self.write_and_change(chunk, group, change).await?;
        if let Changed::Yes(written) = changed {
            self.count_less_spared(chunk.id, written).await?;
            self.end_retries_with(chunk).await?;
        }
        Ok(changed.taken())
    }

    /// Writes outcomes and changes their chunk, if it is still leased to us. It is changed first, so that who lost the
    /// lease writes nothing, unless it must be looked first what was there already.
    async fn write_and_change(
        &self,
        chunk: &Chunk,
        (rows, care): (&[Row], Care),
        change: Change<'_>,
    ) -> Result<Changed, StoreError> {
        match care {
            Care::Trusting => {
                let written = Written::of(rows.iter());
                if !self.update_chunk(chunk, &written, change).await? {
                    return Ok(Changed::No);
                }
                let new = self.write_outcomes(owner(chunk), rows).await?;
                Ok(if new == rows.len() as u64 { Changed::Yes(written.count) } else { Changed::SomeWereThere })
            }
            Care::Looking => {
                let written = self.write_new_outcomes(owner(chunk), rows).await?;
                let changed = self.update_chunk(chunk, &written, change).await?;
                Ok(if changed { Changed::Yes(written.count) } else { Changed::No })
            }
        }
    }

    async fn update_chunk(&self, chunk: &Chunk, written: &Written, change: Change<'_>) -> Result<bool, StoreError> {
        let Change { lease_until, set, only, values: set_values } = change;
        let counts = Tally::assignments(1);
        let sql = format!(
            "UPDATE chunk SET {counts}, first_sent_at = COALESCE(first_sent_at, $9),
                 last_sent_at = COALESCE($10, last_sent_at), lease_until = $13, {set}
             WHERE id = $11 AND lease = $12 AND {only}"
        );
        let rest: [Value; 5] = [
            written.first_sent_at.into(),
            written.last_sent_at.into(),
            chunk.id.into(),
            chunk.lease.into(),
            lease_until.into(),
        ];
        let values = written.tally.values().chain(rest).chain(set_values);
        Ok(self.run(sql, values).await? == 1)
    }

    /// Of two last steps that end at once, the second must see that the first has ended, or the broadcast would
    /// never be done. Who locks a broadcast does it before its outcomes and chunks, so that nobody waits in a circle.
    pub(crate) async fn lock_broadcast(&self, broadcast: i64) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            self.row("SELECT 1 AS one FROM broadcast WHERE id = $1 FOR UPDATE", [broadcast.into()]).await?;
        }
        Ok(())
    }

    /// Who was counted as overtaken or too late when the rest of the chunk ended, but had been sent to already, was
    /// not.
    async fn count_less_spared(&self, chunk: i64, settled: i64) -> Result<(), StoreError> {
        for (state, counter) in [(CHUNK_SUPERSEDED, "n_superseded"), (CHUNK_EXPIRED, "n_expired")] {
            let sql = format!(
                "UPDATE chunk SET {counter} = CASE WHEN {counter} > $2 THEN {counter} - $2 ELSE 0 END
                 WHERE id = $1 AND state = {state}"
            );
            self.run(sql, [chunk.into(), settled.into()]).await?;
        }
        Ok(())
    }

    async fn count_those_who_left(&self, chunk: i64) -> Result<(), StoreError> {
        let counted = "(n_sent + n_failed + n_skipped + n_expired + n_superseded + n_unknown + n_waiting)";
        let sql = format!(
            "UPDATE chunk SET
                 n_skipped = CASE WHEN audience > {counted} THEN n_skipped + audience - {counted} ELSE n_skipped END,
                 audience = CASE WHEN audience < {counted} THEN {counted} ELSE audience END
             WHERE id = $1"
        );
        self.run(sql, [chunk.into()]).await?;
        Ok(())
    }
}

const fn owner(chunk: &Chunk) -> Owner {
    Owner {
        chunk: chunk.id,
        broadcast: chunk.broadcast,
        channel: chunk.channel.number(),
        language: chunk.language.number(),
    }
}
