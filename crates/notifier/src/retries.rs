//! Tries again what failed for now. Only exceptions come here, so there are few.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;
use store::{Retry, StoreError};
use tokio_util::sync::CancellationToken;

use crate::judge::Attempt;
use crate::work::{Work, nothing_to_say};

/// How many are leased and tried at once.
const AT_ONCE: usize = 20;

/// Works on due retries until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let tried = match step(&work).await {
            Ok(tried) => tried,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "retries wait for the database");
                0
            }
        };
        if tried == 0 {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(crate::FLOOR) => {}
            }
        }
    }
}

async fn step(work: &Work) -> Result<usize, StoreError> {
    if work.ways.open().is_empty() {
        return Ok(0);
    }
    let due = work.store.due_retries(AT_ONCE as u64, work.lease()).await?;
    let count = due.len();
    let results: Vec<_> =
        stream::iter(due).map(|retry| try_again(work, retry)).buffer_unordered(AT_ONCE).collect().await;
    results.into_iter().collect::<Result<(), StoreError>>()?;
    Ok(count)
}

async fn try_again(work: &Work, retry: Retry) -> Result<(), StoreError> {
    let Some(way) = work.ways.next(retry.channel) else { return Ok(()) };
    let prepared = work.prepared(retry.broadcast).await?;
    let message = prepared.and_then(|prepared| prepared.message(&work.env, &retry.subscriber));
    let Some(message) = message else {
        work.store.settle_retry(&retry, &nothing_to_say(&work.env, &retry.subscriber)).await?;
        return Ok(());
    };
    let attempt = Attempt { subscriber: retry.subscriber.id, provider: way.channel.name(), number: retry.attempt };
    let judgement = work.send(&way, &message, attempt).await;
    work.store.settle_retry(&retry, &judgement.outcome).await?;
    work.follow_up(retry.subscriber.id, judgement.consequence).await;
    Ok(())
}
