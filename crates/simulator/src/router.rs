//! Everything HTTP under one address.

use axum::Router;

use crate::{Simulator, bluesky, faults, mastodon, pages, readout, twilio};

pub(crate) fn build(simulator: Simulator) -> Router {
    Router::new()
        .merge(twilio::router())
        .merge(mastodon::router())
        .merge(bluesky::router())
        .merge(readout::router())
        .merge(faults::switch::router())
        .merge(pages::router())
        .with_state(simulator)
}
