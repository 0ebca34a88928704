//! Posts updates on the configured accounts: each part answers the one before, and an incident is one thread.

use std::sync::Arc;

use channels::{Outgoing, Post, Reach};
use domain::ChannelKind;
use domain::delivery::{OutcomeState, SendResult};
use store::{PostJob, PostOutcome, StoreError};
use tokio_util::sync::CancellationToken;

use crate::judge::{Attempt, judge};
use crate::pace::Lane;
use crate::work::Work;

/// How many parts are leased at once.
const AT_ONCE: u64 = 8;

/// Posts what is due until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let mut watch = work.store.watch();
    while !stop.is_cancelled() {
        let posted = match step(&work).await {
            Ok(posted) => posted,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "posts wait for the database");
                0
            }
        };
        if posted == 0 {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = watch.next(crate::FLOOR) => {}
            }
        }
    }
}

async fn step(work: &Work) -> Result<usize, StoreError> {
    let due = work.store.due_posts(AT_ONCE, work.lease()).await?;
    let count = due.len();
    for job in due {
        let outcome = post(work, &job).await;
        work.store.settle_post(&job, outcome).await?;
    }
    Ok(count)
}

async fn post(work: &Work, job: &PostJob) -> PostOutcome {
    let Some(way) = work.ways.named(ChannelKind::Mastodon, &job.account) else {
        tracing::error!(
            channel.name = job.account,
            post.id = job.id,
            "a post is due on an account that is not configured"
        );
        return PostOutcome::Failed { code: 0 };
    };
    let message = Outgoing::Post(Post {
        text: Arc::from(job.text.as_str()),
        language: job.language,
        reply_to: job.reply_to.clone(),
        reach: if job.part == 1 { Reach::Public } else { Reach::Unlisted },
        idempotency_key: job.idempotency_key.clone(),
    });
    let result = way.send(Lane::Broadcast, &message).await;
    if let SendResult::Accepted { reference } = &result {
        return PostOutcome::Posted { remote_id: reference.clone().unwrap_or_default() };
    }
    let attempt = Attempt { subscriber: 0, provider: way.channel.name(), number: job.attempts.max(1) };
    let outcome = judge(&work.env, &work.settings.retry_seconds, attempt, result).outcome;
    match (outcome.state, outcome.retry_at) {
        (OutcomeState::Waiting, Some(at)) => PostOutcome::Retry { at },
        _ => {
            tracing::error!(channel.name = job.account, post.id = job.id, code = outcome.code, "a post was given up");
            PostOutcome::Failed { code: outcome.code }
        }
    }
}
