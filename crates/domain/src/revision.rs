//! A revision: one update in every language, with the rules that say whether it may be published.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fact::{Cause, Fact};
use crate::status::ServiceState;
use crate::{Catalogue, ChannelKind, Language, Localized, Phase, Relation, Severity};

mod public;
mod rules;

pub use public::{PublicContent, PublicWords, StaffWords};
pub use rules::{ContentProblem, Gate};

/// The advice of an update. Both languages normally share one list; an interface that sends two lists is accepted
/// while drafting, and refused at publication when they differ.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AdviceChoice {
    /// One list for every language.
    Shared(Vec<String>),
    /// A list for each language.
    PerLanguage(BTreeMap<Language, Vec<String>>),
}

impl Default for AdviceChoice {
    fn default() -> Self {
        Self::Shared(Vec::new())
    }
}

impl AdviceChoice {
    /// The keys for one language.
    #[must_use]
    pub fn keys(&self, language: Language) -> &[String] {
        match self {
            Self::Shared(keys) => keys,
            Self::PerLanguage(lists) => lists.get(&language).map_or(&[], Vec::as_slice),
        }
    }

    /// Every key that any language has, once.
    #[must_use]
    pub fn all_keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = match self {
            Self::Shared(keys) => keys.iter().map(String::as_str).collect(),
            Self::PerLanguage(lists) => lists.values().flatten().map(String::as_str).collect(),
        };
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Whether two of these languages would give different advice.
    #[must_use]
    pub fn differs(&self, languages: &[Language]) -> bool {
        let sorted = |language: &Language| {
            let mut keys = self.keys(*language).to_vec();
            keys.sort_unstable();
            keys
        };
        languages.windows(2).any(|pair| sorted(&pair[0]) != sorted(&pair[1]))
    }
}

/// The words of an update: the five parts, and the short forms for the channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// The headline of page and incident.
    pub title: Localized,
    /// The subject of the mail: the same for every update of an incident, so that mail programs thread them.
    pub subject: Localized,
    /// What we know.
    pub know: Localized,
    /// What we do not know yet.
    pub unknown: Localized,
    /// What we are doing.
    pub doing: Localized,
    /// What you should do, beside the advice lines.
    pub should: Localized,
    /// When you will hear more.
    pub more: Localized,
    /// The text message. `{link}` stands for the short link.
    pub sms: Localized,
    /// The social post. `{link}` stands for the short link.
    pub post: Localized,
    /// For those who write and approve; never in any public byte.
    pub staff_note: Localized,
    /// For staff at the unlisted address: what still works. Never in any public byte. Left out of the JSON while it is
    /// empty, as the two that follow, so that what was approved before there was such a field stays what was approved.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub staff_works: Localized,
    /// For staff at the unlisted address: how to work until it is mended.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub staff_workaround: Localized,
    /// For staff at the unlisted address: what to record on the answering machine.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub staff_line: Localized,
}

/// Everything an update says. It is complete in itself: the page shows the newest one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Where the incident stands.
    pub phase: Phase,
    /// How much the public is hit.
    pub severity: Severity,
    /// The bodies whose areas are affected; the first one speaks.
    pub organisations: Vec<String>,
    /// Technical parts, for staff only.
    #[serde(default)]
    pub components: Vec<String>,
    /// The services with their two statuses.
    #[serde(default)]
    pub services: Vec<ServiceState>,
    /// The cause.
    #[serde(default)]
    pub cause: Cause,
    /// Is it a cyber attack?
    #[serde(default)]
    pub cyber: Fact,
    /// Is personal information affected?
    #[serde(default)]
    pub data: Fact,
    /// Which other incidents it has to do with, and which not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// What people should do.
    #[serde(default)]
    pub advice: AdviceChoice,
    /// Advice that stands although a service that it sends people to does not work: somebody looked at it and said so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice_stands: Vec<String>,
    /// Work moved to paper, so a backlog will follow.
    #[serde(default)]
    pub on_paper: bool,
    /// When people will hear more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update_by: Option<DateTime<Utc>>,
    /// When the problem began, once somebody knows: it may have begun long before anybody said a word. From then on the
    /// incident has this start. Left out of the JSON while nobody knows, so that older approvals stay what they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    /// Why it is over although systems have been watched for less than [`QUIET`](crate::phase::QUIET). For staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_reason: Option<String>,
    /// The words.
    #[serde(flatten)]
    pub words: Words,
    /// The ways out beside page and feeds.
    #[serde(default)]
    pub channels: Vec<ChannelKind>,
}

/// Where a revision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RevisionState {
    /// Being written.
    Draft,
    /// Waiting for another person's approval.
    Submitted,
    /// Approved as it is; any edit makes it a draft again.
    Approved,
    /// Sent back.
    Rejected,
    /// Public for ever.
    Published,
}

impl RevisionState {
    /// The key kept in the database and used in translations (`rev-{key}`).
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Published => "published",
        }
    }

    /// The state of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Draft, Self::Submitted, Self::Approved, Self::Rejected, Self::Published]
            .into_iter()
            .find(|state| state.key() == key)
    }
}

/// What a published revision does to an earlier one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// The next update.
    #[default]
    Update,
    /// A visible correction of the update before it.
    Correction,
    /// The incident was a false alarm.
    Withdrawal,
}

/// One update of an incident, from draft to publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// The id.
    pub id: i64,
    /// Its incident.
    pub incident: i64,
    /// 1, 2, 3, … in the order of publication; none before.
    pub number: Option<i64>,
    /// Update, correction or withdrawal.
    pub purpose: Purpose,
    /// Where it stands.
    pub state: RevisionState,
    /// What it says.
    pub content: Content,
    /// Rises with each edit; an edit against an older version is refused.
    pub version: i64,
    /// Who wrote it last.
    pub author: i64,
    /// Everybody who wrote any of it, in the order of their first word: here, or in the unpublished revision that it
    /// began with.
    #[serde(default)]
    pub writers: Vec<i64>,
    /// Who sent it for approval.
    pub submitted_by: Option<i64>,
    /// Who approved it.
    pub approved_by: Option<i64>,
    /// The hash of everything shown and sent, as approved.
    pub approved_hash: Option<String>,
    /// Why it was sent back.
    pub rejection: Option<String>,
    /// Why one person published it alone.
    pub break_glass: Option<String>,
    /// When it was first saved.
    pub created_at: DateTime<Utc>,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
    /// When it became public.
    pub published_at: Option<DateTime<Utc>>,
}

impl Revision {
    /// Whether this person wrote any of it.
    #[must_use]
    pub fn is_written_by(&self, staff: i64) -> bool {
        self.author == staff || self.writers.contains(&staff)
    }

    /// Whether somebody saw a reason not to publish it and nothing in it has been changed since. To send the same words
    /// again does not undo that; another person's approval does.
    #[must_use]
    pub fn is_sent_back(&self) -> bool {
        self.rejection.is_some() && matches!(self.state, RevisionState::Rejected | RevisionState::Submitted)
    }

    /// Notes who has just written in it.
    pub fn add_writer(&mut self, staff: i64) {
        self.author = staff;
        if !self.writers.contains(&staff) {
            self.writers.push(staff);
        }
    }
}

/// What readers see last of an incident: the published revision with the highest number.
#[must_use]
pub fn newest_published(revisions: &[Revision]) -> Option<&Revision> {
    revisions.iter().filter(|one| one.state == RevisionState::Published).max_by_key(|one| one.number)
}

impl Content {
    /// The service states, each with the catalogue's public name at hand.
    pub fn services_in<'a>(
        &'a self,
        catalogue: &'a Catalogue,
    ) -> impl Iterator<Item = (&'a ServiceState, &'a crate::service::Service)> {
        named(&self.services, catalogue)
    }

    /// Each piece of advice with a service that it sends people to and that does not work, as this update says itself.
    #[must_use]
    pub fn advice_in_doubt<'a>(
        &'a self,
        catalogue: &'a Catalogue,
    ) -> Vec<(&'a crate::advice::Advice, &'a crate::service::Service)> {
        let keys = self.advice.all_keys();
        let given = catalogue.advice.iter().filter(|one| keys.contains(&one.key.as_str()));
        let down = |key: &&String| self.services.iter().any(|one| one.key == **key && one.is_down());
        given.filter_map(|one| Some((one, catalogue.service(one.needs.iter().find(down)?)?))).collect()
    }
}

fn named<'a>(
    services: &'a [ServiceState],
    catalogue: &'a Catalogue,
) -> impl Iterator<Item = (&'a ServiceState, &'a crate::service::Service)> {
    services.iter().filter_map(|state| catalogue.service(&state.key).map(|service| (state, service)))
}
