//! Who said what and when: every answer to the questions that everybody asks, in the order in which it was given.

use chrono::{DateTime, Utc};
use domain::fact::{Answer, Certainty, Fact};
use serde::Serialize;

use crate::model::{Story, Update};
use crate::view::{Line, Voice};

/// One answer, from the update that first gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Claim {
    /// The key of the question: `page-cyber`.
    pub(crate) question: &'static str,
    /// The key of the answer: `page-cyber-no`; none for a cause, which has a name.
    pub(crate) answer: Option<String>,
    /// The cause.
    pub(crate) name: Option<Line>,
    /// The key of how sure it is: `page-cause-suspected`.
    pub(crate) certainty: Option<&'static str>,
    /// Who says so; the body that published the update when nobody else is named.
    pub(crate) by: Option<String>,
    /// Since when they have been saying so, where that is known.
    pub(crate) said_at: Option<DateTime<Utc>>,
    /// Whether it is an answer at all, and not that nobody knows.
    #[serde(skip)]
    is_known: bool,
    /// The update that first told it here.
    pub(crate) update: i64,
    pub(crate) published_at: DateTime<Utc>,
}

/// Every answer that differs from the one before it; "not known" only where it takes an answer back.
pub(crate) fn claims(story: &Story, voice: Voice<'_>) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    for update in &story.updates {
        let said = [
            Some(of_fact(("page-cyber", "cyber"), &update.content.cyber, (update, voice))),
            Some(of_fact(("page-data", "data"), &update.content.data, (update, voice))),
            of_cause(update, voice),
        ];
        for claim in said.into_iter().flatten() {
            let before = claims.iter().rev().find(|one| one.question == claim.question);
            let is_new = match before {
                Some(before) => !before.says_the_same(&claim),
                None => claim.is_known,
            };
            if is_new {
                claims.push(claim);
            }
        }
    }
    claims
}

impl Claim {
    fn says_the_same(&self, other: &Self) -> bool {
        (&self.answer, &self.name, self.certainty, &self.by) == (&other.answer, &other.name, other.certainty, &other.by)
    }
}

fn of_fact((question, word): (&'static str, &str), fact: &Fact, (update, voice): (&Update, Voice<'_>)) -> Claim {
    let is_known = fact.answer != Answer::NotKnown;
    Claim {
        question,
        answer: Some(format!("page-{word}-{}", fact.answer.key().replace('_', "-"))),
        name: None,
        certainty: None,
        by: voice.source(fact.stated_by.as_deref()).filter(|_| is_known),
        said_at: fact.stated_at.filter(|_| is_known),
        is_known,
        update: update.number,
        published_at: update.published_at,
    }
}

fn of_cause(update: &Update, voice: Voice<'_>) -> Option<Claim> {
    let cause = &update.content.cause;
    let named = voice.catalogue().cause(&cause.key).filter(|named| !named.staff_only)?;
    let certainty = match cause.standing() {
        Certainty::Unknown => return None,
        Certainty::Suspected => "page-cause-suspected",
        Certainty::Confirmed => "page-cause-confirmed",
    };
    Some(Claim {
        question: "page-cause",
        answer: None,
        name: Some(voice.line(&named.name)),
        certainty: Some(certainty),
        by: voice.source(cause.stated_by.as_deref()),
        said_at: None,
        is_known: true,
        update: update.number,
        published_at: update.published_at,
    })
}
