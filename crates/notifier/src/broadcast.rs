//! Sends the ranges of a broadcast: the cursor moves when a group leaves, its outcomes are written with the next one.
//!
//! After a `kill -9` everyone after the cursor was certainly not sent to, and only the last group is in doubt: at most
//! one group for each range in work.

use std::sync::Arc;

use domain::delivery::{Chunk, Outcome};
use domain::{HasKind, Kind};
use futures_util::StreamExt;
use futures_util::stream;
use store::{Checkpoint, Recipient, StoreError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::judge::Attempt;
use crate::prepared::Prepared;
use crate::work::{Work, group_size, nothing_to_say};

/// Works on ranges until it is told to stop, and then finishes the groups in hand.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let mut watch = work.store.watch();
    let tasks = TaskTracker::new();
    let slots = Arc::new(tokio::sync::Semaphore::new(work.settings.parallel_chunks));
    while !stop.is_cancelled() {
        let Ok(slot) = slots.clone().acquire_owned().await else { break };
        let claimed = claim(&work).await;
        if let Some(chunk) = claimed {
            let (work, stop) = (work.clone(), stop.clone());
            tasks.spawn(async move {
                let id = chunk.id;
                if let Err(error) = send_chunk(&work, chunk, &stop).await {
                    tracing::warn!(
                        chunk.id = id,
                        error = &error as &dyn std::error::Error,
                        "a range waits for the database"
                    );
                }
                drop(slot);
            });
            continue;
        }
        drop(slot);
        tokio::select! {
            () = stop.cancelled() => {}
            _ = watch.next(crate::FLOOR) => {}
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
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "no range can be leased while the database is away"
            );
            None
        }
    }
}

/// Sends one range to its end, or until the lease is lost, the broadcast paused, or the process told to stop.
async fn send_chunk(work: &Work, chunk: Chunk, stop: &CancellationToken) -> Result<(), StoreError> {
    let Some(prepared) = work.prepared(chunk.broadcast).await? else {
        return work.store.release_chunk(&chunk).await;
    };
    let doubtful = work.store.ambiguous(&chunk).await?;
    let mut outcomes = send_group(work, &chunk, &prepared, doubtful).await;
    let mut cursor = chunk.cursor;
    loop {
        if stop.is_cancelled() || !work.ways.open().contains(&chunk.channel) {
            patiently(stop, || work.store.hand_back(&chunk, &outcomes)).await?;
            return Ok(());
        }
        let size = group_size(&work.settings, chunk.channel);
        let group = patiently(stop, || work.store.group(&chunk, cursor, size)).await?;
        let Some(last) = group.last().map(|one| one.id) else {
            patiently(stop, || work.store.finish_chunk(&chunk, &outcomes)).await?;
            return Ok(());
        };
        let lease_for = work.lease();
        let checkpoint = Checkpoint { outcomes: &outcomes, cursor: last, group_start: cursor, lease_for };
        if !patiently(stop, || work.store.checkpoint(&chunk, checkpoint)).await? {
            return Ok(());
        }
        outcomes = send_group(work, &chunk, &prepared, group).await;
        cursor = last;
    }
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

/// Sends to one group at once, as far as the provider's pace allows, and waits for every answer.
async fn send_group(work: &Work, chunk: &Chunk, prepared: &Prepared, group: Vec<Recipient>) -> Vec<Outcome> {
    let Some(way) = work.ways.next(chunk.channel) else { return Vec::new() };
    let at_once = group.len().max(1);
    let sent = stream::iter(group).map(|recipient| {
        let way = way.clone();
        async move {
            let Some(message) = prepared.message(&work.env, &recipient) else {
                return nothing_to_say(&work.env, &recipient);
            };
            let attempt = Attempt { subscriber: recipient.id, provider: way.channel.name(), number: 1 };
            let judgement = work.send(&way, &message, attempt).await;
            work.follow_up(recipient.id, judgement.consequence).await;
            judgement.outcome
        }
    });
    sent.buffer_unordered(at_once).collect().await
}
