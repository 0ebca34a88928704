//! Whether messages of a leased range may still leave: not after a pause, a cancellation, a newer update, a stop, or
//! the end of the lease by our own clock.
//!
//! A process that was frozen longer than its lease finds that out here before it sends anything more.

use std::sync::{Mutex, PoisonError};

use domain::delivery::Chunk;
use store::Checkpoint;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::lookout::LOOK;
use crate::work::Work;

/// The right to send, as long as it lasts.
pub(crate) struct Permit {
    over: CancellationToken,
    since: Instant,
    until: Mutex<Instant>,
}

impl Permit {
    /// Lasts until the end of the lease, or until `stop`.
    pub(crate) fn new(lease_ends: Instant, stop: &CancellationToken) -> Self {
        Self { over: stop.child_token(), since: Instant::now(), until: Mutex::new(lease_ends) }
    }

    /// Whether a message may leave now.
    pub(crate) fn holds(&self) -> bool {
        !self.over.is_cancelled() && Instant::now() < self.until()
    }

    /// Comes back when nothing more may leave because somebody said so.
    pub(crate) async fn ended(&self) {
        self.over.cancelled().await;
    }

    /// The lease was prolonged.
    pub(crate) fn renew(&self, lease_ends: Instant) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = lease_ends;
    }

    fn until(&self) -> Instant {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks after the lease of a range while one group of it is under way, at a slow provider for minutes: prolongs
    /// it, and ends the permit as soon as a pause or a newer update is seen. Never comes back.
    pub(crate) async fn look_after(&self, work: &Work, chunk: &Chunk) {
        let mut sights = work.lookout.watch();
        loop {
            if let Ok(Ok(())) = tokio::time::timeout(LOOK, sights.changed()).await
                && sights.borrow_and_update().forbids(chunk, self.since)
            {
                self.over.cancel();
            }
            if self.until() < Instant::now() + work.lease() * 2 / 3 {
                self.prolong(work, chunk).await;
            }
        }
    }

    /// A checkpoint that moves nothing. When the database is away, the lease runs out by our own clock.
    async fn prolong(&self, work: &Work, chunk: &Chunk) {
        // Our clock starts before the database's, so that we stop before anybody else may begin.
        let (lease_for, ends) = (work.lease(), Instant::now() + work.lease());
        let Chunk { cursor, group_start, .. } = *chunk;
        let still = Checkpoint { outcomes: &[], cursor, group_start, lease_for };
        match work.store.checkpoint(chunk, still).await {
            Ok(true) => self.renew(ends),
            Ok(false) => self.over.cancel(),
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn nothing_leaves_after_the_lease_ran_out_by_our_own_clock() {
        let permit = Permit::new(Instant::now() + LEASE, &CancellationToken::new());
        tokio::time::advance(LEASE / 2).await;
        permit.renew(Instant::now() + LEASE);
        tokio::time::advance(LEASE - Duration::from_secs(1)).await;
        assert!(permit.holds());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!permit.holds());
    }

    #[tokio::test]
    async fn nothing_leaves_after_the_signal_to_stop() {
        let stop = CancellationToken::new();
        let permit = Permit::new(Instant::now() + LEASE, &stop);
        stop.cancel();
        permit.ended().await;
        assert!(!permit.holds());
    }
}
