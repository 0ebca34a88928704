//! Whether a text was taken, when the answer to sending it was lost.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::Sms;
use crate::{Doubt, Text, http};

/// Fifty messages with their words.
const LIST_LIMIT: usize = 512 * 1024;
/// Clocks differ a little between us and the provider.
const BEFORE: TimeDelta = TimeDelta::minutes(1);

impl Sms {
    /// Lists the newest messages to this phone, and looks for the same words since then. The list is not
    /// filtered by `DateSent`, because a message still in the provider's queue has none.
    pub(super) async fn look_for(&self, text: &Text, since: DateTime<Utc>) -> Doubt {
        let mut url = self.messages.clone();
        url.query_pairs_mut().append_pair("To", text.to.as_e164()).append_pair("PageSize", "50");
        let answer = match http::fetch(self.signed_in(self.client.get(url)), LIST_LIMIT).await {
            Ok(answer) if answer.is_success() => answer,
            Ok(_) | Err(_) => return Doubt::CannotTell,
        };
        let Ok(list) = serde_json::from_slice::<List>(&answer.body) else { return Doubt::CannotTell };
        let is_ours = |listed: &Listed| {
            listed.body.as_deref() == Some(text.body.words()) && listed.is_recent(since) && !listed.came_to_nothing()
        };
        match list.messages.into_iter().find(is_ours).and_then(|listed| listed.sid) {
            Some(reference) => Doubt::Sent { reference },
            None => Doubt::NotSent,
        }
    }
}

#[derive(Deserialize)]
struct List {
    messages: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    sid: Option<String>,
    body: Option<String>,
    status: Option<String>,
    date_created: Option<String>,
}

impl Listed {
    /// It was taken, and then given up: whoever tries again means to send another.
    fn came_to_nothing(&self) -> bool {
        matches!(self.status.as_deref(), Some("failed" | "undelivered" | "canceled"))
    }

    /// A message without a readable time counts: better one text too few than the same one twice.
    fn is_recent(&self, since: DateTime<Utc>) -> bool {
        let created = self.date_created.as_deref().and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        created.is_none_or(|created| created.to_utc() >= since - BEFORE)
    }
}
