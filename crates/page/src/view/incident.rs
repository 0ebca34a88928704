//! The page of one incident or planned work, with everything that was ever said about it.

use chrono::{DateTime, Utc};
use domain::Severity;
use render::View;
use serde::Serialize;

use super::card::{Next, Step, areas, steps};
use super::row::Row;
use super::update::{Answered, CauseLine, Parts, TimelineEntry, timeline};
use super::{Line, LineLink, Voice, phase_key};
use crate::model::Story;
use crate::model::now::ServiceNow;
use crate::routes::Place;

/// The page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct IncidentPage {
    pub(crate) title: Line,
    pub(crate) severity: Severity,
    pub(crate) phase_key: String,
    pub(crate) planned: bool,
    pub(crate) over: bool,
    pub(crate) withdrawn: bool,
    pub(crate) speaker: Line,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
    pub(crate) over_at: Option<DateTime<Utc>>,
    pub(crate) published_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) next: Option<Next>,
    pub(crate) steps: Vec<Step>,
    pub(crate) number: i64,
    pub(crate) correction: bool,
    pub(crate) parts_of: Parts,
    pub(crate) cyber: Answered,
    pub(crate) data: Answered,
    pub(crate) cause: Option<CauseLine>,
    pub(crate) rows: Vec<Row>,
    pub(crate) areas: Vec<LineLink>,
    pub(crate) timeline: Vec<TimelineEntry>,
    /// The other language is still to follow.
    pub(crate) to_follow: bool,
    /// The body that speaks does not publish in the language of the page at all.
    pub(crate) other_language_only: bool,
    pub(crate) alerts_url: String,
    pub(crate) home_url: String,
}

impl View for IncidentPage {
    const TEMPLATE: &'static str = "page/incident.html";
}

impl IncidentPage {
    pub(crate) fn of(story: &Story, voice: Voice<'_>) -> Self {
        let newest = story.newest();
        let (content, now) = (&newest.content, voice.now.at);
        Self {
            title: voice.line(story.title()),
            severity: content.severity,
            phase_key: phase_key(story.phase(now)),
            planned: story.is_planned(),
            over: content.phase.is_over(),
            withdrawn: content.phase == domain::Phase::Withdrawn,
            speaker: voice.full_name(&story.incident.organisation),
            starts_at: story.incident.starts_at,
            ends_at: story.incident.ends_at,
            over_at: story.over_at(),
            published_at: story.first_published(),
            updated_at: newest.published_at,
            next: Next::of(story, voice),
            steps: steps(story),
            number: newest.number,
            correction: newest.purpose == domain::revision::Purpose::Correction,
            parts_of: Parts::of(content, voice),
            cyber: Answered::of("cyber", &content.cyber),
            data: Answered::of("data", &content.data),
            cause: CauseLine::of(content, voice),
            rows: rows(story, voice),
            areas: areas(&content.organisations, voice),
            timeline: timeline(&story.updates, voice),
            to_follow: newest.missing.contains(&voice.language),
            other_language_only: !story.incident.languages.contains(&voice.language),
            alerts_url: Place::Alerts.path(voice.language),
            home_url: Place::Home.path(voice.language),
        }
    }
}

/// The services as the newest update states them, not as everything together adds up.
fn rows(story: &Story, voice: Voice<'_>) -> Vec<Row> {
    let state = |said: &domain::status::ServiceState| ServiceNow {
        key: said.key.clone(),
        system: said.system,
        care: said.care,
        story: None,
        places: Vec::new(),
    };
    story.newest().content.services.iter().filter_map(|said| Row::of(&state(said), voice)).collect()
}
