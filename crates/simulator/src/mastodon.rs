//! The Mastodon-compatible API: post, reply, look up, with idempotency keys that work.

mod length;
mod view;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Simulator;
use crate::faults::Channel;
use crate::posts::{Draft, Post};
use crate::trouble::{self, Api};

const MAX_CHARACTERS: usize = 500;

const VISIBILITIES: [&str; 4] = ["public", "unlisted", "private", "direct"];

pub(crate) fn router() -> Router<Simulator> {
    Router::new()
        .route("/api/v2/instance", get(instance))
        .route("/api/v1/statuses", post(create))
        .route("/api/v1/statuses/{id}", get(show))
        .route("/api/v1/accounts/verify_credentials", get(verify))
        .route("/api/v1/accounts/{id}/statuses", get(timeline))
}

/// The fields of a new post that we understand, from a form or from JSON.
#[derive(Debug, Default, Deserialize)]
struct NewStatus {
    #[serde(default)]
    status: String,
    #[serde(default)]
    spoiler_text: String,
    language: Option<String>,
    visibility: Option<String>,
    in_reply_to_id: Option<Value>,
}

/// Why a post is not published.
enum Refused {
    Invalid(&'static str),
    NoParent,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(why) => failure(StatusCode::UNPROCESSABLE_ENTITY, &format!("Validation failed: {why}")),
            Self::NoParent => not_found(),
        }
    }
}

#[derive(Deserialize)]
struct Page {
    limit: Option<usize>,
}

async fn create(State(simulator): State<Simulator>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(account) = sign_in(&simulator, &headers) else { return unauthorised() };
    let api = api(&account);
    trouble::meet(&simulator, &api, || {
        publish(&simulator, &account, &headers, &body).unwrap_or_else(|refused| {
            simulator.world().ledger.rejected(Channel::Mastodon);
            refused.into_response()
        })
    })
    .await
}

async fn show(State(simulator): State<Simulator>, Path(id): Path<String>) -> Response {
    let world = simulator.world();
    match world.posts.get(&id).filter(|post| post.channel == Channel::Mastodon) {
        Some(post) => Json(view::status(&simulator, post)).into_response(),
        None => not_found(),
    }
}

async fn timeline(State(simulator): State<Simulator>, Path(id): Path<String>, Query(page): Query<Page>) -> Response {
    let Some(account) = view::account_with_id(&simulator, &id) else { return not_found() };
    let answer = || {
        let limit = page.limit.unwrap_or(20).min(40);
        let world = simulator.world();
        let posts = world.posts.of(account).filter(|post| post.channel == Channel::Mastodon).take(limit);
        Json(posts.map(|post| view::status(&simulator, post)).collect::<Vec<_>>()).into_response()
    };
    trouble::meet_reading(&simulator, &api(account), answer).await
}

async fn verify(State(simulator): State<Simulator>, headers: HeaderMap) -> Response {
    let Some(account) = sign_in(&simulator, &headers) else { return unauthorised() };
    let answer = || Json(view::account(&simulator, &account)).into_response();
    trouble::meet_reading(&simulator, &api(&account), answer).await
}

async fn instance(State(simulator): State<Simulator>) -> Json<Value> {
    let host = simulator.settings().public_url.split("://").last().unwrap_or_default();
    Json(json!({
        "domain": host,
        "title": "Pocket social network",
        "version": "4.5.0",
        "description": "Nothing here reaches anybody.",
        "languages": ["cy", "en"],
        "configuration": {
            "statuses": {
                "max_characters": MAX_CHARACTERS,
                "max_media_attachments": 4,
                "characters_reserved_per_url": length::URL,
            },
        },
        "registrations": {"enabled": false, "approval_required": false},
    }))
}

/// Publishes, or answers again what the same key published before.
fn publish(simulator: &Simulator, account: &str, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refused> {
    let new = read(headers, body).ok_or(Refused::Invalid("The request could not be read"))?;
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let at = simulator.moment();
    let mut world = simulator.world();
    let name: Arc<str> = world.names.get(account);
    if let Some(post) = key.and_then(|key| world.posts.made_with(&name, key, at.machine)) {
        return Ok(posted(simulator, post));
    }
    let visibility = check(&new)?;
    let in_reply_to = new.in_reply_to_id.as_ref().and_then(id);
    if in_reply_to.as_deref().is_some_and(|id| world.posts.get(id).is_none()) {
        return Err(Refused::NoParent);
    }
    let (channel, language) = (Channel::Mastodon, new.language.as_deref().filter(|language| !language.is_empty()));
    let post = world.publish(Draft { channel, account, text: &new.status, language, in_reply_to, visibility }, at);
    if let Some(key) = key {
        world.posts.remember(&name, key, at.machine);
    }
    Ok(posted(simulator, &post))
}

/// The visibility, once everything else is right.
fn check(new: &NewStatus) -> Result<&'static str, Refused> {
    if new.status.trim().is_empty() {
        return Err(Refused::Invalid("Text can't be blank"));
    }
    if length::of(&new.spoiler_text) + length::of(&new.status) > MAX_CHARACTERS {
        return Err(Refused::Invalid("Text character limit of 500 exceeded"));
    }
    let asked = new.visibility.as_deref().filter(|visibility| !visibility.is_empty()).unwrap_or("public");
    let known = VISIBILITIES.into_iter().find(|visibility| *visibility == asked);
    known.ok_or(Refused::Invalid("Visibility is not included in the list"))
}

fn read(headers: &HeaderMap, body: &[u8]) -> Option<NewStatus> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") {
        return serde_json::from_slice(body).ok();
    }
    serde_urlencoded::from_bytes(body).ok()
}

/// Ids are strings, but numbers are taken too, as Mastodon takes them.
fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()).filter(|id| !id.is_empty()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn sign_in(simulator: &Simulator, headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let account = simulator.settings().mastodon_tokens.get(token.trim())?;
    scheme.eq_ignore_ascii_case("bearer").then(|| account.clone())
}

fn posted(simulator: &Simulator, post: &Post) -> Response {
    Json(view::status(simulator, post)).into_response()
}

fn api(account: &str) -> Api<'_> {
    Api { channel: Channel::Mastodon, account: Some(account), too_many, broken }
}

fn failure(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({"error": error}))).into_response()
}

fn not_found() -> Response {
    failure(StatusCode::NOT_FOUND, "Record not found")
}

fn unauthorised() -> Response {
    failure(StatusCode::UNAUTHORIZED, "The access token is invalid")
}

fn broken() -> Response {
    failure(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong")
}

fn too_many() -> Response {
    let mut response = failure(StatusCode::TOO_MANY_REQUESTS, "Too many requests");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
