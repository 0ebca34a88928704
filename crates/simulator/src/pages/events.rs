//! Tells the page's script that something arrived; the script then asks for the lists.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream, StreamExt};
use tokio::sync::watch;

use crate::Simulator;

/// A broadcast changes things a thousand times a second; eyes are content with two.
const BREATH: Duration = Duration::from_millis(500);

/// `GET /events`: one event per burst of changes. Ends when the simulator does, so that a server can shut down.
pub(crate) async fn stream(State(simulator): State<Simulator>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let closing = simulator.closing().clone().cancelled_owned();
    let events = stream::unfold(simulator.changes(), next).take_until(closing);
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn next(mut changes: watch::Receiver<u64>) -> Option<(Result<Event, Infallible>, watch::Receiver<u64>)> {
    changes.changed().await.ok()?;
    tokio::time::sleep(BREATH).await;
    let version = *changes.borrow_and_update();
    Some((Ok(Event::default().data(version.to_string())), changes))
}
