//! An incident as lists show it: headline, how far we are, the two facts, where, and when more is said.

use chrono::{DateTime, Utc};
use domain::{Phase, Severity};
use serde::Serialize;

use super::update::{Answered, CauseLine, to_follow};
use super::{Line, LineLink, Voice, Words, has_area_page, told_phase};
use crate::model::Story;
use crate::routes::Place;

/// When the next update was promised for.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Next {
    pub(crate) by: DateTime<Utc>,
    /// The time of the update that promised it: the date is only named when it is another day.
    pub(crate) from: DateTime<Utc>,
    pub(crate) late: bool,
}

impl Next {
    pub(crate) fn of(story: &Story, voice: Voice<'_>) -> Option<Self> {
        let newest = story.newest();
        let by = newest.content.next_update_by.filter(|_| !newest.content.phase.is_over())?;
        Some(Self { by, from: newest.published_at, late: story.is_late(voice.now.at) })
    }
}

/// One step of "how far we are".
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Step {
    pub(crate) key: String,
    /// `done`, `now` or `ahead`.
    pub(crate) state: &'static str,
}

/// The steps of an incident; none for planned work, or for a phase outside of the usual line.
pub(crate) fn steps(story: &Story) -> Vec<Step> {
    let phase = match story.newest().content.phase {
        // What came back is looked into again.
        Phase::Reopened => Phase::Investigating,
        phase => phase,
    };
    let Some(reached) = Phase::STEPS.iter().position(|step| *step == phase) else { return Vec::new() };
    let state = |place: usize| match place.cmp(&reached) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "ahead",
    };
    let step =
        |(place, phase): (usize, &Phase)| Step { key: format!("page-step-{}", phase.key()), state: state(place) };
    Phase::STEPS.iter().enumerate().map(step).collect()
}

/// An open incident on the home page or an area's page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Card {
    pub(crate) number: i64,
    pub(crate) url: String,
    pub(crate) title: Line,
    pub(crate) severity: Severity,
    pub(crate) phase_key: String,
    /// Who speaks; left out for the body that the page belongs to.
    pub(crate) speaker: Option<Line>,
    pub(crate) steps: Vec<Step>,
    pub(crate) summary: Words,
    pub(crate) cyber: Answered,
    pub(crate) data: Answered,
    pub(crate) cause: Option<CauseLine>,
    pub(crate) areas: Vec<LineLink>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) next: Option<Next>,
    pub(crate) updates: usize,
    pub(crate) to_follow: Option<&'static str>,
}

impl Card {
    pub(crate) fn of(story: &Story, voice: Voice<'_>) -> Self {
        let newest = story.newest();
        let content = &newest.content;
        let own = voice.now.root().is_some_and(|root| root.key == story.incident.organisation);
        Self {
            number: story.incident.number,
            url: Place::Incident(&story.incident.slug).path(voice.language),
            title: voice.line(story.title()),
            severity: content.severity,
            phase_key: told_phase(content.phase, &content.cause),
            speaker: (!own).then(|| voice.full_name(&story.incident.organisation)),
            steps: steps(story),
            summary: voice.words(&content.words.know),
            cyber: Answered::of_cyber(story, voice),
            data: Answered::of_data(story, voice),
            cause: CauseLine::of(story, voice),
            areas: areas(&content.organisations, voice),
            updated_at: newest.published_at,
            next: Next::of(story, voice),
            updates: story.updates.len(),
            to_follow: to_follow(&newest.missing, voice.language),
        }
    }
}

/// Links to the pages of these areas, each once.
pub(crate) fn areas(organisations: &[String], voice: Voice<'_>) -> Vec<LineLink> {
    let mut links: Vec<LineLink> = Vec::new();
    for organisation in organisations.iter().filter_map(|key| voice.catalogue().organisation(key)) {
        let line = voice.line(&organisation.short);
        if links.iter().all(|link| link.line != line) && has_area_page(organisation) {
            links.push(LineLink { line, url: Place::Area(&organisation.key).path(voice.language) });
        }
    }
    links
}
