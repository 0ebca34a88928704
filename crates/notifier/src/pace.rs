//! Keeps a provider exactly at its agreed rate, with a share that codes and STOP replies never have to queue for.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// Broadcasts may use this share of a provider's rate; the rest is kept for codes and replies.
const BROADCAST_SHARE: f64 = 0.9;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Codes, welcomes and replies to STOP: somebody is waiting with a phone in hand.
    Direct,
    /// Everything else.
    Broadcast,
}

/// The rate of one provider, in units per second: text segments for SMS, messages elsewhere.
pub struct Pace {
    direct: Bucket,
    broadcast: Bucket,
}

impl Pace {
    /// A pace of `per_second` units, starting with an empty bucket, so that a start never begins with a burst.
    pub fn new(per_second: f64) -> Self {
        Self {
            direct: Bucket::new(per_second * (1.0 - BROADCAST_SHARE)),
            broadcast: Bucket::new(per_second * BROADCAST_SHARE),
        }
    }

    /// Waits until `units` may leave. Waiters are served in order. Dropping the future takes nothing.
    pub async fn take(&self, lane: Lane, units: u32) {
        self.bucket(lane).take(f64::from(units)).await;
    }

    /// The provider asked us to wait: nothing leaves in this lane until then.
    pub async fn hold(&self, lane: Lane, wait: Duration) {
        self.bucket(lane).hold(wait).await;
    }

    fn bucket(&self, lane: Lane) -> &Bucket {
        match lane {
            Lane::Direct => &self.direct,
            Lane::Broadcast => &self.broadcast,
        }
    }
}

struct Bucket {
    per_second: f64,
    /// The moment at which everything granted so far has been paid for.
    paid_until: Mutex<Instant>,
}

impl Bucket {
    fn new(per_second: f64) -> Self {
        Self { per_second: per_second.max(0.001), paid_until: Mutex::new(Instant::now()) }
    }

    /// The lock is held while waiting: that is the queue. It is fair, and a dropped waiter leaves no debt.
    async fn take(&self, units: f64) {
        let mut paid_until = self.paid_until.lock().await;
        tokio::time::sleep_until(*paid_until).await;
        *paid_until =
            (*paid_until).max(Instant::now() - Self::credit()) + Duration::from_secs_f64(units / self.per_second);
    }

    async fn hold(&self, wait: Duration) {
        let mut paid_until = self.paid_until.lock().await;
        *paid_until = (*paid_until).max(Instant::now() + wait);
    }

    /// An idle moment may be caught up with, but only a short one.
    const fn credit() -> Duration {
        Duration::from_millis(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_broadcast_keeps_to_nine_tenths_of_the_rate() {
        let pace = Pace::new(100.0);
        let start = Instant::now();
        for _ in 0..91 {
            pace.take(Lane::Broadcast, 10).await;
        }
        let seconds = start.elapsed().as_secs_f64();
        assert!((9.9..10.1).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_does_not_queue_behind_a_broadcast() {
        let pace = Pace::new(100.0);
        pace.take(Lane::Broadcast, 6_000).await;
        let start = Instant::now();
        pace.take(Lane::Direct, 1).await;
        assert!(start.elapsed() < Duration::from_millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_asks_for_a_minute_gets_it() {
        let pace = Pace::new(100.0);
        pace.hold(Lane::Broadcast, Duration::from_secs(60)).await;
        let start = Instant::now();
        pace.take(Lane::Broadcast, 1).await;
        assert!(start.elapsed() >= Duration::from_secs(60));
    }
}
