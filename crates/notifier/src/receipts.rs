//! Applies receipts in batches, so that the hook that hears them can answer in milliseconds.

use std::sync::Arc;

use domain::WithCauses;
use tokio_util::sync::CancellationToken;

use crate::work::Work;

/// How many are applied in one transaction.
const AT_ONCE: u64 = 1_000;

/// Applies receipts until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let applied = match work.store.apply_receipts(AT_ONCE).await {
            Ok(applied) => applied,
            Err(error) => {
                tracing::warn!(error = %WithCauses(&error), "receipts wait for the database");
                0
            }
        };
        if applied < AT_ONCE {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(crate::FLOOR / 4) => {}
            }
        }
    }
}
