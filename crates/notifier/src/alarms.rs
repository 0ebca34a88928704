//! Watches over broadcasts under way: the first people of each, texts to our own phones, and whether everything goes as
//! quickly as it may. What is wrong is said in the log at once, and shown to staff for as long as it lasts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{ChannelKind, Contact, Language};
use store::{DirectMessage, FirstPeople, StoreError};
use tokio_util::sync::CancellationToken;

use crate::rounds::{Found, Rest, in_rounds};
use crate::work::Work;

/// How often it looks.
const LOOK: Duration = Duration::from_secs(1);
/// What lasts is said again so often, in looks.
const AGAIN: u32 = 10;
/// The first people of a broadcast are watched so long, and fewer of them say nothing.
const WATCHED: chrono::TimeDelta = chrono::TimeDelta::seconds(30);
const ENOUGH: i64 = 50;
/// A text to one of our own phones should have arrived by then.
const ARRIVES: Duration = Duration::from_secs(180);
/// In so many looks of the last thirty nobody was sent to although ranges waited: that is below what is allowed.
const LOOKS: usize = 30;
const IDLE: usize = 15;

/// Watches until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let watcher = Watcher { process: i64::from_be_bytes(work.env.bytes()), seen: Mutex::default() };
    let what_waits = "broadcasts are not watched while the database is away";
    in_rounds(&stop, Rest::Fixed(LOOK), what_waits, || watcher.look(&work)).await;
}

struct Watcher {
    /// This process among all.
    process: i64,
    seen: Mutex<Seen>,
}

/// What earlier looks saw.
#[derive(Default)]
struct Seen {
    alarms: BTreeSet<(&'static str, String)>,
    looks: u32,
    /// Per provider whether each of the last looks found it idle although ranges waited, as bits.
    idle: BTreeMap<String, u32>,
    /// Broadcasts whose texts to our own phones are in line.
    seeded: BTreeSet<i64>,
}

impl Watcher {
    async fn look(&self, work: &Work) -> Result<Found, StoreError> {
        for people in work.store.first_people().await? {
            see_to(work, &people).await?;
        }
        self.seed(work).await?;
        let mut alarms = BTreeSet::new();
        alarms.extend(work.ways.down().into_iter().map(|kind| ("channel-down", kind.key().to_owned())));
        alarms.extend(self.idle_ways(work).await?.into_iter().map(|name| ("rate-low", name)));
        let unproved = work.store.without_a_seed(ARRIVES).await?;
        alarms.extend(unproved.into_iter().map(|id| ("no-seed", id.to_string())));
        self.show(work, alarms).await?;
        Ok(Found::Nothing)
    }

    async fn show(&self, work: &Work, alarms: BTreeSet<(&'static str, String)>) -> Result<(), StoreError> {
        let is_due = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            for (kind, subject) in alarms.difference(&seen.alarms) {
                tracing::error!(alarm.kind = kind, alarm.subject = subject, "{}", words(kind));
            }
            for (kind, subject) in seen.alarms.difference(&alarms) {
                tracing::info!(alarm.kind = kind, alarm.subject = subject, "an alarm is over");
            }
            let is_new = seen.alarms != alarms;
            seen.looks = seen.looks.wrapping_add(1);
            is_new || (!alarms.is_empty() && seen.looks.is_multiple_of(AGAIN))
        };
        if is_due {
            let shown: Vec<_> = alarms.iter().map(|(kind, subject)| (*kind, subject.clone())).collect();
            work.store.show_alarms(self.process, &shown).await?;
        }
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).alarms = alarms;
        Ok(())
    }

    /// The providers that were idle for most of the last looks although ranges of theirs wait for somebody.
    async fn idle_ways(&self, work: &Work) -> Result<Vec<String>, StoreError> {
        let mut due = work.store.channels_due().await?;
        if work.hours.quiet_below(work.env.now()).is_some() {
            due.retain(|kind| *kind != ChannelKind::Sms);
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut idle = Vec::new();
        for way in work.ways.all() {
            let is_idle = due.contains(&way.channel.kind()) && way.rests_for().is_none() && way.pace().is_idle();
            let bits = seen.idle.entry(way.full_name()).or_default();
            *bits = ((*bits << 1) | u32::from(is_idle)) & ((1 << LOOKS) - 1);
            if bits.count_ones() as usize >= IDLE {
                idle.push(way.full_name());
            }
        }
        Ok(idle)
    }

    /// Puts texts to our own phones in line, ahead of everybody's, for each broadcast that has begun.
    async fn seed(&self, work: &Work) -> Result<(), StoreError> {
        if work.settings.seeds.is_empty() {
            return Ok(());
        }
        for broadcast in work.store.broadcasts_under_way().await?.into_keys() {
            let is_known = self.seen.lock().unwrap_or_else(PoisonError::into_inner).seeded.contains(&broadcast);
            if !is_known {
                seed_one(work, broadcast).await?;
                self.seen.lock().unwrap_or_else(PoisonError::into_inner).seeded.insert(broadcast);
            }
        }
        Ok(())
    }
}

/// Stops a broadcast whose first people were not reached, or ends the watch over it.
async fn see_to(work: &Work, people: &FirstPeople) -> Result<(), StoreError> {
    let FirstPeople { broadcast, sent, failed, remaining, first_sent_at } = *people;
    let told = sent + failed;
    let is_bad = told >= ENOUGH && failed * 100 > told * i64::from(work.settings.canary_failures_percent);
    if is_bad && remaining > 0 {
        let reason = format!("{failed} of the first {told} messages failed");
        let tx = work.store.begin().await?;
        let is_held = tx.hold_broadcast(broadcast, &reason).await?;
        tx.commit().await?;
        if is_held {
            tracing::error!(
                broadcast.id = broadcast,
                failed,
                told,
                "a broadcast stopped itself: too many of its first messages failed"
            );
        }
    } else if work.env.now() - first_sent_at > WATCHED {
        let tx = work.store.begin().await?;
        tx.end_watch(broadcast).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn seed_one(work: &Work, broadcast: i64) -> Result<(), StoreError> {
    let goes_by_text = work.store.progress(broadcast).await?.contains_key(&ChannelKind::Sms);
    let Some(announcement) = work.store.announcement(broadcast).await?.filter(|_| goes_by_text) else { return Ok(()) };
    let expires_at = work.env.machine_now() + work.settings.lasts(ChannelKind::Sms);
    let tx = work.store.begin().await?;
    for (place, number) in work.settings.seeds.iter().enumerate() {
        // Each language is proved by a phone of its own, in turn.
        let wanted = Language::ALL[place % Language::ALL.len()];
        let Some((language, text)) = announcement.sms_for(wanted) else { continue };
        let Ok(number) = domain::phone::parse(number, domain::phone::DramaNumbers::Accept) else { continue };
        let message = DirectMessage {
            id: work.env.id(),
            contact: Contact::Phone(number),
            language,
            subject: None,
            text: text.to_owned(),
            html: None,
            dedupe_key: format!("seed/{broadcast}/{place}"),
            expires_at,
        };
        if tx.enqueue_message(&message).await? {
            tx.add_seed(message.id, broadcast).await?;
        }
    }
    tx.commit().await
}

fn words(kind: &str) -> &'static str {
    match kind {
        "channel-down" => "every provider of a channel is down: its messages wait",
        "rate-low" => "a provider is sent to more slowly than agreed although messages wait",
        _ => "no text of a broadcast to our own phones has arrived",
    }
}
