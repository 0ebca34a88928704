//! Posts updates on the configured accounts: each part answers the one before, and an incident is one thread.

use std::sync::Arc;
use std::time::Duration;

use channels::{Outgoing, Post, Reach};
use domain::delivery::{Outcome, OutcomeState, SendResult};
use domain::{ChannelKind, WithCauses};
use store::{PostJob, PostOutcome, StoreError};
use tokio_util::sync::CancellationToken;

use crate::crew::Crew;
use crate::judge::{Attempt, Judgement, Terms, judge, postponed};
use crate::pace::Lane;
use crate::rounds::{Found, Rest, in_rounds};
use crate::ways::Way;
use crate::work::Work;

/// How many parts are under way at once; they are of different accounts or incidents.
const AT_ONCE: usize = 8;
/// The least that a post waits whose server is out of use.
const SOON: Duration = Duration::from_secs(1);

/// Posts what is due until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let (crew, rest) = (Crew::of(AT_ONCE, &stop), Rest::watching(&work));
    in_rounds(&stop, rest, "posts wait for the database", || begin(&crew, &work)).await;
    crew.finish().await;
}

async fn begin(crew: &Crew, work: &Arc<Work>) -> Result<Found, StoreError> {
    let claim = async |free: usize| work.store.due_posts(free as u64, work.lease()).await;
    crew.begin(claim, |job| post_and_report(work.clone(), job)).await
}

async fn post_and_report(work: Arc<Work>, job: PostJob) {
    let done = async { work.store.settle_post(&job, post(&work, &job).await?).await };
    if let Err(error) = done.await {
        let error = WithCauses(&error);
        tracing::warn!(post.id = job.id, %error, "a post waits for the database, and then for its lease to run out");
    }
}

async fn post(work: &Work, job: &PostJob) -> Result<PostOutcome, StoreError> {
    let Some(way) = work.ways.named(ChannelKind::Mastodon, &job.account) else {
        let name = job.account.as_str();
        tracing::error!(channel.name = name, post.id = job.id, "a post is due on an account that is not set up");
        return Ok(PostOutcome::Failed { code: 0 });
    };
    if is_too_late(work, job).await? {
        tracing::error!(channel.name = job.account, post.id = job.id, "a post is too late to be true and is not made");
        return Ok(PostOutcome::Expired);
    }
    let attempt = Attempt { subscriber: 0, provider: way.channel.name(), number: job.attempts.max(1) };
    if let Some(rest) = way.rests_for() {
        return Ok(again(&postponed(&work.env, attempt, rest.max(SOON))));
    }
    let outcome = match attempted(work, &way, job, attempt).await {
        Judgement::Settled(outcome, _) => outcome,
        Judgement::NotTaken => postponed(&work.env, attempt, way.rests_for().unwrap_or_default().max(SOON)),
    };
    let Outcome { code, .. } = outcome;
    match outcome.state {
        OutcomeState::Sent => Ok(PostOutcome::Posted { remote_id: outcome.reference.unwrap_or_default() }),
        OutcomeState::Waiting => Ok(again(&outcome)),
        _ => {
            tracing::error!(channel.name = job.account, post.id = job.id, code, "a post was given up");
            Ok(PostOutcome::Failed { code })
        }
    }
}

async fn attempted(work: &Work, way: &Way, job: &PostJob, attempt: Attempt<'_>) -> Judgement {
    let message = Outgoing::Post(Post {
        text: Arc::from(job.text.as_str()),
        language: job.language,
        reply_to: job.reply_to.clone(),
        reach: if job.part == 1 { Reach::Public } else { Reach::Unlisted },
        idempotency_key: job.idempotency_key.clone(),
    });
    way.turn(Lane::Broadcast, &message).await;
    let result: SendResult = way.send(&message).await;
    // A post reaches everybody, so it is tried for hours at the longest wait, and not only as often as a text.
    let longest = work.settings.retry_seconds.iter().max().copied().unwrap_or(60).min(300);
    let waits: Vec<u64> = (0..attempt.number).map(|number| (5 << number.min(10)).min(longest)).collect();
    judge(Terms { waits: &waits, ..work.terms(way) }, attempt, result)
}

fn again(outcome: &Outcome) -> PostOutcome {
    PostOutcome::Retry { at: outcome.retry_at.unwrap_or(outcome.at) }
}

async fn is_too_late(work: &Work, job: &PostJob) -> Result<bool, StoreError> {
    let broadcast = work.store.broadcast(job.broadcast).await?;
    let lasts = work.settings.lasts(ChannelKind::Mastodon);
    Ok(broadcast.is_none_or(|one| work.env.now() - one.created_at >= lasts))
}
