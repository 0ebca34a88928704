//! What happened, as JSON: phones, mails, posts and the ledger.

use std::cmp::Reverse;

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Channel;
use crate::ledger::Ledger;
use crate::{Simulator, Totals};

/// Narrows a read-out. The default is everything.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    /// Only this phone number, mail address or account, in any case.
    pub to: Option<String>,
    /// Only this channel (ledger).
    pub channel: Option<Channel>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl Filter {
    /// Whether `recipient` is asked for. A `+` that was not encoded arrives as a space and is understood.
    pub(crate) fn is_to(&self, recipient: &str) -> bool {
        self.to.as_deref().is_none_or(|to| {
            let to = to.trim();
            to.eq_ignore_ascii_case(recipient) || recipient.strip_prefix('+') == Some(to)
        })
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit.unwrap_or(usize::MAX)
    }
}

pub(crate) fn router() -> Router<Simulator> {
    Router::new()
        .route("/phones.json", get(phones))
        .route("/mails.json", get(mails))
        .route("/posts.json", get(posts))
        .route("/ledger.json", get(ledger))
}

impl Simulator {
    /// How often each message to each recipient was accepted.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.ledger_where(&Filter::default())
    }

    /// The sums of one channel; cheap.
    #[must_use]
    pub fn totals(&self, channel: Channel) -> Totals {
        self.world().ledger.channels().get(&channel).copied().unwrap_or_default()
    }

    /// The number of callbacks and inbound texts that are not done with: waiting, under way or to be tried again.
    #[must_use]
    pub fn callbacks_waiting(&self) -> usize {
        self.queue().len()
    }

    fn ledger_where(&self, filter: &Filter) -> Ledger {
        let world = self.world();
        let wanted =
            |channel, recipient: &str| filter.channel.is_none_or(|asked| asked == channel) && filter.is_to(recipient);
        let mut entries = world.ledger.entries(wanted);
        let (totals, channels) = (world.ledger.totals(), world.ledger.channels().clone());
        drop(world);
        entries.sort_by_cached_key(|entry| (Reverse(entry.count), Reverse(entry.last_at), entry.recipient.clone()));
        entries.truncate(filter.limit());
        Ledger { totals, channels, entries }
    }
}

async fn phones(State(simulator): State<Simulator>, Query(filter): Query<Filter>) -> Json<Value> {
    let texts = simulator.world().texts.shelf.len();
    Json(json!({"count": simulator.phone_count(), "texts": texts, "phones": simulator.phones_where(&filter)}))
}

async fn mails(State(simulator): State<Simulator>, Query(filter): Query<Filter>) -> Json<Value> {
    let count = simulator.world().mails.len();
    Json(json!({"count": count, "mails": simulator.mails_where(&filter)}))
}

async fn posts(State(simulator): State<Simulator>, Query(filter): Query<Filter>) -> Json<Value> {
    let count = simulator.world().posts.len();
    Json(json!({"count": count, "posts": simulator.posts_where(&filter)}))
}

async fn ledger(State(simulator): State<Simulator>, Query(filter): Query<Filter>) -> Json<Value> {
    let ledger = simulator.ledger_where(&filter);
    Json(json!({
        "totals": ledger.totals,
        "channels": ledger.channels,
        "callbacks_waiting": simulator.callbacks_waiting(),
        "entries": ledger.entries,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unencoded_plus_is_understood() {
        let filter = Filter { to: Some(" 447700900123".into()), ..Filter::default() };
        assert!(filter.is_to("+447700900123") && !filter.is_to("+447700900124"));
    }
}
