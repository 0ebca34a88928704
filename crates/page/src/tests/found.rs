//! What search engines, link previews and security researchers find: the sitemap, twins, addresses and pictures.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use chrono::{DateTime, Duration};
use domain::Env;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::fixture::{at, now, page_with, site, text};
use super::formats::{afternoon, calm, edition, editions, press};
use crate::edition::Edition;
use crate::{MediaClass, Page};

const HOST: &str = "https://status.example";

/// The status and text of an address.
async fn open(page: &Page, path: &str) -> (StatusCode, String) {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let response = page.router().oneshot(request).await.unwrap();
    let status = response.status();
    (status, String::from_utf8_lossy(&response.into_body().collect().await.unwrap().to_bytes()).into_owned())
}

/// What stands between these two, each time.
fn between<'t>(text: &'t str, (before, after): (&'t str, &'t str)) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split_once(after)).map(|(inner, _)| inner)
}

/// The path of an address of our own.
fn path_of(address: &str) -> &str {
    address.strip_prefix(HOST).unwrap_or_else(|| panic!("{address} is not ours"))
}

/// Every page that may be found, with its words.
fn pages(edition: &Edition) -> BTreeMap<String, String> {
    let pages = edition.documents().filter(|(_, document)| document.class() == MediaClass::Page);
    let pages = pages.map(|(path, _)| (path.to_owned(), text(edition, path)));
    pages.filter(|(_, html)| !html.contains("content=\"noindex\"")).collect()
}

/// What a page says of itself in its head, by the name of the property.
fn head(html: &str) -> BTreeMap<&str, String> {
    let tags = between(html, ("<meta ", ">"));
    let told = tags.filter_map(|tag| {
        let name = between(tag, ("property=\"", "\"")).chain(between(tag, ("name=\"", "\""))).next()?;
        Some((name, between(tag, ("content=\"", "\"")).next()?.replace("&#x2f;", "/")))
    });
    told.collect()
}

/// The addresses of the page's twins by language, as search engines are told.
fn twins(html: &str) -> BTreeMap<String, String> {
    let links = between(html, ("<link rel=\"alternate\" hreflang=\"", ">"));
    let links = links.filter(|link| !link.contains("type="));
    let told = links.filter_map(|link| {
        let (language, rest) = link.split_once('"')?;
        Some((language.to_owned(), between(rest, ("href=\"", "\"")).next()?.replace("&#x2f;", "/")))
    });
    told.collect()
}

#[tokio::test]
async fn the_sitemap_names_every_page_that_may_be_found_and_each_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), afternoon());
    let index = open(&page, "/sitemap.xml").await.1;
    let mut named = BTreeSet::new();
    for part in between(&index, ("<loc>", "</loc>")) {
        let (status, part) = open(&page, path_of(part)).await;
        assert_eq!(status, StatusCode::OK);
        for url in between(&part, ("<url>", "</url>")) {
            let own = between(url, ("<loc>", "</loc>")).next().unwrap();
            let twins: Vec<&str> = between(url, ("href=\"", "\"")).collect();
            assert!(twins.len() == 2 && twins.contains(&own), "{own}: {twins:?}");
            assert!(named.insert(path_of(own).to_owned()), "{own} stands twice");
        }
    }
    let mut expected: BTreeSet<String> = pages(&page.edition()).into_keys().collect();
    // The form of those who sign up is no part of the edition.
    expected.extend(["/en/alerts", "/cy/hysbysiadau"].map(str::to_owned));
    assert_eq!(named, expected);
    for path in named {
        let (status, html) = open(&page, &path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!html.contains("noindex"), "{path}");
    }
}

#[tokio::test]
async fn every_page_has_a_twin_that_leads_back_and_says_its_own_address() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), afternoon());
    let mut all = pages(&page.edition());
    for path in ["/en/alerts", "/cy/hysbysiadau"] {
        all.insert(path.to_owned(), open(&page, path).await.1);
    }
    for (path, html) in &all {
        let own = format!("{HOST}{path}");
        let canonical =
            between(html, ("<link rel=\"canonical\" href=\"", "\"")).next().map(|one| one.replace("&#x2f;", "/"));
        assert_eq!(canonical.as_deref(), Some(own.as_str()), "{path}");
        let language = &path[1..3];
        assert!(html.contains(&format!("<html lang=\"{language}")), "{path}");
        let twins = twins(html);
        assert_eq!(twins.keys().map(String::as_str).collect::<Vec<_>>(), ["cy", "en", "x-default"], "{path}");
        assert_eq!(twins[language], own, "{path}");
        let other = &twins[if language == "en" { "cy" } else { "en" }];
        let back = all.get(path_of(other)).unwrap_or_else(|| panic!("{path}: its twin {other} is no page"));
        assert_eq!(self::twins(back)[language], own, "{path}: the twin of its twin");
        // The link that a reader follows, at the top and at the foot, is the same.
        let links = between(html, ("<a href=\"", ">")).filter(|tag| tag.ends_with("rel=\"alternate\""));
        let links: Vec<&str> = links.filter_map(|tag| tag.split('"').next()).collect();
        assert!(links.len() >= 2 && links.iter().all(|link| *link == path_of(other)), "{path}: {links:?}");
    }
}

#[test]
fn a_shared_link_says_what_the_page_is_about_and_shows_a_picture_that_is_there() {
    for (name, edition) in editions() {
        for (path, html) in pages(edition) {
            let head = head(&html);
            let said = |property: &str| head.get(property).cloned().unwrap_or_default();
            let is_home = path == "/en/" || path == "/cy/";
            assert_eq!(said("og:type"), if is_home { "website" } else { "article" }, "{name} {path}");
            assert_eq!(said("og:url"), format!("{HOST}{path}"), "{name}");
            assert!(!said("og:title").is_empty() && !said("og:site_name").is_empty(), "{name} {path}");
            let (title, description) = (said("og:title"), said("og:description"));
            assert!(!description.is_empty() && description != title, "{name} {path}: {description}");
            assert_eq!(description, said("description"), "{name} {path}");
            assert!(said("og:locale").len() == 5 && said("og:locale:alternate").len() == 5, "{name} {path}");
            let picture = edition.document(path_of(&said("og:image"))).expect("the picture is served");
            assert_eq!(picture.class().media_type(), Some("image/png"));
            assert!(picture.bytes().starts_with(b"\x89PNG") && picture.bytes().len() < 2_000);
            assert!(!said("og:image:alt").is_empty(), "{name} {path}");
        }
    }
}

#[test]
fn whoever_finds_a_weakness_finds_whom_to_tell_whatever_day_the_story_tells_of() {
    let env = Env::fixed("2026-11-23T12:00:00Z".parse().unwrap(), 1);
    let mut press = press(true);
    press.env = env.clone();
    let text = text(&edition(&press, &now(calm()), None), "/.well-known/security.txt");
    let fields: BTreeMap<&str, &str> = text.lines().map(|line| line.split_once(": ").expect("a field")).collect();
    assert_eq!(fields["Contact"], "mailto:status@status.example");
    assert_eq!(fields["Preferred-Languages"], "cy, en");
    assert_eq!(fields["Canonical"], format!("{HOST}/.well-known/security.txt"));
    let expires = DateTime::parse_from_rfc3339(fields["Expires"]).expect("a time of RFC 3339");
    let ahead = expires.to_utc() - env.machine_now();
    assert!(Duration::days(90) < ahead && ahead < Duration::days(366), "{ahead}: less than a year, as RFC 9116 asks");
}

#[tokio::test]
async fn an_address_that_lost_its_end_leads_to_the_list_of_incidents() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), afternoon());
    for (path, list) in [("/en/incidents", "/en/history"), ("/cy/digwyddiadau", "/cy/hanes")] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = page.router().oneshot(request).await.unwrap();
        assert_eq!((response.status(), &response.headers()["location"]), (StatusCode::FOUND, &list.parse().unwrap()));
        let request = Request::builder().uri(format!("{path}/")).body(Body::empty()).unwrap();
        let response = page.router().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["location"], path);
    }
}

#[test]
fn a_page_of_which_nothing_was_said_is_as_old_as_the_day() {
    let calm = &editions().iter().find(|(name, _)| *name == "calm").unwrap().1;
    let said: serde_json::Value = serde_json::from_str(&text(calm, "/api/v2/status.json")).unwrap();
    assert_eq!(said["page"]["updated_at"], "2018-01-24T00:00:00.000Z");
    assert!(at("15:52") > "2018-01-24T00:00:00Z".parse::<DateTime<chrono::Utc>>().unwrap());
    assert_eq!(said["page"]["url"].as_str(), Some(site().home(domain::Language::En)));
}
