//! The configured ways out, each with its pace and its health, and which of them a message takes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use channels::{Channel, Outgoing};
use domain::ChannelKind;
use domain::delivery::SendResult;
use store::Store;

use crate::arrivals::Arrivals;
use crate::health::{Change, Health, Rest};
use crate::pace::{Lane, Pace};
use crate::purse::SharedRate;

/// A group does not queue at a provider that would begin with it so much later than another.
const MUCH_LATER: Duration = Duration::from_millis(250);

/// One provider, relay or account with what we agreed with it.
pub struct Way {
    /// The provider.
    pub channel: Arc<dyn Channel>,
    pace: Pace,
    weight: u32,
    health: Health,
    arrivals: Arrivals,
    /// What happened to it and is not written down yet.
    news: Mutex<Vec<News>>,
}

/// Something that happened to a provider, for operators to read later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct News {
    /// `rests`, `works` or `eased`.
    pub(crate) what: &'static str,
    pub(crate) reason: &'static str,
    /// The provider's code, or 0.
    pub(crate) code: i32,
}

impl Way {
    /// A provider at `rate` units per second; broadcasts are spread over the providers of a kind by their weights.
    #[must_use]
    pub fn new(channel: Arc<dyn Channel>, rate: f64, weight: u32) -> Self {
        Self {
            channel,
            pace: Pace::new(rate),
            weight: weight.max(1),
            health: Health::default(),
            arrivals: Arrivals::default(),
            news: Mutex::default(),
        }
    }

    /// Its name with its kind, such as `sms/primary`: names are unique within a kind only.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.channel.kind().key(), self.channel.name())
    }

    /// Its pace.
    #[must_use]
    pub const fn pace(&self) -> &Pace {
        &self.pace
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
        if let SendResult::Accepted { reference: Some(reference) } = result {
            self.arrivals.taken(reference);
        }
        self.ease_after(result);
        match self.health.note(result) {
            Some(Change::Rests(rest)) => self.tell_of_a_rest(rest, matches!(result, SendResult::BadConfig { .. })),
            Some(Change::Works) => {
                tracing::info!(channel.name = self.channel.name(), "a provider works again");
                self.tell(News { what: "works", reason: "messages are taken again", code: 0 });
            }
            None => {}
        }
    }

    /// Learns from a report about a message that was taken long ago. When it was too fast, the provider need not rest.
    pub(crate) fn heed_report(&self, meaning: &SendResult) {
        self.ease_after(meaning);
    }

    /// A message arrived, by the provider's id of it.
    pub(crate) fn has_arrived(&self, reference: &str) {
        self.arrivals.arrived(reference);
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

    /// Whether it failed for everybody, or refuses us, and has not answered since.
    #[must_use]
    pub fn is_down(&self) -> bool {
        self.health.is_down()
    }

    /// What happened since the last time that somebody asked.
    pub(crate) fn take_news(&self) -> Vec<News> {
        std::mem::take(&mut *self.news.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn ease_after(&self, result: &SendResult) {
        if let Some(code) = too_fast(result)
            && self.pace.ease()
        {
            tracing::warn!(channel.name = self.channel.name(), code, "a provider is sent to more slowly");
            self.tell(News { what: "eased", reason: "the provider says that this was too fast", code });
        }
    }

    fn tell_of_a_rest(&self, rest: Rest, is_ours: bool) {
        let Rest { lasts, reason, code } = rest;
        let name = self.channel.name();
        let rest_ms = u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX);
        if is_ours {
            tracing::error!(channel.name = name, code, rest_ms, "{reason}");
        } else {
            tracing::warn!(channel.name = name, code, rest_ms, "{reason}");
        }
        self.tell(News { what: "rests", reason, code });
    }

    fn tell(&self, news: News) {
        self.news.lock().unwrap_or_else(PoisonError::into_inner).push(news);
    }
}

/// The code of an answer, or of a report that came later, that asks for a lower rate: also "the service is closing"
/// (421), "try again later" of a relay (454) and "queue overflow" (30001), which say nothing about the one message.
fn too_fast(result: &SendResult) -> Option<i32> {
    match result {
        SendResult::Throttled { code, .. } => Some(*code),
        SendResult::Retry { code, .. } | SendResult::BadConfig { code } | SendResult::Unreachable { code } => {
            Some(*code).filter(|code| matches!(code, 421 | 454))
        }
        _ => None,
    }
}

/// Every way out.
#[derive(Default)]
pub struct Ways {
    by_kind: BTreeMap<ChannelKind, Vec<Arc<Way>>>,
    /// How far each one's turn has come nearer since it last had one.
    standing: Mutex<BTreeMap<String, f64>>,
}

impl Ways {
    /// Adds a way out.
    pub fn add(&mut self, way: Way) {
        self.by_kind.entry(way.channel.kind()).or_default().push(Arc::new(way));
    }

    /// Shares every rate with the other processes on this database; on SQLite there are none. Call it before anybody
    /// sends.
    ///
    /// # Panics
    /// When somebody sends already.
    pub fn share_rates(&mut self, store: &Store) {
        if store.is_sqlite() {
            return;
        }
        for way in self.by_kind.values_mut().flatten() {
            let (provider, per_second) = (way.full_name(), way.pace.agreed());
            let way = Arc::get_mut(way).expect("nobody sends yet");
            way.pace.share(SharedRate { store: store.clone(), provider, per_second });
        }
    }

    /// The kinds that can be sent to now: configured, and with a provider that does not rest.
    #[must_use]
    pub fn open(&self) -> Vec<ChannelKind> {
        let can_send = |ways: &Vec<Arc<Way>>| ways.iter().any(|way| way.rests_for().is_none());
        self.by_kind.iter().filter(|(_, ways)| can_send(ways)).map(|(kind, _)| *kind).collect()
    }

    /// The kinds all of whose providers failed or refuse us.
    #[must_use]
    pub fn down(&self) -> Vec<ChannelKind> {
        self.by_kind.iter().filter(|(_, ways)| ways.iter().all(|way| way.is_down())).map(|(kind, _)| *kind).collect()
    }

    /// The provider for the next group of this kind: each in turn, as often as its weight and its health say, and none
    /// that rests or has much more to do than another.
    #[must_use]
    pub fn next(&self, kind: ChannelKind) -> Option<Arc<Way>> {
        let awake: Vec<_> = self.of(kind).iter().filter(|way| way.rests_for().is_none()).collect();
        let backlogs: Vec<_> = awake.iter().map(|way| way.pace.backlog()).collect();
        let soonest = backlogs.iter().min().copied()?;
        let soon = awake.into_iter().zip(backlogs).filter(|(_, backlog)| *backlog <= soonest + MUCH_LATER);
        self.in_turn(&soon.map(|(way, _)| way).collect::<Vec<_>>())
    }

    /// As [`Ways::next`], but rather one that rests than none: for somebody who waits with a phone in hand.
    #[must_use]
    pub fn next_at_any_price(&self, kind: ChannelKind) -> Option<Arc<Way>> {
        self.next(kind).or_else(|| self.in_turn(&self.of(kind).iter().collect::<Vec<_>>()))
    }

    /// Smoothly: with weights of 2 and 1 the turns are A B A, and not A A B, so that nobody idles while others queue.
    fn in_turn(&self, ways: &[&Arc<Way>]) -> Option<Arc<Way>> {
        let quickest = ways.iter().filter_map(|way| way.arrivals.usual()).min();
        let weights: Vec<_> = ways.iter().map(|way| way.present_weight(quickest)).collect();
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next: Option<(f64, &Arc<Way>)> = None;
        for (way, weight) in ways.iter().copied().zip(&weights) {
            let stands = standing.entry(way.full_name()).or_default();
            *stands += weight;
            if next.is_none_or(|(furthest, _)| *stands > furthest + 1e-9) {
                next = Some((*stands, way));
            }
        }
        let (_, next) = next?;
        *standing.entry(next.full_name()).or_default() -= weights.iter().sum::<f64>();
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

impl Way {
    /// Its weight, less what its failures and late proofs of delivery take off.
    fn present_weight(&self, quickest: Option<Duration>) -> f64 {
        let answers = 1.0 - self.health.failing();
        let lateness = if self.arrivals.is_late(quickest) { 0.5 } else { 1.0 };
        f64::from(self.weight) * (answers * answers).max(0.05) * lateness
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

    #[tokio::test(start_paused = true)]
    async fn nobody_queues_where_another_would_begin_much_sooner() {
        let mut ways = Ways::default();
        ways.add(Way::new(Arc::new(Named("slow")), 10.0, 10));
        ways.add(Way::new(Arc::new(Named("quick")), 100.0, 10));
        let slow = ways.named(ChannelKind::Sms, "slow").unwrap();
        slow.pace().take(Lane::Broadcast, 20).await;
        assert!(!turns(&ways, 6).contains("slow"), "it is busy for two seconds");
    }

    #[tokio::test(start_paused = true)]
    async fn who_fails_now_and_then_has_fewer_turns() {
        let ways = ways(&[("a", 10), ("b", 10)]);
        let a = ways.named(ChannelKind::Sms, "a").unwrap();
        for place in 0..40 {
            let failed = SendResult::Unreachable { code: 0 };
            a.heed(if place % 3 == 0 { &failed } else { &SendResult::Accepted { reference: None } });
        }
        let mine = turns(&ways, 100).matches('a').count();
        assert!((20..=40).contains(&mine), "{mine}");
    }

    #[tokio::test]
    async fn what_happens_is_told_once_with_its_reason() {
        let ways = ways(&[("a", 10)]);
        let a = ways.named(ChannelKind::Sms, "a").unwrap();
        a.heed(&SendResult::Throttled { after: None, code: 429 });
        let news = a.take_news();
        assert_eq!(news.iter().map(|one| (one.what, one.code)).collect::<Vec<_>>(), [("eased", 429), ("rests", 429)]);
        assert!(a.take_news().is_empty());
    }

    #[tokio::test]
    async fn who_rests_has_no_turn_and_then_the_next_one() {
        let ways = ways(&[("a", 10), ("b", 10)]);
        ways.named(ChannelKind::Sms, "a").unwrap().heed(&SendResult::BadConfig { code: 20_003 });
        assert_eq!(turns(&ways, 4), "bbbb");
    }
}
