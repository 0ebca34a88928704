//! What every worker of the notifier shares, and the short steps that more than one of them takes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use channels::{Doubt, Outgoing};
use domain::delivery::{Outcome, SendResult};
use domain::{ChannelKind, Env};
use store::{Recipient, Store, StoreError};
use tokio::sync::Mutex;

use crate::judge::{Alarm, Attempt, Consequence, Judgement, judge};
use crate::pace::Lane;
use crate::prepared::{Prepared, Stationery};
use crate::settings::Settings;
use crate::ways::{Way, Ways};

/// How many broadcasts are kept ready at once; older ones are built again when needed.
const KEPT: usize = 16;

/// Shared by all workers of one process.
pub struct Work {
    /// The database.
    pub store: Store,
    /// Clock and randomness.
    pub env: Env,
    /// The ways out.
    pub ways: Ways,
    /// Addresses and keys that messages need.
    pub stationery: Stationery,
    /// The operator's settings.
    pub settings: Settings,
    prepared: Mutex<HashMap<i64, Arc<Prepared>>>,
}

impl Work {
    /// Joins the parts.
    #[must_use]
    pub fn new(store: Store, env: Env, ways: Ways, stationery: Stationery, settings: Settings) -> Self {
        Self { store, env, ways, stationery, settings, prepared: Mutex::default() }
    }

    /// How long a lease lasts.
    #[must_use]
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.settings.lease_seconds)
    }

    /// The finished messages of a broadcast; none when it does not exist or its mail cannot be built.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn prepared(&self, broadcast: i64) -> Result<Option<Arc<Prepared>>, StoreError> {
        let mut kept = self.prepared.lock().await;
        if let Some(prepared) = kept.get(&broadcast) {
            return Ok(Some(prepared.clone()));
        }
        let Some(row) = self.store.broadcast(broadcast).await? else { return Ok(None) };
        let Some(announcement) = self.store.announcement(broadcast).await? else { return Ok(None) };
        let prepared = match Prepared::new(row, &announcement, self.stationery.clone()) {
            Ok(prepared) => Arc::new(prepared),
            Err(problem) => {
                tracing::error!(broadcast.id = broadcast, %problem, "the mail of a broadcast cannot be built");
                return Ok(None);
            }
        };
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(broadcast, prepared.clone());
        Ok(Some(prepared))
    }

    /// Sends one message and judges the answer; an answer that leaves it open is looked into first.
    pub async fn send(&self, way: &Way, message: &Outgoing, attempt: Attempt<'_>) -> Judgement {
        let since = self.env.machine_now();
        let result = match way.send(Lane::Broadcast, message).await {
            SendResult::Ambiguous { code } => match way.channel.settle_doubt(message, since).await {
                Doubt::Sent { reference } => SendResult::Accepted { reference: Some(reference) },
                Doubt::NotSent => SendResult::Retry { after: None, code },
                Doubt::SafeToRepeat | Doubt::CannotTell => SendResult::Ambiguous { code },
            },
            certain => certain,
        };
        let judgement = judge(&self.env, &self.settings.retry_seconds, attempt, result);
        self.heed(way, judgement.alarm).await;
        judgement
    }

    /// Slows down or holds a provider, and says so once in the log.
    async fn heed(&self, way: &Way, alarm: Alarm) {
        let name = way.channel.name();
        match alarm {
            Alarm::None => {}
            Alarm::Slow(wait) => way.hold(Lane::Broadcast, wait).await,
            Alarm::Hold(code) => {
                self.ways.hold(way.channel.kind(), Duration::from_secs(30));
                tracing::error!(
                    channel.name = name,
                    code,
                    "a provider refuses our credentials or sender; its queue is held"
                );
            }
            Alarm::Text(code) => tracing::error!(channel.name = name, code, "a provider refuses the text of an update"),
        }
    }

    /// Ends the subscription of someone who left at the provider or whose contact is gone. When the database is away,
    /// the next message to them says the same again.
    pub(crate) async fn follow_up(&self, subscriber: i64, consequence: Consequence) {
        if let Err(error) = self.end_subscription(subscriber, consequence).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(subscriber.id = subscriber, error, "a subscription could not be ended now");
        }
    }

    async fn end_subscription(&self, subscriber: i64, consequence: Consequence) -> Result<(), StoreError> {
        if consequence == Consequence::None {
            return Ok(());
        }
        let tx = self.store.subscriptions().begin().await?;
        if consequence == Consequence::Gone {
            tx.mark_gone(subscriber).await?;
        } else {
            tx.leave(subscriber, "provider-stop").await?;
        }
        tx.commit().await
    }
}

/// The outcome of someone for whom the broadcast has no message in any language.
#[must_use]
pub(crate) fn nothing_to_say(env: &Env, recipient: &Recipient) -> Outcome {
    Outcome {
        subscriber: recipient.id,
        state: domain::delivery::OutcomeState::Skipped,
        provider: None,
        reference: None,
        code: 0,
        attempt: 1,
        retry_at: None,
        at: env.now(),
    }
}

/// The size of a group: how many messages of this kind may be under way between two checkpoints.
#[must_use]
pub(crate) fn group_size(settings: &Settings, kind: ChannelKind) -> u64 {
    match kind {
        ChannelKind::Sms => settings.text_group,
        ChannelKind::Email | ChannelKind::Mastodon => settings.mail_group,
    }
}
