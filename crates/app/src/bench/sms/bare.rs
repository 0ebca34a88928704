//! The limits: the same request again and again, by the library that speaks HTTP for us and without any.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, ensure};
use hyper::body::Body;
use hyper::client::conn::http1::handshake;
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::{AT_ONCE, TEXTS, finish, sink};

/// As an HTTP client without anything around it: hyper's connections, each with one request under way, made of a head
/// that lies ready and a body that is copied. No pool, no redirects, no time-outs, and nobody reads the answer.
///
/// # Errors
/// When the sink hangs up.
pub(super) async fn by_http(address: SocketAddr, request: Vec<u8>) -> anyhow::Result<f64> {
    let request = Arc::new(Parts::of(&request)?);
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for first in 0..AT_ONCE {
        senders.spawn(post_every(address, first, Arc::clone(&request)));
    }
    finish(senders, start).await
}

async fn post_every(address: SocketAddr, first: usize, parts: Arc<Parts>) -> anyhow::Result<()> {
    let (mut sender, connection) = handshake(TokioIo::new(connect(address).await?)).await?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    for _ in (first..TEXTS).step_by(AT_ONCE) {
        sender.ready().await?;
        let mut request = Request::post(parts.path.as_str()).body(parts.body.clone())?;
        *request.headers_mut() = parts.headers.clone();
        let response = sender.send_request(request).await?;
        ensure!(response.status().is_success(), "the sink refused a text");
        let mut body = response.into_body();
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            frame?;
        }
    }
    Ok(())
}

/// A request in its parts.
struct Parts {
    path: String,
    headers: HeaderMap,
    body: String,
}

impl Parts {
    fn of(request: &[u8]) -> anyhow::Result<Self> {
        let (head, body) = std::str::from_utf8(request)?.split_once("\r\n\r\n").context("a whole request")?;
        let mut lines = head.lines();
        let path = lines.next().and_then(|line| line.split(' ').nth(1)).context("a path")?.to_owned();
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            headers.insert(hyper::header::HeaderName::from_bytes(name.as_bytes())?, value.parse()?);
        }
        Ok(Self { path, headers, body: body.to_owned() })
    }
}

/// Below every client: a connection writes the bytes of the request and waits for as many bytes as the answer has.
/// Nothing is built and nothing is understood.
///
/// # Errors
/// When the sink hangs up.
pub(super) async fn by_sockets(address: SocketAddr, request: Vec<u8>) -> anyhow::Result<f64> {
    let (request, answer) = (Arc::new(request), sink::answer().len());
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for first in 0..AT_ONCE {
        let request = Arc::clone(&request);
        senders.spawn(async move {
            let mut stream = connect(address).await?;
            let mut bytes = vec![0; answer];
            for _ in (first..TEXTS).step_by(AT_ONCE) {
                stream.write_all(&request).await?;
                stream.read_exact(&mut bytes).await?;
            }
            Ok(())
        });
    }
    finish(senders, start).await
}

async fn connect(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_taken_apart() {
        let parts = Parts::of(b"POST /a/b HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\na=b").unwrap();
        assert_eq!(
            (parts.path.as_str(), parts.body.as_str(), &parts.headers["host"]),
            ("/a/b", "a=b", &"x".parse().unwrap())
        );
    }
}
