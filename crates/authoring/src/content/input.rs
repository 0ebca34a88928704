//! What a form or an API call says about a revision: only the fields that it names.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::fact::{Cause, Fact};
use domain::revision::{AdviceChoice, Words};
use domain::status::ServiceState;
use domain::{ChannelKind, Content, IncidentKind, Localized, Phase, Relation, Severity, relation};
use edge::Problem;
use serde_json::Value;

use super::{Fields, LASTING, WORDS, words_mut, words_of};

/// The named fields of a revision. What is not named stays as it was, or comes from the template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContentInput {
    /// Where the incident stands.
    pub phase: Option<Phase>,
    /// How much the public is hit.
    pub severity: Option<Severity>,
    /// The bodies whose areas are affected; the first one speaks.
    pub organisations: Option<Vec<String>>,
    /// Technical parts.
    pub components: Option<Vec<String>>,
    /// The services with their two statuses.
    pub services: Option<Vec<ServiceState>>,
    /// The cause.
    pub cause: Option<Cause>,
    /// Is it a cyber attack?
    pub cyber: Option<Fact>,
    /// Is personal information affected?
    pub data: Option<Fact>,
    /// Which other incidents it has to do with, and which not.
    pub relations: Option<Vec<Relation>>,
    /// What people should do.
    pub advice: Option<AdviceChoice>,
    /// Advice that stands although a service that it sends people to does not work.
    pub advice_stands: Option<Vec<String>>,
    /// Work moved to paper.
    pub on_paper: Option<bool>,
    /// When people will hear more; `Some(None)` takes the promise away.
    pub next_update_by: Option<Option<DateTime<Utc>>>,
    /// When the problem began; `Some(None)` says that nobody knows.
    pub started_at: Option<Option<DateTime<Utc>>>,
    /// Why it is over already; `Some(None)` takes the reason away.
    pub early_reason: Option<Option<String>>,
    /// The words that were given, by field name; an empty text means that the field is to stay empty.
    pub words: BTreeMap<&'static str, Localized>,
    /// The ways out beside page and feeds.
    pub channels: Option<Vec<ChannelKind>>,
}

impl ContentInput {
    /// Reads the JSON form of a revision.
    pub(crate) fn read(fields: &mut Fields) -> Self {
        let mut words = BTreeMap::new();
        for field in WORDS {
            if let Some(given) = fields.take::<Localized>(field) {
                words.insert(field, given);
            }
        }
        Self {
            phase: fields.take("phase"),
            severity: fields.take("severity"),
            organisations: fields.take("organisations"),
            components: fields.take("components"),
            services: fields.take("services"),
            cause: fields.take("cause"),
            cyber: fields.take("cyber"),
            data: fields.take("data"),
            relations: fields.take("relations"),
            advice: fields.take("advice"),
            advice_stands: fields.take("advice_stands"),
            on_paper: fields.take("on_paper"),
            next_update_by: fields.take_nullable("next_update_by"),
            started_at: fields.take_nullable("started_at"),
            early_reason: fields.take_nullable("early_reason"),
            words,
            channels: fields.take("channels"),
        }
    }

    /// Reads a whole body.
    ///
    /// # Errors
    /// Every field that is unknown or not of its kind.
    pub fn from_json(body: Value) -> Result<Self, Vec<Problem>> {
        let mut fields = Fields::new(body);
        let input = Self::read(&mut fields);
        let problems = fields.finish();
        if problems.is_empty() { Ok(input) } else { Err(problems) }
    }

    /// The names of the fields whose words were given.
    pub(crate) fn given(&self) -> Vec<&'static str> {
        self.words.keys().copied().collect()
    }

    /// The first content of an incident.
    pub(crate) fn into_first(self, kind: IncidentKind) -> Content {
        let first = match kind {
            IncidentKind::Incident => Phase::Investigating,
            IncidentKind::Planned => Phase::Scheduled,
        };
        let empty = Content {
            phase: first,
            severity: Severity::default(),
            organisations: Vec::new(),
            components: Vec::new(),
            services: Vec::new(),
            cause: Cause::default(),
            cyber: Fact::default(),
            data: Fact::default(),
            relations: Vec::new(),
            advice: AdviceChoice::default(),
            advice_stands: Vec::new(),
            on_paper: false,
            next_update_by: None,
            started_at: None,
            early_reason: None,
            words: Words::default(),
            channels: Vec::new(),
        };
        let channels = self.channels.is_some();
        let mut content = empty;
        self.apply(&mut content);
        if !channels {
            content.channels = default_channels(content.severity);
        }
        content
    }

    /// The next content after `last`: what was picked goes on, as do the words for staff; the others and the promise
    /// are written anew. When it is over there is nothing left to work around.
    pub(crate) fn into_next(self, last: &Content) -> Content {
        let mut words = Words { subject: last.words.subject.clone(), ..Words::default() };
        let over = self.phase.unwrap_or(last.phase).is_over();
        for field in LASTING.into_iter().filter(|_| !over) {
            if let (Some(before), Some(now)) = (words_of(&last.words, field), words_mut(&mut words, field)) {
                now.clone_from(before);
            }
        }
        // That advice stands although its service is down is said anew each time.
        let mut content =
            Content { next_update_by: None, early_reason: None, advice_stands: Vec::new(), words, ..last.clone() };
        self.apply(&mut content);
        content
    }

    /// The content that takes `last` back as a false alarm: where nothing else is said, its services work.
    pub(crate) fn into_withdrawal(mut self, last: &Content) -> Content {
        self.phase = Some(Phase::Withdrawn);
        self.services = self.services.or_else(|| Some(last.services.iter().map(ServiceState::working).collect()));
        // What never happened has nothing to do with anything.
        self.relations = self.relations.or_else(|| Some(Vec::new()));
        self.into_next(last)
    }

    /// Changes the named fields of a content.
    pub(crate) fn apply(mut self, content: &mut Content) {
        if let Some(new) = &mut self.relations {
            relation::keep_times(new, &content.relations);
        }
        put(&mut content.phase, self.phase);
        put(&mut content.severity, self.severity);
        put(&mut content.organisations, self.organisations);
        put(&mut content.components, self.components);
        put(&mut content.services, self.services);
        put(&mut content.cause, self.cause);
        put(&mut content.cyber, self.cyber);
        put(&mut content.data, self.data);
        put(&mut content.relations, self.relations);
        put(&mut content.advice, self.advice);
        put(&mut content.advice_stands, self.advice_stands);
        put(&mut content.on_paper, self.on_paper);
        put(&mut content.next_update_by, self.next_update_by);
        put(&mut content.started_at, self.started_at);
        put(&mut content.early_reason, self.early_reason);
        put(&mut content.channels, self.channels);
        for (field, given) in self.words {
            if let Some(words) = words_mut(&mut content.words, field) {
                *words = given;
            }
        }
    }
}

/// The named fields of an incident with its first revision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidentInput {
    /// Problem or planned work.
    pub kind: IncidentKind,
    /// When it began or will begin; now where it is not said.
    pub starts_at: Option<DateTime<Utc>>,
    /// When planned work is to end.
    pub ends_at: Option<DateTime<Utc>>,
    /// Its number and address, for a record that is brought over from elsewhere; else the next free ones.
    pub place: Option<(i64, Localized)>,
    /// The first revision.
    pub content: ContentInput,
}

impl IncidentInput {
    /// Reads `{severity, kind, services, organisations, revision: {…}}`. What concerns the revision may also stand in
    /// it.
    pub(crate) fn from_json(body: Value) -> Result<Self, Vec<Problem>> {
        let mut fields = Fields::new(body);
        let mut inner = Fields::within("revision.".to_owned(), fields.take("revision").unwrap_or(Value::Null));
        let mut content = ContentInput::read(&mut inner);
        fields.also(inner.finish());
        let kind = fields.take("kind").unwrap_or_default();
        let (starts_at, ends_at) = (fields.take("starts_at"), fields.take("ends_at"));
        content.severity = fields.take("severity").or(content.severity);
        content.services = fields.take("services").or(content.services);
        content.components = fields.take("components").or(content.components);
        content.organisations = match content.organisations.take() {
            Some(inside) => fields.take("organisations").or(Some(inside)),
            None => fields.require("organisations"),
        };
        let problems = fields.finish();
        if problems.is_empty() { Ok(Self { kind, starts_at, ends_at, place: None, content }) } else { Err(problems) }
    }
}

/// The ways out that a severity calls for, where the author has not chosen.
fn default_channels(severity: Severity) -> Vec<ChannelKind> {
    match severity {
        Severity::Info | Severity::Minor => Vec::new(),
        Severity::Moderate => vec![ChannelKind::Email],
        Severity::Serious | Severity::Critical => ChannelKind::ALL.to_vec(),
    }
}

fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}
