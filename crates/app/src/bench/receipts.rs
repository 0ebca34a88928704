//! Reports on texts as they come in after a large broadcast: over HTTP and signed, in random order, some of them twice,
//! some before their text is written down as sent, one in a hundred forged.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use channels::Secret;
use channels::settings::Rehearsal;
use channels::signature::{self, Payload};
use domain::ChannelKind;
use domain::delivery::Progress;
use tokio::task::JoinSet;

use super::databases::Kind;
use super::figure::Source;
use super::http::Client;
use super::people;
use super::site::Site;
use super::statistics::count;
use super::updates::Desk;

/// The variable that names another number of reports.
const RECEIPTS: &str = "HYSBYS_BENCH_RECEIPTS";

/// How many reports come in, unless the variable says otherwise.
const USUAL: u64 = 1_000_000;

/// Connections of the provider, each with one report under way.
const AT_ONCE: usize = 64;

/// What is promised, in a second.
const RATE: f64 = 10_000.0;

/// Rows in a transaction of the bare limit, as many as reports share a commit at most.
const BARE_ROWS: i64 = 500;

/// What takes longer than this is broken.
const PATIENCE: Duration = Duration::from_secs(900);

/// More than anybody takes: nothing waits for its turn.
const UNBOUNDED: u32 = 1_000_000_000;

/// One text in so many does not arrive.
const LOST: u64 = 20;
/// The last report on one text in so many comes twice.
const TWICE: u64 = 10;
/// Somebody forges a report on one text in so many: two or three reports on each make that one in a hundred.
const FORGED: u64 = 50;

/// A step through all places in line that leaves none out: a prime larger than any number of reports.
const STRIDE: u64 = 2_147_483_647;

/// Measures every database.
///
/// # Errors
/// When an installation cannot be made, a report has the wrong answer or the wrong effect, or the promise is not kept.
pub(super) async fn run() -> anyhow::Result<()> {
    let named = std::env::var(RECEIPTS).ok().map(|text| text.replace('_', "").parse::<u64>());
    let total = named.transpose().context(RECEIPTS)?.unwrap_or(USUAL);
    let mut slow = Vec::new();
    for kind in Kind::all() {
        let rate = taken_in(&kind, total).await?;
        if rate < RATE {
            slow.push(format!("{}: {rate:.0} reports a second", kind.name()));
        }
    }
    if slow.is_empty() { Ok(()) } else { bail!("not as promised:\n  {}", slow.join("\n  ")) }
}

async fn taken_in(kind: &Kind, total: u64) -> anyhow::Result<f64> {
    let nobody = Rehearsal { send_nothing: true, rate: UNBOUNDED, ..Rehearsal::default() };
    let mut site = Site::rehearse(kind, nobody).await?;
    let mut desk = Desk::of(&site)?;
    let people = total * 100 / 212;
    people::sign_up(&site.parts.store, people).await?;
    site.start().await?;
    let mut api = Client::connect(site.parts.config.authoring.listen).await?;
    let broadcast = desk.write(&site, 1).await?;
    let line = Arc::new(Line::of(&site, broadcast).await?);

    let start = Instant::now();
    // The provider reports while the texts are still leaving.
    let (published, reported) = tokio::join!(desk.publish(&mut api, broadcast), report_all(&line));
    published?;
    reported?;
    let took = start.elapsed();
    until_applied(&site, broadcast, people).await?;
    let applied = start.elapsed();
    let known: i64 = site.parts.store.subscriber_counts().await?.values().sum();
    ensure!(u64::try_from(known)? == people, "a forged report ended a subscription: {known} are left");

    let start = Instant::now();
    let copied = site.parts.store.copy_receipts_by_bare_sql(BARE_ROWS).await?;
    let bare = start.elapsed();
    ensure!(copied == 2 * people, "{copied} different reports were kept of {}", 2 * people);
    site.close().await?;

    let rate = number(line.len()) / took.as_secs_f64();
    let source = Source { bench: "receipts", store: kind.name() };
    let limit = number(copied) / bare.as_secs_f64();
    source.figure(format!("{} reports taken in", line.len()), (rate, "reports/s")).against(limit).say()?;
    source.figure("until the last of them counts", ((applied - took).as_secs_f64(), "s")).say()?;
    Ok(rate)
}

/// Every report that comes in, by its place in line.
struct Line {
    address: SocketAddr,
    /// The address that the provider was given for its reports.
    url: String,
    token: Secret,
    broadcast: i64,
    people: Vec<i64>,
    next: AtomicU64,
}

/// One report, and whether its signature is right.
struct Report {
    person: i64,
    status: &'static str,
    code: &'static str,
    is_genuine: bool,
}

impl Line {
    async fn of(site: &Site, broadcast: i64) -> anyhow::Result<Self> {
        let config = &site.parts.config;
        let provider = config.sms.providers.first().context("there is a provider")?;
        Ok(Self {
            address: config.notifier.listen,
            url: provider.callback_url.clone().context("it reports")?,
            token: provider.auth_token.clone().context("it signs")?,
            broadcast,
            people: site.parts.store.subscriber_ids().await?,
            next: AtomicU64::new(0),
        })
    }

    fn len(&self) -> u64 {
        let people = self.people.len() as u64;
        2 * people + people / TWICE + people / FORGED
    }

    /// The next one; they come in the order of no list that there is.
    fn next(&self) -> Option<Report> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        (turn < self.len()).then(|| self.at(turn * STRIDE % self.len()))?
    }

    fn at(&self, place: u64) -> Option<Report> {
        let people = self.people.len() as u64;
        let (which, is_last, is_genuine) = match place {
            _ if place < people => (place, false, true),
            _ if place < 2 * people => (place - people, true, true),
            _ if place < 2 * people + people / TWICE => ((place - 2 * people) * TWICE, true, true),
            _ => ((place - 2 * people - people / TWICE) * FORGED, true, false),
        };
        let person = *self.people.get(usize::try_from(which).ok()?)?;
        // A forged one would end the subscription if it were believed.
        let (status, code) = match (is_genuine, is_last) {
            (false, _) => ("failed", "30005"),
            (true, false) => ("sent", ""),
            (true, true) if which.is_multiple_of(LOST) => ("undelivered", "30003"),
            (true, true) => ("delivered", ""),
        };
        Some(Report { person, status, code, is_genuine })
    }

    async fn post(&self, client: &mut Client, report: &Report) -> anyhow::Result<()> {
        let query = format!("/status?d={}.{}", self.broadcast, report.person);
        let body =
            format!("MessageSid=SM{:032x}&MessageStatus={}&ErrorCode={}", report.person, report.status, report.code);
        let token = if report.is_genuine { self.token.clone() } else { Secret::new("another") };
        let signature = signature::sign(&token, &format!("{}{query}", self.url), Payload::Form(body.as_bytes()));
        let header = format!("{}: {signature}", signature::SIGNATURE_HEADER);
        let path = format!("/hooks/sms/primary{query}");
        let form = ("application/x-www-form-urlencoded", body.as_str());
        let status = client.post_as(&path, &[&header], form).await?.status;
        let expected = if report.is_genuine { 204 } else { 403 };
        ensure!(status == expected, "a report {} was answered with {status}", report.status);
        Ok(())
    }
}

async fn report_all(line: &Arc<Line>) -> anyhow::Result<()> {
    let mut connections = JoinSet::new();
    for _ in 0..AT_ONCE {
        let line = Arc::clone(line);
        connections.spawn(async move {
            let mut client = Client::connect(line.address).await?;
            while let Some(report) = line.next() {
                line.post(&mut client, &report).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(connection) = connections.join_next().await {
        connection??;
    }
    Ok(())
}

/// Waits until every text has the state that its reports tell.
async fn until_applied(site: &Site, broadcast: i64, people: u64) -> anyhow::Result<()> {
    let lost = i64::try_from(people.div_ceil(LOST))?;
    let expected = (i64::try_from(people)? - lost, lost);
    let start = Instant::now();
    loop {
        let progress: Progress =
            site.parts.store.progress(broadcast).await?.remove(&ChannelKind::Sms).unwrap_or_default();
        if (progress.delivered, progress.failed) == expected {
            return Ok(());
        }
        ensure!(start.elapsed() < PATIENCE, "not as the reports tell: {progress:?} instead of {expected:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn number(reports: u64) -> f64 {
    count(usize::try_from(reports).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn everybody_has_two_reports_some_come_twice_and_one_in_a_hundred_is_forged() {
        let line = Line {
            address: "127.0.0.1:1".parse().unwrap(),
            url: String::new(),
            token: Secret::new("token"),
            broadcast: 1,
            people: (0..1_000).collect(),
            next: AtomicU64::new(0),
        };
        let mut counts: BTreeMap<(&str, bool), usize> = BTreeMap::new();
        while let Some(report) = line.next() {
            *counts.entry((report.status, report.is_genuine)).or_default() += 1;
        }
        let expected = [
            (("delivered", true), 1_000),
            (("failed", false), 20),
            (("sent", true), 1_000),
            (("undelivered", true), 100),
        ];
        assert_eq!(counts, expected.into());
    }
}
