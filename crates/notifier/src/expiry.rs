//! Ends what is too late to be true, also on channels that cannot send now: their queues would otherwise be said to be
//! on their way for as long as the provider is down.

use std::sync::Arc;
use std::time::Duration;

use domain::ChannelKind;
use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::rounds::{Found, Rest, in_rounds};
use crate::work::Work;

/// How often it is looked for. A message at its turn is looked at by itself.
const LOOK: Duration = Duration::from_secs(2);

/// Ends what is too late until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    in_rounds(&stop, Rest::Fixed(LOOK), "what is too late waits for the database", || expire(&work)).await;
}

async fn expire(work: &Work) -> Result<Found, StoreError> {
    for channel in ChannelKind::ALL {
        work.expire(channel).await?;
    }
    Ok(Found::Nothing)
}
