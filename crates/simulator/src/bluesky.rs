//! The Bluesky-compatible API: a session, and posts as records that may be put twice and are there once.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

use crate::Simulator;
use crate::faults::Channel;
use crate::posts::Draft;
use crate::trouble::{self, Api};
use crate::world::digest;

const MAX_GRAPHEMES: usize = 300;
const MAX_BYTES: usize = 3000;
const COLLECTION: &str = "app.bsky.feed.post";

pub(crate) fn router() -> Router<Simulator> {
    Router::new()
        .route("/xrpc/com.atproto.server.createSession", post(create_session))
        .route("/xrpc/com.atproto.server.refreshSession", post(refresh_session))
        .route("/xrpc/com.atproto.repo.putRecord", post(put_record))
}

#[derive(Deserialize)]
struct Credentials {
    identifier: String,
    password: String,
}

#[derive(Deserialize)]
struct Put {
    repo: String,
    collection: String,
    rkey: String,
    record: Value,
}

/// What a post record says, as far as the simulator checks it.
#[derive(Deserialize)]
struct Record {
    text: String,
    #[serde(rename = "createdAt")]
    _created_at: chrono::DateTime<chrono::Utc>,
    #[serde(default)]
    langs: Vec<String>,
    reply: Option<Value>,
}

async fn create_session(State(simulator): State<Simulator>, Json(credentials): Json<Credentials>) -> Response {
    let known = simulator.settings().bluesky_passwords.get(&credentials.identifier);
    if known != Some(&credentials.password) {
        return failure(StatusCode::UNAUTHORIZED, "AuthenticationRequired", "Invalid identifier or password");
    }
    session(&simulator, &credentials.identifier)
}

async fn refresh_session(State(simulator): State<Simulator>, headers: HeaderMap) -> Response {
    match signed_in(&simulator, &headers, "refresh") {
        Some(handle) => session(&simulator, &handle),
        None => invalid_token(),
    }
}

async fn put_record(State(simulator): State<Simulator>, headers: HeaderMap, Json(put): Json<Put>) -> Response {
    let Some(handle) = signed_in(&simulator, &headers, "access") else { return invalid_token() };
    let api = Api { channel: Channel::Bluesky, account: Some(&handle), too_many, broken };
    trouble::meet(&simulator, &api, || {
        put_post(&simulator, &handle, &put).unwrap_or_else(|problem| {
            simulator.world().ledger.rejected(Channel::Bluesky);
            failure(StatusCode::BAD_REQUEST, "InvalidRequest", problem)
        })
    })
    .await
}

/// Puts the record; the same record under the same key again changes nothing.
fn put_post(simulator: &Simulator, handle: &str, put: &Put) -> Result<Response, &'static str> {
    if (put.repo.as_str() != did(handle) && put.repo != handle) || put.rkey.is_empty() || put.rkey.len() > 512 {
        return Err("Invalid repo or rkey");
    }
    let json = put.record.to_string();
    let answer = json!({
        "uri": format!("at://{}/{}/{}", did(handle), put.collection, put.rkey),
        "cid": format!("bafyrei{:016x}", digest([json.as_str()])),
        "validationStatus": "valid",
    });
    // Threadgates and the like are records that nobody reads here.
    if put.collection != COLLECTION {
        return Ok(Json(answer).into_response());
    }
    let record: Record = serde_json::from_value(put.record.clone()).map_err(|_| "Invalid app.bsky.feed.post record")?;
    if record.text.len() > MAX_BYTES || record.text.graphemes(true).count() > MAX_GRAPHEMES {
        return Err("Record/text must not be longer than 300 graphemes");
    }
    let at = simulator.moment();
    let mut world = simulator.world();
    let account: Arc<str> = world.names.get(handle);
    let is_repeat =
        world.posts.made_with(&account, &put.rkey, at.machine).is_some_and(|post| *post.text == *record.text);
    if !is_repeat {
        let in_reply_to = record.reply.as_ref().and_then(|reply| reply.pointer("/parent/uri")?.as_str());
        let draft = Draft {
            channel: Channel::Bluesky,
            account: handle,
            text: &record.text,
            language: record.langs.first().map(String::as_str),
            in_reply_to: in_reply_to.map(str::to_owned),
            visibility: "public",
        };
        world.publish(draft, at);
        world.posts.remember(&account, &put.rkey, at.machine);
    }
    Ok(Json(answer).into_response())
}

fn session(simulator: &Simulator, handle: &str) -> Response {
    let password = simulator.settings().bluesky_passwords.get(handle).map_or("", String::as_str);
    Json(json!({
        "accessJwt": token("access", handle, password),
        "refreshJwt": token("refresh", handle, password),
        "handle": handle,
        "did": did(handle),
        "didDoc": {"id": did(handle), "service": [{
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": simulator.settings().public_url,
        }]},
        "active": true,
    }))
    .into_response()
}

fn signed_in(simulator: &Simulator, headers: &HeaderMap, kind: &str) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let given = value.strip_prefix("Bearer ")?;
    let mut accounts = simulator.settings().bluesky_passwords.iter();
    accounts.find(|(handle, password)| token(kind, handle, password) == given).map(|(handle, _)| handle.clone())
}

fn token(kind: &str, handle: &str, password: &str) -> String {
    format!("{kind}.{handle}.{:016x}", digest([kind, handle, password]))
}

fn did(handle: &str) -> String {
    format!("did:plc:{:016x}", digest([handle]))
}

fn failure(status: StatusCode, error: &str, message: &str) -> Response {
    (status, Json(json!({"error": error, "message": message}))).into_response()
}

fn invalid_token() -> Response {
    failure(StatusCode::UNAUTHORIZED, "InvalidToken", "Token could not be verified")
}

fn too_many() -> Response {
    failure(StatusCode::TOO_MANY_REQUESTS, "RateLimitExceeded", "Rate Limit Exceeded")
}

fn broken() -> Response {
    failure(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "Internal Server Error")
}
