//! Reading while updates are published, fifty a second: how much longer the slowest readers wait than when it is quiet.

use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use super::server::Server;
use super::{Question, SOURCE, Tally, measure};
use crate::bench::series::Series;
use crate::bench::site::Site;
use crate::bench::statistics::{Samples, count};
use crate::bench::updates::Desk;

/// The wait from one publication to the next.
const EVERY: Duration = Duration::from_millis(20);

/// Quiet and busy take turns so often.
const ROUNDS: usize = 3;

/// Incidents that take turns, so that none gets a page of a hundred updates.
const INCIDENTS: i64 = 16;

/// The core of those who read and publish; the server has the other one.
const CORE: &str = "1";

/// Measures quiet rounds and busy ones in turns.
///
/// # Errors
/// When a publication is refused, or the page does not answer as it should.
pub(super) async fn beside(ours: &Server, site: &Site, desk: &Desk) -> anyhow::Result<()> {
    leave_the_core_of_servers().await?;
    let mut series = Vec::new();
    for which in 0..INCIDENTS {
        series.push(Series::open(&desk.another(which), site).await?);
    }
    let (mut quiet, mut busy, mut pace, mut number) = (Tally::default(), Tally::default(), Samples::default(), 0);
    for _ in 0..ROUNDS {
        measure(ours, Question::Whole, &mut quiet).await?;
        let (begun, before, stop) = (Instant::now(), number, CancellationToken::new());
        let reading = async {
            let measured = measure(ours, Question::Whole, &mut busy).await;
            stop.cancel();
            measured
        };
        let (published, measured) = tokio::join!(keep_publishing(site, (&mut series, &mut number), &stop), reading);
        published?;
        measured?;
        pace.add(count(number - before) / begun.elapsed().as_secs_f64());
    }
    SOURCE.figure("while publishing, updates published", (pace.median(), "updates/s")).say()?;
    let say = |what: &str, (busy, quiet): (&Samples, &Samples), unit| {
        SOURCE
            .figure(format!("200 brotli while publishing, {what}"), (busy.median(), unit))
            .against(quiet.median())
            .say()
    };
    say("p99 beside quiet", (&busy.p99, &quiet.p99), "ms")?;
    say("throughput beside quiet", (&busy.rate, &quiet.rate), "requests/s")
}

async fn keep_publishing(
    site: &Site,
    (series, number): (&mut [Series], &mut usize),
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let mut beat = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            _ = beat.tick() => {}
        }
        let turn = *number % series.len();
        *number += 1;
        series[turn].publish(site).await?;
    }
}

/// This process publishes. It must not take from the core that is measured.
async fn leave_the_core_of_servers() -> anyhow::Result<()> {
    let own = std::process::id().to_string();
    let output = Command::new("taskset").args(["-a", "-c", "-p", CORE, &own]).output().await?;
    ensure!(output.status.success(), "taskset cannot move this process");
    Ok(())
}
