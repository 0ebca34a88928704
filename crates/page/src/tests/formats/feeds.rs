//! Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

use std::collections::BTreeSet;

use chrono::DateTime;
use domain::Localized;
use serde_json::Value;

use super::super::fixture::{at, now, text};
use super::tree::{Node, read};
use super::{afternoon, edition, editions, ending, press};
use crate::model::Model;

fn assert_atom(path: &str, document: &str) {
    let feed = read(document);
    assert_eq!((feed.name.as_str(), feed.attribute("xmlns")), ("feed", Some("http://www.w3.org/2005/Atom")), "{path}");
    assert!(feed.attribute("xml:lang").is_some(), "{path}");
    let own = feed.all("link").filter(|link| link.attribute("rel") == Some("self"));
    let own: Vec<_> = own.filter_map(|link| link.attribute("href")).collect();
    assert_eq!(own, [format!("https://status.example{path}")], "{path} names itself");
    assert!(!feed.one("author").text_of("name").is_empty(), "{path}");
    assert_said(path, &feed);
    let mut ids = BTreeSet::from([feed.text_of("id")]);
    for entry in feed.all("entry") {
        assert_said(path, entry);
        assert!(ids.insert(entry.text_of("id")), "{path}: an id stands twice");
        let pages = entry.all("link").filter(|link| link.attribute("rel") == Some("alternate"));
        assert_eq!(pages.count(), 1, "{path}");
        let newest = DateTime::parse_from_rfc3339(feed.text_of("updated")).unwrap();
        assert!(DateTime::parse_from_rfc3339(entry.text_of("updated")).unwrap() <= newest, "{path}");
    }
}

/// What a feed and an entry both have: exactly one id, title and time.
fn assert_said(path: &str, node: &Node) {
    assert!(node.text_of("id").starts_with("tag:status.example,2026:"), "{path}");
    assert!(!node.text_of("title").trim().is_empty(), "{path}");
    DateTime::parse_from_rfc3339(node.text_of("updated")).unwrap();
    for element in node.every().iter().filter(|one| matches!(one.name.as_str(), "title" | "summary" | "content")) {
        assert!(matches!(element.attribute("type"), None | Some("text" | "html")), "{path}");
        assert!(element.children.is_empty(), "{path}: words became markup");
    }
}

fn assert_rss(path: &str, document: &str) {
    let rss = read(document);
    assert_eq!((rss.name.as_str(), rss.attribute("version")), ("rss", Some("2.0")), "{path}");
    let channel = rss.one("channel");
    for name in ["title", "link", "description"] {
        assert!(!channel.text_of(name).is_empty(), "{path}: {name}");
    }
    DateTime::parse_from_rfc2822(channel.text_of("pubDate")).unwrap();
    let mut ids = BTreeSet::new();
    for item in channel.all("item") {
        assert!(!item.text_of("title").is_empty() && item.children.iter().all(|one| one.children.is_empty()), "{path}");
        DateTime::parse_from_rfc2822(item.text_of("pubDate")).unwrap();
        let guid = item.one("guid");
        assert!(guid.attribute("isPermaLink") == Some("false") || guid.text.starts_with("https://"), "{path}");
        assert!(ids.insert(guid.text.as_str()), "{path}");
        // The description is HTML: what was typed must still be words after the reader has undone the XML.
        let html = item.text_of("description");
        assert!(!html.contains("<script") && !html.contains("<b ") && !html.contains("]]>"), "{path}: {html}");
    }
}

fn assert_json_feed(path: &str, document: &str) {
    let feed: Value = serde_json::from_str(document).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1", "{path}");
    assert_eq!(feed["feed_url"], format!("https://status.example{path}"));
    assert!(feed["title"].is_string() && feed["home_page_url"].is_string() && feed["language"].is_string(), "{path}");
    let mut ids = BTreeSet::new();
    for item in feed["items"].as_array().expect("items") {
        assert!(ids.insert(item["id"].as_str().expect("an id that is a string")), "{path}");
        assert!(item["content_text"].is_string() || item["content_html"].is_string(), "{path}");
        assert!(item["url"].as_str().unwrap().starts_with("https://"), "{path}");
        for name in ["date_published", "date_modified"] {
            DateTime::parse_from_rfc3339(item[name].as_str().unwrap()).unwrap();
        }
        assert!(item["tags"].as_array().unwrap().iter().all(Value::is_string), "{path}");
    }
}

#[test]
fn every_feed_is_valid_whatever_authors_write() {
    for (name, edition) in editions() {
        let mut count = 0;
        for (path, document) in ending(edition, ".atom") {
            assert_atom(path, &document);
            count += 1;
        }
        for (path, document) in ending(edition, ".rss") {
            assert_rss(path, &document);
            count += 1;
        }
        for (path, document) in ending(edition, "/feed.json") {
            assert_json_feed(path, &document);
            count += 1;
        }
        assert!(count > 60, "{name}: {count}");
    }
}

#[test]
fn an_incident_keeps_the_id_of_its_entry_however_many_updates_it_gets() {
    let press = press(true);
    let ids = |model: Model, path: &str| -> Vec<(String, String)> {
        let feed = read(&text(&edition(&press, &now(model), None), path));
        let pair = |entry: &Node| (entry.text_of("id").to_owned(), entry.text_of("updated").to_owned());
        feed.all("entry").map(pair).filter(|(id, _)| id.contains("incident/1/")).collect()
    };
    for path in ["/history.atom", "/cy/history.atom"] {
        let before = ids(afternoon(), path);
        let mut later = afternoon();
        let mut wales = (*later.stories[&1000]).clone();
        let mut next = wales.newest().clone();
        (next.number, next.published_at) = (3, at("15:51"));
        next.content.words.title = Localized::both("Another headline", "Pennawd arall");
        wales.updates.push(next);
        later.put(wales);
        let after = ids(later, path);
        assert_eq!((before.len(), after.len()), (1, 1), "{path}");
        assert_eq!(before[0].0, after[0].0, "{path}: RFC 4287, 4.2.6");
        assert!(before[0].1 < after[0].1, "{path}: and it is newer");
    }
}

#[test]
fn the_history_says_the_words_that_its_readers_look_for_and_that_an_update_is_late() {
    let press = press(true);
    let mut later = now(afternoon());
    let before = edition(&press, &later, None);
    later.at = at("17:00");
    let after = edition(&press, &later, Some(&before));
    for path in ["/history.atom", "/history.rss", "/cy/history.atom"] {
        assert!(text(&before, path).contains("&lt;strong&gt;Identified&lt;/strong&gt;"), "{path}");
    }
    assert!(!text(&before, "/history.rss").contains("This update is late"));
    for path in
        ["/history.atom", "/history.rss", "/en/feed.atom", "/en/feed.rss", "/en/feed.json", "/api/v2/summary.json"]
    {
        assert!(text(&after, path).contains("This update is late"), "{path}");
    }
    assert!(text(&after, "/cy/history.atom").contains("diweddariad hwn yn hwyr"));
}
