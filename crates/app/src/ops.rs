//! Health and metrics, on a listener of their own so that they are never exposed by accident.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use mirror::Standing;
use store::Store;

/// What health is judged by.
#[derive(Clone)]
pub struct Ops {
    /// The database, when this process has one.
    pub store: Option<Store>,
    /// The public page, when this process serves it.
    pub page: Option<page::Page>,
    /// The places that each edition is written to.
    pub copies: Vec<Arc<Standing>>,
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
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: i64| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    };
    if let Some(store) = &ops.store {
        gauge("hysbys_database_up", "1 when the database answers.", i64::from(store.ping().await.is_ok()));
    }
    if let Some(page) = ops.page.as_ref().filter(|page| page.is_ready()) {
        let confirmed = "Up to when the edition is known to be the newest, in seconds since 1970.";
        gauge("hysbys_edition_confirmed_at", confirmed, page.confirmed_at().timestamp());
    }
    if let Some(edition) = ops.page.as_ref().map(page::Page::edition) {
        gauge(
            "hysbys_edition_built_at",
            "When the edition was built, in seconds since 1970.",
            edition.built_at().timestamp(),
        );
        gauge(
            "hysbys_edition_documents",
            "Documents in the edition.",
            i64::try_from(edition.size()).unwrap_or(i64::MAX),
        );
    }
    copies(&ops.copies, &mut text);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}

/// How current each copy is. An edition that could not be written anywhere has no time.
fn copies(copies: &[Arc<Standing>], text: &mut String) {
    let mut gauge = |name: &str, help: &str, value: fn(&Standing) -> Option<i64>| {
        let values: Vec<_> = copies.iter().filter_map(|copy| Some((copy.name(), value(copy)?))).collect();
        if !values.is_empty() {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        }
        for (copy, value) in values {
            let _ = writeln!(text, "{name}{{copy=\"{copy}\"}} {value}");
        }
    };
    let behind = "For how long there has been an edition that the copy does not hold, in seconds.";
    gauge("hysbys_push_behind_seconds", behind, |copy| Some(copy.behind().num_seconds()));
    let built = "When the edition of the copy was built, in seconds since 1970.";
    gauge("hysbys_push_built_at", built, |copy| copy.built_at().map(|at| at.timestamp()));
}
