//! How long until a reader sees an update: from the call that publishes until a browser that asks again and again gets
//! the new words. With little and with much behind; and what a page process of its own does upon the edition on disk.

mod alone;

use std::time::{Duration, Instant};

use anyhow::Context;

use self::alone::Alone;
use super::databases::Kind;
use super::figure::Source;
use super::http::Client;
use super::processor::processor_seconds;
use super::site::Site;
use super::statistics::Samples;
use super::updates::Desk;

/// How many updates are published in each setting.
const UPDATES: usize = 50;

/// How many incidents lie in the past in each setting.
const PASTS: [i32; 3] = [0, 1_000, 10_000];

/// How long an update may take to be seen by one in a hundred, however much lies behind; in milliseconds.
const SEEN_WITHIN: f64 = 100.0;

/// How long a page process may take until it answers from the edition on disk; in milliseconds.
const ANSWERS_WITHIN: f64 = 200.0;

/// How much memory it may take, in megabytes.
const MEMORY: f64 = 100.0;

/// How often the reader asks. It bounds how exact the figures are.
const ASKS_EVERY: Duration = Duration::from_millis(1);

/// What takes longer than this is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long all pages of the past may take to be made for the first time.
const PAST_IS_THERE: Duration = Duration::from_secs(600);

/// Measures on every database, with little and with much behind.
///
/// # Errors
/// When an installation cannot be made, or an update never gets there.
pub(super) async fn run() -> anyhow::Result<()> {
    for kind in Kind::all() {
        let source = Source { bench: "publish-visible", store: kind.name() };
        for past in PASTS {
            let (samples, processor, alone) = measured(&kind, past).await?;
            let within = |figure: &str, measured, limit| {
                source.figure(format!("{figure}, {past} past incidents"), measured).against(limit).say()
            };
            within("median", (samples.median(), "ms"), SEEN_WITHIN)?;
            within("p99", (samples.percentile(99.0), "ms"), SEEN_WITHIN)?;
            // Which other work on the machine does not change.
            source.figure(format!("processor time, {past} past incidents"), (processor, "ms/update")).say()?;
            within("start to first answer", (alone.first_answer_ms, "ms"), ANSWERS_WITHIN)?;
            within("resident memory", (alone.resident_mb, "MB"), MEMORY)?;
        }
    }
    Ok(())
}

async fn measured(kind: &Kind, past: i32) -> anyhow::Result<(Samples, f64, Alone)> {
    let mut site = Site::open(kind, 300).await?;
    let mut desk = Desk::of(&site)?;
    if past > 0 {
        desk.remember(&site, past).await?;
    }
    site.start().await?;
    let mut reader = Client::connect(site.parts.config.page.listen).await?;
    tokio::time::timeout(PAST_IS_THERE, until_past_is_there(&mut reader, past)).await.context("no past")??;
    // Only now: a connection that waited as long as that is closed.
    let mut api = Client::connect(site.parts.config.authoring.listen).await?;
    let (mut samples, mut processor) = (Samples::default(), 0.0);
    for number in 1..=UPDATES {
        let revision = desk.write(&site, number).await?;
        let (start, spent) = (Instant::now(), processor_seconds(std::process::id())?);
        let (published, seen) = tokio::join!(
            desk.publish(&mut api, revision),
            tokio::time::timeout(PATIENCE, until_seen(&mut reader, number))
        );
        published?;
        samples.add((seen.context("no reader ever saw the update")?? - start).as_secs_f64() * 1_000.0);
        processor += processor_seconds(std::process::id())? - spent;
    }
    drop((api, reader));
    site.stop().await;
    let alone = alone::measured(&site, past).await?;
    site.close().await?;
    Ok((samples, processor * 1_000.0 / super::statistics::count(UPDATES), alone))
}

/// Old pages are made after the first edition, the oldest last.
async fn until_past_is_there(reader: &mut Client, past: i32) -> anyhow::Result<()> {
    while past > 0 && reader.get(&format!("/en/incidents/past-{past}"), &[]).await?.status != 200 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Asks for the page until it has the words of this update: as a browser does, which names the one that it has and is
/// told that nothing has changed. Fetching it again each time would take from the processor what is measured.
async fn until_seen(reader: &mut Client, number: usize) -> anyhow::Result<Instant> {
    let mark = Desk::mark(number);
    let mut known = "If-None-Match: \"none\"".to_owned();
    loop {
        let answer = reader.get(Desk::PATH, &[&known]).await?;
        let seen = Instant::now();
        if answer.says(&mark) {
            return Ok(seen);
        }
        if let Some(tag) = answer.header("etag") {
            known = format!("If-None-Match: {tag}");
        }
        tokio::time::sleep(ASKS_EVERY).await;
    }
}
