//! The security headers of every answer, made once per server.

use axum::response::Response;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue};
use render::Renderer;

use crate::dress::Surface;

const CLOSED: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The headers that answers of this surface get unless a handler has set them itself. [`crate::dress`] adds them; a
/// server that keeps finished answers may put them into those.
///
/// # Panics
/// Never: policies are ASCII.
#[must_use]
pub fn security_headers(surface: Surface, renderer: &Renderer, https: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let styles = renderer.style_sources().join(" ");
    let policy = match surface {
        Surface::Public => {
            // There is no script that could connect; checkers that look for robots.txt from the page may.
            format!("{CLOSED}; style-src {styles}; img-src 'self' data:; connect-src 'self'; form-action 'self'")
        }
        Surface::Staff => format!(
            "{CLOSED}; style-src {styles}; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'"
        ),
        Surface::Machine => CLOSED.to_owned(),
    };
    let policy = HeaderValue::from_str(&policy).expect("policies are ASCII");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let mut fixed = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    fixed(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if https {
        fixed(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    if surface == Surface::Public {
        fixed(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    } else {
        // Not `no-referrer`: browsers would then say `Origin: null` when our own forms are posted.
        fixed(header::REFERRER_POLICY, "same-origin");
        fixed(header::CACHE_CONTROL, "no-store");
        fixed(HeaderName::from_static("x-robots-tag"), "noindex");
        fixed(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    }
    headers
}

/// Adds each header that the answer does not have.
pub(crate) fn complete(response: &mut Response, headers: &HeaderMap) {
    for (name, value) in headers {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
}

/// Closes a page that belongs to one person (a signed link, a form with a token): not stored, not indexed, not named in
/// the `Referer` of what it links to.
#[must_use]
pub fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}
