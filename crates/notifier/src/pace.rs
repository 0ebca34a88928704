//! Keeps a provider exactly at its agreed rate. Codes and STOP replies never queue behind a broadcast: a share of the rate
//! is theirs at any moment, and what they do not need of it is the broadcasts'.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::purse::{Purse, Till};

/// The share of a provider's rate that codes and replies have at any moment.
const RESERVED: f64 = 0.1;

/// An idle moment up to this long is caught up with.
const CREDIT: Duration = Duration::from_millis(100);
/// What remains of the rate after a complaint, and the least that ever remains.
const EASED: f64 = 0.7;
const LEAST: f64 = 0.1;
/// Complaints within this time are one.
const ONE_COMPLAINT: Duration = Duration::from_secs(5);
/// After each such time without a complaint this much of the agreed rate comes back.
const RECOVERY: Duration = Duration::from_secs(10);
const RECOVERED: f64 = 0.02;

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
    per_second: f64,
    state: Mutex<State>,
    /// Those who wait, in order, for each lane.
    direct: tokio::sync::Mutex<()>,
    broadcast: tokio::sync::Mutex<()>,
    /// How many units of broadcasts wait for their turn.
    broadcasts_waiting: AtomicU64,
    /// Where the rate is shared with other processes: what this one took of it ahead.
    purse: Option<Purse>,
}

/// Units that wait, counted until they do not.
struct Waiting<'a> {
    among: &'a AtomicU64,
    units: u64,
}

impl<'a> Waiting<'a> {
    fn among(among: &'a AtomicU64, units: u32) -> Self {
        let units = u64::from(units.max(1));
        among.fetch_add(units, Ordering::Relaxed);
        Self { among, units }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.among.fetch_sub(self.units, Ordering::Relaxed);
    }
}

struct State {
    /// The moment at which everything granted so far has been paid for.
    paid_until: Instant,
    /// The same for what left ahead of broadcasts.
    reserve_paid_until: Instant,
    /// How much of the rate is used: 1 unless the provider complained.
    factor: f64,
    /// When the factor was last changed.
    changed: Instant,
}

impl Pace {
    /// A pace of `per_second` units, starting with an empty bucket, so that a start never begins with a burst.
    pub fn new(per_second: f64) -> Self {
        let now = Instant::now();
        let state = State { paid_until: now, reserve_paid_until: now, factor: 1.0, changed: now };
        Self {
            per_second: per_second.max(0.001),
            state: Mutex::new(state),
            direct: tokio::sync::Mutex::default(),
            broadcast: tokio::sync::Mutex::default(),
            broadcasts_waiting: AtomicU64::new(0),
            purse: None,
        }
    }

    /// The same rate, shared with other processes through `till`.
    pub(crate) fn share(&mut self, till: impl Till + 'static) {
        self.purse = Some(Purse::new(self.per_second, Box::new(till)));
    }

    /// Waits until `units` may leave. Waiters of a lane are served in order. Dropping the future takes nothing.
    pub async fn take(&self, lane: Lane, units: u32) {
        let queue = match lane {
            Lane::Direct => &self.direct,
            Lane::Broadcast => &self.broadcast,
        };
        let _waiting = (lane == Lane::Broadcast).then(|| Waiting::among(&self.broadcasts_waiting, units));
        let _at_the_front = queue.lock().await;
        // Whoever goes ahead of a broadcast moves its turn, so it looks again.
        while let Some(later) = self.pay(lane, f64::from(units)) {
            tokio::time::sleep_until(later).await;
        }
        if let Some(purse) = &self.purse {
            let factor = purse.take(lane, f64::from(units)).await;
            self.state().follow(factor);
        }
    }

    /// The provider said that this was too fast: everything slows down by a third, and picks up again step by step. Many
    /// messages that are under way together meet the same refusal: it counts once. True when it counted.
    pub fn ease(&self) -> bool {
        if let Some(purse) = &self.purse {
            purse.complain();
        }
        let (now, mut state) = (Instant::now(), self.state());
        let counts = state.factor > LEAST && (state.factor >= 1.0 || now - state.changed >= ONE_COMPLAINT);
        if counts {
            state.factor = (state.factor * EASED).max(LEAST);
            state.changed = now;
        }
        counts
    }

    /// How long a message of a broadcast that comes now would wait for its turn.
    pub fn backlog(&self) -> Duration {
        let (now, state) = (Instant::now(), self.state());
        #[expect(clippy::cast_precision_loss, reason = "a few thousand units wait at most")]
        let waiting = self.broadcasts_waiting.load(Ordering::Relaxed) as f64;
        let paid = state.paid_until.saturating_duration_since(now);
        paid + Duration::from_secs_f64(waiting / (self.per_second * state.factor))
    }

    /// Whether no message of a broadcast waits or has just left.
    pub(crate) fn is_idle(&self) -> bool {
        self.broadcasts_waiting.load(Ordering::Relaxed) == 0 && self.state().paid_until + CREDIT < Instant::now()
    }

    /// How much of the agreed rate is used now: 1 unless the provider complained.
    pub fn factor(&self) -> f64 {
        self.state().factor
    }

    /// Units per second by contract.
    pub const fn agreed(&self) -> f64 {
        self.per_second
    }

    /// Gives back what was taken ahead and is not needed, and passes a complaint on that no message carried.
    pub(crate) async fn tidy(&self) {
        if let Some(purse) = &self.purse
            && let Some(factor) = purse.tidy().await
        {
            self.state().follow(factor);
        }
    }

    /// Takes the units when it is their turn; else when that may be.
    fn pay(&self, lane: Lane, units: f64) -> Option<Instant> {
        let (now, mut state) = (Instant::now(), self.state());
        if self.purse.is_none() {
            state.recover(now);
        }
        // Beside a broadcast that waits, the reserve is all that goes ahead of it.
        let shares = self.broadcasts_waiting.load(Ordering::Relaxed) > 0;
        let turn = match lane {
            Lane::Broadcast => state.paid_until,
            Lane::Direct if shares => state.reserve_paid_until,
            Lane::Direct => state.reserve_paid_until.min(state.paid_until),
        };
        if turn > now {
            return Some(turn);
        }
        let per_second = self.per_second * state.factor;
        if lane == Lane::Direct && (shares || state.paid_until > now) {
            state.reserve_paid_until = after(state.reserve_paid_until, now, units / (per_second * RESERVED));
        }
        state.paid_until = after(state.paid_until, now, units / per_second);
        None
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Without an idle moment there is nothing to catch up with; a longer one is not caught up with.
fn after(paid_until: Instant, now: Instant, seconds: f64) -> Instant {
    paid_until.max(now.checked_sub(CREDIT).unwrap_or(now)) + Duration::from_secs_f64(seconds)
}

impl State {
    /// Processes that share a rate slow down together.
    fn follow(&mut self, factor: f64) {
        if (self.factor - factor).abs() > f64::EPSILON {
            self.factor = factor.clamp(LEAST, 1.0);
            self.changed = Instant::now();
        }
    }

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
    async fn a_broadcast_has_the_whole_rate_while_nobody_else_needs_it() {
        let pace = Pace::new(100.0);
        let start = Instant::now();
        for _ in 0..101 {
            pace.take(Lane::Broadcast, 10).await;
        }
        let seconds = start.elapsed().as_secs_f64();
        assert!((9.99..10.01).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_does_not_queue_behind_a_broadcast() {
        let pace = Pace::new(100.0);
        pace.take(Lane::Broadcast, 6_000).await;
        let start = Instant::now();
        for _ in 0..10 {
            pace.take(Lane::Direct, 1).await;
        }
        assert!(start.elapsed() <= Duration::from_secs(1), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn what_goes_ahead_of_a_broadcast_is_part_of_the_same_rate() {
        let pace = Pace::new(100.0);
        let codes = async {
            for _ in 0..100 {
                pace.take(Lane::Direct, 1).await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let (start, mut broadcast) = (Instant::now(), 0);
        let texts = async {
            while start.elapsed() < Duration::from_secs(10) {
                pace.take(Lane::Broadcast, 1).await;
                broadcast += 1;
            }
        };
        tokio::join!(codes, texts);
        assert!((899..=912).contains(&broadcast), "with a hundred codes in ten seconds: {broadcast}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_codes_leaves_a_broadcast_nine_tenths() {
        let pace = Pace::new(100.0);
        let (start, mut broadcast) = (Instant::now(), 0);
        let codes = async {
            while start.elapsed() < Duration::from_secs(10) {
                pace.take(Lane::Direct, 1).await;
            }
        };
        let texts = async {
            while start.elapsed() < Duration::from_secs(10) {
                pace.take(Lane::Broadcast, 1).await;
                broadcast += 1;
            }
        };
        tokio::join!(codes, texts);
        assert!((890..=912).contains(&broadcast), "{broadcast}");
    }

    #[tokio::test(start_paused = true)]
    async fn codes_alone_have_the_whole_rate() {
        let pace = Pace::new(100.0);
        let start = Instant::now();
        for _ in 0..=500 {
            pace.take(Lane::Direct, 1).await;
        }
        assert!(start.elapsed() <= Duration::from_secs(5), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_nobody_waits_for_any_more_is_the_next_ones() {
        let pace = Pace::new(10.0);
        pace.take(Lane::Broadcast, 10).await;
        let start = Instant::now();
        let _ = tokio::time::timeout(Duration::from_millis(500), pace.take(Lane::Broadcast, 100)).await;
        pace.take(Lane::Broadcast, 1).await;
        assert_eq!(start.elapsed().as_secs(), 1, "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_complaint_slows_everything_down_for_a_while() {
        let pace = Pace::new(100.0);
        for _ in 0..20 {
            pace.ease();
        }
        let seconds = seconds_for(&pace, 70).await;
        assert!((0.9..1.1).contains(&seconds), "seven tenths of 100 a second, not less: {seconds}");
        tokio::time::advance(Duration::from_secs(150)).await;
        pace.take(Lane::Broadcast, 1).await;
        let seconds = seconds_for(&pace, 100).await;
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
