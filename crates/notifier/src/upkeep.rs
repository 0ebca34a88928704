//! What is done at the start and once an hour: free the leases of a dead predecessor, delete what has run out.

use std::sync::Arc;
use std::time::Duration;

use domain::WithCauses;
use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::only_one::Place;
use crate::rounds::{Found, Rest, in_rounds};
use crate::work::Work;

/// How often the database is swept.
const SWEEP: Duration = Duration::from_secs(3_600);

/// Frees leases, says through `ready` that the workers may begin, and sweeps until it is told to stop. Holds the place
/// of the only notifier for as long.
pub(crate) async fn run(work: Arc<Work>, place: Place, ready: CancellationToken, stop: CancellationToken) {
    if place.is_alone() {
        free_leases(&work, &stop).await;
    }
    ready.cancel();
    in_rounds(&stop, Rest::Fixed(SWEEP), "what has run out could not be deleted now", || sweep(&work)).await;
}

/// One sweep deletes everything that there is.
async fn sweep(work: &Work) -> Result<Found, StoreError> {
    work.store.sweep().await?;
    Ok(Found::Nothing)
}

/// A killed notifier could come back after seconds, but would wait a minute for its own leases.
async fn free_leases(work: &Work, stop: &CancellationToken) {
    while let Err(error) = work.store.free_all_leases().await {
        tracing::warn!(error = %WithCauses(&error), "sending waits for the database");
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(crate::FLOOR) => {}
        }
    }
}
