//! Sends the ranges of a broadcast: the cursor moves when a group leaves, its outcomes are written with the next one.
//!
//! After a `kill -9` everyone after the cursor was certainly not sent to, and only the last group is in doubt: at most
//! one group for each range in work.

use std::sync::Arc;
use std::time::Duration;

use domain::delivery::{Chunk, Outcome};
use domain::{HasKind, Kind, WithCauses};
use store::{Checkpoint, Open, Recipient, StoreError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::crew::Crew;
use crate::group::{Certainty, Group, Sent};
use crate::permit::Permit;
use crate::prepared::Prepared;
use crate::rounds::{Found, Rest, in_rounds};
use crate::work::Work;

/// How long a range that a provider did not take is kept before others may try.
const BREATH: Duration = Duration::from_millis(300);

/// Works on ranges until it is told to stop, and then gives back what has not left.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let crew = Crew::of(work.settings.parallel_chunks, &stop);
    let rest = Rest::watching(&work);
    in_rounds(&stop, rest, "no range can be leased while the database is away", || begin(&crew, &work, &stop)).await;
    crew.finish().await;
}

/// Leases a range for every free sender, and lets them go.
async fn begin(crew: &Crew, work: &Arc<Work>, stop: &CancellationToken) -> Result<Found, StoreError> {
    let claim = async |free: usize| {
        let lease_ends = Instant::now() + work.lease();
        let open = Open { channels: &work.ways.open(), quiet_below: work.hours.quiet_below(work.env.now()) };
        let leased = work.store.claim_open_chunks(open, free as u64, work.lease()).await?;
        Ok(leased.into_iter().map(|chunk| (chunk, Permit::new(lease_ends, stop))).collect())
    };
    let send = |(chunk, permit)| Range { work: work.clone(), chunk, permit, stop: stop.clone() }.send_and_report();
    crew.begin(claim, send).await
}

/// One leased range on its way.
struct Range {
    work: Arc<Work>,
    chunk: Chunk,
    permit: Permit,
    stop: CancellationToken,
}

impl Range {
    async fn send_and_report(mut self) {
        if let Err(error) = self.send().await {
            let id = self.chunk.id;
            tracing::warn!(chunk.id = id, error = %WithCauses(&error), "a range could not be worked on, and is left");
            self.give_up().await;
        }
    }

    /// Nobody need wait for the lease of a range that cannot be worked on here; failing often enough, it is halved. When
    /// not even this can be written, the lease runs out by itself.
    async fn give_up(&self) {
        if let Err(error) = self.work.store.fail_chunk(&self.chunk, crate::FLOOR).await {
            tracing::debug!(chunk.id = self.chunk.id, error = %WithCauses(&error), "its lease runs out by itself");
        }
    }

    /// Sends to the end of the range, or until the lease is lost, the broadcast paused, overtaken or too late, the
    /// provider out of use, or the process told to stop.
    async fn send(&mut self) -> Result<(), StoreError> {
        // Without its announcement nothing can be sent; the lease runs out, and then somebody looks again.
        let Some(prepared) = self.work.prepared(self.chunk.broadcast).await? else { return Ok(()) };
        let Some(mut outcomes) = self.settle_last_group(&prepared).await? else { return Ok(()) };
        let size = self.work.group_size(self.chunk.channel);
        loop {
            if prepared.is_too_late(&self.work.env, self.chunk.channel) {
                self.patiently(|| self.work.expire(self.chunk.channel)).await?;
                return self.hand_back(&outcomes).await;
            }
            if self.work.waits_until(&prepared, self.chunk.channel).is_some() {
                return self.hand_back(&outcomes).await;
            }
            if !self.permit.holds() || !self.work.ways.open().contains(&self.chunk.channel) {
                return self.hand_back(&outcomes).await;
            }
            if self.chunk.cursor >= self.chunk.high {
                return self.finish(&outcomes).await;
            }
            let people = self.patiently(|| self.work.store.group(&self.chunk, self.chunk.cursor, size)).await?;
            let Some(last) = people.last().map(|one| one.id) else {
                return self.finish(&outcomes).await;
            };
            if !self.move_on(last, &outcomes).await? {
                return self.hand_back(&outcomes).await;
            }
            let sent = self.send_to(&prepared, people, Certainty::NotSent).await;
            outcomes = sent.outcomes;
            if !sent.complete {
                self.breathe().await;
                return self.hand_back(&outcomes).await;
            }
        }
    }

    /// A provider that took nothing, but does not rest yet, would get the same people again at once, and again.
    async fn breathe(&self) {
        if self.permit.holds() {
            tokio::select! {
                () = self.permit.ended() => {}
                () = tokio::time::sleep(BREATH) => {}
            }
        }
    }

    /// The last group may have been overtaken or cancelled while it left; what became of it is known all the same.
    async fn finish(&self, outcomes: &[Outcome]) -> Result<(), StoreError> {
        if self.patiently(|| self.work.store.finish_chunk(&self.chunk, outcomes)).await? {
            return Ok(());
        }
        self.hand_back(outcomes).await
    }

    /// Moves the cursor over the group that leaves next, up to `last`, and writes the outcomes of the one before.
    /// False when nothing more may be sent.
    async fn move_on(&mut self, last: i64, outcomes: &[Outcome]) -> Result<bool, StoreError> {
        // Our clock starts before the database's, so that we stop before anybody else may begin.
        let (lease_for, lease_ends) = (self.work.lease(), Instant::now() + self.work.lease());
        let step = Checkpoint { outcomes, cursor: last, group_start: self.chunk.cursor, lease_for };
        if !self.patiently(|| self.work.store.checkpoint(&self.chunk, step)).await? {
            return Ok(false);
        }
        self.permit.renew(lease_ends);
        (self.chunk.group_start, self.chunk.cursor) = (self.chunk.cursor, last);
        Ok(true)
    }

    /// The group that a crash left in doubt: who was sent to is found out, the others are sent to. None when it could
    /// not be brought to its end; then it stays in doubt.
    async fn settle_last_group(&self, prepared: &Prepared) -> Result<Option<Vec<Outcome>>, StoreError> {
        let (store, chunk) = (&self.work.store, &self.chunk);
        let doubtful = store.ambiguous(chunk).await?;
        if doubtful.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let people = doubtful.len();
        tracing::info!(chunk.id = chunk.id, people, "finding out who of a group was sent to before a crash");
        let sent = self.send_to(prepared, doubtful, Certainty::Unknown).await;
        if sent.complete {
            return Ok(Some(sent.outcomes));
        }
        let Chunk { cursor, group_start, .. } = *chunk;
        let known = Checkpoint { outcomes: &sent.outcomes, cursor, group_start, lease_for: self.work.lease() };
        store.checkpoint(chunk, known).await?;
        store.release_chunk(chunk).await?;
        Ok(None)
    }

    async fn send_to(&self, prepared: &Prepared, people: Vec<Recipient>, certainty: Certainty) -> Sent {
        let Self { work, chunk, permit, .. } = self;
        Group { work, chunk, prepared, permit, certainty }.send(people).await
    }

    async fn hand_back(&self, outcomes: &[Outcome]) -> Result<(), StoreError> {
        self.patiently(|| self.work.store.hand_back(&self.chunk, outcomes)).await?;
        Ok(())
    }

    /// Tries again while the database is away: the outcomes of a group that has left are only in memory, and
    /// forgetting them would send to these people twice. Fencing makes a late write harmless.
    async fn patiently<T, F>(&self, step: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        loop {
            match step().await {
                Err(error) if error.kind() == Kind::Unavailable && !self.stop.is_cancelled() => {
                    tokio::select! {
                        () = self.stop.cancelled() => {}
                        () = tokio::time::sleep(crate::FLOOR / 4) => {}
                    }
                }
                result => return result,
            }
        }
    }
}
