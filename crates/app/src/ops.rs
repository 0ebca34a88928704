//! Health and metrics, on a listener of their own so that they are never exposed by accident.

mod deliveries;
mod exposition;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use mirror::Standing;
use notifier::Way;
use store::Store;

use self::exposition::Exposition;

/// What health is judged by.
#[derive(Clone)]
pub struct Ops {
    /// The database, when this process has one.
    pub store: Option<Store>,
    /// The public page, when this process serves it.
    pub page: Option<page::Page>,
    /// The places that each edition is written to.
    pub copies: Vec<Arc<Standing>>,
    /// The ways out, from when the notifier of this process has begun.
    pub ways: Arc<OnceLock<Vec<Arc<Way>>>>,
}

/// What is here, for whoever opens it in a browser.
const INDEX: &str = "Hysbys, for operators.\n\n\
    /healthz  this process runs\n\
    /readyz   it can do its work\n\
    /metrics  numbers for Prometheus\n";

/// The routes.
pub fn router(ops: Ops) -> Router {
    Router::new()
        .route("/", get(async || INDEX))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(ops))
}

/// A process that serves the page is ready as soon as it has an edition, also without a database; any other one needs
/// the database.
async fn readyz(State(ops): State<Arc<Ops>>) -> (StatusCode, &'static str) {
    let is_ready = match (&ops.page, &ops.store) {
        (Some(page), _) => page.is_ready(),
        (None, Some(store)) => store.ping().await.is_ok(),
        (None, None) => false,
    };
    if is_ready { (StatusCode::OK, "ready\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n") }
}

/// Prometheus text format 0.0.4.
async fn metrics(State(ops): State<Arc<Ops>>) -> impl IntoResponse {
    let mut text = Exposition::default();
    if let Some(store) = &ops.store {
        let up = store.ping().await.is_ok();
        text.gauge("hysbys_database_up", "1 when the database answers.").is(i64::from(up));
        if let Some(ways) = ops.ways.get() {
            deliveries::ways(ways, &mut text);
            // A database that is away has no numbers; that it is away was just said.
            if let Some(standing) = store.standing().await.ok().filter(|_| up) {
                deliveries::standing(&standing, &mut text);
            }
        }
    }
    if let Some(page) = &ops.page {
        edition(page, &mut text);
    }
    copies(&ops.copies, &mut text);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text.finish())
}

fn edition(page: &page::Page, text: &mut Exposition) {
    if page.is_ready() {
        let confirmed = "Up to when the edition is known to be the newest, in seconds since 1970.";
        text.gauge("hysbys_edition_confirmed_at", confirmed).is(page.confirmed_at().timestamp());
    }
    let edition = page.edition();
    let built = "When the edition was built, in seconds since 1970.";
    text.gauge("hysbys_edition_built_at", built).is(edition.built_at().timestamp());
    text.gauge("hysbys_edition_documents", "Documents in the edition.").is(edition.size());
}

/// How current each copy is. An edition that could not be written anywhere has no time.
fn copies(copies: &[Arc<Standing>], text: &mut Exposition) {
    let behind = "For how long there has been an edition that the copy does not hold, in seconds.";
    let mut behind = text.gauge("hysbys_push_behind_seconds", behind);
    for copy in copies {
        behind.of(&[("copy", copy.name())], copy.behind().num_seconds());
    }
    let mut built =
        text.gauge("hysbys_push_built_at", "When the edition of the copy was built, in seconds since 1970.");
    for (copy, at) in copies.iter().filter_map(|copy| Some((copy, copy.built_at()?))) {
        built.of(&[("copy", copy.name())], at.timestamp());
    }
}
