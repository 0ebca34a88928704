//! How quickly the steps of sending are written down, beside bare SQL that writes the same rows, as many at a time, in
//! the same run; how many ranges are leased in a second; and how soon a broadcast goes on after a crash.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use channels::settings::Rehearsal;
use domain::Env;
use domain::delivery::{BroadcastState, Chunk, Outcome, OutcomeState, ProviderName};
use store::{Checkpoint, Store};
use tokio::task::JoinSet;

use super::databases::Kind;
use super::figure::Source;
use super::ranges;
use super::site::Site;
use super::statistics::{Samples, count};

/// Ranges in work at once, as a notifier has them unless told otherwise.
const AT_ONCE: usize = 4;

/// People in a range, and in a group that reaches nobody.
const RANGE: u64 = 1_000;

/// Groups with how many people they are measured: a group of texts, and the largest.
const GROUPS: [(usize, u64); 2] = [(20, 40_000), (1_000, 400_000)];

const LEASE: Duration = Duration::from_secs(60);

/// People of the benchmark of leases, cut into ranges of ten, so that nothing but leasing takes time.
const CLAIMED: (u64, u64) = (20_000, 10);

/// People of the benchmark of crashes, cut so that every crash finds ranges that nobody worked on.
const LEFT: (u64, u64) = (100_000, 400);

/// How often a process dies.
const CRASHES: usize = 50;

/// Measures checkpoints on every database.
///
/// # Errors
/// When a database cannot be used, or an outcome is missing.
pub(super) async fn run() -> anyhow::Result<()> {
    for kind in Kind::all() {
        let source = Source { bench: "store", store: kind.name() };
        for (group, people) in GROUPS {
            let (ours, bare) = checkpoints(&kind, group, people).await?;
            source.figure(format!("checkpoints of {group}"), (ours, "outcomes/s")).against(bare).say()?;
        }
    }
    Ok(())
}

/// Measures leases on every database.
///
/// # Errors
/// When a database cannot be used, or a range was leased twice or not at all.
pub(super) async fn claim() -> anyhow::Result<()> {
    for kind in Kind::all() {
        let site = quiet(&kind).await?;
        let (people, size) = CLAIMED;
        ranges::plan(&site, people, size).await?;
        let mut claimers = JoinSet::new();
        let start = Instant::now();
        for _ in 0..AT_ONCE {
            claimers.spawn(claim_all(site.parts.store.clone()));
        }
        let mut leased = Vec::new();
        while let Some(claimer) = claimers.join_next().await {
            leased.extend(claimer??);
        }
        let took = start.elapsed();
        let different: BTreeSet<i64> = leased.iter().copied().collect();
        ensure!((leased.len() as u64, different.len()) == (people / size, leased.len()), "not each range, and once");
        let bare = touch(&site.parts.store, &leased).await?;
        let rate = |took: Duration| count(leased.len()) / took.as_secs_f64();
        let source = Source { bench: "claim", store: kind.name() };
        source.figure("ranges leased one by one", (rate(took), "ranges/s")).against(rate(bare)).say()?;
        site.close().await?;
    }
    Ok(())
}

/// Measures on every database how soon a broadcast goes on whose notifier died with every range in the middle of a
/// group: until the next process has leased the ranges, knows who is in doubt, and may send to the next group.
///
/// # Errors
/// When a database cannot be used, or somebody who is in doubt is not known.
pub(super) async fn recover() -> anyhow::Result<()> {
    for kind in Kind::all() {
        let site = quiet(&kind).await?;
        let store = &site.parts.store;
        let (people, size) = LEFT;
        ranges::plan(&site, people, size).await?;
        let (mut ours, mut bare) = (Samples::default(), Samples::default());
        for _ in 0..CRASHES {
            let (took, chunks) = crash_and_go_on(store).await?;
            ours.add(took.as_secs_f64() * 1_000.0);
            // One that leases them all, and a checkpoint of each.
            let least: Vec<i64> = chunks.iter().chain(chunks.first()).copied().collect();
            let start = Instant::now();
            store.touch_chunks_by_bare_sql(&least).await?;
            bare.add(start.elapsed().as_secs_f64() * 1_000.0);
        }
        let source = Source { bench: "recover", store: kind.name() };
        source.figure("four ranges go on, median", (ours.median(), "ms")).against(bare.median()).say()?;
        let slowest = (ours.percentile(99.0), "ms");
        source.figure("four ranges go on, 99th percentile", slowest).against(bare.percentile(99.0)).say()?;
        site.close().await?;
    }
    Ok(())
}

/// An installation of which only the database is used.
async fn quiet(kind: &Kind) -> anyhow::Result<Site> {
    Site::rehearse(kind, Rehearsal { send_nothing: true, ..Rehearsal::default() }).await
}

/// Outcomes a second by the steps of sending, and by bare SQL.
async fn checkpoints(kind: &Kind, group: usize, people: u64) -> anyhow::Result<(f64, f64)> {
    let site = quiet(kind).await?;
    let store = &site.parts.store;
    let broadcast = ranges::plan(&site, people, RANGE).await?;
    let mut work = Vec::new();
    for chunk in store.claim_chunks(people, LEASE).await? {
        let people = store.group(&chunk, chunk.cursor, RANGE).await?;
        let outcomes: Vec<Outcome> = people.iter().map(|one| outcome(&site.parts.env, one.id)).collect();
        work.push((chunk, outcomes));
    }
    let work = Arc::new(std::sync::Mutex::new(work));
    let mut writers = JoinSet::new();
    let start = Instant::now();
    for _ in 0..AT_ONCE {
        let (store, work) = (store.clone(), Arc::clone(&work));
        writers.spawn(async move {
            loop {
                let next = work.lock().expect("nobody panics with it").pop();
                let Some((chunk, outcomes)) = next else { return Ok(()) };
                write(&store, chunk, &outcomes, group).await?;
            }
        });
    }
    while let Some(writer) = writers.join_next().await {
        let written: anyhow::Result<()> = writer?;
        written?;
    }
    let ours = start.elapsed();
    let state = store.broadcast(broadcast.id).await?.map(|one| one.state);
    ensure!(state == Some(BroadcastState::Done), "the broadcast is {state:?}");
    let start = Instant::now();
    let copied = store.copy_outcomes_by_bare_sql(i64::try_from(group)?).await?;
    let bare = start.elapsed();
    ensure!(copied == people, "{copied} outcomes were written instead of {people}");
    site.close().await?;
    let rate = |took: Duration| count(usize::try_from(people).unwrap_or(usize::MAX)) / took.as_secs_f64();
    Ok((rate(ours), rate(bare)))
}

/// As a notifier writes a range: the outcomes of a group with the cursor over the next, and the last with the end.
async fn write(store: &Store, chunk: Chunk, outcomes: &[Outcome], group: usize) -> anyhow::Result<()> {
    let (mut before, mut at): (&[Outcome], i64) = (&[], chunk.cursor);
    for next in outcomes.chunks(group) {
        let cursor = next.last().map_or(at, |one| one.subscriber);
        let step = Checkpoint { outcomes: before, cursor, group_start: at, lease_for: LEASE };
        ensure!(store.checkpoint(&chunk, step).await?, "a lease was lost");
        (before, at) = (next, cursor);
    }
    ensure!(store.finish_chunk(&chunk, before).await?, "a lease was lost");
    Ok(())
}

/// A text that a provider took.
fn outcome(env: &Env, subscriber: i64) -> Outcome {
    Outcome {
        subscriber,
        state: OutcomeState::Sent,
        provider: Some(ProviderName::of("primary")),
        reference: Some(format!("SM{subscriber:032x}")),
        code: 0,
        attempt: 1,
        retry_at: None,
        at: env.now(),
    }
}

/// The least transaction on each of these ranges, by as many at once as lease them.
async fn touch(store: &Store, chunks: &[i64]) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let mut touching = JoinSet::new();
    for some in chunks.chunks(chunks.len().div_ceil(AT_ONCE)) {
        let (store, some) = (store.clone(), some.to_vec());
        touching.spawn(async move { store.touch_chunks_by_bare_sql(&some).await });
    }
    while let Some(touched) = touching.join_next().await {
        touched??;
    }
    Ok(start.elapsed())
}

async fn claim_all(store: Store) -> anyhow::Result<Vec<i64>> {
    let mut leased = Vec::new();
    let mut misses = 0;
    // On PostgreSQL who looks while others lease may find nothing, although there is more.
    while misses < 3 {
        let some = store.claim_chunks(1, LEASE).await?;
        misses = if some.is_empty() { misses + 1 } else { 0 };
        leased.extend(some.iter().map(|chunk| chunk.id));
    }
    Ok(leased)
}

/// Lets ranges be left in the middle of a group, and takes them up again.
async fn crash_and_go_on(store: &Store) -> anyhow::Result<(Duration, Vec<i64>)> {
    let over = Duration::ZERO;
    for chunk in store.claim_chunks(AT_ONCE as u64, LEASE).await? {
        let group = store.group(&chunk, chunk.cursor, 20).await?;
        let cursor = group.last().map_or(chunk.high, |one| one.id);
        // The lease runs out at once: a process that waits for that measures nothing but the setting.
        let step = Checkpoint { outcomes: &[], cursor, group_start: chunk.cursor, lease_for: over };
        ensure!(store.checkpoint(&chunk, step).await?, "a lease was lost");
    }
    tokio::time::sleep(Duration::from_millis(2)).await;
    let start = Instant::now();
    let chunks = store.claim_chunks(AT_ONCE as u64, LEASE).await?;
    ensure!(chunks.len() == AT_ONCE, "{} ranges are free", chunks.len());
    for chunk in &chunks {
        ensure!(store.ambiguous(chunk).await?.len() == 20, "who is in doubt is not known");
        let next = store.group(chunk, chunk.cursor, 20).await?;
        let cursor = next.last().map_or(chunk.high, |one| one.id);
        let step = Checkpoint { outcomes: &[], cursor, group_start: chunk.cursor, lease_for: LEASE };
        ensure!(store.checkpoint(chunk, step).await?, "a lease was lost");
    }
    let took = start.elapsed();
    for chunk in &chunks {
        store.finish_chunk(chunk, &[]).await?;
    }
    Ok((took, chunks.iter().map(|chunk| chunk.id).collect()))
}
