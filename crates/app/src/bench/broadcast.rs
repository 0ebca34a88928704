//! How quickly everybody is told: twenty thousand texts from the call that publishes to the last one that the provider
//! accepted, at an agreed rate and as quickly as it goes, with proofs of delivery coming back meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use channels::{Channel as _, Outgoing, Sms, Text, TextBody};
use domain::delivery::SendResult;
use domain::{ChannelKind, Contact, PhoneNumber};
use simulator::Channel;
use tokio::task::JoinSet;

use super::databases::Kind;
use super::figure::{Figure, Source};
use super::http::Client;
use super::people;
use super::site::Site;
use super::updates::Desk;

/// How many phones are told.
const PHONES: u64 = 20_000;

/// Segments per second that the provider is agreed to take.
const RATE: u32 = 500;

/// More than any provider takes: nothing waits for its turn.
const UNBOUNDED: u32 = 1_000_000;

/// What takes longer than this is broken.
const PATIENCE: Duration = Duration::from_secs(900);

/// Measures on every database.
///
/// # Errors
/// When an installation cannot be made, or somebody got the text twice or not at all.
pub(super) async fn run() -> anyhow::Result<()> {
    for kind in Kind::all() {
        let source = Source { bench: "broadcast", store: kind.name() };
        let agreed = broadcast(&kind, RATE).await?;
        agreed.sent(source, "sent, agreed rate").against(f64::from(RATE)).say()?;
        let unbounded = broadcast(&kind, UNBOUNDED).await?;
        let bare = bare(&kind).await?;
        unbounded.sent(source, "sent, no agreed rate").against(bare).say()?;
        unbounded.delivered(source, "delivered, no agreed rate").say()?;
    }
    Ok(())
}

/// How long one broadcast took.
struct Took {
    /// Until the provider had accepted the last text.
    sent: Duration,
    /// Until the last proof of delivery was counted.
    delivered: Duration,
}

impl Took {
    fn sent(&self, source: Source, figure: &str) -> Figure {
        source.figure(figure, (per_second(self.sent), "texts/s"))
    }

    fn delivered(&self, source: Source, figure: &str) -> Figure {
        source.figure(figure, (per_second(self.delivered), "texts/s"))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of phones is small")]
fn per_second(took: Duration) -> f64 {
    PHONES as f64 / took.as_secs_f64().max(0.001)
}

async fn broadcast(kind: &Kind, rate: u32) -> anyhow::Result<Took> {
    let mut site = Site::open(kind, rate).await?;
    let mut desk = Desk::of(&site)?;
    people::sign_up(&site.parts.store, PHONES).await?;
    site.start().await?;
    let mut api = Client::connect(site.parts.config.authoring.listen).await?;
    let revision = desk.write(&site, 1).await?;
    let start = Instant::now();
    desk.publish(&mut api, revision).await?;
    let all = site.simulator.wait_until(|world| world.totals(Channel::Sms).accepted >= PHONES);
    tokio::time::timeout(PATIENCE, all).await.context("not everybody was told")?;
    let sent = start.elapsed();
    tokio::time::timeout(PATIENCE, until_delivered(&site, revision))
        .await
        .context("proofs of delivery are missing")??;
    let delivered = start.elapsed();
    let totals = site.simulator.totals(Channel::Sms);
    ensure!((totals.distinct, totals.repeats) == (PHONES, 0), "somebody was told twice: {totals:?}");
    site.close().await?;
    Ok(Took { sent, delivered })
}

async fn until_delivered(site: &Site, broadcast: i64) -> anyhow::Result<()> {
    loop {
        let progress = site.parts.store.progress(broadcast).await?;
        let delivered = progress.get(&ChannelKind::Sms).map_or(0, |progress| progress.delivered);
        if u64::try_from(delivered)? >= PHONES {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The bare limit: the same texts to the same simulator by the same client, as many under way at once as a notifier
/// may have, without a database, without receipts, and without anything to find out.
async fn bare(kind: &Kind) -> anyhow::Result<f64> {
    let mut site = Site::open(kind, UNBOUNDED).await?;
    let mut provider = site.parts.config.sms.providers.first().context("there is a provider")?.clone();
    provider.callback_url = None;
    let sms = Arc::new(Sms::new(&provider, site.parts.env.clone())?);
    let settings = &site.parts.config.notifier;
    let at_once = u64::try_from(settings.parallel_chunks)? * settings.text_group;
    site.start().await?;
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for first in 0..at_once {
        senders.spawn(send_every(at_once, first, Arc::clone(&sms)));
    }
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    let took = start.elapsed();
    site.close().await?;
    Ok(per_second(took))
}

async fn send_every(step: u64, first: u64, sms: Arc<Sms>) -> anyhow::Result<()> {
    let body = Arc::new(TextBody::new("Benchmark 1. http://127.0.0.1:8080/i/9000"));
    let mut place = first;
    while place < PHONES {
        let text = Text {
            to: phone(place).context("the range of numbers is at its end")?,
            body: Arc::clone(&body),
            valid_for: Duration::from_secs(3_600),
            delivery: format!("1-{place}"),
        };
        let result = sms.send(&Outgoing::Text(text)).await;
        ensure!(matches!(result, SendResult::Accepted { .. }), "the simulator refused a text: {result:?}");
        place += step;
    }
    Ok(())
}

fn phone(place: u64) -> Option<PhoneNumber> {
    match people::number(place)? {
        Contact::Phone(number) => Some(number),
        Contact::Email(_) => None,
    }
}
