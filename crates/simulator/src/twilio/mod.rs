//! The Twilio-compatible Messages API: sign in, check, accept, look up.

mod messages;
mod order;
mod refusal;
pub(crate) mod signature;
pub(crate) mod twiml;
mod view;

use axum::Router;
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};

use crate::Simulator;
use refusal::Refusal;

pub(crate) use order::is_e164;

pub(crate) fn router() -> Router<Simulator> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Messages.json", post(messages::create).get(messages::list))
        .route("/2010-04-01/Accounts/{account}/Messages/{file}", get(messages::show))
}

/// Whether the request is signed in as `account`.
fn sign_in(simulator: &Simulator, account: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    let (user, password) = basic(headers).ok_or(Refusal::UNAUTHENTICATED)?;
    if simulator.settings().token_of(&user) != Some(password.as_str()) {
        return Err(Refusal::UNAUTHENTICATED);
    }
    if user == account { Ok(()) } else { Err(Refusal::NOT_FOUND) }
}

/// User and password of `Authorization: Basic`.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
