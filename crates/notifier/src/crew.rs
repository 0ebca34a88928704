//! A crew: so many hands, and each begins a new job as soon as it is free. One job that takes long holds nobody else up.

use std::sync::Arc;

use store::StoreError;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::rounds::Found;

/// The hands of one worker.
pub(crate) struct Crew {
    hands: Arc<Semaphore>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Crew {
    pub(crate) fn of(hands: usize, stop: &CancellationToken) -> Self {
        Self { hands: Arc::new(Semaphore::new(hands)), tasks: TaskTracker::new(), stop: stop.clone() }
    }

    /// Waits for a free hand, claims as many jobs as hands are free, and begins each of them; nothing after the signal
    /// to stop.
    pub(crate) async fn begin<J, F>(
        &self,
        claim: impl AsyncFnOnce(usize) -> Result<Vec<J>, StoreError>,
        work: impl Fn(J) -> F,
    ) -> Result<Found, StoreError>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let first = tokio::select! {
            biased;
            () = self.stop.cancelled() => return Ok(Found::Nothing),
            hand = self.hands.clone().acquire_owned() => hand.expect("the semaphore is never closed"),
        };
        let mut free = vec![first];
        while let Ok(hand) = self.hands.clone().try_acquire_owned() {
            free.push(hand);
        }
        let jobs = claim(free.len()).await?;
        let found = Found::of(jobs.len());
        for (job, hand) in jobs.into_iter().zip(free) {
            let job = work(job);
            self.tasks.spawn(async move {
                job.await;
                drop(hand);
            });
        }
        Ok(found)
    }

    /// Waits until every job that was begun is over.
    pub(crate) async fn finish(self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn one_job_that_takes_long_holds_nobody_up() {
        let stop = CancellationToken::new();
        let (crew, done, slow) = (Crew::of(2, &stop), Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let work = |job: i32| {
            let (done, slow) = (done.clone(), slow.clone());
            async move {
                if job == 0 {
                    slow.notified().await;
                }
                done.lock().unwrap().push(job);
            }
        };
        let mut due = (0..6).collect::<Vec<i32>>();
        while !due.is_empty() {
            crew.begin(async |free| Ok(due.drain(..free.min(due.len())).collect()), &work).await.unwrap();
        }
        slow.notify_one();
        crew.finish().await;
        assert_eq!(*done.lock().unwrap(), [1, 2, 3, 4, 5, 0]);
    }

    #[tokio::test]
    async fn nobody_claims_more_than_there_are_hands() {
        let (stop, over) = (CancellationToken::new(), CancellationToken::new());
        let crew = Crew::of(3, &stop);
        let waits = |()| {
            let over = over.clone();
            async move { over.cancelled().await }
        };
        let found = crew.begin(async |free| Ok(vec![(); free - 1]), waits).await.unwrap();
        assert_eq!(found, Found::Work);
        let found = crew.begin(async |free| Ok(vec![(); free.saturating_sub(1)]), waits).await.unwrap();
        assert_eq!(found, Found::Nothing, "one hand is free");
        over.cancel();
        crew.finish().await;
    }

    #[tokio::test]
    async fn nothing_is_claimed_after_the_signal_to_stop() {
        let (stop, over) = (CancellationToken::new(), CancellationToken::new());
        let crew = Crew::of(1, &stop);
        let waits = |()| {
            let over = over.clone();
            async move { over.cancelled().await }
        };
        crew.begin(async |_| Ok(vec![()]), waits).await.unwrap();
        let next = crew.begin(async |_| panic!("claimed"), waits);
        let (next, ()) = tokio::join!(next, async {
            stop.cancel();
            over.cancel();
        });
        assert_eq!(next.unwrap(), Found::Nothing);
        crew.finish().await;
    }
}
