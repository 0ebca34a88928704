//! Posts and accounts as Mastodon's API shows them.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use crate::Simulator;
use crate::posts::Post;

/// The JSON object of one post.
pub(crate) fn status(simulator: &Simulator, post: &Post) -> Value {
    let url = format!("{}/posts/{}", simulator.settings().public_url, post.id);
    json!({
        "id": post.id,
        "created_at": post.machine_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "in_reply_to_id": post.in_reply_to,
        "in_reply_to_account_id": null,
        "sensitive": false,
        "spoiler_text": "",
        "visibility": post.visibility,
        "language": post.language,
        "uri": url,
        "url": url,
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "content": content(&post.text),
        "text": post.text,
        "account": account(simulator, &post.account),
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": null,
        "poll": null,
    })
}

/// The JSON object of one account.
pub(crate) fn account(simulator: &Simulator, name: &str) -> Value {
    json!({
        "id": account_id(simulator, name),
        "username": name,
        "acct": name,
        "display_name": name,
        "bot": true,
        "locked": false,
        "url": format!("{}/posts.json?to={name}", simulator.settings().public_url),
    })
}

/// The name of the account with this id.
pub(crate) fn account_with_id<'a>(simulator: &'a Simulator, id: &str) -> Option<&'a str> {
    names(simulator).find(|name| account_id(simulator, name).as_deref() == Some(id))
}

/// Accounts are numbered in the order of their names.
fn account_id(simulator: &Simulator, name: &str) -> Option<String> {
    let mut all: Vec<&str> = names(simulator).collect();
    all.sort_unstable();
    all.dedup();
    Some((all.binary_search(&name).ok()? + 1).to_string())
}

fn names(simulator: &Simulator) -> impl Iterator<Item = &str> {
    simulator.settings().mastodon_tokens.values().map(String::as_str)
}

/// The words as HTML: paragraphs, line breaks, nothing that came as a tag.
fn content(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    format!("<p>{}</p>", escaped.replace("\n\n", "</p><p>").replace('\n', "<br>"))
}
