//! Keeps a provider exactly at its agreed rate, with a share that codes and STOP replies never have to queue for.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// Broadcasts may use this share of a provider's rate; the rest is kept for codes and replies.
const BROADCAST_SHARE: f64 = 0.9;

/// An idle moment up to this long is caught up with.
const CREDIT: Duration = Duration::from_millis(100);
/// What remains of the rate after a complaint, and the least that ever remains.
const EASED: f64 = 0.7;
const LEAST: f64 = 0.1;
/// Complaints within this time are one.
const ONE_COMPLAINT: Duration = Duration::from_secs(5);
/// After each such time without a complaint this much of the agreed rate comes back.
const RECOVERY: Duration = Duration::from_secs(10);
const RECOVERED: f64 = 0.05;

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

    /// The provider said that this was too fast: broadcasts slow down by a third, and pick up again step by step.
    pub async fn ease(&self) {
        self.broadcast.ease().await;
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
    state: Mutex<State>,
}

struct State {
    /// The moment at which everything granted so far has been paid for.
    paid_until: Instant,
    /// How much of the rate is used: 1 unless the provider complained.
    factor: f64,
    /// When the factor was last changed.
    changed: Instant,
}

impl Bucket {
    fn new(per_second: f64) -> Self {
        let now = Instant::now();
        let state = State { paid_until: now, factor: 1.0, changed: now };
        Self { per_second: per_second.max(0.001), state: Mutex::new(state) }
    }

    /// The lock is held while waiting: that is the queue. It is fair, and a dropped waiter leaves no debt.
    async fn take(&self, units: f64) {
        let mut state = self.state.lock().await;
        tokio::time::sleep_until(state.paid_until).await;
        let now = Instant::now();
        state.recover(now);
        let cost = Duration::from_secs_f64(units / (self.per_second * state.factor));
        // Without an idle moment there is nothing to catch up with; a longer one is not caught up with.
        let earliest = now.checked_sub(CREDIT).unwrap_or(now);
        state.paid_until = state.paid_until.max(earliest) + cost;
    }

    /// Many messages that are under way together meet the same refusal: it counts once.
    async fn ease(&self) {
        let mut state = self.state.lock().await;
        let now = Instant::now();
        if state.factor > LEAST && (state.factor >= 1.0 || now - state.changed >= ONE_COMPLAINT) {
            state.factor = (state.factor * EASED).max(LEAST);
            state.changed = now;
        }
    }
}

impl State {
    fn recover(&mut self, now: Instant) {
        while self.factor < 1.0 && now - self.changed >= RECOVERY {
            self.factor = (self.factor + RECOVERED).min(1.0);
            self.changed += RECOVERY;
        }
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
    async fn a_complaint_slows_broadcasts_down_for_a_while() {
        let pace = Pace::new(100.0);
        for _ in 0..20 {
            pace.ease().await;
        }
        let seconds = seconds_for(&pace, 63).await;
        assert!((0.9..1.1).contains(&seconds), "seven tenths of 90 a second, not less: {seconds}");
        tokio::time::advance(Duration::from_secs(80)).await;
        pace.take(Lane::Broadcast, 1).await;
        let seconds = seconds_for(&pace, 90).await;
        assert!((0.9..1.1).contains(&seconds), "all of it again: {seconds}");
    }

    async fn seconds_for(pace: &Pace, units: u32) -> f64 {
        let start = Instant::now();
        for _ in 0..=units {
            pace.take(Lane::Broadcast, 1).await;
        }
        start.elapsed().as_secs_f64()
    }
}
