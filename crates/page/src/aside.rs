//! Work beside the answering of readers, who come first: making editions, putting pages away, writing to disk.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Duration, Utc};
use tokio::task::JoinHandle;

/// How far work stands back behind all others on the machine (nice(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// A little: it is wanted soon, and other programs must not keep the news back.
    Prompt = 5,
    /// Far: readers want whole processors, or it is needed only after a restart. Three parts in a hundred of one are left
    /// to this work, so few that only every third reader in a thousand meets it, and an edition is still out within
    /// seconds.
    Humble = 15,
}

/// So many answers in a second make a crowd: about a twentieth of what one core can give.
const CROWD: u64 = 5_000;

/// How long answers are counted before they say something.
const COUNTED_FOR: Duration = Duration::milliseconds(500);

/// What the answers that were given say of how many read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    counted: u64,
    /// In machine time.
    since: DateTime<Utc>,
    pub(crate) manner: Manner,
}

impl Crowd {
    /// Nobody, until answers were counted.
    pub(crate) fn none(machine_now: DateTime<Utc>) -> Self {
        Self { counted: 0, since: machine_now, manner: Manner::Prompt }
    }

    /// Looks at the counter of answers.
    pub(crate) fn look(&mut self, answers: &AtomicU64, machine_now: DateTime<Utc>) {
        let passed = machine_now - self.since;
        if passed < COUNTED_FOR {
            return;
        }
        let counted = answers.load(Ordering::Relaxed);
        let milliseconds = u64::try_from(passed.num_milliseconds()).unwrap_or(u64::MAX);
        let is_crowd = counted.saturating_sub(self.counted).saturating_mul(1_000) / milliseconds >= CROWD;
        let manner = if is_crowd { Manner::Humble } else { Manner::Prompt };
        *self = Self { counted, since: machine_now, manner };
    }
}

/// Does this work on a thread that lets others go first, and so do the threads that it starts.
pub(crate) fn aside<T: Send + 'static>(manner: Manner, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    // A thread cannot become more important again, and those of the pool also do what cannot wait.
    let on_own_thread = move || {
        std::thread::scope(|scope| {
            let done = scope.spawn(|| {
                // Where the system has no such thing, it is no loss.
                let _ = rustix::process::setpriority_process(None, manner as i32);
                work()
            });
            done.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    };
    tokio::task::spawn_blocking(on_own_thread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_crowd_makes_work_stand_far_back_and_only_while_it_is_there() {
        let start = DateTime::UNIX_EPOCH;
        let (answers, mut crowd) = (AtomicU64::new(0), Crowd::none(start));
        let steps = [
            (1_000, 4_000, Manner::Prompt),
            (1_100, 40_000, Manner::Prompt),
            (2_000, 40_000, Manner::Humble),
            (4_000, 41_000, Manner::Prompt),
        ];
        for (at, given, expected) in steps {
            answers.store(given, Ordering::Relaxed);
            crowd.look(&answers, start + Duration::milliseconds(at));
            assert_eq!(crowd.manner, expected, "{given} after {at} ms");
        }
    }
}
