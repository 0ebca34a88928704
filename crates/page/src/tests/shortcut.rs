//! The shortcut before the router says what the router would, and leaves the forms alone.

use std::collections::BTreeSet;

use axum::body::{Body, Bytes};
use edge::{Ask, Shortcut};
use http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::fixture::{model, page_with};
use crate::Page;
use crate::serve::{Ready, at_once};

#[tokio::test]
async fn the_shortcut_and_the_router_give_the_same_answer_for_every_document() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let edition = page.edition();
    for path in edition.all().keys().filter(|path| path.starts_with('/')) {
        let quick = at_once(&page, &Method::GET, path, &HeaderMap::new());
        let request = Request::get(&**path).body(Body::empty()).unwrap();
        let (parts, body) = page.router().oneshot(request).await.unwrap().into_parts();
        let Some(quick) = quick else { panic!("{path} is not found at once") };
        assert_eq!(
            (quick.status(), quick.headers()["x-edition"].clone()),
            (parts.status, parts.headers["x-edition"].clone())
        );
        assert_eq!(*quick.body(), body.collect().await.unwrap().to_bytes(), "{path}");
    }
}

#[tokio::test]
async fn what_lies_ready_for_http1_says_what_every_other_version_says() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let edition = page.edition();
    let is_read = |path: &str| edition.document(path).is_some_and(|document| document.status() == 200);
    for path in edition.all().keys().filter(|path| is_read(path)) {
        for coding in ["", "gzip", "br"] {
            let mut headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(coding))]);
            let first = assert_alike(&page, path, &headers);
            headers.insert(IF_NONE_MATCH, first.headers()["etag"].clone());
            assert_eq!(assert_alike(&page, path, &headers).status(), 304, "{path}");
        }
    }
}

/// The answer to the same question in both ways.
fn assert_alike(page: &Page, path: &str, headers: &HeaderMap) -> Response<Bytes> {
    let value = |name| headers.get(name).map(HeaderValue::as_bytes);
    let ask = Ask { path, accept_encoding: value(ACCEPT_ENCODING), if_none_match: value(IF_NONE_MATCH) };
    let mut head = Vec::new();
    let body = Ready(page.clone()).plain(&ask, &mut head).unwrap();
    let head = String::from_utf8(head).unwrap();
    let (status, lines) = head.split_once("\r\n").unwrap();
    let expected = at_once(page, &Method::GET, path, headers).unwrap();
    assert_eq!(status, format!("HTTP/1.1 {}", expected.status()), "{path}");
    assert_eq!(body, expected.body(), "{path}");
    let length = (expected.status() == 200).then(|| format!("content-length: {}", body.len()));
    let named = expected.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
    let lines: BTreeSet<String> = lines.lines().map(str::to_owned).collect();
    assert_eq!(lines, named.chain(length).collect::<BTreeSet<_>>(), "{path}");
    assert!(head.ends_with("\r\n"));
    expected
}

#[tokio::test]
async fn forms_other_methods_and_odd_addresses_are_left_to_the_router() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let cases = [
        (Method::GET, "/en/alerts"),
        (Method::POST, "/en/"),
        (Method::HEAD, "/en/"),
        (Method::GET, "/EN/"),
        (Method::GET, "/"),
    ];
    for (method, path) in cases {
        assert!(at_once(&page, &method, path, &HeaderMap::new()).is_none(), "{method} {path}");
    }
}
