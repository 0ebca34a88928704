//! The configured ways out, each with its pace, and which of them a message takes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use channels::{Channel, Outgoing};
use domain::ChannelKind;
use domain::delivery::SendResult;
use tokio::time::Instant;

use crate::pace::{Lane, Pace};

/// One provider, relay or account with what we agreed with it.
pub struct Way {
    /// The provider.
    pub channel: Arc<dyn Channel>,
    pace: Pace,
    weight: u32,
}

impl Way {
    /// A provider at `rate` units per second; broadcasts are spread over the providers of a kind by their weights.
    #[must_use]
    pub fn new(channel: Arc<dyn Channel>, rate: f64, weight: u32) -> Self {
        Self { channel, pace: Pace::new(rate), weight }
    }

    /// Waits for the message's turn and hands it over.
    pub async fn send(&self, lane: Lane, message: &Outgoing) -> SendResult {
        self.pace.take(lane, self.channel.weight_of(message)).await;
        self.channel.send(message).await
    }

    /// Lets nothing more leave in this lane for a while.
    pub async fn hold(&self, lane: Lane, wait: Duration) {
        self.pace.hold(lane, wait).await;
    }
}

/// Every way out.
#[derive(Default)]
pub struct Ways {
    by_kind: BTreeMap<ChannelKind, Vec<Arc<Way>>>,
    held: std::sync::Mutex<BTreeMap<ChannelKind, Instant>>,
    turn: AtomicU64,
}

impl Ways {
    /// Adds a way out.
    pub fn add(&mut self, way: Way) {
        self.by_kind.entry(way.channel.kind()).or_default().push(Arc::new(way));
    }

    /// The kinds that can be sent to now: configured, and not held after refused credentials.
    #[must_use]
    pub fn open(&self) -> Vec<ChannelKind> {
        let held = self.held.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_open = |kind: &ChannelKind| held.get(kind).is_none_or(|until| *until <= Instant::now());
        self.by_kind.keys().copied().filter(is_open).collect()
    }

    /// The provider for the next group of this kind: each in turn, as often as its weight says.
    #[must_use]
    pub fn next(&self, kind: ChannelKind) -> Option<Arc<Way>> {
        let ways = self.by_kind.get(&kind)?;
        let total: u64 = ways.iter().map(|way| u64::from(way.weight)).sum();
        let mut place = self.turn.fetch_add(1, Ordering::Relaxed) % total.max(1);
        for way in ways {
            match place.checked_sub(u64::from(way.weight)) {
                Some(rest) => place = rest,
                None => return Some(way.clone()),
            }
        }
        ways.first().cloned()
    }

    /// The account of this name.
    #[must_use]
    pub fn named(&self, kind: ChannelKind, name: &str) -> Option<Arc<Way>> {
        self.by_kind.get(&kind)?.iter().find(|way| way.channel.name() == name).cloned()
    }

    /// Every way out, for checks.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Way>> {
        self.by_kind.values().flatten()
    }

    /// Keeps the queue of a kind whose provider refuses our credentials until a person has had time to act.
    pub fn hold(&self, kind: ChannelKind, wait: Duration) {
        let mut held = self.held.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        held.insert(kind, Instant::now() + wait);
    }
}
