//! JSON Feed 1.1.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::Feed;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    language: &'static str,
    home_page_url: &'a str,
    feed_url: String,
    authors: [Author<'a>; 1],
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    summary: &'a str,
    content_text: &'a str,
    date_published: String,
    date_modified: String,
    tags: [&'static str; 2],
    authors: [Author<'a>; 1],
}

/// The feed as JSON.
pub(crate) fn write(feed: &Feed) -> Vec<u8> {
    let items = feed.entries.iter().map(|entry| Item {
        id: &entry.id,
        url: &entry.url,
        title: &entry.title.text,
        summary: &entry.state,
        content_text: &entry.text,
        date_published: time(entry.published),
        date_modified: time(entry.published),
        tags: [if entry.planned { "maintenance" } else { "incident" }, entry.severity.key()],
        authors: [Author { name: &entry.author }],
    });
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        language: feed.language.tag(),
        home_page_url: &feed.home,
        feed_url: format!("{}.json", feed.own),
        authors: [Author { name: &feed.author }],
        items: items.collect(),
    };
    serde_json::to_vec(&document).unwrap_or_default()
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
