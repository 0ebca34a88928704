//! The history of an incident as a record: every update with its time, and for a correction the words before and after.

use chrono::{DateTime, Utc};
use domain::revision::{PublicWords, Purpose};
use domain::{Language, Localized};
use serde::Serialize;

use crate::model::{Story, Update};
use crate::view::update::to_follow;
use crate::view::{Line, Voice, Words, told_phase};

/// One publication.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Edit {
    pub(crate) number: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) phase_key: String,
    /// The key of what it is: update, correction or withdrawal.
    pub(crate) purpose_key: &'static str,
    pub(crate) correction: bool,
    pub(crate) title: Line,
    /// What a correction changed of the update before it.
    pub(crate) changes: Vec<Change>,
    /// The key of the note that it was in one language only when it was published.
    pub(crate) to_follow: Option<&'static str>,
}

/// One part that reads otherwise than before.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Change {
    /// The key of the part's heading.
    pub(crate) label: &'static str,
    pub(crate) before: Words,
    pub(crate) after: Words,
}

/// Every publication, oldest first: what was said when.
pub(crate) fn edits(story: &Story, voice: Voice<'_>) -> Vec<Edit> {
    let mut before: Option<&Update> = None;
    let mut edits = Vec::with_capacity(story.updates.len());
    for update in &story.updates {
        let changes = match (update.purpose, before) {
            (Purpose::Correction, Some(before)) => changes(&before.content.words, &update.content.words, voice),
            _ => Vec::new(),
        };
        edits.push(Edit {
            number: update.number,
            at: update.published_at,
            phase_key: told_phase(update.content.phase, &update.content.cause),
            purpose_key: match update.purpose {
                Purpose::Update => "inc-update",
                Purpose::Correction => "press-correction",
                Purpose::Withdrawal => "press-withdrawal",
            },
            correction: update.purpose == Purpose::Correction,
            title: voice.line(&update.content.words.title),
            changes,
            to_follow: to_follow(&update.missing, voice.language),
        });
        before = Some(update);
    }
    edits
}

fn changes(before: &PublicWords, after: &PublicWords, voice: Voice<'_>) -> Vec<Change> {
    let parts: [(&'static str, &Localized, &Localized); 6] = [
        ("press-headline", &before.title, &after.title),
        ("inc-we-know", &before.know, &after.know),
        ("inc-we-dont-know", &before.unknown, &after.unknown),
        ("inc-we-are-doing", &before.doing, &after.doing),
        ("inc-you-should", &before.should, &after.should),
        ("page-more", &before.more, &after.more),
    ];
    let differs = |(_, before, after): &(_, &Localized, &Localized)| {
        Language::ALL.into_iter().any(|language| before.get(language) != after.get(language))
    };
    let change = |(label, before, after): (&'static str, &Localized, &Localized)| Change {
        label,
        before: voice.words(before),
        after: voice.words(after),
    };
    // A correction of the other language alone changes nothing that a reader of this page could see.
    let is_seen = |change: &Change| change.before != change.after;
    parts.into_iter().filter(differs).map(change).filter(is_seen).collect()
}
