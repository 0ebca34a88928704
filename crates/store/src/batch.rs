//! Group commit without a task of its own: whoever gets to write first writes for everybody who waits.
//!
//! A receipt per commit would cap SQLite at a few hundred per second, because each commit waits for the disk.

use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// Things that wait to be written, each with a caller who wants to know whether it was new.
pub(crate) struct Batch<T> {
    waiting: Mutex<Vec<Entry<T>>>,
}

/// One thing and its caller.
pub(crate) struct Entry<T> {
    pub(crate) item: T,
    answer: oneshot::Sender<bool>,
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self { waiting: Mutex::new(Vec::new()) }
    }
}

impl<T> Batch<T> {
    /// Puts one thing in line.
    pub(crate) fn add(&self, item: T) -> oneshot::Receiver<bool> {
        let (answer, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Entry { item, answer });
        receiver
    }

    /// Takes the first of the line. If the taker fails, dropping them tells their callers.
    pub(crate) fn take(&self, at_most: usize) -> Vec<Entry<T>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.len().min(at_most);
        waiting.drain(..count).collect()
    }
}

impl<T> Entry<T> {
    /// Tells the caller, who may have gone away.
    pub(crate) fn tell(self, is_new: bool) {
        let _ = self.answer.send(is_new);
    }
}
