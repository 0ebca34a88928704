//! Applies receipts in batches, so that the hook that hears them can answer in milliseconds.

use std::sync::Arc;

use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::rounds::{Found, Rest, in_rounds};
use crate::work::Work;

/// How many are applied in one transaction.
const AT_ONCE: u64 = 1_000;

/// Applies receipts until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let rest = Rest::Fixed(crate::FLOOR / 4);
    in_rounds(&stop, rest, "receipts wait for the database", || apply(&work)).await;
}

/// A batch that is not full was the last for now.
async fn apply(work: &Work) -> Result<Found, StoreError> {
    let applied = work.store.apply_receipts(AT_ONCE).await?;
    Ok(if applied < AT_ONCE { Found::Nothing } else { Found::Work })
}
