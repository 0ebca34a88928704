//! The shortcut before the router says what the router would, and leaves the forms alone.

use axum::body::Body;
use http::{HeaderMap, Method, Request};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::fixture::{model, page_with};
use crate::serve::at_once;

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
