//! Listens and serves until told to stop: with a time limit for slow clients, a limit of connections, and an end that
//! finishes the work in hand.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Served;

/// What HTTP/2 clients send first (RFC 9113, 3.4).
const HTTP2_PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The longest head of a request over HTTP/1, and how much of a connection is read ahead. The library would take many
/// times that from each of the connections that anybody may open.
const LONGEST_HEAD: usize = 64 * 1024;

/// How long to wait before asking the system for a connection again after it refused one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long to wait for more of a beginning that may still become HTTP/2.
const PEEK_PAUSE: Duration = Duration::from_millis(5);

/// How much one listener takes on.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A client must send its request's head within this time; an idle connection is closed after it.
    pub head: Duration,
    /// Open connections; more wait in the system's queue.
    pub connections: usize,
    /// How long requests in hand may take after the signal to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(30), connections: 16_384, drain: Duration::from_secs(20) }
    }
}

/// Opens a listener.
///
/// # Errors
/// When the address is taken or not ours; the message names it.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listening = TcpListener::bind(address).await;
    listening.map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")))
}

/// Serves a router until `stop`, then lets requests in hand finish, at most for `limits.drain`.
pub async fn serve(listener: TcpListener, served: impl Into<Served>, stop: CancellationToken, limits: Limits) {
    let server = Arc::new(Server { served: served.into(), http1: http1(limits), http2: http2(limits), stop, limits });
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let room = Arc::new(Semaphore::new(limits.connections));
    while let Some((stream, peer, permit)) = server.next_connection(&listener, &room).await {
        let (server, watcher) = (Arc::clone(&server), graceful.watcher());
        connections.spawn(async move {
            server.converse(stream, peer, watcher).await;
            drop(permit);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(connections = connections.len(), "connections were cut at the deadline");
    }
    connections.shutdown().await;
}

struct Server {
    served: Served,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
    stop: CancellationToken,
    limits: Limits,
}

impl Server {
    /// The next client, as soon as there is room for it; `None` after the signal to stop.
    async fn next_connection(
        &self,
        listener: &TcpListener,
        room: &Arc<Semaphore>,
    ) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        let accept = async {
            let permit = Arc::clone(room).acquire_owned().await.ok()?;
            loop {
                match listener.accept().await {
                    Ok((stream, peer)) => return Some((stream, peer, permit)),
                    Err(error) => {
                        // Out of file handles: trying again at once would only burn the processor.
                        tracing::warn!(%error, "could not accept a connection");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            next = accept => next,
        }
    }

    /// One connection, from its first byte to its last.
    async fn converse(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        // Answers are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let version = tokio::select! {
            version = tokio::time::timeout(self.limits.head, spoken_version(&stream)) => version.ok().flatten(),
            () = self.stop.cancelled() => None,
        };
        let service = service_fn(|request| self.served.answer(request, peer));
        let stream = TokioIo::new(stream);
        // Clients hang up all the time; what a request did is logged where it was handled.
        let _ = match version {
            None => return,
            Some(Version::Http1) => watcher.watch(self.http1.serve_connection(stream, service)).await,
            Some(Version::Http2) => watcher.watch(self.http2.serve_connection(stream, service)).await,
        };
    }
}

enum Version {
    Http1,
    Http2,
}

/// Looks at the first bytes without taking them. The library could do this, but without a time limit.
async fn spoken_version(stream: &TcpStream) -> Option<Version> {
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

fn http1(limits: Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(LONGEST_HEAD);
    builder
}

fn http2(limits: Limits) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.head)
        .keep_alive_timeout(limits.head)
        .max_concurrent_streams(128)
        .max_header_list_size(16 * 1024);
    builder
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Bytes;
    use axum::routing::get;
    use http::Response;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_util::task::TaskTracker;

    use super::*;

    async fn started(limits: Limits) -> (SocketAddr, CancellationToken, TaskTracker) {
        let slow = get(|| async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            "slow"
        });
        let router = Router::new().route("/", get(|| async { "hello" })).route("/slow", slow);
        let ready =
            |_: &_, uri: &http::Uri, _: &_| (uri.path() == "/ready").then(|| Response::new(Bytes::from("made")));
        let served = Served::with_shortcut(router, Arc::new(ready));
        let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let (address, stop, tasks) = (listener.local_addr().unwrap(), CancellationToken::new(), TaskTracker::new());
        tasks.spawn(serve(listener, served, stop.clone(), limits));
        tasks.close();
        (address, stop, tasks)
    }

    async fn say(address: SocketAddr, words: impl Into<String>) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(words.into().as_bytes()).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[tokio::test]
    async fn a_head_without_end_is_not_kept() {
        let (address, _stop, _) = started(Limits::default()).await;
        let head = |length: usize| {
            format!("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-long: {}\r\n\r\n", "a".repeat(length))
        };
        assert!(say(address, head(LONGEST_HEAD / 2)).await.starts_with("HTTP/1.1 200"));
        // The limit is looked at between reads, and one read may take as much again.
        assert!(!say(address, head(4 * LONGEST_HEAD)).await.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn a_request_in_hand_is_finished_after_the_signal() {
        let (address, stop, tasks) = started(Limits::default()).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        tokio::time::sleep(Duration::from_millis(30)).await;
        stop.cancel();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("slow"), "{answer}");
        tokio::time::timeout(Duration::from_secs(5), tasks.wait()).await.expect("the server ends");
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn what_is_ready_made_takes_the_shortcut_and_all_else_the_router() {
        let (address, ..) = started(Limits::default()).await;
        let ask = |path| say(address, format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        for (path, expected) in [("/ready", "made"), ("/", "hello")] {
            let answer = ask(path).await;
            assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(expected), "{path}: {answer}");
        }
    }

    #[tokio::test]
    async fn a_client_that_says_nothing_whole_is_hung_up_on() {
        let limits = Limits { head: Duration::from_millis(50), ..Limits::default() };
        let (address, ..) = started(limits).await;
        for words in ["", "PRI", "GET / HTTP/1.1\r\nhost"] {
            let answer = tokio::time::timeout(Duration::from_secs(5), say(address, words)).await;
            assert!(!answer.expect("the server hangs up").contains("200"), "{words}");
        }
    }

    #[tokio::test]
    async fn http2_is_spoken_to_who_speaks_it() {
        let (address, ..) = started(Limits::default()).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let (first, rest) = HTTP2_PREFACE.split_at(10);
        stream.write_all(first).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        stream.write_all(rest).await.unwrap();
        stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(head[3], 4, "the answer is a SETTINGS frame");
    }

    #[tokio::test]
    async fn an_idle_connection_does_not_hold_up_the_end() {
        let (address, stop, tasks) = started(Limits::default()).await;
        let _idle = TcpStream::connect(address).await.unwrap();
        tokio::time::sleep(Duration::from_millis(30)).await;
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), tasks.wait()).await.expect("the server ends");
    }
}
