//! Callbacks with a wrong signature are told about once a minute, with their number: a line for each would let anybody
//! on the Internet fill the disk with our log.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// At least so long lies between two lines.
const APART: TimeDelta = TimeDelta::minutes(1);

/// What was refused since it was last told.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    told_at: Option<DateTime<Utc>>,
    untold: u64,
}

impl Refusals {
    /// Counts one at this machine time. When it is time for a line: how many it is about, this one among them.
    pub(super) fn count(&self, now: DateTime<Utc>) -> Option<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.untold += 1;
        if state.told_at.is_some_and(|told| now - told < APART) {
            return None;
        }
        state.told_at = Some(now);
        Some(std::mem::take(&mut state.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_others_once_a_minute() {
        let refusals = Refusals::default();
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert_eq!(refusals.count(at(0)), Some(1));
        assert_eq!([1, 30, 59].map(|seconds| refusals.count(at(seconds))), [None; 3]);
        assert_eq!(refusals.count(at(60)), Some(4));
        assert_eq!(refusals.count(at(61)), None);
        assert_eq!(refusals.count(at(500)), Some(2));
    }
}
