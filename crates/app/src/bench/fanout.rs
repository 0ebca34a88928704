//! One update to many people, with a provider that takes everything at once: what the engine itself can do, and whether
//! a recipient costs the same among three million as among ten thousand.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use channels::settings::Rehearsal;
use domain::ChannelKind;
use domain::delivery::{BroadcastState, Progress};

use super::databases::Kind;
use super::figure::{Figure, Source};
use super::http::Client;
use super::people;
use super::processor::{processor_seconds, resident_megabytes};
use super::site::Site;
use super::updates::Desk;

/// The variable that names other numbers of people, divided by commas.
const PEOPLE: &str = "HYSBYS_BENCH_PEOPLE";

/// How many people are told, unless the variable says otherwise.
const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];

/// More than anybody takes: nothing waits for its turn.
const UNBOUNDED: u32 = 1_000_000_000;

/// Rows in a transaction of the bare limit: as many as a range has people.
const BARE_ROWS: i64 = 1_000;

/// What takes longer than this is broken.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// How often it is looked how far it has come, and how much memory it takes.
const LOOK: Duration = Duration::from_millis(25);

/// What is promised: milliseconds to the first message, megabytes of memory, bytes for each outcome, the part of bare
/// SQL, and how much more a recipient may cost among the most than among the fewest.
const FIRST_MS: f64 = 250.0;
const MEGABYTES: f64 = 150.0;
const BYTES: f64 = 150.0;
const RATIO: f64 = 0.5;
const STEEPEST: f64 = 1.25;

/// Measures every size on every database.
///
/// # Errors
/// When an installation cannot be made, somebody was told twice or not at all, or a promise is not kept.
pub(super) async fn run() -> anyhow::Result<()> {
    let sizes = sizes(std::env::var(PEOPLE).ok().as_deref())?;
    let mut missed = Vec::new();
    for kind in Kind::all() {
        let mut costs = Vec::new();
        for people in &sizes {
            let told = told(&kind, *people).await?;
            told.say(Source { bench: "fanout", store: kind.name() })?;
            missed.extend(told.missed().into_iter().map(|what| format!("{} {people}: {what}", kind.name())));
            costs.push(told.microseconds());
        }
        let steep = costs.last().zip(costs.first()).map_or(1.0, |(most, fewest)| most / fewest);
        if steep > STEEPEST {
            missed.push(format!("{}: a recipient costs {steep:.2} times as much among the most", kind.name()));
        }
    }
    if missed.is_empty() { Ok(()) } else { bail!("not as promised:\n  {}", missed.join("\n  ")) }
}

fn sizes(named: Option<&str>) -> anyhow::Result<Vec<u64>> {
    let Some(named) = named else { return Ok(SIZES.to_vec()) };
    let one = |text: &str| text.trim().replace('_', "").parse().with_context(|| format!("{PEOPLE}: {text}?"));
    named.split(',').map(one).collect()
}

/// How one broadcast went.
struct Told {
    people: u64,
    /// To bring them all in.
    imported: Duration,
    /// From the call that publishes until the first message was taken, in milliseconds.
    first_ms: f64,
    /// From that call until the broadcast was over.
    took: Duration,
    processor_seconds: f64,
    /// Before it was published, and at most until it was over.
    megabytes: (f64, f64),
    bytes: f64,
    /// To copy its outcomes by bare SQL.
    bare: Duration,
}

impl Told {
    fn say(&self, source: Source) -> anyhow::Result<()> {
        let figure = |what: &str, value| -> Figure { source.figure(format!("{what}, {} people", self.people), value) };
        figure("import", (self.per_second(self.imported), "people/s")).say()?;
        figure("publish to first message", (self.first_ms, "ms")).say()?;
        figure("outcomes", (self.per_second(self.took), "outcomes/s")).against(self.per_second(self.bare)).say()?;
        figure("cost of a recipient", (self.microseconds(), "µs")).say()?;
        figure("processor time of a recipient", (self.processor_seconds * 1e6 / self.count(), "µs")).say()?;
        figure("resident memory before", (self.megabytes.0, "MB")).say()?;
        figure("most resident memory", (self.megabytes.1, "MB")).say()?;
        figure("storage of an outcome", (self.bytes, "bytes")).say()
    }

    /// Which promises were not kept. Ten thousand are over too soon to say anything of rate and storage.
    fn missed(&self) -> Vec<String> {
        let ratio = self.bare.as_secs_f64() / self.took.as_secs_f64();
        let is_large = self.people >= 1_000_000;
        let checks = [
            (self.first_ms <= FIRST_MS, format!("{:.0} ms to the first message", self.first_ms)),
            (self.megabytes.1 <= MEGABYTES, format!("{:.0} MB of memory", self.megabytes.1)),
            (!is_large || self.bytes <= BYTES, format!("{:.0} bytes for an outcome", self.bytes)),
            (!is_large || ratio >= RATIO, format!("{ratio:.2} of bare SQL")),
        ];
        checks.into_iter().filter(|(kept, _)| !kept).map(|(_, what)| what).collect()
    }

    fn microseconds(&self) -> f64 {
        self.took.as_secs_f64() * 1e6 / self.count()
    }

    fn per_second(&self, took: Duration) -> f64 {
        self.count() / took.as_secs_f64().max(0.001)
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of people is small")]
    fn count(&self) -> f64 {
        self.people as f64
    }
}

async fn told(kind: &Kind, people: u64) -> anyhow::Result<Told> {
    let nobody = Rehearsal { send_nothing: true, rate: UNBOUNDED, ..Rehearsal::default() };
    let mut site = Site::rehearse(kind, nobody).await?;
    let mut desk = Desk::of(&site)?;
    let start = Instant::now();
    people::sign_up(&site.parts.store, people).await?;
    let imported = start.elapsed();
    site.start().await?;
    // A notifier does so by itself, within seconds.
    site.parts.store.extend_cuts().await?;
    let mut api = Client::connect(site.parts.config.authoring.listen).await?;
    let revision = desk.write(&site, 1).await?;

    let bytes_before = site.parts.store.bytes_in_use().await?;
    let megabytes_before = resident_megabytes(std::process::id())?;
    let processor_before = processor_seconds(std::process::id())?;
    let (start, published_at) = (Instant::now(), site.parts.env.now());
    let (published, megabytes) = tokio::join!(desk.publish(&mut api, revision), until_over(&site, revision));
    published?;
    let megabytes = (megabytes_before, megabytes?);
    let took = start.elapsed();
    let processor_seconds = processor_seconds(std::process::id())? - processor_before;
    let progress = progress(&site, revision).await?;
    ensure!(u64::try_from(progress.sent)? == people, "not everybody was told, and once: {progress:?}");
    ensure!((progress.audience, progress.remaining) == (progress.sent, 0), "it does not add up: {progress:?}");
    let first = progress.first_sent_at.context("somebody was told")? - published_at;

    #[expect(clippy::cast_precision_loss, reason = "storage of a benchmark is small")]
    let bytes = (site.parts.store.bytes_in_use().await? - bytes_before) as f64 / people as f64;
    let start = Instant::now();
    let copied = site.parts.store.copy_outcomes_by_bare_sql(BARE_ROWS).await?;
    let bare = start.elapsed();
    ensure!(copied == people, "{copied} outcomes were written instead of {people}");
    site.close().await?;
    let first_ms = first.as_seconds_f64() * 1_000.0;
    Ok(Told { people, imported, first_ms, took, processor_seconds, megabytes, bytes, bare })
}

/// Waits until the broadcast is over, and gives the most memory that this process took meanwhile.
async fn until_over(site: &Site, broadcast: i64) -> anyhow::Result<f64> {
    let (start, mut most) = (Instant::now(), 0.0_f64);
    loop {
        most = most.max(resident_megabytes(std::process::id())?);
        let found = site.parts.store.broadcast(broadcast).await?;
        if found.is_some_and(|one| one.state == BroadcastState::Done) {
            return Ok(most);
        }
        ensure!(start.elapsed() < PATIENCE, "it does not come to its end: {:?}", progress(site, broadcast).await?);
        tokio::time::sleep(LOOK).await;
    }
}

async fn progress(site: &Site, broadcast: i64) -> anyhow::Result<Progress> {
    let mut progress = site.parts.store.progress(broadcast).await?;
    Ok(progress.remove(&ChannelKind::Sms).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sizes_are_named_with_commas_between() {
        assert_eq!(sizes(None).unwrap(), SIZES);
        assert_eq!(sizes(Some("10000, 3_000_000")).unwrap(), [10_000, 3_000_000]);
        assert!(sizes(Some("many")).is_err());
    }

    #[test]
    fn a_promise_that_is_not_kept_is_named() {
        let kept = Told {
            people: 1_000_000,
            imported: Duration::from_secs(20),
            first_ms: 100.0,
            took: Duration::from_secs(10),
            processor_seconds: 12.0,
            megabytes: (80.0, 90.0),
            bytes: 50.0,
            bare: Duration::from_secs(6),
        };
        assert_eq!(kept.missed(), Vec::<String>::new());
        let late = Told { first_ms: 300.0, bare: Duration::from_secs(4), ..kept };
        assert_eq!(late.missed(), ["300 ms to the first message", "0.40 of bare SQL"]);
    }
}
