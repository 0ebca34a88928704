//! How long until the first phone rings: from the call that publishes until the provider has accepted the first of a
//! hundred thousand texts.

use std::time::{Duration, Instant};

use anyhow::Context;
use domain::delivery::BroadcastState;
use simulator::Channel;

use super::databases::Kind;
use super::figure::Source;
use super::http::Client;
use super::people;
use super::site::Site;
use super::statistics::Samples;
use super::updates::Desk;

/// How many phones are signed up.
const PHONES: u64 = 100_000;

/// How often it is measured.
const RUNS: usize = 15;

/// Segments per second, as a small contract has them.
const RATE: u32 = 300;

/// What takes longer than this is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures on every database.
///
/// # Errors
/// When an installation cannot be made, or no text arrives.
pub(super) async fn run() -> anyhow::Result<()> {
    for kind in Kind::all() {
        let source = Source { bench: "first-text", store: kind.name() };
        let samples = measured(&kind).await?;
        source.figure("median of 15, 100,000 phones", (samples.median(), "ms")).say()?;
        source.figure("slowest of 15, 100,000 phones", (samples.percentile(100.0), "ms")).say()?;
    }
    Ok(())
}

async fn measured(kind: &Kind) -> anyhow::Result<Samples> {
    let mut site = Site::open(kind, RATE).await?;
    let mut desk = Desk::of(&site)?;
    people::sign_up(&site.parts.store, PHONES).await?;
    site.start().await?;
    let mut api = Client::connect(site.parts.config.authoring.listen).await?;
    let mut samples = Samples::default();
    for number in 1..=RUNS {
        let revision = desk.write(&site, number).await?;
        let before = site.simulator.totals(Channel::Sms).accepted;
        let start = Instant::now();
        let (published, arrived) = tokio::join!(desk.publish(&mut api, revision), first_after(&site, before));
        published?;
        samples.add((arrived? - start).as_secs_f64() * 1_000.0);
        call_off(&site, revision).await?;
    }
    site.close().await?;
    Ok(samples)
}

async fn first_after(site: &Site, before: u64) -> anyhow::Result<Instant> {
    let first = site.simulator.wait_until(|world| world.totals(Channel::Sms).accepted > before);
    tokio::time::timeout(PATIENCE, first).await.context("no text arrived")?;
    Ok(Instant::now())
}

/// Ends the broadcast, and waits until nothing more of it arrives, so that the next run begins at rest.
async fn call_off(site: &Site, broadcast: i64) -> anyhow::Result<()> {
    let tx = site.parts.store.begin().await?;
    tx.set_broadcast_state(broadcast, BroadcastState::Cancelled).await?;
    tx.commit().await?;
    let mut last = None;
    loop {
        let now = (site.simulator.totals(Channel::Sms).accepted, site.simulator.callbacks_waiting());
        if last == Some(now) && now.1 == 0 {
            return Ok(());
        }
        last = Some(now);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
