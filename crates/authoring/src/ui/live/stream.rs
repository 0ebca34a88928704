//! Tells the page's script that numbers have changed; the script then asks for the page.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response, Sse};
use edge::Failure;
use futures_util::stream;
use http::header::CONTENT_TYPE;

use crate::Authoring;
use crate::actions::BroadcastReport;
use crate::caller::Caller;
use crate::ui::person::Person;

/// How often it is looked for changes.
const LOOK: Duration = Duration::from_secs(1);

/// Looks of one stream. The browser opens the next one by itself, and a server that is told to stop does not wait long.
const LOOKS: u32 = 10;

/// One stream: who asked, about what, and what was told last.
struct Watching {
    authoring: Authoring,
    caller: Caller,
    broadcast: i64,
    told: Option<BroadcastReport>,
    looks: u32,
}

/// `GET /broadcasts/{id}/events`: an event at once, and one for each second in which a number changed.
pub(in crate::ui) async fn stream(
    State(authoring): State<Authoring>,
    person: Person,
    Path(id): Path<String>,
) -> edge::Result {
    let broadcast: i64 = id.parse().map_err(|_| Failure::not_found())?;
    // Whoever may not read it learns so here, and not in the middle of a stream.
    authoring.broadcast(&person.caller, broadcast).await?;
    let watching = Watching { authoring, caller: person.caller, broadcast, told: None, looks: 0 };
    Ok(Sse::new(stream::unfold(watching, next)).into_response())
}

async fn next(mut watching: Watching) -> Option<(Result<Event, Infallible>, Watching)> {
    loop {
        if watching.looks == LOOKS {
            return None;
        }
        if watching.looks > 0 {
            tokio::time::sleep(LOOK).await;
        }
        watching.looks += 1;
        // Without the database there is nothing to tell; the browser asks again.
        let now = watching.authoring.broadcast(&watching.caller, watching.broadcast).await.ok()?;
        if watching.told.as_ref() != Some(&now) {
            watching.told = Some(now);
            return Some((Ok(Event::default().retry(LOOK).data("changed")), watching));
        }
    }
}

/// The script of the page.
pub(in crate::ui) async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("live.js")).into_response()
}
