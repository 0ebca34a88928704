//! The two versions of HTTP with the limits that keep one client from taking what others need.

use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpStream;

/// What HTTP/2 clients send first (RFC 9113, 3.4).
pub(crate) const HTTP2_PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The name of HTTP/2 while TLS is agreed on (RFC 9113, 3.2).
pub(crate) const HTTP2_NAME: &[u8] = b"h2";

/// The longest head of a request over HTTP/1, and how much of a connection is read ahead. The library would take many
/// times that from each of the connections that anybody may open.
pub(crate) const LONGEST_HEAD: usize = 64 * 1024;

/// The same over HTTP/2, counted after decompression.
const LONGEST_HEADER_LIST: u32 = 16 * 1024;

/// Requests that a client may have under way over one connection.
const MOST_STREAMS: u32 = 128;

/// How many requests may be taken back before they were looked at. A client that goes on is hung up on ("rapid reset",
/// CVE-2023-44487).
const MOST_EARLY_RESETS: usize = 20;

/// How many streams may break the protocol before the connection does.
const MOST_BROKEN_STREAMS: usize = 256;

/// How much of a body comes before somebody reads it, per stream and for all of them: what the protocol starts with
/// (RFC 9113, 6.9.2). The library would keep a megabyte for each connection.
const WINDOW: u32 = 65_535;

/// How much of an answer waits for a slow reader.
const WAITING_ANSWER: usize = 64 * 1024;

/// How long to wait for more of a beginning that may still become HTTP/2.
const PEEK_PAUSE: Duration = Duration::from_millis(5);

/// Which HTTP a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Http1,
    Http2,
}

/// Looks at the first bytes without taking them; `None` when there are none.
pub(crate) async fn spoken_version(stream: &TcpStream) -> Option<Version> {
    let mut start = [0; HTTP2_PREFACE.len()];
    loop {
        let seen = stream.peek(&mut start).await.ok().filter(|seen| *seen > 0)?;
        if start[..seen] != HTTP2_PREFACE[..seen] {
            return Some(Version::Http1);
        }
        if seen == HTTP2_PREFACE.len() {
            return Some(Version::Http2);
        }
        tokio::time::sleep(PEEK_PAUSE).await;
    }
}

/// No timers of the library: it makes one for each request, and the listener has one clock for all.
pub(crate) fn http1() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(LONGEST_HEAD);
    builder
}

pub(crate) fn http2() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(LONGEST_HEADER_LIST)
        .max_pending_accept_reset_streams(MOST_EARLY_RESETS)
        .max_local_error_reset_streams(MOST_BROKEN_STREAMS)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .max_send_buf_size(WAITING_ANSWER);
    builder
}
