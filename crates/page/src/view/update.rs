//! One update in the five parts that every update has.

use chrono::{DateTime, Utc};
use domain::fact::{Answer, Certainty, Fact};
use domain::relation::MOST_RELATIONS;
use domain::revision::Purpose;
use domain::{Language, Localized, Phase, PublicContent, Relation, RelationKind};
use serde::Serialize;

use super::{Line, LineLink, Voice, Words, told_phase};
use crate::model::{Story, Update};
use crate::routes::Place;

/// What we know, what we do not know, what we do, what you should do, when you hear more.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Parts {
    pub(crate) know: Words,
    pub(crate) unknown: Words,
    pub(crate) doing: Words,
    pub(crate) should: Words,
    pub(crate) advice: Vec<Line>,
    pub(crate) more: Words,
}

impl Parts {
    pub(crate) fn of(content: &PublicContent, voice: Voice<'_>) -> Self {
        let words = &content.words;
        Self {
            know: voice.words(&words.know),
            unknown: voice.words(&words.unknown),
            doing: voice.words(&words.doing),
            should: voice.words(&words.should),
            advice: voice.advice(content.advice.keys(voice.language)),
            more: voice.words(&words.more),
        }
    }
}

/// The answer to one of the two questions that everybody asks.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Answered {
    /// The key of the words: `page-cyber-no`.
    pub(crate) key: String,
    /// Who says so.
    pub(crate) by: Option<String>,
    /// Since when they have been saying so; where nobody wrote that down, since when it has been here.
    pub(crate) at: Option<DateTime<Utc>>,
}

/// Where an update has the answer to a question.
type Question = (&'static str, fn(&PublicContent) -> &Fact);

impl Answered {
    pub(crate) fn of_cyber(story: &Story, voice: Voice<'_>) -> Self {
        Self::of(("cyber", |content| &content.cyber), story, voice)
    }

    pub(crate) fn of_data(story: &Story, voice: Voice<'_>) -> Self {
        Self::of(("data", |content| &content.data), story, voice)
    }

    fn of((question, answer): Question, story: &Story, voice: Voice<'_>) -> Self {
        let fact = answer(&story.newest().content);
        let known = fact.answer != Answer::NotKnown;
        let is_said = |content: &PublicContent| {
            let said = answer(content);
            (said.answer, &said.stated_by) == (fact.answer, &fact.stated_by)
        };
        Self {
            key: format!("page-{question}-{}", fact.answer.key().replace('_', "-")),
            by: voice.source(fact.stated_by.as_deref()).filter(|_| known),
            at: fact.stated_at.or_else(|| here_since(story, is_said)).filter(|_| known),
        }
    }
}

/// The cause, as far as it is known and may be said.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CauseLine {
    pub(crate) name: Line,
    /// The key of how sure it is: `page-cause-suspected`; none while nobody knows.
    pub(crate) certainty: Option<&'static str>,
    pub(crate) by: Option<String>,
    /// Since when it has been here.
    pub(crate) at: Option<DateTime<Utc>>,
}

impl CauseLine {
    pub(crate) fn of(story: &Story, voice: Voice<'_>) -> Option<Self> {
        let content = &story.newest().content;
        let cause = voice.catalogue().cause(&content.cause.key)?;
        let certainty = match content.cause.standing() {
            Certainty::Unknown => None,
            Certainty::Suspected => Some("page-cause-suspected"),
            Certainty::Confirmed => Some("page-cause-confirmed"),
        };
        (!cause.staff_only).then(|| Self {
            name: voice.line(&cause.name),
            certainty,
            by: voice.source(content.cause.stated_by.as_deref()),
            at: here_since(story, |said| said.cause == content.cause).filter(|_| certainty.is_some()),
        })
    }
}

/// When the first of the updates was published that have said this without a break.
fn here_since(story: &Story, is_said: impl Fn(&PublicContent) -> bool) -> Option<DateTime<Utc>> {
    story.updates.iter().rev().take_while(|update| is_said(&update.content)).last().map(|first| first.published_at)
}

/// What is said of another incident, with a way to it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RelationLine {
    #[serde(skip)]
    pub(crate) kind: RelationKind,
    /// The key of the words: `inc-not-related`.
    pub(crate) key: &'static str,
    pub(crate) link: LineLink,
    pub(crate) by: Option<String>,
    pub(crate) at: Option<DateTime<Utc>>,
}

/// What an incident says of others, and others of it.
pub(crate) fn relations(story: &Story, voice: Voice<'_>) -> Vec<RelationLine> {
    let line = |one: &Relation, is_own: bool| {
        let other = voice.now.model.entries.numbered(one.number)?;
        // A false alarm says nothing of others any more. Whose page it is did not publish what others say: whoever did
        // is named, and their sources stand on their own page.
        if !is_own && other.phase == Phase::Withdrawn {
            return None;
        }
        let teller = || Some(voice.full_name(&other.organisation).text);
        Some(RelationLine {
            kind: one.kind,
            key: match one.kind {
                RelationKind::Related => "inc-related",
                RelationKind::NotRelated => "inc-not-related",
            },
            link: LineLink { line: voice.line(&other.title), url: Place::Incident(&other.slug).path(voice.language) },
            by: if is_own { voice.source(one.stated_by.as_deref()) } else { teller() },
            at: one.stated_at,
        })
    };
    let mut others: Vec<_> = story.told_by_others.iter().filter_map(|one| line(one, false)).collect();
    others.sort_by_key(|one| std::cmp::Reverse(one.at));
    others.truncate(MOST_RELATIONS);
    story.relations.iter().filter_map(|one| line(one, true)).chain(others).collect()
}

/// One entry of the timeline.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TimelineEntry {
    pub(crate) number: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) phase_key: String,
    pub(crate) title: Line,
    pub(crate) parts: Parts,
    /// The newest is shown in full at the top of the page.
    pub(crate) newest: bool,
    pub(crate) correction: bool,
    pub(crate) withdrawal: bool,
    /// The number of the update that corrects this one.
    pub(crate) corrected_by: Option<i64>,
    /// The key of the note that a language is still to follow.
    pub(crate) to_follow: Option<&'static str>,
}

/// The updates of an incident, newest first.
pub(crate) fn timeline(updates: &[Update], voice: Voice<'_>) -> Vec<TimelineEntry> {
    let mut entries = Vec::with_capacity(updates.len());
    let mut later: Option<&Update> = None;
    for update in updates.iter().rev() {
        let corrected_by = later.filter(|one| one.purpose == Purpose::Correction).map(|one| one.number);
        entries.push(TimelineEntry {
            number: update.number,
            at: update.published_at,
            phase_key: told_phase(update.content.phase, &update.content.cause),
            title: voice.line(&update.content.words.title),
            parts: Parts::of(&update.content, voice),
            newest: later.is_none(),
            correction: update.purpose == Purpose::Correction,
            withdrawal: update.purpose == Purpose::Withdrawal,
            corrected_by,
            to_follow: to_follow(&update.missing, voice.language),
        });
        later = Some(update);
    }
    entries
}

/// The key of the note on an update that went out in one language in an emergency. Whoever reads it in that language is
/// told, too: they may be about to pass it on to somebody who reads the other one.
pub(crate) fn to_follow(missing: &[Language], reading: Language) -> Option<&'static str> {
    if missing.contains(&reading) {
        return Some("page-to-follow");
    }
    (!missing.is_empty()).then_some("page-other-to-follow")
}

/// The five parts as plain text for feeds and programs, in the page's language.
pub(crate) fn plain_text(update: &Update, voice: Voice<'_>) -> String {
    let words = &update.content.words;
    let parts: [&Localized; 4] = [&words.know, &words.unknown, &words.doing, &words.should];
    let advice = voice.advice(update.content.advice.keys(voice.language)).into_iter().map(|line| line.text);
    let said = parts.into_iter().map(|text| text.text(voice.language).trim().to_owned());
    let more = std::iter::once(words.more.text(voice.language).trim().to_owned());
    said.chain(advice).chain(more).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}
