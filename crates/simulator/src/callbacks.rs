//! What is still to be posted to us: a queue by due time that never grows beyond its bound.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::texts::Status;

/// Something to do once it is due.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// Move text `text` on to `status` and say so to `url`, if one was given.
    Status { text: u64, status: Status, undelivered: bool, url: Option<Box<str>> },
    /// Post text `text`, written on a phone, to the inbound address.
    Inbound { text: u64 },
}

/// Work and how often it has been tried.
#[derive(Debug)]
pub(crate) struct Job {
    due: Instant,
    order: u64,
    pub(crate) tries: u32,
    pub(crate) work: Work,
}

pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    wake: Notify,
    room: usize,
}

#[derive(Default)]
struct Waiting {
    heap: BinaryHeap<Job>,
    pushed: u64,
    under_way: usize,
}

impl Queue {
    pub(crate) fn new(room: usize) -> Self {
        Self { waiting: Mutex::new(Waiting::default()), wake: Notify::new(), room }
    }

    pub(crate) fn push(&self, after: Duration, work: Work) {
        self.put(after, 0, work);
    }

    pub(crate) fn push_again(&self, after: Duration, job: Job) {
        self.put(after, job.tries + 1, job.work);
    }

    /// How many jobs are not finished.
    pub(crate) fn len(&self) -> usize {
        let waiting = self.lock();
        waiting.heap.len() + waiting.under_way
    }

    /// Says that a job from [`Queue::next`] is done, after whatever follows from it was pushed.
    pub(crate) fn finish(&self) {
        let mut waiting = self.lock();
        waiting.under_way = waiting.under_way.saturating_sub(1);
    }

    /// Waits for the next job that is due. Dropping the future loses nothing.
    pub(crate) async fn next(&self) -> Job {
        loop {
            let woken = self.wake.notified();
            let due = match self.take() {
                Ok(job) => return job,
                Err(due) => due,
            };
            match due {
                Some(due) => tokio::select! {
                    () = tokio::time::sleep_until(due) => {}
                    () = woken => {}
                },
                None => woken.await,
            }
        }
    }

    fn put(&self, after: Duration, tries: u32, work: Work) {
        let mut waiting = self.lock();
        if waiting.heap.len() >= self.room {
            return tracing::warn!("the simulator's queue of callbacks is full: one is dropped");
        }
        waiting.pushed += 1;
        let job = Job { due: Instant::now() + after, order: waiting.pushed, tries, work };
        let is_next = waiting.heap.peek().is_none_or(|first| job > *first);
        waiting.heap.push(job);
        drop(waiting);
        if is_next {
            self.wake.notify_one();
        }
    }

    /// The first job if it is due, else when it will be.
    fn take(&self) -> Result<Job, Option<Instant>> {
        let mut waiting = self.lock();
        match waiting.heap.peek().map(|job| job.due) {
            Some(due) if due <= Instant::now() => {
                waiting.under_way += 1;
                waiting.heap.pop().ok_or(None)
            }
            due => Err(due),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The heap's greatest is the one due first; among equals, the one pushed first.
impl Ord for Job {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.order).cmp(&(self.due, self.order))
    }
}

impl PartialOrd for Job {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Job {}

#[cfg(test)]
mod tests {
    use super::*;

    async fn next_text(queue: &Queue) -> u64 {
        match queue.next().await.work {
            Work::Status { text, .. } | Work::Inbound { text } => text,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_job_due_first_comes_first_and_equals_keep_their_order() {
        let queue = Queue::new(10);
        queue.push(Duration::from_secs(2), Work::Inbound { text: 3 });
        queue.push(Duration::from_secs(1), Work::Inbound { text: 1 });
        queue.push(Duration::from_secs(1), Work::Inbound { text: 2 });
        assert_eq!([next_text(&queue).await, next_text(&queue).await, next_text(&queue).await], [1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_earlier_job_wakes_a_waiting_taker() {
        let queue = Queue::new(10);
        queue.push(Duration::from_secs(100), Work::Inbound { text: 1 });
        let (first, ()) = tokio::join!(next_text(&queue), async {
            queue.push(Duration::ZERO, Work::Inbound { text: 2 });
        });
        assert_eq!(first, 2);
    }
}
