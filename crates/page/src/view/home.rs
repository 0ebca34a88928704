//! The home page: the state in one sentence, what to do first, then everything that is going on.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Language, Severity, Site};
use render::{Args, RenderError, Renderer, View};
use serde::Serialize;

use super::boards::{Board, boards};
use super::card::{Card, Next};
use super::planned::PlannedCard;
use super::row::Row;
use super::{Line, LineLink, Voice, Words};
use crate::model::Story;
use crate::model::now::Scope;
use crate::model::story::Stage;
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
    pub(crate) fn of(problems: &[Arc<Story>], scope: Scope<'_>, voice: Voice<'_>) -> Self {
        let worst = problems.iter().map(|story| story.newest().content.severity).max();
        let underway = |story: &Arc<Story>| story.stage(voice.now.at) == Stage::Underway;
        let (key, line) = match (problems, worst) {
            ([], _) if voice.now.planned(scope).iter().any(underway) => (Some("page-head-planned"), Line::default()),
            ([], _) => (Some("head-all-ok"), Line::default()),
            ([only], _) => (None, voice.line(only.title())),
            (_, Some(Severity::Serious | Severity::Critical)) => (Some("head-serious"), Line::default()),
            _ => (Some("head-some"), Line::default()),
        };
        Self { key, line, calm: problems.is_empty() }
    }

    /// The sentence in words.
    pub(crate) fn text(&self, renderer: &Renderer, language: Language) -> Result<String, RenderError> {
        self.key.map_or_else(|| Ok(self.line.text.clone()), |key| renderer.text(language, key, &Args::new()))
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
    pub(crate) fn of(problems: &[Arc<Story>], voice: Voice<'_>) -> Option<Self> {
        let keys = |story: &Arc<Story>| story.newest().content.advice.keys(voice.language).to_vec();
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
    /// Open problems below the most important ones, in one line each.
    pub(crate) further: Vec<Further>,
    pub(crate) elsewhere: Vec<Further>,
    /// Headings with at least one service that is affected, and the emergency services.
    pub(crate) groups: Vec<Group>,
    /// Headings where everything works normally.
    pub(crate) fine: Vec<Group>,
    pub(crate) services: usize,
    pub(crate) services_url: String,
    pub(crate) planned: Vec<PlannedCard>,
    pub(crate) planned_url: String,
    pub(crate) just_over: Vec<LineLink>,
    pub(crate) boards: Vec<Board>,
    /// How many boards have news of their own.
    pub(crate) reported: usize,
    pub(crate) areas_url: String,
    pub(crate) alerts_url: String,
    pub(crate) sms_number: Option<String>,
}

impl View for Home {
    const TEMPLATE: &'static str = "page/home.html";
}

/// An open problem in one line.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Further {
    pub(crate) link: LineLink,
    pub(crate) speaker: Line,
    pub(crate) severity: Severity,
}

/// A heading with the services that have a row, and the names of those that work normally.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) name: Line,
    pub(crate) rows: Vec<Row>,
    pub(crate) fine: Vec<Line>,
}

/// How many open problems the home page shows with their facts: also on a terrible day it is one short page.
const CARDS: usize = 5;

/// How many planned works the home page names; the rest is on their own page.
const PLANNED_SHOWN: usize = 3;

impl Home {
    pub(crate) fn of(voice: Voice<'_>, site: &Site) -> Self {
        let (now, language) = (voice.now, voice.language);
        let problems = now.problems(Scope::Home);
        let (groups, fine) = groups(voice);
        let boards = boards(voice, |_| true);
        let shown = problems.len().min(CARDS);
        Self {
            headline: Headline::of(&problems, Scope::Home, voice),
            updated_at: now.updated_at(Scope::Home),
            next: problems.first().and_then(|story| Next::of(story, voice)),
            todo: ToDo::of(&problems, voice),
            problems: problems[..shown].iter().map(|story| Card::of(story, voice)).collect(),
            further: problems[shown..].iter().map(|story| Further::of(story, voice)).collect(),
            elsewhere: now.elsewhere().iter().take(CARDS).map(|story| Further::of(story, voice)).collect(),
            groups,
            fine,
            services: voice.catalogue().services.len(),
            services_url: Place::Services.path(language),
            planned: now
                .planned(Scope::Home)
                .iter()
                .take(PLANNED_SHOWN)
                .map(|one| PlannedCard::of(one, voice))
                .collect(),
            planned_url: Place::Planned.path(language),
            just_over: now.just_over(Scope::Home).iter().map(|story| link_to(story, voice)).collect(),
            reported: boards.iter().filter(|board| !board.news.is_empty()).count(),
            boards,
            areas_url: Place::Areas.path(language),
            alerts_url: Place::Alerts.path(language),
            sms_number: site.sms_number.clone(),
        }
    }
}

impl Further {
    pub(crate) fn of(story: &Arc<Story>, voice: Voice<'_>) -> Self {
        Self {
            link: link_to(story, voice),
            speaker: voice.full_name(&story.incident.organisation),
            severity: story.newest().content.severity,
        }
    }
}

/// The services under their headings: a row for each that is affected, worst first. First those headings where
/// something is affected and the emergency services, since that these work is worth saying; then the others.
fn groups(voice: Voice<'_>) -> (Vec<Group>, Vec<Group>) {
    let services = voice.now.services(Scope::Home);
    let (mut groups, mut calm) = (Vec::new(), Vec::new());
    for (place, group) in voice.catalogue().groups.iter().enumerate() {
        let of_group = |key: &str| voice.catalogue().service(key).is_some_and(|one| one.group == group.key);
        let rows = services.iter().filter(|service| of_group(&service.key));
        let rows = rows.filter_map(|service| Row::of(service, voice));
        let (mut rows, fine): (Vec<Row>, Vec<Row>) = rows.partition(Row::is_affected);
        rows.sort_by_key(|row| std::cmp::Reverse(row.status));
        let fine: Vec<Line> = fine.into_iter().map(|row| row.name).collect();
        match (rows.is_empty(), fine.is_empty()) {
            (true, true) => {}
            (true, false) if place > 0 => calm.push(Group { name: voice.line(&group.name), rows, fine }),
            _ => groups.push(Group { name: voice.line(&group.name), rows, fine }),
        }
    }
    (groups, calm)
}

/// A line that leads to an incident's page.
pub(crate) fn link_to(story: &Story, voice: Voice<'_>) -> LineLink {
    let url = Place::Incident(&story.incident.slug).path(voice.language);
    LineLink { line: voice.line(story.title()), url }
}
