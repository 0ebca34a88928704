//! How long after a provider took a text its proof of delivery usually comes: of some texts, which is enough to compare
//! two providers.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// One text of so many is looked at.
const ONE_OF: u32 = 8;
/// At most so many are waited for.
const AT_ONCE: usize = 128;
/// Less is not late, and later than this many times the quickest provider's is.
const EARLY: Duration = Duration::from_secs(10);
const TIMES: u32 = 3;

/// What is known of one provider.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    count: u32,
    waiting: VecDeque<(String, Instant)>,
    usual: Option<Duration>,
}

impl Arrivals {
    /// The provider took a text, under this id.
    pub(crate) fn taken(&self, reference: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.count = state.count.wrapping_add(1);
        if state.count % ONE_OF == 1 {
            if state.waiting.len() >= AT_ONCE {
                state.waiting.pop_front();
            }
            state.waiting.push_back((reference.to_owned(), Instant::now()));
        }
    }

    /// The text of this id arrived.
    pub(crate) fn arrived(&self, reference: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = state.waiting.iter().position(|(one, _)| one == reference) else { return };
        let Some((_, taken)) = state.waiting.remove(place) else { return };
        let took = taken.elapsed();
        // Each new one counts for a tenth.
        state.usual = Some(state.usual.map_or(took, |usual| usual * 9 / 10 + took / 10));
    }

    /// How long it usually takes; none while nothing arrived.
    pub(crate) fn usual(&self) -> Option<Duration> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).usual
    }

    /// Whether proofs come much later than the quickest provider's. When all are slow it is the networks, and nobody is.
    pub(crate) fn is_late(&self, quickest: Option<Duration>) -> bool {
        let (Some(usual), Some(quickest)) = (self.usual(), quickest) else { return false };
        usual > EARLY && usual > quickest * TIMES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_is_much_slower_than_the_quickest_is_late_and_not_when_all_are_slow() {
        let arrivals = Arrivals::default();
        arrivals.taken("SM1");
        tokio::time::advance(Duration::from_secs(40)).await;
        arrivals.arrived("SM1");
        arrivals.arrived("SM2");
        assert_eq!(arrivals.usual(), Some(Duration::from_secs(40)));
        assert!(arrivals.is_late(Some(Duration::from_secs(4))));
        assert!(!arrivals.is_late(Some(Duration::from_secs(30))));
        assert!(!arrivals.is_late(None));
    }
}
