//! Whether a provider can be used now: a breaker that opens when it keeps failing, and rests that it asks for.
//!
//! A rest keeps the queue. Nobody's attempts are used up by a provider that is down for everyone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::delivery::SendResult;
use tokio::time::Instant;

use crate::window::Window;

/// So many failures without one answer in between are the provider's fault, not the recipients'.
const TOO_MANY: u32 = 10;
/// The first time that the breaker stays open, and the longest; each is twice the one before.
const OPEN: Duration = Duration::from_secs(15);
const LONGEST_OPEN: Duration = Duration::from_secs(300);
/// So many messages try whether things are better before everybody follows.
const PROBES: u32 = 5;
/// The first and the longest rest of a provider that refuses our credentials: somebody may mend them at any moment.
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);
/// The longest wait for the answers to those who try.
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
    phase: Phase,
    /// Failures since the last answer.
    in_a_row: u32,
    /// How often the breaker opened, or our credentials were refused, since it last worked.
    openings: u32,
    window: Window,
}

#[derive(Clone, Copy, Debug, Default)]
enum Phase {
    /// Everybody may send.
    #[default]
    Works,
    /// Nobody may.
    Rests { until: Instant, probes: u32 },
    /// After a rest so many more may try; it works again after so many answers.
    IsTried { left: u32, needed: u32, since: Instant },
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

/// What an answer changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// A rest begins.
    Rests(Rest),
    /// Everybody may send again after a breaker was open.
    Works,
}

impl Health {
    /// Learns from an answer. What changes with it is returned once, to be logged.
    pub(crate) fn note(&self, result: &SendResult) -> Option<Change> {
        let (now, mut state) = (Instant::now(), self.state());
        state.move_on(now);
        match result {
            SendResult::Throttled { after, code } => {
                let lasts = after.unwrap_or(THROTTLE);
                let reason = "a provider asks us to send more slowly";
                state.rest(now, 0, Rest { lasts, reason, code: *code })
            }
            SendResult::BadConfig { code } => {
                if state.is_resting() {
                    return None;
                }
                let lasts = state.longer(FIRST_REST, LONGEST_REST);
                let reason = "a provider refuses our credentials or sender; its queue is kept";
                state.rest(now, 1, Rest { lasts, reason, code: *code })
            }
            SendResult::Unreachable { code }
            | SendResult::Retry { after: None, code }
            | SendResult::Ambiguous { code } => state.failed(now, *code),
            SendResult::Retry { .. }
            | SendResult::Accepted { .. }
            | SendResult::RecipientGone { .. }
            | SendResult::RecipientSoft { .. }
            | SendResult::OptedOut { .. }
            | SendResult::BadMessage { .. } => state.answered(now),
        }
    }

    /// Whether a message may be handed over now. After a rest those are few, until their answers are known: a provider
    /// that is still down costs nobody else anything.
    pub(crate) fn may_send(&self) -> bool {
        let (now, mut state) = (Instant::now(), self.state());
        state.move_on(now);
        match &mut state.phase {
            Phase::Works => true,
            Phase::Rests { .. } => false,
            Phase::IsTried { left, .. } if *left > 0 => {
                *left -= 1;
                true
            }
            // The answers were lost, with whoever waited for them.
            Phase::IsTried { left, needed, since } if now - *since >= TRIAL => {
                (*left, *since) = (*needed - 1, now);
                true
            }
            Phase::IsTried { .. } => false,
        }
    }

    /// How much longer it rests; none when it can be used.
    pub(crate) fn rests_for(&self) -> Option<Duration> {
        let (now, mut state) = (Instant::now(), self.state());
        state.move_on(now);
        match state.phase {
            Phase::Rests { until, .. } => Some(until - now),
            // The answers that a trial waits for may come at any moment.
            Phase::IsTried { left: 0, since, .. } if now - since < TRIAL => Some(FIRST_REST),
            Phase::Works | Phase::IsTried { .. } => None,
        }
    }

    /// Whether it failed for everybody and has not answered since.
    pub(crate) fn is_down(&self) -> bool {
        self.state().openings > 0
    }

    /// The share of calls of the last seconds that failed; 0 when there were few.
    pub(crate) fn failing(&self) -> f64 {
        self.state().window.failing(Instant::now())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A rest that is over is followed by a trial, or by everybody where it was only a wait.
    fn move_on(&mut self, now: Instant) {
        if let Phase::Rests { until, probes } = self.phase
            && until <= now
        {
            self.phase = match probes {
                0 => Phase::Works,
                needed => Phase::IsTried { left: needed, needed, since: now },
            };
        }
    }

    const fn is_resting(&self) -> bool {
        matches!(self.phase, Phase::Rests { .. })
    }

    fn failed(&mut self, now: Instant, code: i32) -> Option<Change> {
        self.window.note(now, true);
        self.in_a_row += 1;
        let is_the_providers = match self.phase {
            // Messages that were under way together meet the same trouble: it begins one rest.
            Phase::Rests { .. } => false,
            Phase::IsTried { .. } => true,
            Phase::Works => self.in_a_row >= TOO_MANY || self.window.is_mostly_failing(now),
        };
        if !is_the_providers {
            return None;
        }
        let lasts = self.longer(OPEN, LONGEST_OPEN);
        self.rest(now, PROBES, Rest { lasts, reason: "a provider keeps failing", code })
    }

    /// Answers to what was under way when a rest began do not end it.
    fn answered(&mut self, now: Instant) -> Option<Change> {
        self.window.note(now, false);
        self.in_a_row = 0;
        if let Phase::IsTried { needed, .. } = &mut self.phase {
            *needed -= 1;
            if *needed > 0 {
                return None;
            }
            let is_news = self.openings > 0;
            *self = Self::default();
            return is_news.then_some(Change::Works);
        }
        None
    }

    fn rest(&mut self, now: Instant, probes: u32, rest: Rest) -> Option<Change> {
        if self.is_resting() {
            return None;
        }
        // Who asks for a wait while it is tried is still to be tried after it.
        let probes = if probes == 0 && self.openings > 0 { PROBES } else { probes };
        self.phase = Phase::Rests { until: now + rest.lasts, probes };
        Some(Change::Rests(rest))
    }

    fn longer(&mut self, first: Duration, longest: Duration) -> Duration {
        let rest = first * 2_u32.saturating_pow(self.openings.min(16));
        self.openings += 1;
        self.in_a_row = 0;
        rest.min(longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: SendResult = SendResult::BadConfig { code: 20_003 };
    const DOWN: SendResult = SendResult::Unreachable { code: 0 };
    const TAKEN: SendResult = SendResult::Accepted { reference: None };

    fn lasts(change: Option<Change>) -> Option<Duration> {
        match change {
            Some(Change::Rests(rest)) => Some(rest.lasts),
            _ => None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn refused_credentials_make_longer_and_longer_rests() {
        let health = Health::default();
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(lasts(health.note(&REFUSED)), Some(Duration::from_secs(seconds)));
            assert_eq!(health.note(&REFUSED), None, "said once");
            tokio::time::advance(Duration::from_secs(seconds)).await;
            assert_eq!(health.rests_for(), None);
        }
        assert_eq!(health.note(&TAKEN), Some(Change::Works));
        assert_eq!(lasts(health.note(&REFUSED)), Some(FIRST_REST));
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
        assert_eq!(lasts(health.note(&DOWN)), Some(OPEN));
        assert!(health.rests_for().is_some() && health.is_down());
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_fails_for_most_rests_too() {
        let health = Health::default();
        let mut rest = None;
        for place in 0..60 {
            rest = rest.or(health.note(if place % 8 < 3 { &TAKEN } else { &DOWN }));
        }
        assert_eq!(lasts(rest), Some(OPEN));
        let health = Health::default();
        assert!((0..600).all(|place| health.note(if place % 2 == 0 { &TAKEN } else { &DOWN }).is_none()));
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_rest_five_try_for_all() {
        let health = Health::default();
        (0..TOO_MANY).for_each(|_| _ = health.note(&DOWN));
        assert!(!health.may_send());
        tokio::time::advance(OPEN).await;
        assert_eq!((0..9).filter(|_| health.may_send()).count(), 5);
        assert_eq!(health.rests_for(), Some(FIRST_REST), "the answers may come soon");
        assert_eq!(lasts(health.note(&DOWN)), Some(OPEN * 2), "still down");
        tokio::time::advance(OPEN * 2).await;
        for answer in 1..=PROBES {
            assert!(health.may_send());
            assert_eq!(health.note(&TAKEN), (answer == PROBES).then_some(Change::Works), "all is well again");
        }
        assert!((0..9).all(|_| health.may_send()) && !health.is_down());
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_rest_is_five_minutes() {
        let health = Health::default();
        (0..TOO_MANY).for_each(|_| _ = health.note(&DOWN));
        for seconds in [30, 60, 120, 240, 300, 300] {
            tokio::time::advance(LONGEST_OPEN).await;
            assert_eq!(lasts(health.note(&DOWN)), Some(Duration::from_secs(seconds)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn lost_answers_to_those_who_try_do_not_stop_everything() {
        let health = Health::default();
        (0..TOO_MANY).for_each(|_| _ = health.note(&DOWN));
        tokio::time::advance(OPEN).await;
        (0..PROBES).for_each(|_| _ = health.may_send());
        tokio::time::advance(TRIAL).await;
        assert!(health.rests_for().is_none() && health.may_send());
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
        assert!(health.rests_for().is_none() && (0..9).all(|_| health.may_send()));
    }
}
