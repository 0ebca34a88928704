//! Health and metrics, on a listener of their own so that they are never exposed by accident.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use store::Store;

/// What health is judged by.
#[derive(Clone)]
pub struct Ops {
    /// The database.
    pub store: Store,
    /// The public page, when this process serves it.
    pub page: Option<page::Page>,
}

/// The routes.
pub fn router(ops: Ops) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(ops))
}

/// A process that serves the page is ready as soon as it has an edition, also without a database; any other one needs
/// the database.
async fn readyz(State(ops): State<Arc<Ops>>) -> (StatusCode, &'static str) {
    let is_ready = match &ops.page {
        Some(page) => page.is_ready(),
        None => ops.store.ping().await.is_ok(),
    };
    if is_ready { (StatusCode::OK, "ready\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n") }
}

/// Prometheus text format 0.0.4.
async fn metrics(State(ops): State<Arc<Ops>>) -> impl IntoResponse {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: i64| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    };
    gauge("hysbys_database_up", "1 when the database answers.", i64::from(ops.store.ping().await.is_ok()));
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
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
