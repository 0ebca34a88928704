//! Keeps what is known about providers in order: gives back what was taken ahead of a shared rate, and writes down what
//! happened to them and why.

use std::sync::Arc;
use std::time::Duration;

use store::{ProviderEvent, StoreError};
use tokio_util::sync::CancellationToken;

use crate::rounds::{Found, Rest, in_rounds};
use crate::work::Work;

/// How often it looks.
const LOOK: Duration = Duration::from_millis(250);

/// Keeps order until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let what_waits = "what happened to providers could not be written down";
    in_rounds(&stop, Rest::Fixed(LOOK), what_waits, || look(&work)).await;
    for way in work.ways.all() {
        way.pace().tidy().await;
    }
}

async fn look(work: &Work) -> Result<Found, StoreError> {
    let mut events = Vec::new();
    for way in work.ways.all() {
        way.pace().tidy().await;
        events.extend(way.take_news().into_iter().map(|news| ProviderEvent {
            at: work.env.machine_now(),
            provider: way.full_name(),
            what: news.what.to_owned(),
            reason: news.reason.to_owned(),
            code: news.code,
        }));
    }
    work.store.note_provider_events(&events).await?;
    Ok(Found::Nothing)
}
