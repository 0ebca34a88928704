//! What is said where there is nothing: to people a page, to programs a problem document.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::response::Response;
use domain::{Language, WithCauses};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::prepared;
use crate::Page;
use crate::edition::document::{Encodings, Nature};
use crate::edition::press::missing_path;
use crate::edition::{Document, Edition, MediaClass};

/// What is shown where no page is, in the language of the path.
pub(super) fn missing(page: &Page, edition: &Edition, request: &Parts, status: StatusCode) -> Response {
    let (path, site) = (request.uri.path(), &page.shared.site);
    let language = language_of(path)
        .filter(|language| site.languages.contains(language))
        .unwrap_or_else(|| edge::preferred_language(&request.headers, &site.languages));
    let (what, status) = match status {
        StatusCode::METHOD_NOT_ALLOWED => ("method", status),
        StatusCode::SERVICE_UNAVAILABLE => ("starting", status),
        // It may be an old page that is still to be made.
        _ if edition.published_version() < 0 || page.shared.catching_up.load(Ordering::Relaxed) => {
            ("starting", StatusCode::SERVICE_UNAVAILABLE)
        }
        _ => ("not-found", status),
    };
    let mut response = match edition.document(&missing_path(what, language)) {
        _ if edge::is_for_programs(path) => problem(page, (status, language), &request.headers),
        Some(document) => prepared(document, status, &request.headers).map(Body::from),
        None => Response::new(Body::empty()),
    };
    *response.status_mut() = status;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// The language of an address: that of its path. The interface for programs of Statuspage is English without one.
fn language_of(path: &str) -> Option<Language> {
    let embedded = path.strip_prefix("/embed").and_then(edge::path_language);
    let spoken = path.starts_with("/api/").then_some(Language::En);
    edge::path_language(path).or(embedded).or(spoken)
}

fn problem(page: &Page, (status, language): (StatusCode, Language), headers: &HeaderMap) -> Response {
    let press = &page.shared.press;
    let words = edge::problem_document(status, &press.renderer, language).unwrap_or_else(|error| {
        tracing::error!(error = %WithCauses(&error), "the words of an error could not be rendered");
        "{}".to_owned()
    });
    let nature = Nature { class: MediaClass::Problem, language: Some(language) };
    let bytes = Encodings { identity: words.into(), ..Encodings::default() };
    let document = Document::finish(nature, Default::default(), bytes, &press.common);
    prepared(&document, status, headers).map(Body::from)
}
