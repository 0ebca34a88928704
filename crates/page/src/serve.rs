//! Answers from the edition: one look-up in a map, with headers that are ready made.

mod locate;
mod missing;
mod negotiate;
mod old;
mod ready;

use std::sync::atomic::Ordering;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{Language, Site};
use http::header::{self, HeaderName};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use self::locate::{Found, locate, public};
pub(crate) use self::missing::Problems;
use self::missing::missing;
use self::old::send_old;
pub(crate) use self::ready::Ready;
use crate::Page;
use crate::edition::document::{EDITION, Encodings, Nature};
use crate::edition::{Document, Edition, Encoded, MediaClass};
use crate::routes::Place;

/// What an edition has under exactly the asked address, in the form that it is kept in: nearly every request of a
/// reader. [`answer`] would say the same.
pub(crate) fn at_once(page: &Page, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response<Bytes>> {
    let edition = page.shared.edition.load();
    let document = public(&edition, path).filter(|_| method == Method::GET)?;
    let mut response = prepared(document, document.status(), headers);
    name_edition(response.headers_mut(), edition.id_header());
    page.shared.answers.fetch_add(1, Ordering::Relaxed);
    Some(response)
}

/// Fills the place that documents keep for it. Inserting would make room for one more first, which is as much work as
/// the rest of the answer.
fn name_edition(headers: &mut HeaderMap, edition: HeaderValue) {
    match headers.get_mut(EDITION) {
        Some(place) => *place = edition,
        None => _ = headers.insert(EDITION, edition),
    }
}

/// Answers every request that no other route takes.
pub(crate) async fn answer(State(page): State<Page>, request: Request) -> Response {
    let edition = page.edition();
    let (request, _) = request.into_parts();
    let mut response = match request.method {
        Method::GET => respond(&page, &edition, &request).await,
        Method::HEAD => without_body(respond(&page, &edition, &request).await),
        _ => {
            let mut response = missing(&page, &edition, &request, StatusCode::METHOD_NOT_ALLOWED);
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            response
        }
    };
    response.headers_mut().insert(EDITION, edition.id_header());
    response
}

async fn respond(page: &Page, edition: &Edition, request: &Parts) -> Response {
    let (path, site) = (request.uri.path(), &page.shared.site);
    match locate(edition, path) {
        Found::Document(document) => prepared(document, document.status(), &request.headers).map(Body::from),
        Found::Old(cold) => match send_old(page, (path, cold), &request.headers).await {
            Some(response) => response,
            None => missing(page, edition, request, StatusCode::SERVICE_UNAVAILABLE),
        },
        Found::Short(language, target) if site.languages.contains(&language) => {
            let document = elsewhere(target, &page.shared.press.common);
            prepared(&document, document.status(), &request.headers).map(Body::from)
        }
        Found::Newest(target) => {
            let document = elsewhere(target, &page.shared.press.common);
            open_to_programs(prepared(&document, document.status(), &request.headers).map(Body::from))
        }
        Found::Moved(path) => moved(&path),
        Found::Root => root(site, (&request.headers, &request.uri)),
        Found::Short(..) | Found::Nothing => missing(page, edition, request, StatusCode::NOT_FOUND),
    }
}

/// The answer of an address that only leads to another needs nothing but that.
fn elsewhere(target: String, common: &HeaderMap) -> Document {
    let nature = Nature { class: MediaClass::Redirect, language: None };
    Document::finish(nature, Default::default(), Encodings::plain(target), common)
}

/// A script of another site is led on only when this answer, too, says that it may read it.
fn open_to_programs(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    response
}

/// The answer with a document that belongs to no edition.
pub(crate) fn send(document: &Document, status: StatusCode, headers: &HeaderMap) -> Response<Bytes> {
    let mut response = prepared(document, status, headers);
    response.headers_mut().remove(EDITION);
    response
}

/// The document in the best encoding, or the news that it has not changed. The place for the edition is still empty.
fn prepared(document: &Document, status: StatusCode, headers: &HeaderMap) -> Response<Bytes> {
    let encoded = negotiate::choose(document, negotiate::accepts(headers));
    if status == StatusCode::OK && negotiate::is_known(&encoded.headers, negotiate::has(headers)) {
        return not_modified(encoded);
    }
    let is_elsewhere = document.status() == StatusCode::FOUND;
    let mut response = Response::new(if is_elsewhere { Bytes::new() } else { encoded.body.bytes() });
    *response.status_mut() = status;
    *response.headers_mut() = encoded.headers.clone();
    response
}

/// What a 304 says of the document: all that a cache needs, and nothing that it has kept with the content (RFC 9110,
/// 15.4.5). What other sites may do stands here for their own programs, which see the 304 itself.
const STILL_SAID: [HeaderName; 6] = [
    header::CACHE_CONTROL,
    header::ETAG,
    header::VARY,
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    HeaderName::from_static("cross-origin-resource-policy"),
    EDITION,
];

fn not_modified(encoded: &Encoded) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = still_said(encoded).clone();
    response
}

fn still_said(encoded: &Encoded) -> &HeaderMap {
    encoded.unchanged.get_or_init(|| {
        let said = STILL_SAID.into_iter().filter_map(|name| Some((name.clone(), encoded.headers.get(name)?.clone())));
        Box::new(said.collect())
    })
}

fn without_body(response: Response) -> Response {
    use axum::body::HttpBody as _;
    let (mut parts, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact()
        && parts.status != StatusCode::NOT_MODIFIED
    {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(parts, Body::empty())
}

/// An address that is written a little differently leads to the one that is right.
fn moved(path: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    if let Ok(target) = HeaderValue::try_from(path) {
        headers.insert(header::LOCATION, target);
    }
    response
}

/// Leads to the reader's language: that of the host, where each language has its own, else what the browser prefers.
fn root(site: &Site, (headers, uri): (&HeaderMap, &Uri)) -> Response {
    let language =
        host_language(site, (headers, uri)).unwrap_or_else(|| edge::preferred_language(headers, &site.languages));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    let headers = response.headers_mut();
    let target = HeaderValue::try_from(Place::Home.path(language)).expect("the path of a home page is ASCII");
    headers.insert(header::LOCATION, target);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// HTTP/1.1 names the host in a header, HTTP/2 in the address of the request.
fn host_language(site: &Site, (headers, uri): (&HeaderMap, &Uri)) -> Option<Language> {
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = uri.authority().map(Authority::as_str).or(named)?;
    let host_of = |language: Language| site.origin(language).split_once("://").map_or("", |(_, host)| host);
    let mut speaking = site.languages.iter().filter(|language| host_of(**language).eq_ignore_ascii_case(host));
    let language = speaking.next()?;
    // A host that speaks both says nothing about the reader.
    speaking.next().is_none().then_some(*language).filter(|_| site.languages.len() > 1)
}
