//! Turns what a provider said into what becomes of the message: the one place that knows the retry schedule.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Env;
use domain::delivery::{Outcome, OutcomeState, ProviderName, SendResult};
use store::Consequence;

use crate::truth::InDoubt;

/// What was tried: whom, by whom, how often.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The subscriber.
    pub subscriber: i64,
    /// The provider's name.
    pub provider: &'a str,
    /// 1 for the first attempt.
    pub number: i32,
}

/// What an answer is judged by, besides itself.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Clock and chance.
    pub env: &'a Env,
    /// The waits between attempts, in seconds; after the last one a message counts as failed.
    pub waits: &'a [u64],
    /// Whether the provider is out of use now.
    pub rests: bool,
    /// What becomes of a message when nobody can tell whether it was taken.
    pub doubt: InDoubt,
}

/// What becomes of a message after one attempt.
#[derive(Clone, Debug, PartialEq)]
pub enum Judgement {
    /// It is to be written down, also when it waits for another attempt.
    Settled(Outcome, Consequence),
    /// It certainly did not leave, and through no fault of the recipient: as if it had not been tried.
    NotTaken,
}

/// Judges one answer.
#[must_use]
pub fn judge(terms: Terms<'_>, attempt: Attempt<'_>, result: SendResult) -> Judgement {
    let Terms { env, waits, rests, doubt } = terms;
    let outcome = |state, code, reference| Outcome { reference, code, ..blank(env, attempt, state) };
    let plain = |outcome| Judgement::Settled(outcome, Consequence::None);
    let again = |code, after: Option<Duration>| match retry_at(env, waits, attempt.number, after) {
        Some(at) => plain(Outcome { retry_at: Some(at), ..outcome(OutcomeState::Waiting, code, None) }),
        None => plain(outcome(OutcomeState::Failed, code, None)),
    };
    match result {
        SendResult::Accepted { reference } => plain(outcome(OutcomeState::Sent, 0, reference)),
        SendResult::Unreachable { .. } | SendResult::Throttled { .. } | SendResult::BadConfig { .. } => {
            Judgement::NotTaken
        }
        // A provider that is down for everyone must not use up anybody's attempts.
        SendResult::Retry { after: None, .. } if rests => Judgement::NotTaken,
        SendResult::Retry { after, code } => again(code, after),
        // Before the next attempt the provider is asked whether it took this one; only then is it sent again, or not.
        SendResult::Ambiguous { code } => match (doubt, again(code, None)) {
            (InDoubt::Unknown, Judgement::Settled(last, _)) if last.state == OutcomeState::Failed => {
                plain(outcome(OutcomeState::Unknown, code, None))
            }
            (_, judgement) => judgement,
        },
        SendResult::RecipientGone { code } => {
            Judgement::Settled(outcome(OutcomeState::Failed, code, None), Consequence::Gone)
        }
        SendResult::RecipientSoft { code } => {
            Judgement::Settled(outcome(OutcomeState::Failed, code, None), Consequence::Soft)
        }
        SendResult::BadMessage { code } => plain(outcome(OutcomeState::Failed, code, None)),
        SendResult::OptedOut { code } => {
            Judgement::Settled(outcome(OutcomeState::Skipped, code, None), Consequence::OptedOut)
        }
    }
}

/// A message that was taken by `provider` before we crashed or lost the answer.
#[must_use]
pub(crate) fn taken(env: &Env, attempt: Attempt<'_>, reference: String) -> Outcome {
    Outcome { reference: Some(reference), ..blank(env, attempt, OutcomeState::Sent) }
}

/// A message that was not sent, and will not be: overtaken, or too late to be true.
#[must_use]
pub(crate) fn spared(env: &Env, attempt: Attempt<'_>, state: OutcomeState) -> Outcome {
    Outcome { provider: None, attempt: attempt.number - 1, ..blank(env, attempt, state) }
}

/// A message that waits for `wait` without having used up an attempt.
#[must_use]
pub(crate) fn postponed(env: &Env, attempt: Attempt<'_>, wait: Duration) -> Outcome {
    let retry_at = Some(env.machine_now() + TimeDelta::milliseconds(millis(wait).cast_signed()));
    Outcome { retry_at, attempt: attempt.number - 1, ..blank(env, attempt, OutcomeState::Waiting) }
}

fn blank(env: &Env, attempt: Attempt<'_>, state: OutcomeState) -> Outcome {
    Outcome {
        subscriber: attempt.subscriber,
        state,
        provider: Some(ProviderName::of(attempt.provider)),
        reference: None,
        code: 0,
        attempt: attempt.number,
        retry_at: None,
        at: env.now(),
    }
}

fn retry_at(env: &Env, waits: &[u64], number: i32, after: Option<Duration>) -> Option<DateTime<Utc>> {
    let place = usize::try_from(number - 1).unwrap_or(0);
    let asked = millis(after.unwrap_or_default());
    let wait = millis(Duration::from_secs(*waits.get(place)?)).max(asked);
    // A fifth more or less, so that everyone who failed together does not come back together.
    let jittered = (wait * 4 / 5 + env.below(wait * 2 / 5 + 1)).max(asked);
    Some(env.machine_now() + TimeDelta::milliseconds(jittered.cast_signed()))
}

/// At most a day: nobody means more.
fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).min(86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAITS: [u64; 2] = [5, 30];
    const TRANSIENT: SendResult = SendResult::Retry { after: None, code: 503 };

    fn env() -> Env {
        Env::fixed("2018-01-24T15:05:00Z".parse().unwrap(), 1)
    }

    fn judged(rests: bool, number: i32, result: SendResult) -> Judgement {
        judge(Terms { env: &env(), waits: &WAITS, rests, doubt: InDoubt::Repeat }, attempt(number), result)
    }

    fn after(number: i32, result: SendResult) -> Outcome {
        match judged(false, number, result) {
            Judgement::Settled(outcome, _) => outcome,
            Judgement::NotTaken => panic!("nothing to write down"),
        }
    }

    fn attempt(number: i32) -> Attempt<'static> {
        Attempt { subscriber: 1, provider: "primary", number }
    }

    #[test]
    fn a_transient_failure_waits_by_the_schedule_and_then_fails() {
        let first = after(1, TRANSIENT);
        let wait = first.retry_at.unwrap() - env().machine_now();
        assert_eq!(first.state, OutcomeState::Waiting);
        assert!((4_000..=6_000).contains(&wait.num_milliseconds()), "{wait}");
        assert_eq!(after(3, TRANSIENT).state, OutcomeState::Failed);
    }

    #[test]
    fn a_wait_that_was_asked_for_is_kept() {
        let asked = SendResult::Retry { after: Some(Duration::from_secs(900)), code: 450 };
        assert!(after(1, asked).retry_at.unwrap() >= env().machine_now() + TimeDelta::seconds(900));
    }

    #[test]
    fn the_providers_troubles_never_use_up_an_attempt() {
        let throttled = SendResult::Throttled { after: Some(Duration::from_secs(7)), code: 429 };
        let unreachable = SendResult::Unreachable { code: 0 };
        let wrong = SendResult::BadConfig { code: 20_003 };
        for (rests, result) in [(false, throttled), (false, unreachable), (false, wrong), (true, TRANSIENT)] {
            assert_eq!(judged(rests, 3, result), Judgement::NotTaken);
        }
        assert_eq!(postponed(&env(), attempt(3), Duration::from_secs(7)).attempt, 2);
    }

    #[test]
    fn a_lost_answer_is_written_down_even_when_the_provider_is_down() {
        let judgement = judged(true, 1, SendResult::Ambiguous { code: 0 });
        assert!(matches!(judgement, Judgement::Settled(outcome, _) if outcome.state == OutcomeState::Waiting));
    }

    #[test]
    fn what_may_have_been_taken_is_asked_about_and_in_the_end_unknown() {
        let terms = Terms { env: &env(), waits: &WAITS, rests: false, doubt: InDoubt::Unknown };
        for (number, state) in [(1, OutcomeState::Waiting), (2, OutcomeState::Waiting), (3, OutcomeState::Unknown)] {
            let judgement = judge(terms, attempt(number), SendResult::Ambiguous { code: 0 });
            assert!(matches!(judgement, Judgement::Settled(outcome, _) if outcome.state == state), "{number}");
        }
    }

    #[test]
    fn a_person_who_stopped_at_the_provider_has_stopped_with_us() {
        let judgement = judged(false, 1, SendResult::OptedOut { code: 21_610 });
        let Judgement::Settled(outcome, consequence) = judgement else { panic!("it is settled") };
        assert_eq!((outcome.state, consequence), (OutcomeState::Skipped, Consequence::OptedOut));
    }
}
