//! The configured ways out, each with its pace and its health, and which of them a message takes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use channels::{Channel, Outgoing};
use domain::ChannelKind;
use domain::delivery::SendResult;

use crate::health::Health;
use crate::pace::{Lane, Pace};

/// One provider, relay or account with what we agreed with it.
pub struct Way {
    /// The provider.
    pub channel: Arc<dyn Channel>,
    pace: Pace,
    weight: u32,
    /// How far its turn has come nearer since it last had one.
    standing: AtomicI64,
    health: Health,
}

impl Way {
    /// A provider at `rate` units per second; broadcasts are spread over the providers of a kind by their weights.
    #[must_use]
    pub fn new(channel: Arc<dyn Channel>, rate: f64, weight: u32) -> Self {
        Self {
            channel,
            pace: Pace::new(rate),
            weight: weight.max(1),
            standing: AtomicI64::new(0),
            health: Health::default(),
        }
    }

    /// Waits for the message's turn. Dropping the future gives the turn back.
    pub(crate) async fn turn(&self, lane: Lane, message: &Outgoing) {
        self.pace.take(lane, self.channel.weight_of(message)).await;
    }

    /// Hands over a message whose turn it is.
    pub(crate) async fn send(&self, message: &Outgoing) -> SendResult {
        let result = self.channel.send(message).await;
        self.heed(&result);
        result
    }

    /// Learns from an answer: slows down, or rests, and says so once in the log.
    pub(crate) fn heed(&self, result: &SendResult) {
        let name = self.channel.name();
        if says_too_fast(result) {
            self.pace.ease();
        }
        let Some(rest) = self.health.note(result) else { return };
        let rest_ms = u64::try_from(rest.lasts.as_millis()).unwrap_or(u64::MAX);
        let code = rest.code;
        if matches!(result, SendResult::BadConfig { .. }) {
            tracing::error!(channel.name = name, code, rest_ms, "{}", rest.reason);
        } else {
            tracing::warn!(channel.name = name, code, rest_ms, "{}", rest.reason);
        }
    }

    /// A report about a message that was taken long ago says that it was too fast: the provider need not rest for it.
    pub(crate) fn heed_report(&self, meaning: &SendResult) {
        if says_too_fast(meaning) {
            self.pace.ease();
        }
    }

    /// Whether a message of a broadcast may be handed over now; the answer must be heeded.
    pub(crate) fn may_send(&self) -> bool {
        self.health.may_send()
    }

    /// How much longer it rests; none when it can be used.
    #[must_use]
    pub fn rests_for(&self) -> Option<Duration> {
        self.health.rests_for()
    }
}

/// Whether an answer, or a report that came later, asks for a lower rate: also "the service is closing" (421), "try
/// again later" of a relay (454) and "queue overflow" (30001), which say nothing about the one message.
fn says_too_fast(result: &SendResult) -> bool {
    match result {
        SendResult::Throttled { .. } => true,
        SendResult::Retry { code, .. } | SendResult::BadConfig { code } | SendResult::Unreachable { code } => {
            matches!(code, 421 | 454)
        }
        _ => false,
    }
}

/// Every way out.
#[derive(Default)]
pub struct Ways {
    by_kind: BTreeMap<ChannelKind, Vec<Arc<Way>>>,
    /// One group at a time looks whose turn it is.
    choosing: Mutex<()>,
}

impl Ways {
    /// Adds a way out.
    pub fn add(&mut self, way: Way) {
        self.by_kind.entry(way.channel.kind()).or_default().push(Arc::new(way));
    }

    /// The kinds that can be sent to now: configured, and with a provider that does not rest.
    #[must_use]
    pub fn open(&self) -> Vec<ChannelKind> {
        let can_send = |ways: &Vec<Arc<Way>>| ways.iter().any(|way| way.rests_for().is_none());
        self.by_kind.iter().filter(|(_, ways)| can_send(ways)).map(|(kind, _)| *kind).collect()
    }

    /// The provider for the next group of this kind: each in turn, as often as its weight says, and none that rests.
    #[must_use]
    pub fn next(&self, kind: ChannelKind) -> Option<Arc<Way>> {
        let awake = self.of(kind).iter().filter(|way| way.rests_for().is_none());
        self.in_turn(&awake.collect::<Vec<_>>())
    }

    /// As [`Ways::next`], but rather one that rests than none: for somebody who waits with a phone in hand.
    #[must_use]
    pub fn next_at_any_price(&self, kind: ChannelKind) -> Option<Arc<Way>> {
        self.next(kind).or_else(|| self.in_turn(&self.of(kind).iter().collect::<Vec<_>>()))
    }

    /// Smoothly: with weights of 2 and 1 the turns are A B A, and not A A B, so that nobody idles while others queue.
    fn in_turn(&self, ways: &[&Arc<Way>]) -> Option<Arc<Way>> {
        let _one_at_a_time = self.choosing.lock().unwrap_or_else(PoisonError::into_inner);
        for way in ways {
            way.standing.fetch_add(i64::from(way.weight), Ordering::Relaxed);
        }
        let total: i64 = ways.iter().map(|way| i64::from(way.weight)).sum();
        // The first of those that have waited longest.
        let next = ways.iter().rev().max_by_key(|way| way.standing.load(Ordering::Relaxed))?;
        next.standing.fetch_sub(total, Ordering::Relaxed);
        Some(Arc::clone(next))
    }

    /// Every provider of a kind, also those that rest.
    #[must_use]
    pub fn of(&self, kind: ChannelKind) -> &[Arc<Way>] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The account of this name.
    #[must_use]
    pub fn named(&self, kind: ChannelKind, name: &str) -> Option<Arc<Way>> {
        self.of(kind).iter().find(|way| way.channel.name() == name).cloned()
    }

    /// Every way out, for checks.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Way>> {
        self.by_kind.values().flatten()
    }

    /// When the first of this kind that rests can be used again.
    #[must_use]
    pub fn shortest_rest(&self, kind: ChannelKind) -> Duration {
        self.of(kind).iter().map(|way| way.rests_for().unwrap_or_default()).min().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use channels::{ChannelProblem, Doubt};
    use chrono::{DateTime, Utc};

    use super::*;

    struct Named(&'static str);

    #[async_trait]
    impl Channel for Named {
        fn kind(&self) -> ChannelKind {
            ChannelKind::Sms
        }

        fn name(&self) -> &str {
            self.0
        }

        async fn send(&self, _: &Outgoing) -> SendResult {
            SendResult::Accepted { reference: None }
        }

        async fn check(&self) -> Result<(), ChannelProblem> {
            Ok(())
        }

        async fn settle_doubt(&self, _: &Outgoing, _: DateTime<Utc>) -> Doubt {
            Doubt::CannotTell
        }

        fn weight_of(&self, _: &Outgoing) -> u32 {
            1
        }
    }

    fn ways(weights: &[(&'static str, u32)]) -> Ways {
        let mut ways = Ways::default();
        for (name, weight) in weights {
            ways.add(Way::new(Arc::new(Named(name)), 100.0, *weight));
        }
        ways
    }

    fn turns(ways: &Ways, count: usize) -> String {
        (0..count).map(|_| ways.next(ChannelKind::Sms).unwrap().channel.name().to_owned()).collect()
    }

    #[tokio::test]
    async fn turns_are_mixed_as_the_weights_say() {
        assert_eq!(turns(&ways(&[("a", 50), ("b", 50)]), 6), "ababab");
        assert_eq!(turns(&ways(&[("a", 20), ("b", 10)]), 6), "abaaba");
        assert_eq!(turns(&ways(&[("a", 5), ("b", 1), ("c", 1)]), 7), "aabacaa");
    }

    #[tokio::test]
    async fn who_rests_has_no_turn_and_then_the_next_one() {
        let ways = ways(&[("a", 10), ("b", 10)]);
        ways.named(ChannelKind::Sms, "a").unwrap().heed(&SendResult::BadConfig { code: 20_003 });
        assert_eq!(turns(&ways, 4), "bbbb");
    }
}
