//! Group commit without a task of its own: whoever gets to write first writes for everybody who waits.
//!
//! Each commit waits for the disk, so one thing in a commit would cap SQLite at a few hundred per second, receipts and
//! checkpoints alike.

use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio::sync::{Mutex as Turn, MutexGuard};

use crate::StoreError;
use crate::connect::BUSY_TIMEOUT;

/// Things that wait to be written, each with a caller who wants to know what came of it.
pub(crate) struct Batch<T, A> {
    waiting: Mutex<Vec<Entry<T, A>>>,
    /// Held by the one who writes.
    turn: Turn<()>,
}

/// One thing and its caller.
pub(crate) struct Entry<T, A> {
    pub(crate) item: T,
    answer: oneshot::Sender<A>,
}

/// What somebody who put a thing in line comes to.
pub(crate) enum Place<'a, A> {
    /// Another wrote it along.
    Written(A),
    /// It is up to this one to write for all who wait, until the guard is dropped.
    First(MutexGuard<'a, ()>),
}

impl<T, A> Default for Batch<T, A> {
    fn default() -> Self {
        Self { waiting: Mutex::new(Vec::new()), turn: Turn::new(()) }
    }
}

impl<T, A> Batch<T, A> {
    /// Puts one thing in line.
    pub(crate) fn add(&self, item: T) -> oneshot::Receiver<A> {
        let (answer, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Entry { item, answer });
        receiver
    }

    /// Waits until the thing is written, or it is the caller's turn to write.
    pub(crate) async fn wait(&self, answer: &mut oneshot::Receiver<A>) -> Result<Place<'_, A>, StoreError> {
        let first = tokio::select! {
            biased;
            written = &mut *answer => return written.map(Place::Written).map_err(|_| not_written()),
            first = tokio::time::timeout(BUSY_TIMEOUT, self.turn.lock()) => first.map_err(|_| not_written())?,
        };
        match answer.try_recv() {
            Ok(written) => Ok(Place::Written(written)),
            // The one who wrote for it failed. Asking the channel once more would panic.
            Err(TryRecvError::Closed) => Err(not_written()),
            Err(TryRecvError::Empty) => Ok(Place::First(first)),
        }
    }

    /// Takes the first of the line. If the taker fails, dropping them tells their callers. Whose caller has gone away
    /// is left out: nobody would know that it was written.
    pub(crate) fn take(&self, at_most: usize) -> Vec<Entry<T, A>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|entry| !entry.answer.is_closed());
        let count = waiting.len().min(at_most);
        waiting.drain(..count).collect()
    }
}

impl<T, A> Entry<T, A> {
    /// Tells the caller, who may have gone away.
    pub(crate) fn tell(self, answer: A) {
        let _ = self.answer.send(answer);
    }
}

fn not_written() -> StoreError {
    StoreError::unavailable("it could not be written together with others")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_writes_for_those_who_wait_and_each_learns_its_own_answer() {
        let batch: Batch<i32, i32> = Batch::default();
        let (mut one, mut two) = (batch.add(1), batch.add(2));
        let Place::First(_turn) = batch.wait(&mut one).await.unwrap() else { panic!("nobody was faster") };
        for entry in batch.take(10) {
            let answer = entry.item * 10;
            entry.tell(answer);
        }
        assert_eq!(one.await, Ok(10));
        assert!(matches!(batch.wait(&mut two).await, Ok(Place::Written(20))));
    }

    #[tokio::test]
    async fn when_the_first_fails_everybody_for_whom_it_wrote_learns_of_it() {
        let batch: Batch<i32, i32> = Batch::default();
        let (one, mut two) = (batch.add(1), batch.add(2));
        drop(batch.take(10));
        assert!(one.await.is_err());
        assert!(batch.wait(&mut two).await.is_err());
    }

    #[tokio::test]
    async fn nothing_is_written_for_somebody_who_has_gone_away() {
        let batch: Batch<i32, i32> = Batch::default();
        drop(batch.add(1));
        let _waits = batch.add(2);
        assert_eq!(batch.take(10).iter().map(|entry| entry.item).collect::<Vec<_>>(), [2]);
    }
}
