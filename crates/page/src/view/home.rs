//! The home page: the state in one sentence, what to do first, then everything that is going on.

use chrono::{DateTime, Utc};
use domain::{Severity, Site};
use render::View;
use serde::Serialize;

use super::card::{Card, Next};
use super::planned::PlannedCard;
use super::row::Row;
use super::{Line, LineLink, Voice, Words};
use crate::model::Story;
use crate::model::now::Scope;
use crate::routes::Place;

/// The state of everything in one sentence.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Headline {
    /// The key of a ready sentence, where the headline of one incident would not say it all.
    pub(crate) key: Option<&'static str>,
    /// The headline of the only open incident.
    pub(crate) line: Line,
    /// Whether nothing is wrong.
    pub(crate) calm: bool,
}

impl Headline {
    pub(crate) fn of(problems: &[std::sync::Arc<Story>], voice: Voice<'_>) -> Self {
        let worst = problems.iter().map(|story| story.newest().content.severity).max();
        let (key, line) = match (problems, worst) {
            ([], _) => (Some("head-all-ok"), Line::default()),
            ([only], _) => (None, voice.line(only.title())),
            (_, Some(Severity::Serious | Severity::Critical)) => (Some("head-serious"), Line::default()),
            _ => (Some("head-some"), Line::default()),
        };
        Self { key, line, calm: problems.is_empty() }
    }
}

/// What people should do, of everything that is going on.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ToDo {
    pub(crate) advice: Vec<Line>,
    pub(crate) should: Words,
    /// `emergency`, `urgent` or `non-urgent`: how the card looks.
    pub(crate) urgency: &'static str,
}

impl ToDo {
    /// `None` when there is nothing to do.
    pub(crate) fn of(problems: &[std::sync::Arc<Story>], voice: Voice<'_>) -> Option<Self> {
        let keys = |story: &std::sync::Arc<Story>| story.newest().content.advice.keys(voice.language).to_vec();
        let keys: Vec<String> = problems.iter().flat_map(keys).collect();
        let advice = voice.advice(&keys);
        let should =
            problems.first().map(|story| voice.words(&story.newest().content.words.should)).unwrap_or_default();
        let urgency = match problems.first().map(|story| story.newest().content.severity) {
            Some(Severity::Critical) => "emergency",
            Some(Severity::Serious) => "urgent",
            _ => "non-urgent",
        };
        (!advice.is_empty() || !should.paragraphs.is_empty()).then_some(Self { advice, should, urgency })
    }
}

/// The home page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Home {
    pub(crate) headline: Headline,
    pub(crate) updated_at: Option<DateTime<Utc>>,
    pub(crate) next: Option<Next>,
    pub(crate) todo: Option<ToDo>,
    pub(crate) problems: Vec<Card>,
    pub(crate) elsewhere: Vec<Card>,
    pub(crate) rows: Vec<Row>,
    pub(crate) services: usize,
    pub(crate) services_url: String,
    pub(crate) planned: Vec<PlannedCard>,
    pub(crate) planned_url: String,
    pub(crate) just_over: Vec<LineLink>,
    pub(crate) areas_url: String,
    pub(crate) alerts_url: String,
    pub(crate) sms_number: Option<String>,
}

impl View for Home {
    const TEMPLATE: &'static str = "page/home.html";
}

/// How many planned works the home page names; the rest is on their own page.
const PLANNED_SHOWN: usize = 3;

impl Home {
    pub(crate) fn of(voice: Voice<'_>, site: &Site) -> Self {
        let (now, language) = (voice.now, voice.language);
        let problems = now.problems(Scope::Home);
        let rows: Vec<Row> = now.services(Scope::Home).iter().filter_map(|service| Row::of(service, voice)).collect();
        let services = rows.len();
        let over = now.just_over(Scope::Home);
        Self {
            headline: Headline::of(&problems, voice),
            updated_at: now.updated_at(Scope::Home),
            next: problems.first().and_then(|story| Next::of(story, voice)),
            todo: ToDo::of(&problems, voice),
            problems: problems.iter().map(|story| Card::of(story, voice)).collect(),
            elsewhere: now.elsewhere().iter().map(|story| Card::of(story, voice)).collect(),
            rows: shown_first(rows, voice),
            services,
            services_url: Place::Services.path(language),
            planned: now
                .planned(Scope::Home)
                .iter()
                .take(PLANNED_SHOWN)
                .map(|one| PlannedCard::of(one, voice))
                .collect(),
            planned_url: Place::Planned.path(language),
            just_over: over.iter().map(|story| link_to(story, voice)).collect(),
            areas_url: Place::Areas.path(language),
            alerts_url: Place::Alerts.path(language),
            sms_number: site.sms_number.clone(),
        }
    }
}

/// The affected services, worst first, and then the emergency services: that these work is worth saying.
fn shown_first(rows: Vec<Row>, voice: Voice<'_>) -> Vec<Row> {
    let first_group = voice.catalogue().groups.first().map(|group| group.key.as_str());
    let services = voice.catalogue().services.iter();
    let vital: Vec<Line> =
        services.filter(|one| Some(one.group.as_str()) == first_group).map(|one| voice.line(&one.name)).collect();
    let (mut affected, fine): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(Row::is_affected);
    affected.sort_by_key(|row| std::cmp::Reverse(row.status));
    affected.extend(fine.into_iter().filter(|row| vital.contains(&row.name)));
    affected
}

/// A line that leads to an incident's page.
pub(crate) fn link_to(story: &Story, voice: Voice<'_>) -> LineLink {
    let url = Place::Incident(&story.incident.slug).path(voice.language);
    LineLink { line: voice.line(story.title()), url }
}
