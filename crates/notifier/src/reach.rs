//! Writes down how far each broadcast has come at the minutes that its report tells of.

use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::rounds::{Found, Rest, in_rounds};
use crate::work::Work;

/// How often it is looked for.
const LOOK: Duration = Duration::from_secs(1);

/// Counts until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    in_rounds(&stop, Rest::Fixed(LOOK), "counts for reports wait for the database", || note(&work)).await;
}

async fn note(work: &Work) -> Result<Found, StoreError> {
    work.store.note_reach().await?;
    Ok(Found::Nothing)
}
