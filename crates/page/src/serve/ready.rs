//! The shortcut before the router, also for plain questions over HTTP/1.1: their answers lie ready as they travel, but
//! for the name of the edition, which all documents share, and for the date.

use std::sync::atomic::Ordering;

use axum::body::Bytes;
use axum::response::Response;
use edge::{Ask, Shortcut};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use super::locate::public;
use super::{at_once, negotiate, still_said};
use crate::Page;
use crate::edition::Encoded;
use crate::edition::document::EDITION;

/// What a page answers at once.
pub(crate) struct Ready(pub(crate) Page);

impl Shortcut for Ready {
    fn response(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response<Bytes>> {
        at_once(&self.0, method, uri.path(), headers)
    }

    fn plain(&self, ask: &Ask<'_>, head: &mut Vec<u8>) -> Option<Bytes> {
        let edition = self.0.shared.edition.load();
        let document = public(&edition, ask.path).filter(|document| document.status() == StatusCode::OK)?;
        let encoded = negotiate::choose(document, ask.accept_encoding.into_iter());
        let is_known = negotiate::is_known(&encoded.headers, ask.if_none_match.into_iter());
        self.0.shared.answers.fetch_add(1, Ordering::Relaxed);
        head.extend_from_slice(if is_known { unchanged(encoded) } else { whole(encoded) });
        head.extend_from_slice(b"x-edition: ");
        head.extend_from_slice(edition.id().as_bytes());
        head.extend_from_slice(b"\r\n");
        Some(if is_known { Bytes::new() } else { encoded.body.bytes() })
    }
}

fn whole(encoded: &Encoded) -> &[u8] {
    encoded.lines.whole.get_or_init(|| {
        let mut headers = encoded.headers.clone();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(encoded.body.len()));
        lines("200 OK", &headers)
    })
}

fn unchanged(encoded: &Encoded) -> &[u8] {
    encoded.lines.unchanged.get_or_init(|| lines("304 Not Modified", still_said(encoded)))
}

/// A head as HTTP/1.1 writes it, without the name of the edition and without its end.
fn lines(status: &str, headers: &HeaderMap) -> Box<[u8]> {
    let mut lines = format!("HTTP/1.1 {status}\r\n").into_bytes();
    for (name, value) in headers.iter().filter(|(name, _)| **name != EDITION) {
        lines.extend_from_slice(name.as_str().as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value.as_bytes());
        lines.extend_from_slice(b"\r\n");
    }
    lines.into()
}
