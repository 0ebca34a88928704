//! What two page processes say to each other when one of them follows the other: addresses, headers, and the seal that
//! shows that an answer is the leader's own and belongs to this very question.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Secret, seal};
use http::{HeaderMap, HeaderName, StatusCode};

/// Where a leader gives its edition.
pub(crate) const EDITION: &str = "/.well-known/hysbys/edition";
/// Where it gives the packs of its archive; a name follows.
pub(crate) const PACKS: &str = "/.well-known/hysbys/packs";

/// A word that was never used before: an answer to another question, or to one of yesterday, does not fit it.
pub(crate) const NONCE: HeaderName = HeaderName::from_static("hysbys-nonce");
/// The edition that whoever asks has.
pub(crate) const HAS: HeaderName = HeaderName::from_static("hysbys-has");
/// For how many seconds they would wait for a newer one.
pub(crate) const WAIT: HeaderName = HeaderName::from_static("hysbys-wait");
/// The edition that is meant in the answer.
pub(crate) const NAMED: HeaderName = HeaderName::from_static("hysbys-edition");
/// Up to when the leader knows that nothing is newer, in milliseconds since 1970 by the clock that people read.
pub(crate) const CONFIRMED: HeaderName = HeaderName::from_static("hysbys-confirmed");
/// The seal over all that.
pub(crate) const SEAL: HeaderName = HeaderName::from_static("hysbys-seal");

/// The longest wait of a question: a leader that ends must not be kept by it.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The largest edition that is taken, in bytes as it travels. One with many incidents told in full has a few millions.
pub(crate) const LARGEST_EDITION: usize = 128 << 20;

/// What whoever may follow says at the door. It travels over TLS only, and opens nothing but what is public anyway.
pub(crate) fn pass(secret: &Secret) -> String {
    seal::seal(secret, "hysbys-follow-pass-1", &[])
}

/// What a seal is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) nonce: &'a str,
    pub(crate) status: StatusCode,
    pub(crate) edition: &'a str,
    pub(crate) confirmed_ms: &'a str,
    /// The SHA-256 of the body.
    pub(crate) digest: [u8; 32],
}

impl Statement<'_> {
    pub(crate) fn sealed(&self, secret: &Secret) -> String {
        let status = self.status.as_u16().to_be_bytes();
        seal::seal(secret, PURPOSE, &self.parts(&status))
    }

    pub(crate) fn is_sealed(&self, secret: &Secret, claimed: &str) -> bool {
        let status = self.status.as_u16().to_be_bytes();
        seal::is_sealed(secret, PURPOSE, &self.parts(&status), claimed)
    }

    fn parts<'s>(&'s self, status: &'s [u8; 2]) -> [&'s [u8]; 5] {
        [self.nonce.as_bytes(), status, self.edition.as_bytes(), self.confirmed_ms.as_bytes(), &self.digest]
    }
}

const PURPOSE: &str = "hysbys-follow-answer-1";

/// Why nothing was heard.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WireError(pub String);

/// The way to a leader. Whoever implements it sees to TLS and to time-outs; an answer is believed for its seal alone.
#[async_trait]
pub trait Wire: Send + Sync {
    /// Asks for a path of the leader with these headers.
    ///
    /// # Errors
    /// When no answer begins in time.
    async fn get(&self, path: &str, headers: HeaderMap) -> Result<Box<dyn Reply>, WireError>;
}

/// An answer whose body is still to come.
#[async_trait]
pub trait Reply: Send {
    /// Its status.
    fn status(&self) -> StatusCode;

    /// Its headers.
    fn headers(&self) -> &HeaderMap;

    /// The next piece of the body; none at its end.
    ///
    /// # Errors
    /// When the connection breaks, or nothing more comes in time.
    async fn piece(&mut self) -> Result<Option<Bytes>, WireError>;
}

/// The whole body, unless it is larger than allowed.
pub(crate) async fn body_of(reply: &mut dyn Reply, most: usize) -> Result<Bytes, WireError> {
    let mut body = Vec::new();
    while let Some(piece) = reply.piece().await? {
        if body.len() + piece.len() > most {
            return Err(WireError(format!("the answer has more than {most} bytes")));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.into())
}
