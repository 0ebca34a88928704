//! A way out that counts: what was handed over, what was answered, and how long it took. Nothing that it keeps names
//! anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ChannelKind;
use domain::delivery::SendResult;
use tokio::time::Instant;

use crate::{Channel, ChannelProblem, Doubt, Outgoing};

/// The kinds of answer by name, in the order of [`place`].
const ANSWERS: [&str; 10] = [
    "accepted",
    "try-again",
    "unreachable",
    "throttled",
    "unknown",
    "recipient-gone",
    "recipient-soft",
    "opted-out",
    "message-refused",
    "credentials-refused",
];

/// What one way out has done since the program started.
#[derive(Debug)]
pub struct Meter {
    kind: ChannelKind,
    name: String,
    /// Units per second by contract.
    agreed: u32,
    answers: [AtomicU64; ANSWERS.len()],
    units: AtomicU64,
    under_way: AtomicU64,
    microseconds: AtomicU64,
}

impl Meter {
    /// Which kind of message it counts.
    #[must_use]
    pub const fn kind(&self) -> ChannelKind {
        self.kind
    }

    /// The configured name of the provider, relay or account.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Units per second that the contract allows: parts of texts, messages elsewhere.
    #[must_use]
    pub const fn agreed(&self) -> u32 {
        self.agreed
    }

    /// How often each kind of answer was given.
    pub fn answers(&self) -> impl Iterator<Item = (&'static str, u64)> {
        ANSWERS.into_iter().zip(self.answers.iter().map(|count| count.load(Ordering::Relaxed)))
    }

    /// Units of what was accepted: parts of texts, messages elsewhere.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.units.load(Ordering::Relaxed)
    }

    /// Messages whose answer is awaited now.
    #[must_use]
    pub fn under_way(&self) -> u64 {
        self.under_way.load(Ordering::Relaxed)
    }

    /// How long all answers took together.
    #[must_use]
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.microseconds.load(Ordering::Relaxed))
    }

    fn note(&self, result: &SendResult, (units, took): (u32, Duration)) {
        self.answers[place(result)].fetch_add(1, Ordering::Relaxed);
        if matches!(result, SendResult::Accepted { .. }) {
            self.units.fetch_add(u64::from(units), Ordering::Relaxed);
        }
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }
}

const fn place(result: &SendResult) -> usize {
    match result {
        SendResult::Accepted { .. } => 0,
        SendResult::Retry { .. } => 1,
        SendResult::Unreachable { .. } => 2,
        SendResult::Throttled { .. } => 3,
        SendResult::Ambiguous { .. } => 4,
        SendResult::RecipientGone { .. } => 5,
        SendResult::RecipientSoft { .. } => 6,
        SendResult::OptedOut { .. } => 7,
        SendResult::BadMessage { .. } => 8,
        SendResult::BadConfig { .. } => 9,
    }
}

/// A channel whose every message is counted.
pub struct Metered<C> {
    channel: C,
    meter: Arc<Meter>,
}

impl<C: Channel> Metered<C> {
    /// Counts what goes through a channel that takes `agreed` units per second.
    pub fn new(channel: C, agreed: u32) -> Self {
        let meter = Meter {
            kind: channel.kind(),
            name: channel.name().to_owned(),
            agreed,
            answers: Default::default(),
            units: AtomicU64::new(0),
            under_way: AtomicU64::new(0),
            microseconds: AtomicU64::new(0),
        };
        Self { channel, meter: Arc::new(meter) }
    }
}

/// A message under way; counted until it is not, also when whoever waited gave up.
struct UnderWay<'a>(&'a AtomicU64);

impl<'a> UnderWay<'a> {
    fn among(count: &'a AtomicU64) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[async_trait]
impl<C: Channel> Channel for Metered<C> {
    fn kind(&self) -> ChannelKind {
        self.channel.kind()
    }

    fn name(&self) -> &str {
        self.channel.name()
    }

    async fn send(&self, message: &Outgoing) -> SendResult {
        let _under_way = UnderWay::among(&self.meter.under_way);
        let start = Instant::now();
        let result = self.channel.send(message).await;
        self.meter.note(&result, (self.channel.weight_of(message), start.elapsed()));
        result
    }

    async fn settle_doubt(&self, message: &Outgoing, since: DateTime<Utc>) -> Doubt {
        self.channel.settle_doubt(message, since).await
    }

    async fn check(&self) -> Result<(), ChannelProblem> {
        self.channel.check().await
    }

    fn weight_of(&self, message: &Outgoing) -> u32 {
        self.channel.weight_of(message)
    }

    fn reaches_nobody(&self) -> bool {
        self.channel.reaches_nobody()
    }

    fn meter(&self) -> Option<Arc<Meter>> {
        Some(Arc::clone(&self.meter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Text, TextBody};

    /// Says one thing after the other.
    struct Says(std::sync::Mutex<Vec<SendResult>>);

    #[async_trait]
    impl Channel for Says {
        fn kind(&self) -> ChannelKind {
            ChannelKind::Sms
        }

        fn name(&self) -> &str {
            "primary"
        }

        async fn send(&self, _: &Outgoing) -> SendResult {
            self.0.lock().unwrap().pop().unwrap()
        }

        async fn settle_doubt(&self, _: &Outgoing, _: DateTime<Utc>) -> Doubt {
            Doubt::CannotTell
        }

        async fn check(&self) -> Result<(), ChannelProblem> {
            Ok(())
        }

        fn weight_of(&self, message: &Outgoing) -> u32 {
            let Outgoing::Text(text) = message else { return 1 };
            text.body.parts()
        }
    }

    #[tokio::test]
    async fn every_answer_is_counted_under_its_name_and_only_what_was_taken_costs() {
        let says = vec![
            SendResult::BadConfig { code: 1 },
            SendResult::Ambiguous { code: 0 },
            SendResult::Accepted { reference: None },
        ];
        let sends = says.len();
        let metered = Metered::new(Says(std::sync::Mutex::new(says)), 400);
        let text = Outgoing::Text(Text {
            to: "+447700900123".parse().unwrap(),
            body: Arc::new(TextBody::new("x".repeat(161))),
            valid_for: Duration::from_secs(60),
            delivery: "1.1".to_owned(),
        });
        for _ in 0..sends {
            metered.send(&text).await;
        }
        let meter = metered.meter().unwrap();
        let counted: Vec<_> = meter.answers().filter(|(_, count)| *count > 0).collect();
        assert_eq!(counted, [("accepted", 1), ("unknown", 1), ("credentials-refused", 1)]);
        assert_eq!((meter.units(), meter.under_way(), meter.name(), meter.agreed()), (2, 0, "primary", 400));
    }
}
