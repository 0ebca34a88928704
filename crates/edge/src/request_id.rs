//! Numbers each request, so that what a person reads on an error page finds its line in the log.

use axum::extract::FromRequestParts;
use domain::Env;
use http::request::Parts;

/// Sixteen letters that name one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// A new one. What a client sends as its own id is ignored: it would let a stranger write into the log.
    pub(crate) fn new(env: &Env) -> Self {
        Self(
            env.bytes::<8>()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self(String::new())))
    }
}
