//! How long until a reader sees an update: from the call that publishes until a browser that asks again and again gets
//! the new words.

use std::time::{Duration, Instant};

use anyhow::Context;

use super::databases::Kind;
use super::figure::Source;
use super::http::Client;
use super::site::Site;
use super::statistics::Samples;
use super::updates::Desk;

/// How many updates are published in each setting.
const UPDATES: usize = 50;

/// How many incidents lie in the past in each setting.
const PASTS: [i32; 2] = [0, 1_000];

/// How often the reader asks. It bounds how exact the figures are.
const ASKS_EVERY: Duration = Duration::from_millis(1);

/// What takes longer than this is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures on every database, with little and with much behind.
///
/// # Errors
/// When an installation cannot be made, or an update never gets there.
pub(super) async fn run() -> anyhow::Result<()> {
    for kind in Kind::all() {
        let source = Source { bench: "publish-visible", store: kind.name() };
        for past in PASTS {
            let samples = measured(&kind, past).await?;
            source.figure(format!("median, {past} past incidents"), (samples.median(), "ms")).say()?;
            source.figure(format!("p99, {past} past incidents"), (samples.percentile(99.0), "ms")).say()?;
        }
    }
    Ok(())
}

async fn measured(kind: &Kind, past: i32) -> anyhow::Result<Samples> {
    let mut site = Site::open(kind, 300).await?;
    let mut desk = Desk::of(&site)?;
    if past > 0 {
        desk.remember(&site, past).await?;
    }
    site.start().await?;
    let mut api = Client::connect(site.parts.config.authoring.listen).await?;
    let mut reader = Client::connect(site.parts.config.page.listen).await?;
    let mut samples = Samples::default();
    for number in 1..=UPDATES {
        let revision = desk.write(&site, number).await?;
        let start = Instant::now();
        let (published, seen) = tokio::join!(
            desk.publish(&mut api, revision),
            tokio::time::timeout(PATIENCE, until_seen(&mut reader, number))
        );
        published?;
        samples.add((seen.context("no reader ever saw the update")?? - start).as_secs_f64() * 1_000.0);
    }
    site.close().await?;
    Ok(samples)
}

/// Asks for the page until it has the words of this update.
async fn until_seen(reader: &mut Client, number: usize) -> anyhow::Result<Instant> {
    let mark = Desk::mark(number);
    while !reader.get(Desk::PATH, &[]).await?.says(&mark) {
        tokio::time::sleep(ASKS_EVERY).await;
    }
    Ok(Instant::now())
}
