//! Extractors whose refusals are failures of ours: a form or a JSON body into a typed command.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use domain::Kind;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, StatusCode};
use render::Problem;
use serde::de::DeserializeOwned;

use crate::{Failure, RawForm};

/// A posted form as a type; a `Vec` field takes a repeated name.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

/// A JSON body as a type.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !has_type(request.headers(), CONTENT_TYPE, "application/x-www-form-urlencoded") {
            return Err(Failure::new(Kind::Invalid, "content-type"));
        }
        let (parts, body) = request.into_parts();
        let body = body_of(Request::from_parts(parts.clone(), body), state).await?;
        // The library mends broken UTF-8 in silence; we refuse it.
        RawForm::parse(&body)?;
        let request = Request::from_parts(parts, body.into());
        let form = axum_extra::extract::Form::<T>::from_request(request, state).await;
        form.map(|form| Self(form.0)).map_err(|_| Failure::new(Kind::Invalid, "form"))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !has_type(request.headers(), CONTENT_TYPE, "application/json") {
            return Err(Failure::new(Kind::Invalid, "content-type"));
        }
        let body = body_of(request, state).await?;
        serde_json::from_slice(&body).map(Self).map_err(|error| {
            // The parser's words help whoever wrote the call; they go to the caller alone, never to the log.
            Failure::new(Kind::Invalid, "json").problem(Problem::new("", "json").with("detail", error.to_string()))
        })
    }
}

/// The body within the limit of its route.
pub(crate) async fn body_of<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Failure> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Failure::new(Kind::Invalid, "too-large")
        }
        _ => Failure::new(Kind::Invalid, "body"),
    })
}

/// Whether a header names this media type, whatever its parameters. `application/*+json` counts as JSON.
pub(crate) fn has_type(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    let Some(value) = headers.get(name).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == wanted || (wanted == "application/json" && essence.ends_with("+json"))
}
