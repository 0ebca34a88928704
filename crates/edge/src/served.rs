//! What a listener serves: a router, and before it a shortcut to answers that are ready made.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body_util::{Either, Full};
use hyper::body::{Frame, Incoming, SizeHint};
use tower::ServiceExt;

use crate::client_address::PeerAddress;
use crate::serve::{InHand, Seat};

/// What a plain question depends on: the path without its query, and two headers, each said once at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ask<'a> {
    /// The path.
    pub path: &'a str,
    /// The value of `Accept-Encoding`.
    pub accept_encoding: Option<&'a [u8]>,
    /// The value of `If-None-Match`.
    pub if_none_match: Option<&'a [u8]>,
}

/// Answers at once where it can, and leaves every other request to the router. It must neither wait nor compute: on the
/// day of a great incident nearly all requests end here, and what a router does for each of them is then most of the
/// work. Both ways say the same.
pub trait Shortcut: Send + Sync {
    /// The answer to a request in any version of HTTP.
    fn response(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response<Bytes>>;

    /// The answer to a plain `GET` over HTTP/1.1: adds its status line and its headers to `head`, each with its line
    /// end, apart from the date and the empty line; gives back its content.
    fn plain(&self, ask: &Ask<'_>, head: &mut Vec<u8>) -> Option<Bytes>;
}

/// What a request gets.
pub(crate) type Answer = Response<Either<Full<Bytes>, Body>>;

/// A router, with or without a shortcut before it. Cheap to clone.
#[derive(Clone)]
pub struct Served {
    router: Router,
    shortcut: Option<Arc<dyn Shortcut>>,
}

impl From<Router> for Served {
    fn from(router: Router) -> Self {
        Self { router, shortcut: None }
    }
}

impl Served {
    /// Puts a shortcut before a router.
    #[must_use]
    pub fn with_shortcut(router: Router, shortcut: Arc<dyn Shortcut>) -> Self {
        Self { router, shortcut: Some(shortcut) }
    }

    /// What is there before the router.
    pub(crate) fn shortcut(&self) -> Option<&dyn Shortcut> {
        self.shortcut.as_deref()
    }

    /// The answer to a request of this client, which is noted at its seat. The shortcut is taken before the future is
    /// made.
    pub(crate) fn answer(
        &self,
        mut request: Request<Incoming>,
        peer: SocketAddr,
        seat: &Arc<Seat>,
    ) -> impl Future<Output = Result<Answer, Infallible>> + use<> {
        let at_once = |shortcut: &dyn Shortcut| shortcut.response(request.method(), request.uri(), request.headers());
        let response = match self.shortcut().and_then(at_once) {
            Some(response) => {
                seat.was_answered();
                Ok(response)
            }
            None => Err((self.router.clone(), seat.has_asked())),
        };
        async move {
            let (router, in_hand) = match response {
                Ok(response) => return Ok(response.map(|bytes| Either::Left(Full::new(bytes)))),
                Err(slow) => slow,
            };
            request.extensions_mut().insert(PeerAddress(peer));
            let response = router.oneshot(request.map(Body::new)).await?;
            Ok(response.map(|body| Either::Right(Body::new(Attended { body, _in_hand: in_hand }))))
        }
    }
}

/// The body of an answer, whose request is in hand until the last of it was given.
struct Attended {
    body: Body,
    _in_hand: InHand,
}

impl HttpBody for Attended {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl std::fmt::Debug for Served {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Served").field("shortcut", &self.shortcut.is_some()).finish_non_exhaustive()
    }
}
