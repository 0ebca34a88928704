//! What a reader's program gets: the right encoding, the news that nothing changed, and never a dead end.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::fixture::{model, page, page_with};
use crate::Page;

async fn ask(page: &Page, method: Method, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response: Response = page.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

async fn get(page: &Page, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    ask(page, Method::GET, path, headers).await
}

#[tokio::test]
async fn a_page_has_every_header_that_caches_and_browsers_need() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let (status, headers, body) = get(&page, "/en/?utm_source=x", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-encoding"], "br");
    assert_eq!(headers["cache-control"], "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400");
    assert_eq!(headers["vary"], "Accept-Encoding");
    assert_eq!(headers["content-language"], "en-GB");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["x-edition"], page.edition().id());
    assert!(headers["content-security-policy"].to_str().unwrap().contains("style-src 'sha256-"));
    assert!(headers["strict-transport-security"].to_str().unwrap().contains("max-age"));
    assert!(!headers.contains_key("set-cookie"));
    assert!(body.len() < 14 * 1024);
}

#[tokio::test]
async fn each_encoding_has_its_own_validator_and_304_has_no_body() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let mut tags = Vec::new();
    for encoding in ["identity", "gzip", "br"] {
        let (_, headers, _) = get(&page, "/cy/", &[("accept-encoding", encoding)]).await;
        let tag = headers["etag"].to_str().unwrap().to_owned();
        let (status, headers, body) =
            get(&page, "/cy/", &[("accept-encoding", encoding), ("if-none-match", &format!("W/{tag}"))]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(headers["etag"], tag.as_str());
        assert!(headers.contains_key("cache-control") && headers.contains_key("vary"));
        assert!(!headers.contains_key("content-encoding") && !headers.contains_key("content-type"));
        tags.push(tag);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3);
}

#[tokio::test]
async fn head_says_the_same_without_the_body() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let (_, full, body) = get(&page, "/en/feed.atom", &[]).await;
    let (status, head, none) = ask(&page, Method::HEAD, "/en/feed.atom", &[]).await;
    assert_eq!((status, none.len()), (StatusCode::OK, 0));
    assert_eq!(head["content-length"], body.len().to_string().as_str());
    assert_eq!(head["etag"], full["etag"]);
    assert_eq!(head["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn the_bare_host_leads_to_the_readers_language() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    for (wish, home) in [("en-GB,en;q=0.9", "/en/"), ("cy", "/cy/"), ("fr", "/cy/")] {
        let (status, headers, _) = get(&page, "/", &[("accept-language", wish)]).await;
        assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::FOUND, home));
        assert_eq!(headers["vary"], "Accept-Language");
        assert!(!headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn odd_addresses_lead_to_the_right_one_and_never_off_the_site() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    for (path, target) in [("/en", "/en/"), ("/en/services/", "/en/services"), ("/en//SERVICES", "/en/services")] {
        let (status, headers, _) = get(&page, path, &[]).await;
        assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::MOVED_PERMANENTLY, target), "{path}");
    }
    let (status, headers, _) = get(&page, "/i/1", &[]).await;
    assert_eq!(status, StatusCode::FOUND);
    assert!(headers["location"].to_str().unwrap().starts_with("/en/incidents/2018-01-24-some"));
    let (_, headers, _) = get(&page, "/d/1", &[]).await;
    assert!(headers["location"].to_str().unwrap().starts_with("/cy/digwyddiadau/2018-01-24-nid"));
    for path in [
        "//evil.example/",
        "/%2f%2fevil.example",
        "/en/%00",
        "/not-found:en",
        "/en/incidents/none",
        "/api/v2/none.json",
    ] {
        let (status, headers, _) = get(&page, path, &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn what_is_missing_is_said_in_the_language_of_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    for (path, words) in [("/cy/dim", "Heb ddod o hyd i"), ("/en/none", "Page not found")] {
        let (status, headers, body) = get(&page, path, &[("accept-encoding", "identity")]).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(String::from_utf8(body).unwrap().contains(words), "{path}");
        assert!(!headers.contains_key("etag"));
    }
    let (status, headers, _) = ask(&page, Method::POST, "/en/", &[]).await;
    assert_eq!((status, headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"));
}

#[tokio::test]
async fn before_the_first_edition_the_page_says_so_and_asks_to_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let (status, headers, body) = get(&page(folder.path()), "/cy/", &[]).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(headers.contains_key("retry-after"));
    assert!(String::from_utf8(body).unwrap().contains("999"));
}

#[tokio::test]
async fn the_form_shows_without_the_database_and_posting_fails_alone() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let (status, headers, body) = get(&page, "/cy/hysbysiadau", &[]).await;
    let body = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert!(!headers.contains_key("set-cookie") && !body.contains(" checked"), "nothing is ticked beforehand");
    assert!(body.contains("Which language do you want?") && body.contains("Pa iaith"));
    assert_eq!(get(&page, "/en/", &[]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_program_that_asks_for_what_is_not_there_is_told_so_in_its_own_form() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    for (path, language) in [
        ("/api/v2/nope.json", "en-GB"),
        ("/api/v2/nope", "en-GB"),
        ("/cy/api/v2/nope.json", "cy"),
        ("/embed/cy/nope.json", "cy"),
        ("/en/nope.json", "en-GB"),
        ("/cap/9-9.xml", "cy"),
        ("/cy/nope.atom", "cy"),
        ("/en/NOPE.JSON", "en-GB"),
        ("/API/v2/nope", "en-GB"),
    ] {
        let (status, headers, body) = get(&page, path, &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(headers["content-type"], "application/problem+json", "{path}");
        assert_eq!(headers["content-language"], language, "{path}");
        assert_eq!(headers["access-control-allow-origin"], "*", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        let said: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((said["status"].as_u64(), said["code"].as_str()), (Some(404), Some("not-found")), "{path}");
        assert!(said["title"].as_str().is_some_and(|words| !words.is_empty()), "{path}");
    }
    for (wish, language) in [("cy", "cy"), ("cy;q=0.3,en;q=0.8", "en-GB"), ("fr", "en-GB"), ("*", "en-GB")] {
        let (_, headers, body) = get(&page, "/api/v2/nope.json", &[("accept-language", wish)]).await;
        assert_eq!(headers["content-language"], language, "{wish}");
        assert_eq!(headers["vary"], "Accept-Encoding, Accept-Language", "{wish}");
        assert_eq!(String::from_utf8(body).unwrap().contains("Heb ddod o hyd"), language == "cy", "{wish}");
    }
    let (status, headers, _) = ask(&page, Method::PUT, "/api/v2/summary.json", &[]).await;
    assert_eq!((status, &headers["allow"]), (StatusCode::METHOD_NOT_ALLOWED, &"GET, HEAD".parse().unwrap()));
    assert_eq!(headers["content-type"], "application/problem+json");
    let (_, headers, _) = get(&page, "/en/nope", &[]).await;
    assert_eq!(headers["content-type"], "text/html; charset=utf-8", "people are shown a page");
}
