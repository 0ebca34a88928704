//! Numbers each request, so that what a person reads on an error page finds its line in the log.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::FromRequestParts;
use domain::Env;
use http::request::Parts;

/// Sixteen letters that name one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

/// Makes request ids without a lock: a counter that begins at random, stirred so that neighbours look different.
pub(crate) struct RequestIds(AtomicU64);

impl RequestIds {
    pub(crate) fn new(env: &Env) -> Self {
        Self(AtomicU64::new(u64::from_le_bytes(env.bytes())))
    }

    /// A new one. What a client sends as its own id is ignored: it would let a stranger write into the log.
    pub(crate) fn next(&self) -> RequestId {
        // The finishing step of SplitMix64, which maps different counters to different numbers.
        let mut n = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        RequestId(format!("{:016x}", n ^ (n >> 31)))
    }
}

impl RequestId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self(String::new())))
    }
}
