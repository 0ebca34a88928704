//! The HTTP client of the channels: it always times out, follows no redirect and reads no endless answer.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Client, RequestBuilder, Response, redirect};
use url::Url;

use crate::ChannelProblem;

/// How long a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To have a connection, name look-up and TLS included.
    pub connect: Duration,
    /// From the start to the last byte of the answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: Duration::from_secs(10) }
    }
}

impl Timeouts {
    /// Three seconds to connect, and `seconds` in all.
    #[must_use]
    pub fn total_seconds(seconds: u32) -> Self {
        Self { total: Duration::from_secs(u64::from(seconds)), ..Self::default() }
    }
}

/// A client without surprises: no redirects (they would carry credentials elsewhere), no proxy from the environment.
///
/// # Errors
/// When the machine has no CA certificates.
pub fn client(timeouts: Timeouts) -> Result<Client, ChannelProblem> {
    Client::builder()
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .tcp_nodelay(true)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("hysbys/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| ChannelProblem::Tls(error.without_url().to_string()))
}

/// A URL below a base, each segment escaped.
pub(crate) fn below(base: &str, segments: &[&str], key: &str) -> Result<Url, ChannelProblem> {
    let mut url = Url::parse(base).map_err(|_| ChannelProblem::setting(key, "is not a URL"))?;
    match url.path_segments_mut() {
        Ok(mut path) => path.pop_if_empty().extend(segments),
        Err(()) => return Err(ChannelProblem::setting(key, "is not a URL with a path")),
    };
    Ok(url)
}

/// A whole answer, its body cut to what was asked for.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    headers: HeaderMap,
}

impl Answer {
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// No connection: the provider saw nothing of it.
    NotSent,
    /// The request was on its way: the provider may have acted on it.
    Doubtful,
    /// The request could not even be built.
    Unbuildable,
}

/// Sends a request and reads at most `limit` bytes of the answer.
pub(crate) async fn fetch(request: RequestBuilder, limit: usize) -> Result<Answer, NoAnswer> {
    let mut response = request.send().await.map_err(|error| doubt_of(&error))?;
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let body = read_up_to(limit, response).await;
    Ok(Answer { status, body, headers })
}

pub(crate) fn doubt_of(error: &reqwest::Error) -> NoAnswer {
    if error.is_connect() {
        NoAnswer::NotSent
    } else if error.is_builder() {
        NoAnswer::Unbuildable
    } else {
        NoAnswer::Doubtful
    }
}

/// The status decides what happened; a body that breaks off only loses its detail.
async fn read_up_to(limit: usize, mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        let room = limit - body.len();
        body.extend_from_slice(&piece[..piece.len().min(room)]);
        if body.len() == limit {
            break;
        }
    }
    body
}

/// Whether the provider answers and takes our credentials. Any other refusal is fine: compatible providers do not all
/// know the address that is asked for.
pub(crate) async fn check(request: RequestBuilder) -> Result<(), ChannelProblem> {
    match fetch(request, 1024).await {
        Ok(answer) if matches!(answer.status, 401 | 403) => Err(ChannelProblem::Refused(i32::from(answer.status))),
        Ok(answer) if (300..400).contains(&answer.status) => Err(ChannelProblem::setting("base_url", "has moved")),
        Ok(answer) if answer.status >= 500 => Err(ChannelProblem::Unreachable(format!("HTTP {}", answer.status))),
        Ok(_) => Ok(()),
        Err(NoAnswer::NotSent) => Err(ChannelProblem::Unreachable("no connection".to_owned())),
        Err(NoAnswer::Doubtful) => Err(ChannelProblem::Unreachable("no answer in time".to_owned())),
        Err(NoAnswer::Unbuildable) => Err(ChannelProblem::setting("base_url", "cannot be used")),
    }
}
