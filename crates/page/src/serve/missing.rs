//! What is said where there is nothing: to people a page, to programs a problem document.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::response::Response;
use domain::{Language, WithCauses};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};

use super::prepared;
use crate::Page;
use crate::edition::document::{Encodings, Nature};
use crate::edition::press::{Press, missing_path};
use crate::edition::{Document, Edition, MediaClass};

/// What is shown where no page is, in the language of the path.
pub(super) fn missing(page: &Page, edition: &Edition, request: &Parts, status: StatusCode) -> Response {
    let (path, site) = (request.uri.path(), &page.shared.site);
    let language = language_of(path)
        .filter(|language| site.languages.contains(language))
        .unwrap_or_else(|| edge::asked_language(path, &request.headers, &site.languages));
    let (what, status) = match status {
        StatusCode::METHOD_NOT_ALLOWED => ("method", status),
        StatusCode::SERVICE_UNAVAILABLE => ("starting", status),
        // It may be an old page that is still to be made.
        _ if edition.published_version() < 0 || page.shared.catching_up.load(Ordering::Relaxed) => {
            ("starting", StatusCode::SERVICE_UNAVAILABLE)
        }
        _ => ("not-found", status),
    };
    let shared = &page.shared;
    let document = match edge::is_for_programs(path) {
        true => shared.problems.of(&shared.press, (status, language)),
        false => edition.document(&missing_path(what, language)).map(|document| &**document),
    };
    let mut response = match document {
        Some(document) => prepared(document, status, &request.headers).map(Body::from),
        None => Response::new(Body::empty()),
    };
    *response.status_mut() = status;
    // Without a language of its own, what is said here depends on the reader's.
    if language_of(path).is_none() {
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Accept-Language"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// The language of an address: that of its path.
fn language_of(path: &str) -> Option<Language> {
    let embedded = path.strip_prefix("/embed").and_then(edge::path_language);
    edge::path_language(path).or(embedded)
}

/// What programs are told where there is nothing, for each status and language. Made once: whoever asks for thousands of
/// addresses that do not exist costs no more than a reader of the page.
#[derive(Default)]
pub(crate) struct Problems(OnceLock<Vec<(StatusCode, Language, Document)>>);

/// Every status that [`missing`] answers with.
const STATUSES: [StatusCode; 3] =
    [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED, StatusCode::SERVICE_UNAVAILABLE];

impl Problems {
    fn of(&self, press: &Press, (status, language): (StatusCode, Language)) -> Option<&Document> {
        let all = self.0.get_or_init(|| {
            let pairs = STATUSES.into_iter().flat_map(|status| Language::ALL.map(|language| (status, language)));
            pairs.map(|(status, language)| (status, language, problem(press, status, language))).collect()
        });
        let found = all.iter().find(|one| (one.0, one.1) == (status, language));
        found.map(|(_, _, document)| document)
    }
}

fn problem(press: &Press, status: StatusCode, language: Language) -> Document {
    let words = edge::problem_document(status, &press.renderer, language).unwrap_or_else(|error| {
        tracing::error!(error = %WithCauses(&error), "the words of an error could not be rendered");
        "{}".to_owned()
    });
    let nature = Nature { class: MediaClass::Problem, language: Some(language) };
    Document::finish(nature, Default::default(), Encodings::plain(words), &press.common)
}
