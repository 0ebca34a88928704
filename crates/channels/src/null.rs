//! The way out that leads nowhere: it takes every message at once, counts it, and sends nothing to anybody. For
//! rehearsals and benchmarks, in which everything but the provider is real.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ChannelKind;
use domain::delivery::SendResult;

use crate::settings::Rehearsal;
use crate::{Channel, ChannelProblem, Doubt, Outgoing};

/// Stands in for a provider, relay or account during a rehearsal.
pub struct Null {
    kind: ChannelKind,
    name: String,
    latency: Duration,
    taken: AtomicU64,
}

impl Null {
    /// Stands in for the provider of this kind and name.
    #[must_use]
    pub fn new(kind: ChannelKind, name: &str, settings: &Rehearsal) -> Self {
        let latency = Duration::from_millis(u64::from(settings.latency_ms));
        Self { kind, name: name.to_owned(), latency, taken: AtomicU64::new(0) }
    }

    /// How many messages it has taken so far.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Channel for Null {
    fn kind(&self) -> ChannelKind {
        self.kind
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn send(&self, _: &Outgoing) -> SendResult {
        // Even a timer that is due at once makes the task wait for the next tick of the clock.
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        self.taken.fetch_add(1, Ordering::Relaxed);
        SendResult::Accepted { reference: None }
    }

    async fn settle_doubt(&self, _: &Outgoing, _: DateTime<Utc>) -> Doubt {
        // Nobody sees it, however often it is sent.
        Doubt::SafeToRepeat
    }

    /// Always refuses, so that `hysbys check` ends with a failure for as long as nothing is sent.
    async fn check(&self) -> Result<(), ChannelProblem> {
        Err(ChannelProblem::setting("rehearsal.send_nothing", "is on: nothing is sent to anybody"))
    }

    /// Messages, not parts of texts: a rehearsal has no contract.
    fn weight_of(&self, _: &Outgoing) -> u32 {
        1
    }

    fn reaches_nobody(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::time::Instant;

    use super::*;
    use crate::{Text, TextBody};

    fn text() -> Outgoing {
        Outgoing::Text(Text {
            to: "+447700900001".parse().unwrap(),
            body: Arc::new(TextBody::new("Words")),
            valid_for: Duration::from_secs(60),
            delivery: "1.1".to_owned(),
        })
    }

    #[tokio::test]
    async fn it_takes_and_counts_everything_after_the_time_it_pretends_to_need() {
        let settings = Rehearsal { latency_ms: 5, ..Rehearsal::default() };
        let null = Null::new(ChannelKind::Sms, "primary", &settings);
        let start = Instant::now();
        assert_eq!(null.send(&text()).await, SendResult::Accepted { reference: None });
        assert_eq!(null.taken(), 1);
        assert!(start.elapsed() >= Duration::from_millis(5));
    }

    #[tokio::test]
    async fn a_check_says_that_nothing_is_sent() {
        let null = Null::new(ChannelKind::Email, "relay", &Rehearsal::default());
        assert!(null.check().await.unwrap_err().to_string().contains("nothing is sent"));
    }
}
