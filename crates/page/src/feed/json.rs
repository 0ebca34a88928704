//! JSON Feed 1.1.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::phrases::Told;
use super::{Feed, FeedEntry};

#[derive(Serialize)]
struct Head<'a> {
    version: &'static str,
    title: &'a str,
    language: &'static str,
    home_page_url: &'a str,
    feed_url: String,
    authors: [Author<'a>; 1],
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
    /// The format leaves names that begin with an underscore to whoever writes the feed.
    #[serde(rename = "_relations", skip_serializing_if = "<[_]>::is_empty")]
    relations: &'a [Told],
}

/// The feed as JSON.
pub(crate) fn write(feed: &Feed) -> Vec<u8> {
    let head = Head {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        language: feed.language.tag(),
        home_page_url: &feed.home,
        feed_url: format!("{}.json", feed.own),
        authors: [Author { name: &feed.author }],
    };
    let mut document = serde_json::to_string(&head).unwrap_or_default();
    // The items were written before, perhaps for another feed: they are put in before the last brace.
    document.pop();
    document.push_str(",\"items\":[");
    for (place, entry) in feed.entries.iter().enumerate() {
        if place > 0 {
            document.push(',');
        }
        document.push_str(entry.written.json.get_or_init(|| item(entry)));
    }
    document.push_str("]}");
    document.into_bytes()
}

fn item(entry: &FeedEntry) -> String {
    let item = Item {
        id: &entry.id,
        url: &entry.url,
        title: &entry.title.text,
        summary: &entry.state,
        content_text: &entry.text,
        date_published: time(entry.published),
        date_modified: time(entry.published),
        tags: [if entry.planned { "maintenance" } else { "incident" }, entry.severity.key()],
        authors: [Author { name: &entry.author }],
        relations: &entry.relations,
    };
    serde_json::to_string(&item).unwrap_or_default()
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
