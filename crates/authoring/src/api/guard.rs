//! Who calls the API, what their token may be used for, and which key makes a repeated call harmless.

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Kind;
use edge::{Failure, Problem};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::Authoring;
use crate::accounts::{Scope, actor};
use crate::caller::{Caller, Once};
use crate::error::ActionError;

/// The longest idempotency key that is taken.
const LONGEST_KEY: usize = 200;

/// Lets a request through with its [`Caller`], or not at all.
pub(crate) async fn guard(
    State((authoring, scope)): State<(Authoring, Scope)>,
    request: Request,
    next: Next,
) -> Response {
    match admitted(&authoring, scope, request).await {
        Ok(request) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

async fn admitted(authoring: &Authoring, scope: Scope, request: Request) -> Result<Request, Failure> {
    let token = bearer(request.headers()).ok_or_else(Failure::unauthenticated)?;
    let account = authoring.token_holder(token, scope).await?;
    let mut caller = Caller::from(actor(&account));
    let (mut parts, body) = request.into_parts();
    let bytes = bytes_of(Request::from_parts(parts.clone(), body)).await?;
    // Also a call that needs no body is not done for whoever sends rubbish with it.
    if !is_blank(&bytes) && !is_json(&bytes) {
        return Err(Failure::new(Kind::Invalid, "json"));
    }
    if let Some(key) = idempotency_key(&parts)? {
        caller.once = Some(Once::new(&key, parts.uri.path(), &bytes));
    }
    parts.extensions.insert(caller);
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// A description may be read without a token, but a wrong token is wrong everywhere.
pub(crate) async fn anyone(authoring: &Authoring, headers: &HeaderMap) -> Result<(), Failure> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    let token = bearer(headers).ok_or_else(Failure::unauthenticated)?;
    match authoring.token_holder(token, Scope::IncidentsRead).await {
        Err(ActionError::Forbidden(_)) | Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()).filter(|token| !token.is_empty())
}

fn idempotency_key(parts: &Parts) -> Result<Option<String>, Failure> {
    let Some(value) = parts.headers.get("idempotency-key").filter(|_| parts.method == Method::POST) else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Failure::invalid(vec![Problem::new("Idempotency-Key", "unusable")]));
    }
    Ok(Some(format!("api:{key}")))
}

async fn bytes_of(request: Request) -> Result<Bytes, Failure> {
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Failure::new(Kind::Invalid, "too-large")
        }
        _ => Failure::new(Kind::Invalid, "body"),
    })
}

/// The letters are looked at first, because the library skips over strings without reading them.
fn is_json(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Failure::unauthenticated)
    }
}

/// A JSON body; an empty one is null, since many calls need none.
pub(crate) struct Given(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for Given {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let bytes = bytes_of(request).await?;
        if is_blank(&bytes) {
            return Ok(Self(Value::Null));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|_| Failure::new(Kind::Invalid, "json"))
    }
}
