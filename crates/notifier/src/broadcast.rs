//! Sends the ranges of a broadcast: the cursor moves when a group leaves, its outcomes are written with the next one.
//!
//! After a `kill -9` everyone after the cursor was certainly not sent to, and only the last group is in doubt: at most
//! one group for each range in work.

use std::sync::Arc;

use domain::delivery::{Chunk, Outcome};
use domain::{HasKind, Kind, WithCauses};
use store::{Checkpoint, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::group::{Certainty, send_group};
use crate::permit::Permit;
use crate::prepared::Prepared;
use crate::work::{Work, group_size};

/// Works on ranges until it is told to stop, and then gives back what has not left.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let mut watch = work.store.watch();
    let tasks = TaskTracker::new();
    let slots = Arc::new(Semaphore::new(work.settings.parallel_chunks));
    while !stop.is_cancelled() {
        let Ok(slot) = slots.clone().acquire_owned().await else { break };
        let lease_ends = Instant::now() + work.lease();
        if let Some(chunk) = claim(&work).await {
            let permit = Permit::new(lease_ends, &stop);
            tasks.spawn(send_and_report(work.clone(), chunk, (permit, stop.clone()), slot));
            continue;
        }
        drop(slot);
        tokio::select! {
            () = stop.cancelled() => {}
            _ = watch.next(work.floor()) => {}
        }
    }
    tasks.close();
    tasks.wait().await;
}

async fn claim(work: &Work) -> Option<Chunk> {
    let kinds = work.ways.open();
    match work.store.claim_chunks_of(&kinds, 1, work.lease()).await {
        Ok(chunks) => chunks.into_iter().next(),
        Err(error) => {
            tracing::warn!(error = %WithCauses(&error), "no range can be leased while the database is away");
            None
        }
    }
}

async fn send_and_report(
    work: Arc<Work>,
    chunk: Chunk,
    (permit, stop): (Permit, CancellationToken),
    _slot: OwnedSemaphorePermit,
) {
    let id = chunk.id;
    if let Err(error) = send_chunk(&work, chunk, (&permit, &stop)).await {
        let error = WithCauses(&error);
        tracing::warn!(chunk.id = id, %error, "a range waits for the database, and then for its lease to run out");
    }
}

/// Sends one range to its end, or until the lease is lost, the broadcast paused, the provider out of use, or the
/// process told to stop.
async fn send_chunk(
    work: &Work,
    mut chunk: Chunk,
    (permit, stop): (&Permit, &CancellationToken),
) -> Result<(), StoreError> {
    // Without its announcement nothing can be sent; the lease runs out, and then somebody looks again.
    let Some(prepared) = work.prepared(chunk.broadcast).await? else { return Ok(()) };
    let Some(mut outcomes) = settle_last_group(work, &chunk, (&prepared, permit)).await? else { return Ok(()) };
    loop {
        if !permit.holds() || !work.ways.open().contains(&chunk.channel) {
            return hand_back(work, &chunk, (&outcomes, stop)).await;
        }
        let size = group_size(&work.settings, chunk.channel);
        let group = patiently(stop, || work.store.group(&chunk, chunk.cursor, size)).await?;
        let Some(last) = group.last().map(|one| one.id) else {
            patiently(stop, || work.store.finish_chunk(&chunk, &outcomes)).await?;
            return Ok(());
        };
        // Our clock starts before the database's, so that we stop before anybody else may begin.
        let (lease_for, lease_ends) = (work.lease(), Instant::now() + work.lease());
        let step = Checkpoint { outcomes: &outcomes, cursor: last, group_start: chunk.cursor, lease_for };
        if !patiently(stop, || work.store.checkpoint(&chunk, step)).await? {
            return hand_back(work, &chunk, (&outcomes, stop)).await;
        }
        permit.renew(lease_ends);
        (chunk.group_start, chunk.cursor) = (chunk.cursor, last);
        let sent = send_group(work, &chunk, (&prepared, permit), (group, Certainty::NotSent)).await;
        outcomes = sent.outcomes;
        if !sent.complete {
            return hand_back(work, &chunk, (&outcomes, stop)).await;
        }
    }
}

/// The group that a crash left in doubt: who was sent to is found out, the others are sent to. None when it could not
/// be brought to its end; then it stays in doubt.
async fn settle_last_group(
    work: &Work,
    chunk: &Chunk,
    (prepared, permit): (&Prepared, &Permit),
) -> Result<Option<Vec<Outcome>>, StoreError> {
    let doubtful = work.store.ambiguous(chunk).await?;
    if doubtful.is_empty() {
        return Ok(Some(Vec::new()));
    }
    tracing::info!(
        chunk.id = chunk.id,
        people = doubtful.len(),
        "finding out who of a group was sent to before a crash"
    );
    let sent = send_group(work, chunk, (prepared, permit), (doubtful, Certainty::Unknown)).await;
    if sent.complete {
        return Ok(Some(sent.outcomes));
    }
    let Chunk { cursor, group_start, .. } = *chunk;
    let known = Checkpoint { outcomes: &sent.outcomes, cursor, group_start, lease_for: work.lease() };
    work.store.checkpoint(chunk, known).await?;
    work.store.release_chunk(chunk).await?;
    Ok(None)
}

async fn hand_back(
    work: &Work,
    chunk: &Chunk,
    (outcomes, stop): (&[Outcome], &CancellationToken),
) -> Result<(), StoreError> {
    patiently(stop, || work.store.hand_back(chunk, outcomes)).await?;
    Ok(())
}

/// Tries again while the database is away: the outcomes of a group that has left are only in memory, and forgetting
/// them would send to these people twice. Fencing makes a late write harmless.
async fn patiently<T, F>(stop: &CancellationToken, step: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    loop {
        match step().await {
            Err(error) if error.kind() == Kind::Unavailable && !stop.is_cancelled() => {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(crate::FLOOR / 4) => {}
                }
            }
            result => return result,
        }
    }
}
