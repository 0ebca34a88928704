//! Time, ids and randomness come from one handle, so that tests and the demo can set them.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, SubsecRound, Utc};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// Milliseconds between 1970 and 1 January 2015: ids count from there, so that they stay positive for 69 years.
const ID_EPOCH_MS: i64 = 1_420_070_400_000;

/// The clock, the ids and the randomness of one process. Cheap to clone.
#[derive(Clone)]
pub struct Env {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Mutex<Clock>,
    machine: Machine,
    last_id: AtomicI64,
    random: Mutex<StdRng>,
}

/// The clock that people read. It may stand elsewhere than the machine's, and run faster.
#[derive(Clone, Copy)]
struct Clock {
    shown_base: DateTime<Utc>,
    machine_base: DateTime<Utc>,
    speed: f64,
}

enum Machine {
    Real,
    Fixed(Mutex<DateTime<Utc>>),
}

impl Env {
    /// The real clock and the operating system's randomness.
    #[must_use]
    pub fn real() -> Self {
        Self::build(Machine::Real, StdRng::from_rng(&mut rand::rng()))
    }

    /// A clock that stands still at `at` until [`Env::advance`], and randomness that repeats for one `seed`.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>, seed: u64) -> Self {
        Self::build(Machine::Fixed(Mutex::new(at.trunc_subsecs(3))), StdRng::seed_from_u64(seed))
    }

    fn build(machine: Machine, mut random: StdRng) -> Self {
        let now = machine.now();
        // Ten random bits tell processes apart that make ids in the same millisecond.
        let node: i64 = i64::from(random.random_range(0..1024_u16));
        let env = Self {
            shared: Arc::new(Shared {
                clock: Mutex::new(Clock { shown_base: now, machine_base: now, speed: 1.0 }),
                machine,
                last_id: AtomicI64::new(node),
                random: Mutex::new(random),
            }),
        };
        env.shared.last_id.store(env.first_id_of_now() | node, Ordering::Relaxed);
        env
    }

    /// The time that people read, in UTC to the millisecond. The demo sets and speeds up this clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let machine = self.machine_now();
        let clock = *lock(&self.shared.clock);
        let elapsed = (machine - clock.machine_base).num_microseconds().unwrap_or(i64::MAX);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "microseconds of a demo fit")]
        let shown = (elapsed as f64 * clock.speed) as i64;
        (clock.shown_base + Duration::microseconds(shown)).trunc_subsecs(3)
    }

    /// The machine's own time, in UTC to the millisecond: for leases, retries, sessions, limits and one-time codes,
    /// which must not run faster when the demo's clock does.
    #[must_use]
    pub fn machine_now(&self) -> DateTime<Utc> {
        self.shared.machine.now()
    }

    /// Sets the clock that people read to `at`, running `speed` times as fast as the machine's.
    pub fn set_clock(&self, at: DateTime<Utc>, speed: f64) {
        let machine_base = self.machine_now();
        *lock(&self.shared.clock) = Clock { shown_base: at, machine_base, speed };
    }

    /// Moves a fixed clock forward; a real clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Machine::Fixed(at) = &self.shared.machine {
            *lock(at) += by;
        }
    }

    /// A new id: positive, unique, and rising with time within a process.
    #[must_use]
    pub fn id(&self) -> i64 {
        let floor = self.first_id_of_now();
        let node = self.shared.last_id.load(Ordering::Relaxed) & 0x3ff;
        let next = |last: i64| (last.max(floor) + 1024) & !0x3ff | node;
        let last = self.shared.last_id.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(next(last)));
        next(last.unwrap_or(floor))
    }

    fn first_id_of_now(&self) -> i64 {
        (self.machine_now().timestamp_millis() - ID_EPOCH_MS) << 22
    }

    /// 32 random bytes as 43 letters that are safe in a URL: a session, a link, an API token.
    #[must_use]
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// Random bytes, from a cryptographically secure generator.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        lock(&self.shared.random).fill_bytes(&mut bytes);
        bytes
    }

    /// A random number below `limit`, evenly spread; 0 when `limit` is 0.
    #[must_use]
    pub fn below(&self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { lock(&self.shared.random).random_range(0..limit) }
    }
}

impl Machine {
    fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Self::Real => Utc::now().trunc_subsecs(3),
            Self::Fixed(at) => *lock(at),
        }
    }
}

/// A panic elsewhere while the lock was held leaves plain numbers behind, which are still whole.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2018-01-24T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn ids_rise_and_never_repeat() {
        let env = Env::fixed(noon(), 1);
        let ids: Vec<i64> = (0..10_000).map(|_| env.id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]) && ids[0] > 0);
    }

    #[test]
    fn the_shown_clock_runs_faster_but_the_machine_clock_does_not() {
        let env = Env::fixed(noon(), 1);
        env.set_clock(noon() - Duration::days(1), 60.0);
        env.advance(Duration::seconds(1));
        assert_eq!(env.now(), noon() - Duration::days(1) + Duration::minutes(1));
        assert_eq!(env.machine_now(), noon() + Duration::seconds(1));
    }

    #[test]
    fn one_seed_gives_one_sequence() {
        assert_eq!(Env::fixed(noon(), 7).token(), Env::fixed(noon(), 7).token());
        assert_ne!(Env::fixed(noon(), 7).token(), Env::fixed(noon(), 8).token());
    }
}
