//! The web interface for staff: pages made on the server that need no script and fit a phone.

mod account;
mod audit;
mod broadcasts;
mod changes;
mod diff;
mod editor;
mod incident;
mod incidents;
mod kept;
mod language;
mod live;
mod memory;
mod person;
mod review;
mod screen;
mod set_up;
mod sheet;
mod sign_in;
mod staff;
mod staff_address;
pub(crate) mod views;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::{get, post};
use edge::{Failure, csrf};

use crate::Authoring;

pub(crate) use memory::Memory;

/// The cookie of a session.
pub(crate) const SESSION_COOKIE: &str = "session";

/// Every page.
pub(crate) fn router(authoring: &Authoring) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/incidents") }))
        .route(render::ICON_PATH, get(|| async { ([(CONTENT_TYPE, render::ICON_TYPE)], render::icon()) }))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/set-up/{link}", get(set_up::show).post(set_up::set_up))
        .route("/language/{language}", get(language::choose))
        .route("/incidents", get(incidents::list))
        .route("/approvals", get(incidents::approvals))
        .route("/incidents/new", get(editor::new_incident).post(editor::post_incident))
        .route("/planned/new", get(editor::new_planned).post(editor::post_planned))
        .route("/incidents/{id}", get(incident::show))
        .route("/incidents/{id}/update", get(editor::next).post(editor::post_next))
        .route("/incidents/{id}/withdraw", get(editor::withdrawal).post(editor::post_withdrawal))
        .route("/revisions/{id}", get(review::show))
        .route("/revisions/{id}/edit", get(editor::edit).post(editor::post_edit))
        .route("/revisions/{id}/correct", get(editor::correction).post(editor::post_correction))
        .route("/revisions/{id}/{verb}", post(review::act))
        .route("/broadcasts/{id}", get(live::show))
        .route("/broadcasts/{id}/events", get(live::stream))
        .route("/broadcasts/{id}/report.csv", get(live::download))
        .route("/live.js", get(live::script))
        .route("/broadcasts/{id}/{order}", post(broadcasts::order))
        .route("/audit", get(audit::show))
        .route("/account", get(account::show).post(account::renew_codes))
        .route("/staff", get(staff::list).post(staff::add))
        .route("/staff/{id}", post(staff::change))
        .route("/staff-address", get(staff_address::show).post(staff_address::change))
        .layer(from_fn_with_state(authoring.csrf().clone(), csrf::guard))
        .fallback(|| async { Failure::not_found() })
        .with_state(authoring.clone())
}
