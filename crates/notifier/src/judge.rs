//! Turns what a provider said into what becomes of the message: the one place that knows the retry schedule.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Env;
use domain::delivery::{Outcome, OutcomeState, SendResult};

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

/// What the answer means for the person's subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing.
    None,
    /// The contact does not exist: never use it again.
    Gone,
    /// The person told the provider to stop: so do we.
    Left,
}

/// What the answer means for the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Nothing.
    None,
    /// Wait before the next message.
    Slow(Duration),
    /// Credentials or sender are refused: hold the channel and call a person.
    Hold(i32),
    /// This text is refused: call a person.
    Text(i32),
}

/// A judgement on one attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What to write down.
    pub outcome: Outcome,
    /// What it means for the subscription.
    pub consequence: Consequence,
    /// What it means for the provider.
    pub alarm: Alarm,
}

/// The wait when a provider says "too fast" without saying for how long.
const THROTTLE: Duration = Duration::from_secs(1);
/// The wait when a provider refuses our credentials: a person has to act first.
const HELD: Duration = Duration::from_secs(30);

/// Judges one answer. `waits` is the retry schedule in seconds.
#[must_use]
pub fn judge(env: &Env, waits: &[u64], attempt: Attempt<'_>, result: SendResult) -> Judgement {
    let at = env.now();
    let outcome = |state, code, reference| Outcome {
        subscriber: attempt.subscriber,
        state,
        provider: Some(attempt.provider.to_owned()),
        reference,
        code,
        attempt: attempt.number,
        retry_at: None,
        at,
    };
    let plain = |outcome, consequence| Judgement { outcome, consequence, alarm: Alarm::None };
    // A try that certainly did not count keeps its number; a try that did is followed by the next wait of the schedule.
    let again = |code, after: Option<Duration>, counts: bool| match retry_at(env, waits, attempt.number, after, counts)
    {
        Some(retry_at) => {
            let number = if counts { attempt.number } else { attempt.number - 1 };
            Outcome { retry_at: Some(retry_at), attempt: number, ..outcome(OutcomeState::Waiting, code, None) }
        }
        None => outcome(OutcomeState::Failed, code, None),
    };
    match result {
        SendResult::Accepted { reference } => plain(outcome(OutcomeState::Sent, 0, reference), Consequence::None),
        SendResult::Retry { after, code } => plain(again(code, after, true), Consequence::None),
        // The message id of a mail and the provider's own list of texts make a second try recognisable.
        SendResult::Ambiguous { code } => plain(again(code, None, true), Consequence::None),
        SendResult::Throttled { after, code } => {
            let wait = after.unwrap_or(THROTTLE);
            Judgement {
                outcome: again(code, Some(wait), false),
                consequence: Consequence::None,
                alarm: Alarm::Slow(wait),
            }
        }
        SendResult::RecipientGone { code } => plain(outcome(OutcomeState::Failed, code, None), Consequence::Gone),
        SendResult::RecipientSoft { code } => plain(outcome(OutcomeState::Failed, code, None), Consequence::None),
        SendResult::OptedOut { code } => plain(outcome(OutcomeState::Skipped, code, None), Consequence::Left),
        SendResult::BadMessage { code } => Judgement {
            outcome: outcome(OutcomeState::Failed, code, None),
            consequence: Consequence::None,
            alarm: Alarm::Text(code),
        },
        SendResult::BadConfig { code } => Judgement {
            outcome: again(code, Some(HELD), false),
            consequence: Consequence::None,
            alarm: Alarm::Hold(code),
        },
    }
}

fn retry_at(env: &Env, waits: &[u64], number: i32, after: Option<Duration>, counts: bool) -> Option<DateTime<Utc>> {
    let place = usize::try_from(number - 1).unwrap_or(0);
    let scheduled = if counts { *waits.get(place)? } else { 0 };
    let wait = Duration::from_secs(scheduled).max(after.unwrap_or_default());
    // A fifth more or less, so that everyone who failed together does not come back together.
    let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).min(86_400_000);
    let jittered = millis * 4 / 5 + env.below(millis * 2 / 5 + 1);
    let jittered = jittered.max(after.map_or(0, |after| u64::try_from(after.as_millis()).unwrap_or(0).min(86_400_000)));
    Some(env.machine_now() + TimeDelta::milliseconds(i64::try_from(jittered).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAITS: [u64; 2] = [5, 30];

    fn env() -> Env {
        Env::fixed("2018-01-24T15:05:00Z".parse().unwrap(), 1)
    }

    fn after(number: i32, result: SendResult) -> Judgement {
        judge(&env(), &WAITS, Attempt { subscriber: 1, provider: "primary", number }, result)
    }

    #[test]
    fn a_transient_failure_waits_by_the_schedule_and_then_fails() {
        let failure = SendResult::Retry { after: None, code: 503 };
        let first = after(1, failure.clone()).outcome;
        let wait = first.retry_at.unwrap() - env().machine_now();
        assert_eq!(first.state, OutcomeState::Waiting);
        assert!((4_000..=6_000).contains(&wait.num_milliseconds()), "{wait}");
        assert_eq!(after(3, failure).outcome.state, OutcomeState::Failed);
    }

    #[test]
    fn being_too_fast_never_uses_up_an_attempt() {
        let throttled = SendResult::Throttled { after: Some(Duration::from_secs(7)), code: 429 };
        let judgement = after(3, throttled);
        assert_eq!(judgement.outcome.state, OutcomeState::Waiting);
        assert_eq!(judgement.outcome.attempt, 2);
        assert_eq!(judgement.alarm, Alarm::Slow(Duration::from_secs(7)));
        assert!(judgement.outcome.retry_at.unwrap() >= env().machine_now() + TimeDelta::seconds(7));
    }

    #[test]
    fn a_person_who_stopped_at_the_provider_has_stopped_with_us() {
        let judgement = after(1, SendResult::OptedOut { code: 21_610 });
        assert_eq!((judgement.outcome.state, judgement.consequence), (OutcomeState::Skipped, Consequence::Left));
    }

    #[test]
    fn refused_credentials_hold_the_channel_and_keep_the_message() {
        let judgement = after(1, SendResult::BadConfig { code: 20_003 });
        assert_eq!(judgement.outcome.state, OutcomeState::Waiting);
        assert_eq!(judgement.alarm, Alarm::Hold(20_003));
    }
}
