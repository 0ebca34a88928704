//! Whether a provider can be used now: it rests after it refused our credentials, asked us to wait, or kept failing.
//!
//! A rest keeps the queue. Nobody's attempts are used up by a provider that is down for everyone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::delivery::SendResult;
use tokio::time::Instant;

/// So many failures without one answer in between are the provider's fault, not the recipients'.
const TOO_MANY: u32 = 10;
/// The first rest, and the longest; each is twice the one before.
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);
/// The longest wait for the answer to the first message after a rest.
const TRIAL: Duration = Duration::from_secs(30);
/// The rest when a provider says "too fast" without saying for how long.
const THROTTLE: Duration = Duration::from_secs(1);

/// What is known about one provider.
#[derive(Debug, Default)]
pub(crate) struct Health {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Failures since the last answer.
    failures: u32,
    /// Rests since the last answer.
    rests: u32,
    rests_until: Option<Instant>,
    /// After a rest one message tries whether things are better, and the others wait for its answer.
    is_trying: bool,
}

/// A rest that has just begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rest {
    /// How long it lasts.
    pub(crate) lasts: Duration,
    /// Why.
    pub(crate) reason: &'static str,
    /// The provider's code.
    pub(crate) code: i32,
}

impl Health {
    /// Learns from an answer. A rest that begins with it is returned once, to be logged.
    pub(crate) fn note(&self, result: &SendResult) -> Option<Rest> {
        let now = Instant::now();
        match result {
            SendResult::Throttled { after, code } => {
                let lasts = after.unwrap_or(THROTTLE);
                self.begin(now, |_| Rest { lasts, reason: "a provider asks us to send more slowly", code: *code })
            }
            SendResult::BadConfig { code } => self.begin(now, |state| {
                let lasts = state.next_rest();
                Rest { lasts, reason: "a provider refuses our credentials or sender; its queue is kept", code: *code }
            }),
            SendResult::Unreachable { code }
            | SendResult::Retry { after: None, code }
            | SendResult::Ambiguous { code } => self.fail(now, *code),
            SendResult::Retry { .. }
            | SendResult::Accepted { .. }
            | SendResult::RecipientGone { .. }
            | SendResult::RecipientSoft { .. }
            | SendResult::OptedOut { .. }
            | SendResult::BadMessage { .. } => {
                self.answered();
                None
            }
        }
    }

    /// Whether a message may be handed over now. After a rest that is one message, until its answer is known: a
    /// provider that is still down costs one person an attempt, and not a whole group.
    pub(crate) fn may_send(&self) -> bool {
        let (now, mut state) = (Instant::now(), self.state());
        if state.rests_until.is_some_and(|until| until > now) {
            return false;
        }
        if state.rests > 0 {
            state.is_trying = true;
            state.rests_until = Some(now + TRIAL);
        }
        true
    }

    /// How much longer it rests; none when it can be used.
    pub(crate) fn rests_for(&self) -> Option<Duration> {
        let state = self.state();
        let rest = state.rests_until?.checked_duration_since(Instant::now()).filter(|rest| !rest.is_zero());
        // The answer that a trial waits for may come at any moment.
        if state.is_trying { rest.map(|rest| rest.min(FIRST_REST)) } else { rest }
    }

    fn fail(&self, now: Instant, code: i32) -> Option<Rest> {
        let mut state = self.state();
        state.failures += 1;
        let is_the_providers = state.is_trying || state.failures >= TOO_MANY;
        drop(state);
        if !is_the_providers {
            return None;
        }
        self.begin(now, |state| Rest { lasts: state.next_rest(), reason: "a provider keeps failing", code })
    }

    fn answered(&self) {
        let mut state = self.state();
        // Answers to what was under way when a rest began do not end it.
        if state.is_trying || state.rests_until.is_none_or(|until| until <= Instant::now()) {
            *state = State::default();
        }
    }

    /// Messages that were under way together meet the same trouble: it begins one rest.
    fn begin(&self, now: Instant, rest: impl FnOnce(&mut State) -> Rest) -> Option<Rest> {
        let mut state = self.state();
        if !state.is_trying && state.rests_until.is_some_and(|until| until > now) {
            return None;
        }
        state.is_trying = false;
        let rest = rest(&mut state);
        state.rests_until = Some(now + rest.lasts);
        Some(rest)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next_rest(&mut self) -> Duration {
        let rest = FIRST_REST * 2_u32.saturating_pow(self.rests.min(16));
        self.rests += 1;
        rest.min(LONGEST_REST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: SendResult = SendResult::BadConfig { code: 20_003 };
    const DOWN: SendResult = SendResult::Unreachable { code: 0 };
    const TAKEN: SendResult = SendResult::Accepted { reference: None };

    #[tokio::test(start_paused = true)]
    async fn refused_credentials_make_longer_and_longer_rests() {
        let health = Health::default();
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(health.note(&REFUSED).unwrap().lasts, Duration::from_secs(seconds));
            assert_eq!(health.note(&REFUSED), None, "said once");
            tokio::time::advance(Duration::from_secs(seconds)).await;
            assert_eq!(health.rests_for(), None);
        }
        health.note(&TAKEN);
        assert_eq!(health.note(&REFUSED).unwrap().lasts, FIRST_REST);
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_provider_that_fails_for_everyone_rests() {
        let health = Health::default();
        for _ in 1..TOO_MANY {
            assert_eq!(health.note(&DOWN), None);
        }
        health.note(&TAKEN);
        for _ in 1..TOO_MANY {
            assert_eq!(health.note(&DOWN), None);
        }
        assert_eq!(health.note(&DOWN).unwrap().lasts, FIRST_REST);
        assert!(health.rests_for().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_rest_one_message_tries_for_all() {
        let health = Health::default();
        (0..TOO_MANY).for_each(|_| _ = health.note(&DOWN));
        assert!(!health.may_send());
        tokio::time::advance(FIRST_REST).await;
        assert!(health.may_send() && !health.may_send());
        assert_eq!(health.rests_for(), Some(FIRST_REST), "the answer may come soon");
        assert_eq!(health.note(&DOWN).unwrap().lasts, FIRST_REST * 2, "still down");
        tokio::time::advance(FIRST_REST * 2).await;
        assert!(health.may_send() && !health.may_send());
        health.note(&TAKEN);
        assert!(health.may_send() && health.may_send(), "all is well again");
    }

    #[tokio::test(start_paused = true)]
    async fn one_full_mailbox_is_not_the_fault_of_the_relay() {
        let health = Health::default();
        let full = SendResult::Retry { after: Some(Duration::from_secs(900)), code: 452 };
        assert!((0..100).all(|_| health.note(&full).is_none()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_asks_for_a_minute_gets_it() {
        let health = Health::default();
        health.note(&SendResult::Throttled { after: Some(Duration::from_secs(60)), code: 429 });
        tokio::time::advance(Duration::from_secs(59)).await;
        assert!(health.rests_for().is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(health.rests_for().is_none());
    }
}
