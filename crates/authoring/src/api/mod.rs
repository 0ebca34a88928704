//! The JSON API `/api/v1`: the same actions as the web interface, for programs.

mod alerts;
mod broadcasts;
mod guard;
mod incidents;
mod openapi;
mod revisions;
mod view;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, get, patch, post};
use domain::Kind;
use edge::Failure;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::Authoring;
use crate::accounts::Scope;

pub use openapi::documented_routes;

/// Where the API lives.
pub(crate) const ROOT: &str = "/api/v1";

/// One call of the API.
struct Route {
    method: &'static str,
    path: &'static str,
    scope: Scope,
    handler: MethodRouter<Authoring>,
}

/// The whole API. The router is made from this list, and the description is compared with it by a test.
fn table() -> Vec<Route> {
    use Scope::{BroadcastsManage, IncidentsRead, IncidentsWrite, RevisionsApprove, RevisionsPublish};
    let route = |method, path, scope, handler| Route { method, path, scope, handler };
    vec![
        route("GET", "/incidents", IncidentsRead, get(incidents::list)),
        route("POST", "/incidents", IncidentsWrite, post(incidents::open)),
        route("GET", "/incidents/{id}", IncidentsRead, get(incidents::show)),
        route("POST", "/incidents/{id}/revisions", IncidentsWrite, post(incidents::add_revision)),
        route("POST", "/incidents/{id}/withdraw", IncidentsWrite, post(incidents::withdraw)),
        route("GET", "/revisions/{id}", IncidentsRead, get(revisions::show)),
        route("PATCH", "/revisions/{id}", IncidentsWrite, patch(revisions::edit)),
        route("GET", "/revisions/{id}/preview", IncidentsRead, get(revisions::preview)),
        route("POST", "/revisions/{id}/submit", IncidentsWrite, post(revisions::submit)),
        route("POST", "/revisions/{id}/approve", RevisionsApprove, post(revisions::approve)),
        route("POST", "/revisions/{id}/reject", RevisionsApprove, post(revisions::reject)),
        route("POST", "/revisions/{id}/publish", RevisionsPublish, post(revisions::publish)),
        route("POST", "/revisions/{id}/correct", IncidentsWrite, post(revisions::correct)),
        route("GET", "/broadcasts/{id}", IncidentsRead, get(broadcasts::show)),
        route("POST", "/broadcasts/{id}/pause", BroadcastsManage, post(broadcasts::pause)),
        route("POST", "/broadcasts/{id}/resume", BroadcastsManage, post(broadcasts::resume)),
        route("POST", "/broadcasts/{id}/cancel", BroadcastsManage, post(broadcasts::cancel)),
        route("POST", "/broadcasts/{id}/retry-failed", BroadcastsManage, post(broadcasts::retry_failed)),
        route("POST", "/alerts/alertmanager", IncidentsWrite, post(alerts::alertmanager)),
    ]
}

/// Method and path of every call that needs a token, for tests.
#[must_use]
pub fn routes() -> Vec<(&'static str, String)> {
    table().into_iter().map(|route| (route.method, format!("{ROOT}{}", route.path))).collect()
}

/// The API.
pub(crate) fn router(authoring: &Authoring) -> Router {
    let mut router = Router::new().route(&format!("{ROOT}/openapi.json"), get(openapi::document));
    for route in table() {
        let gate = (authoring.clone(), route.scope);
        let guarded = route.handler.layer(from_fn_with_state(gate, guard::guard));
        router = router.route(&format!("{ROOT}{}", route.path), guarded);
    }
    router.with_state(authoring.clone())
}

/// An id in an address; anything else is a thing that does not exist.
fn id_of(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// A JSON answer.
fn json(status: StatusCode, body: &Value) -> edge::Result {
    let text = serde_json::to_string(body).map_err(|error| Failure::new(Kind::Broken, "broken").because(error))?;
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
