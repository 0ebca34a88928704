//! What every worker of the notifier shares, and the short steps that more than one of them takes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use channels::{Doubt, Outgoing};
use chrono::{DateTime, Utc};
use domain::delivery::{Outcome, OutcomeState, SendResult};
use domain::{ChannelKind, Env, WithCauses};
use store::{Consequence, Recipient, Store, StoreError};
use tokio::sync::Mutex;

use crate::judge::{Attempt, Judgement, Terms, judge, spared, taken};
use crate::lookout::Lookout;
use crate::pace::Lane;
use crate::permit::Permit;
use crate::prepared::{Prepared, Stationery};
use crate::quiet::Hours;
use crate::settings::Settings;
use crate::truth::{InDoubt, in_doubt};
use crate::ways::{Way, Ways};

/// How many broadcasts are kept ready at once; older ones are built again when needed.
const KEPT: usize = 16;

/// How many messages that reach nobody are under way between two checkpoints.
const REHEARSED_GROUP: u64 = 1_000;

/// One message of a broadcast on the point of leaving.
#[derive(Clone, Copy)]
pub(crate) struct Departure<'a> {
    /// The broadcast that it is of.
    pub(crate) prepared: &'a Prepared,
    /// By which provider.
    pub(crate) way: &'a Way,
    /// What.
    pub(crate) message: &'a Outgoing,
    /// Whom to, and how often it was tried.
    pub(crate) attempt: Attempt<'a>,
    /// Whether it may still leave when its turn comes.
    pub(crate) permit: &'a Permit,
}

impl Departure<'_> {
    /// Waits for the message's turn. False when it may not leave any more by then.
    pub(crate) async fn comes(&self) -> bool {
        tokio::select! {
            () = self.way.turn(Lane::Broadcast, self.message) => self.permit.holds(),
            () = self.permit.ended() => false,
        }
    }
}

/// Shared by all workers of one process.
pub struct Work {
    /// The database.
    pub store: Store,
    /// Clock and randomness.
    pub env: Env,
    /// The ways out.
    pub ways: Arc<Ways>,
    /// Addresses and keys that messages need.
    pub stationery: Stationery,
    /// The operator's settings.
    pub settings: Settings,
    /// When phones are left alone.
    pub hours: Hours,
    /// What is seen of broadcasts under way.
    pub(crate) lookout: Lookout,
    prepared: Mutex<HashMap<i64, Arc<Prepared>>>,
}

impl Work {
    /// Joins the parts.
    #[must_use]
    pub fn new(store: Store, env: Env, ways: Arc<Ways>, stationery: Stationery, settings: Settings) -> Self {
        let hours = Hours::default();
        Self { store, env, ways, stationery, settings, hours, lookout: Lookout::default(), prepared: Mutex::default() }
    }

    /// By the clock of this zone.
    #[must_use]
    pub fn in_zone(self, zone: chrono_tz::Tz) -> Self {
        Self { hours: Hours::new(self.settings.quiet, zone), ..self }
    }

    /// The size of a group: how many messages of this kind may be under way between two checkpoints, and so may be
    /// in doubt after a crash. In a rehearsal nobody is disturbed by a repeated one; a single real provider among
    /// them makes it the real size.
    pub(crate) fn group_size(&self, kind: ChannelKind) -> u64 {
        let ways = self.ways.of(kind);
        match kind {
            _ if !ways.is_empty() && ways.iter().all(|way| way.channel.reaches_nobody()) => REHEARSED_GROUP,
            ChannelKind::Sms => self.settings.text_group,
            ChannelKind::Email | ChannelKind::Mastodon => self.settings.mail_group,
        }
    }

    /// How long a lease lasts.
    #[must_use]
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.settings.lease_seconds)
    }

    /// The finished messages of a broadcast; none when it does not exist.
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
        let (severity, published) = (row.audience.severity, row.created_at);
        let prepared = Prepared::new(row, &announcement, self.stationery.clone(), &self.settings);
        let prepared = if self.hours.concern(severity, ChannelKind::Sms) {
            prepared.texts_until(self.hours.end_of(published, self.settings.lasts(ChannelKind::Sms)))
        } else {
            prepared
        };
        let prepared = Arc::new(prepared);
        if let Some(problem) = prepared.mail_problem() {
            tracing::error!(broadcast.id = broadcast, %problem, "mails of a broadcast cannot be built");
        }
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(broadcast, prepared.clone());
        Ok(Some(prepared))
    }

    /// Sends one message of a broadcast, if it may still leave at its turn.
    pub(crate) async fn send(&self, departure: Departure<'_>) -> Judgement {
        if departure.comes().await { self.hand_over(departure).await } else { Judgement::NotTaken }
    }

    /// Hands over a message whose turn has come, and judges the answer. An answer that leaves it open is looked into
    /// first.
    pub(crate) async fn hand_over(&self, departure: Departure<'_>) -> Judgement {
        let Departure { prepared, way, message, attempt, .. } = departure;
        if prepared.is_too_late(&self.env, message.kind()) {
            let expired = spared(&self.env, attempt, OutcomeState::Expired);
            return Judgement::Settled(expired, Consequence::None);
        }
        if !way.may_send() {
            return Judgement::NotTaken;
        }
        let since = self.env.machine_now();
        let result = match way.channel.send(message).await {
            SendResult::Ambiguous { code } => look_into(way, message, since, code).await,
            certain => certain,
        };
        way.heed(&result);
        let doubt = in_doubt(message.kind(), prepared.broadcast.audience.severity);
        judge(Terms { doubt, ..self.terms(way) }, attempt, result)
    }

    /// What answers of this provider are judged by; what is in doubt is repeated.
    pub(crate) fn terms(&self, way: &Way) -> Terms<'_> {
        let (env, waits) = (&self.env, self.settings.retry_seconds.as_slice());
        Terms { env, waits, rests: way.rests_for().is_some(), doubt: InDoubt::Repeat }
    }

    /// Until when an update has to wait for the end of the quiet hours.
    pub(crate) fn waits_until(&self, prepared: &Prepared, channel: ChannelKind) -> Option<DateTime<Utc>> {
        self.hours.waits(prepared.broadcast.audience.severity, channel, self.env.now())
    }

    /// What is known of a message of a broadcast that may have left already: asked after a crash and before a repetition.
    /// That it was taken; or that nobody can tell now, and it must not be repeated until somebody can. None when it may
    /// leave.
    pub(crate) async fn known_of(
        &self,
        prepared: &Prepared,
        message: &Outgoing,
        attempt: Attempt<'_>,
    ) -> Option<Outcome> {
        // The words are this update's own, so they cannot have been sent before it was published.
        let since = prepared.broadcast.created_at.min(self.env.machine_now());
        let mut is_certain = true;
        for way in self.ways.of(message.kind()) {
            match way.channel.settle_doubt(message, since).await {
                Doubt::Sent { reference } => {
                    return Some(taken(&self.env, Attempt { provider: way.channel.name(), ..attempt }, reference));
                }
                Doubt::CannotTell => is_certain = false,
                Doubt::NotSent | Doubt::SafeToRepeat => {}
            }
        }
        let doubt = in_doubt(message.kind(), prepared.broadcast.audience.severity);
        if is_certain || doubt == InDoubt::Repeat {
            return None;
        }
        let terms = Terms { env: &self.env, waits: &self.settings.retry_seconds, rests: false, doubt };
        match judge(terms, attempt, SendResult::Ambiguous { code: 0 }) {
            Judgement::Settled(outcome, _) => Some(outcome),
            Judgement::NotTaken => None,
        }
    }

    /// Ends what a channel has not sent of updates that are too old by now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn expire(&self, channel: ChannelKind) -> Result<(), StoreError> {
        let (now, lasts) = (self.env.now(), self.settings.lasts(channel));
        let mut people = 0;
        match self.hours.limit().filter(|_| channel == ChannelKind::Sms) {
            // The night does not make late what had to wait for its end.
            Some(limit) => {
                people += self.store.expire_some(channel, self.hours.too_old(now, lasts), ..limit).await?;
                people += self.store.expire_some(channel, now - lasts, limit..).await?;
            }
            None => people += self.store.expire(channel, now - lasts).await?,
        }
        if people > 0 {
            let kind = channel.key();
            tracing::warn!(channel.kind = kind, people, "messages are too late to be true and will not be sent");
        }
        Ok(())
    }

    /// How often a worker looks when nobody wakes it: another process may have left work. Processes that share a
    /// SQLite file cannot wake each other, and looking at a local file costs next to nothing.
    pub(crate) fn floor(&self) -> Duration {
        if self.store.is_sqlite() { crate::FLOOR / 5 } else { crate::FLOOR }
    }

    /// Ends the subscription of someone who left at the provider or whose contact is gone, and remembers a mailbox that
    /// failed. When the database is away, the next message to them says the same again. True when a subscription ended.
    pub(crate) async fn follow_up(&self, recipient: &Recipient, consequence: Consequence) -> bool {
        // A phone that is switched off says nothing about the next time.
        let is_nothing = consequence == Consequence::Soft && recipient.contact.channel() == ChannelKind::Sms;
        if consequence == Consequence::None || is_nothing {
            return false;
        }
        self.change_subscription(recipient.id, consequence).await.unwrap_or_else(|error| {
            let error = WithCauses(&error);
            tracing::warn!(subscriber.id = recipient.id, %error, "a subscription could not be ended or rested now");
            true
        })
    }

    async fn change_subscription(&self, subscriber: i64, consequence: Consequence) -> Result<bool, StoreError> {
        let tx = self.store.begin().await?;
        let ended = tx.follow_up(&[subscriber], consequence).await?;
        tx.commit().await?;
        Ok(ended > 0)
    }
}

/// What the provider's own list says about a message whose answer was lost.
pub(crate) async fn look_into(way: &Way, message: &Outgoing, since: DateTime<Utc>, code: i32) -> SendResult {
    match way.channel.settle_doubt(message, since).await {
        Doubt::Sent { reference } => SendResult::Accepted { reference: Some(reference) },
        Doubt::NotSent => SendResult::Retry { after: None, code },
        Doubt::SafeToRepeat | Doubt::CannotTell => SendResult::Ambiguous { code },
    }
}

/// The outcome of someone for whom the broadcast has no message: none was written, or it could not be built.
#[must_use]
pub(crate) fn nothing_to_say(env: &Env, prepared: &Prepared, recipient: &Recipient) -> Outcome {
    let broken = prepared.mail_problem().is_some() && recipient.contact.channel() == ChannelKind::Email;
    Outcome {
        subscriber: recipient.id,
        state: if broken { OutcomeState::Failed } else { OutcomeState::Skipped },
        provider: None,
        reference: None,
        code: 0,
        attempt: 1,
        retry_at: None,
        at: env.now(),
    }
}
