//! Keeps the sending order cut into ranges, so that a publication finds them ready, and counts whom the ranges of a
//! broadcast concern, so that its numbers are exact within seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::rounds::{Found, Rest, in_rounds};
use crate::work::Work;

/// How soon those who signed up, or were brought in, are in ranges.
const LOOK: Duration = Duration::from_secs(10);

/// Every so many looks all ranges are counted anew: every five minutes.
const RECOUNT: u32 = 30;

/// Keeps the ranges until it is told to stop.
pub(crate) async fn keep(work: Arc<Work>, stop: CancellationToken) {
    let looks = AtomicU32::new(0);
    in_rounds(&stop, Rest::Fixed(LOOK), "the sending order cannot be cut now", || look(&work, &looks)).await;
}

async fn look(work: &Work, looks: &AtomicU32) -> Result<Found, StoreError> {
    work.store.extend_cuts().await?;
    if looks.fetch_add(1, Ordering::Relaxed) % RECOUNT == RECOUNT - 1 {
        work.store.recount_cuts().await?;
    }
    Ok(Found::Nothing)
}

/// Counts what is only estimated until it is told to stop.
pub(crate) async fn count(work: Arc<Work>, stop: CancellationToken) {
    let rest = Rest::Watching { watch: work.store.watch(), at_most: crate::FLOOR };
    let round = async || Ok::<_, StoreError>(Found::of(work.store.count_estimated_chunks().await?));
    in_rounds(&stop, rest, "numbers of a broadcast stay estimates for now", round).await;
}
