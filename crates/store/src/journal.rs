//! How the steps of sending are written down: all of a step or nothing, and each caller learns of its own.
//!
//! SQLite has one writer, and each commit waits for the disk: there the steps of all chunks that wait share a
//! transaction. On PostgreSQL a step is a transaction of its own, but repeated attempts, of which each is one message
//! and no group, share one there too.

use std::collections::BTreeSet;

use domain::delivery::Chunk;
use domain::{HasKind, Kind};

use crate::batch::{Entry, Place};
use crate::handles::Store;
use crate::queries::{Move, Row, Settlement};
use crate::{StoreError, Tx};

/// Steps in one transaction at most: others want to write too.
const AT_ONCE: usize = 64;

/// One step.
pub(crate) enum Step {
    /// A group is written down, and the next may leave.
    Move(Move),
    /// The last group is written down, and the chunk is done.
    Finish { chunk: Chunk, rows: Vec<Row> },
    /// What there is of a group is written down, and the lease goes back.
    HandBack { chunk: Chunk, rows: Vec<Row> },
    /// A repeated attempt has an end.
    Settle(Settlement),
}

/// Whether outcomes are taken to be new, as almost always, or it is looked which of them are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    Trusting,
    Looking,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is written.
    Yes,
    /// Its lease was lost, or the broadcast is not under way: nothing of it may be written.
    No,
    /// Some outcomes were there already: nothing of it may be written before it was looked which.
    SomeWereThere,
}

impl Step {
    /// The broadcast whose row the step locks. A step that moves the cursor locks none.
    const fn locks(&self) -> Option<i64> {
        match self {
            Self::Move(_) => None,
            Self::Finish { chunk, .. } | Self::HandBack { chunk, .. } => Some(chunk.broadcast),
            Self::Settle(settlement) => Some(settlement.broadcast),
        }
    }
}

impl Store {
    /// Takes one step. False when its lease was lost or it may not be taken any more; then nothing was written.
    pub(crate) async fn take_step(&self, step: Step) -> Result<bool, StoreError> {
        if self.is_sqlite() || matches!(step, Step::Settle(_)) {
            self.take_step_with_others(step).await
        } else {
            self.take_step_alone(&step).await
        }
    }

    async fn take_step_alone(&self, step: &Step) -> Result<bool, StoreError> {
        for care in [Care::Trusting, Care::Looking] {
            let tx = self.begin().await?;
            tx.lock_broadcasts_of([step].into_iter()).await?;
            match tx.take(step, care).await? {
                Taken::Yes => {
                    tx.commit().await?;
                    return Ok(true);
                }
                Taken::No => return Ok(false),
                Taken::SomeWereThere => {}
            }
        }
        Err(StoreError::broken("who looks what is there finds it"))
    }

    /// Waits in line. Whoever is first writes for all.
    async fn take_step_with_others(&self, step: Step) -> Result<bool, StoreError> {
        let mut answer = self.core.steps.add(step);
        loop {
            let _turn = match self.core.steps.wait(&mut answer).await? {
                Place::Written(taken) => return taken,
                Place::First(turn) => turn,
            };
            let tx = self.begin().await?;
            let entries = self.core.steps.take(AT_ONCE);
            self.write_steps(tx, entries).await?;
        }
    }

    async fn write_steps(&self, tx: Tx, entries: Vec<Entry<Step, Result<bool, StoreError>>>) -> Result<(), StoreError> {
        tx.lock_broadcasts_of(entries.iter().map(|entry| &entry.item)).await?;
        let mut answers = Vec::with_capacity(entries.len());
        for entry in &entries {
            match tx.take_apart(&entry.item).await {
                // SQLite may have rolled everything back by itself; then nobody's step is written.
                Err(error) if error.kind() == Kind::Unavailable => return Err(error),
                answer => answers.push(answer),
            }
        }
        tx.commit().await?;
        for (entry, answer) in entries.into_iter().zip(answers) {
            entry.tell(answer);
        }
        Ok(())
    }
}

impl Tx {
    /// Takes a step so that, if it cannot be taken, nothing of it stays, and the others are not disturbed.
    async fn take_apart(&self, step: &Step) -> Result<bool, StoreError> {
        for care in [Care::Trusting, Care::Looking] {
            self.run("SAVEPOINT step", []).await?;
            let taken = self.take(step, care).await;
            if !matches!(taken, Ok(Taken::Yes)) {
                self.run("ROLLBACK TO SAVEPOINT step", []).await?;
            }
            self.run("RELEASE SAVEPOINT step", []).await?;
            match taken? {
                Taken::Yes => return Ok(true),
                Taken::No => return Ok(false),
                Taken::SomeWereThere => {}
            }
        }
        Err(StoreError::broken("who looks what is there finds it"))
    }

    async fn take(&self, step: &Step, care: Care) -> Result<Taken, StoreError> {
        match step {
            Step::Move(step) => self.move_on(step, care).await,
            Step::Finish { chunk, rows } => self.finish(chunk, (rows, care)).await,
            Step::HandBack { chunk, rows } => self.hand_in(chunk, (rows, care)).await,
            Step::Settle(settlement) => self.settle(settlement).await,
        }
    }

    /// In rising order, and before anything else: then two who write several steps cannot wait in a circle.
    async fn lock_broadcasts_of<'a>(&self, steps: impl Iterator<Item = &'a Step>) -> Result<(), StoreError> {
        let broadcasts: BTreeSet<i64> = steps.filter_map(Step::locks).collect();
        for broadcast in broadcasts {
            self.lock_broadcast(broadcast).await?;
        }
        Ok(())
    }
}
