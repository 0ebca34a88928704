//! The web page: phones, mails and posts as they arrive, for people who watch. It works without its script.

mod events;
mod items;
mod sample;
pub(crate) mod tongue;
mod view;
mod words;

use std::sync::OnceLock;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use domain::Language;
use http::header::{self, HeaderName};
use http::{HeaderValue, StatusCode};
use render::{RenderError, RenderSettings, Renderer, View};
use serde::Deserialize;

use crate::Simulator;
use crate::order::{Order, back_to_page};

pub use sample::samples;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A mail's HTML was written by whoever sent it: it may look as it likes, but do nothing and fetch nothing.
const MAIL_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                           style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                           frame-ancestors 'self'";

pub(crate) fn router() -> Router<Simulator> {
    Router::new()
        .route("/", get(home))
        .route("/live", get(live))
        .route("/events", get(events::stream))
        .route("/mails/{id}", get(mail))
        .route("/mails/{id}/html", get(mail_html))
        .route("/posts/{id}", get(show_post))
        .route("/phones/{number}/reply", post(reply))
        .route("/live.js", get(|| async { asset("text/javascript; charset=utf-8", include_str!("pages/live.js")) }))
        .route(render::ICON_PATH, get(|| async { asset(render::ICON_TYPE, render::icon()) }))
        .route(
            "/simulator.css",
            get(|| async { asset("text/css; charset=utf-8", include_str!("pages/simulator.css")) }),
        )
}

/// What the page is asked for.
#[derive(Deserialize)]
struct Wanted {
    /// A phone that stays in sight, by its number or the end of it.
    #[serde(default)]
    phone: String,
}

async fn home(State(simulator): State<Simulator>, Query(wanted): Query<Wanted>) -> Response {
    page(&view::Home::of(&simulator, &wanted.phone))
}

/// The lists alone, for the script to put in place of the old ones.
async fn live(State(simulator): State<Simulator>, Query(wanted): Query<Wanted>) -> Response {
    page(&view::Live::of(&simulator, &wanted.phone))
}

async fn mail(State(simulator): State<Simulator>, Path(id): Path<u64>) -> Response {
    simulator.mail(id).map_or_else(not_found, |mail| page(&view::MailPage::of(&mail)))
}

async fn mail_html(State(simulator): State<Simulator>, Path(id): Path<u64>) -> Response {
    let mail = simulator.mail(id);
    let html = mail.as_ref().and_then(|mail| mail.content.as_ref()?.html.clone());
    html.map_or_else(not_found, |html| protected(Html(html).into_response(), MAIL_POLICY))
}

async fn show_post(State(simulator): State<Simulator>, Path(id): Path<String>) -> Response {
    let post = simulator.world().posts.get(&id).cloned();
    post.map_or_else(not_found, |post| page(&view::PostPage::of(&post)))
}

/// What is written on a phone.
#[derive(Deserialize)]
struct Reply {
    text: String,
}

/// `POST /phones/{number}/reply`: by a test in JSON, or by the form of the page.
async fn reply(State(simulator): State<Simulator>, Path(number): Path<String>, order: Order<Reply>) -> Response {
    let number = if number.starts_with('+') { number } else { format!("+{}", number.trim()) };
    match simulator.reply(&number, &order.content.text) {
        Ok(_) if order.from_page => back_to_page(),
        Ok(text) => (StatusCode::CREATED, axum::Json(text)).into_response(),
        Err(refused) => {
            let problem = serde_json::json!({"error": refused.to_string()});
            (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(problem)).into_response()
        }
    }
}

/// The page is English only, and its templates are read when it is first opened: benchmarks never open it.
fn page<V: View>(view: &V) -> Response {
    static RENDERER: OnceLock<Result<Renderer, RenderError>> = OnceLock::new();
    let renderer = RENDERER.get_or_init(|| Renderer::new(RenderSettings::default()));
    let html = renderer.as_ref().map_err(ToString::to_string);
    match html.and_then(|renderer| renderer.render(view, Language::En).map_err(|error| error.to_string())) {
        Ok(html) => protected(Html(html).into_response(), POLICY),
        Err(error) => {
            tracing::error!(error, "a page of the simulator could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be rendered.\n").into_response()
        }
    }
}

fn protected(mut response: Response, policy: &'static str) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    response
}

fn asset(kind: &'static str, content: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], content).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "Nothing here, or no longer kept.\n").into_response()
}
