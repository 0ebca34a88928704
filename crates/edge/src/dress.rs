//! The outermost layer of every server: names the request, guards it, and dresses what went wrong for its reader.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::{Env, Kind, Language};
use futures_util::FutureExt;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use render::{PublicFrame, Renderer};
use tracing::Instrument;

use crate::error_page::{Reader, describe, is_for_programs};
use crate::extract::has_type;
use crate::failure::Answer;
use crate::headers::{complete, security_headers};
use crate::request_id::RequestIds;
use crate::{ClientAddress, Failure, ReaderLanguage, TrustedProxies, asked_language, path_language, too_large};

/// The cookie that keeps the language that a member of staff chose.
pub(crate) const LANGUAGE_COOKIE: &str = "language";

/// For whom a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// Everybody: pages may be cached and framed by nobody.
    Public,
    /// Staff (and the simulator's onlookers): nothing is cached or indexed; scripts from the own host are allowed.
    Staff,
    /// Other programs: problem documents only.
    Machine,
}

/// Draws the frame of an error page for a path in a language.
type FrameOf = dyn Fn(&str, Language) -> PublicFrame + Send + Sync;

/// How a server is dressed.
#[derive(Clone)]
pub struct Dressing {
    renderer: Renderer,
    env: Env,
    surface: Surface,
    https: bool,
    proxies: TrustedProxies,
    timeout: Duration,
    body_limit: usize,
    frame_of: Arc<FrameOf>,
}

impl Dressing {
    /// For a surface, with 30 seconds per request and 256 KiB per body.
    #[must_use]
    pub fn new(renderer: Renderer, env: Env, surface: Surface) -> Self {
        Self {
            renderer,
            env,
            surface,
            https: false,
            proxies: TrustedProxies::default(),
            timeout: Duration::from_secs(30),
            body_limit: 256 * 1024,
            frame_of: Arc::new(|_, language| PublicFrame::bare(language)),
        }
    }

    /// Whether readers come over TLS: then browsers are told to insist on it.
    #[must_use]
    pub fn https(mut self, https: bool) -> Self {
        self.https = https;
        self
    }

    /// The proxies that may say where a request comes from.
    #[must_use]
    pub fn proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// How long a handler may take to begin its answer.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The largest body in bytes. What says beforehand that it is larger is refused, whatever the route.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The frame of public error pages, so that they keep the site's navigation.
    #[must_use]
    pub fn error_frame(mut self, frame_of: impl Fn(&str, Language) -> PublicFrame + Send + Sync + 'static) -> Self {
        self.frame_of = Arc::new(frame_of);
        self
    }
}

/// Puts the layer around a finished router; call it last, since it covers only what is already there.
pub fn dress(router: Router, dressing: Dressing) -> Router {
    let headers = security_headers(dressing.surface, &dressing.renderer, dressing.https);
    let limit = DefaultBodyLimit::max(dressing.body_limit);
    let ids = RequestIds::new(&dressing.env);
    let wardrobe = Arc::new(Wardrobe { dressing, headers, ids });
    router.layer(limit).layer(from_fn_with_state(wardrobe, attend))
}

struct Wardrobe {
    dressing: Dressing,
    headers: HeaderMap,
    ids: RequestIds,
}

/// One request from outside to inside and back.
async fn attend(State(wardrobe): State<Arc<Wardrobe>>, mut request: Request, next: Next) -> Response {
    let dressing = &wardrobe.dressing;
    let id = wardrobe.ids.next();
    let client = ClientAddress::find(request.extensions(), request.headers(), &dressing.proxies);
    let language = language_of(&request, dressing);
    let reader = Reader {
        id: id.clone(),
        language,
        path: request.uri().path().to_owned(),
        wants_json: wants_json(&request, dressing),
    };
    // The path itself may hold a personal link; the pattern that it matched does not.
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let span =
        tracing::info_span!("request", request.id = id.as_str(), http.method = %request.method(), http.route = route);
    let extensions = request.extensions_mut();
    extensions.insert(id.clone());
    extensions.insert(client);
    extensions.insert(ReaderLanguage(language));

    let mut response = match too_large::announced(request.headers(), dressing.body_limit) {
        Some(length) => {
            too_large::read_away(request, length).await;
            span.in_scope(|| Failure::new(Kind::Invalid, "too-large").into_response())
        }
        None => guarded(next.run(request), dressing.timeout).instrument(span.clone()).await,
    };
    if let Some(answer) = undressed(&mut response) {
        response = span.in_scope(|| dressed(response, &answer, dressing, &reader));
    }
    let id = HeaderValue::from_str(id.as_str()).expect("request ids are hexadecimal");
    response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    complete(&mut response, &wardrobe.headers);
    response
}

/// A handler that panics or takes too long fails alone.
async fn guarded(answer: impl Future<Output = Response>, timeout: Duration) -> Response {
    match tokio::time::timeout(timeout, AssertUnwindSafe(answer).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Failure::new(Kind::Broken, "broken").because("the handler panicked").into_response(),
        Err(_) => Failure::new(Kind::Unavailable, "timeout").because("the handler took too long").into_response(),
    }
}

/// What still has to be said in a person's or program's words: a failure of ours, or the plain text of axum.
fn undressed(response: &mut Response) -> Option<Answer> {
    if let Some(answer) = response.extensions_mut().remove::<Answer>() {
        return Some(answer);
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let is_plain =
        !response.headers().contains_key(CONTENT_TYPE) || has_type(response.headers(), CONTENT_TYPE, "text/plain");
    (is_error && is_plain).then(|| Answer::of_status(status))
}

/// Keeps the status and what headers say beyond the body (`Allow`, `Set-Cookie`, `WWW-Authenticate`).
fn dressed(bare: Response, answer: &Answer, dressing: &Dressing, reader: &Reader) -> Response {
    let status = bare.status();
    let frame = || (dressing.frame_of)(&reader.path, reader.language);
    let mut response = describe(answer, status, (&dressing.renderer, dressing.surface), reader, frame);
    for (name, value) in bare.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            response.headers_mut().append(name, value.clone());
        }
    }
    *response.status_mut() = status;
    response
}

fn language_of(request: &Request, dressing: &Dressing) -> Language {
    let languages = &dressing.renderer.settings().languages;
    let chosen = || {
        let names = [LANGUAGE_COOKIE.to_owned(), format!("__Host-{LANGUAGE_COOKIE}")];
        (dressing.surface == Surface::Staff).then(|| cookie_language(request.headers(), &names)).flatten()
    };
    let path = request.uri().path();
    path_language(path)
        .or_else(chosen)
        .filter(|language| languages.contains(language))
        .unwrap_or_else(|| asked_language(path, request.headers(), languages))
}

fn cookie_language(headers: &HeaderMap, names: &[String]) -> Option<Language> {
    let cookies = headers.get_all(http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| names.iter().any(|own| own == name))
        .and_then(|(_, value)| value.parse().ok())
}

fn wants_json(request: &Request, dressing: &Dressing) -> bool {
    dressing.surface == Surface::Machine || is_for_programs(request.uri().path())
}
