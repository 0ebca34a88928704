//! Tries again what failed for now. Only exceptions come here, so there are few.

use std::sync::Arc;
use std::time::Duration;

use domain::WithCauses;
use domain::delivery::OutcomeState;
use store::{Retry, StoreError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::crew::Crew;
use crate::judge::{Attempt, Judgement, postponed, spared};
use crate::permit::Permit;
use crate::rounds::{Found, Rest, in_rounds};
use crate::work::{Departure, Work, nothing_to_say};

/// How many are under way at once.
const AT_ONCE: usize = 20;
/// The least that a message waits whose provider is out of use.
const SOON: Duration = Duration::from_secs(1);

/// Works on due retries until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let (crew, rest) = (Crew::of(AT_ONCE, &stop), Rest::Fixed(work.floor()));
    in_rounds(&stop, rest, "retries wait for the database", || begin(&crew, &work, &stop)).await;
    crew.finish().await;
}

async fn begin(crew: &Crew, work: &Arc<Work>, stop: &CancellationToken) -> Result<Found, StoreError> {
    if work.ways.open().is_empty() {
        return Ok(Found::Nothing);
    }
    let claim = async |free: usize| {
        let lease_ends = Instant::now() + work.lease();
        let due = work.store.due_retries(free as u64, work.lease()).await?;
        Ok(due.into_iter().map(|retry| (retry, Permit::new(lease_ends, stop))).collect())
    };
    crew.begin(claim, |(retry, permit)| try_and_report(work.clone(), retry, permit)).await
}

async fn try_and_report(work: Arc<Work>, retry: Retry, permit: Permit) {
    let broadcast = retry.broadcast;
    if let Err(error) = try_again(&work, retry, &permit).await {
        let error = WithCauses(&error);
        tracing::warn!(broadcast.id = broadcast, %error, "a retry waits for the database, and then for its lease to run out");
    }
}

async fn try_again(work: &Work, retry: Retry, permit: &Permit) -> Result<(), StoreError> {
    let person = &retry.subscriber;
    let Some(prepared) = work.prepared(retry.broadcast).await? else { return Ok(()) };
    let Some(message) = prepared.message(&work.env, person) else {
        work.store.settle_retry(&retry, &nothing_to_say(&work.env, &prepared, person)).await?;
        return Ok(());
    };
    let Some(way) = work.ways.next(retry.channel) else { return postpone(work, &retry).await };
    let attempt = Attempt { subscriber: person.id, provider: way.channel.name(), number: retry.attempt };
    // The answer to an earlier attempt may have been lost, and the message taken all the same.
    if retry.attempt > 1
        && let Some(known) = work.known_of(&prepared, &message, attempt).await
    {
        work.store.settle_retry(&retry, &known).await?;
        return Ok(());
    }
    if person.is_overtaken || prepared.is_too_late(&work.env, retry.channel) {
        let state = if person.is_overtaken { OutcomeState::Superseded } else { OutcomeState::Expired };
        work.store.settle_retry(&retry, &spared(&work.env, attempt, state)).await?;
        return Ok(());
    }
    if let Some(until) = work.waits_until(&prepared, retry.channel) {
        let wait = (until - work.env.now()).to_std().unwrap_or_default().max(SOON);
        work.store.settle_retry(&retry, &postponed(&work.env, attempt, wait)).await?;
        return Ok(());
    }
    let departure = Departure { prepared: &prepared, way: &way, message: &message, attempt, permit };
    // While it waited for its turn, somebody may have paused the broadcast, or a newer one may have begun.
    if !departure.comes().await || !work.store.may_try_again(&retry).await? {
        return postpone(work, &retry).await;
    }
    match work.hand_over(departure).await {
        Judgement::Settled(outcome, consequence) => {
            work.store.settle_retry(&retry, &outcome).await?;
            work.follow_up(person, consequence).await;
            Ok(())
        }
        Judgement::NotTaken => postpone(work, &retry).await,
    }
}

/// Waits until the provider can be used again, and that uses up no attempt.
async fn postpone(work: &Work, retry: &Retry) -> Result<(), StoreError> {
    let wait = work.ways.shortest_rest(retry.channel).max(SOON);
    let attempt = Attempt { subscriber: retry.subscriber.id, provider: "", number: retry.attempt };
    work.store.settle_retry(retry, &postponed(&work.env, attempt, wait)).await?;
    Ok(())
}
