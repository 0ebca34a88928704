//! The page of one incident or planned work, with everything that was ever said about it.

use chrono::{DateTime, Utc};
use domain::{Phase, Severity, Site, Status};
use render::View;
use serde::Serialize;

use super::boards::{Boards, boards_of, untouched};
use super::card::{Next, Step, areas, steps};
use super::home::Further;
use super::row::Row;
use super::share::Share;
use super::update::{Answered, CauseLine, Parts, RelationLine, TimelineEntry, relations, timeline, to_follow};
use super::{Line, LineLink, Voice};
use crate::model::Story;
use crate::model::now::{Scope, ServiceNow};
use crate::routes::Place;

/// How many letters search results and previews of a link show, or about as many.
const DESCRIBED: usize = 200;

/// How many other problems a page names.
const BESIDE: usize = 5;

/// The page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct IncidentPage {
    pub(crate) title: Line,
    pub(crate) severity: Severity,
    pub(crate) phase_key: String,
    pub(crate) planned: bool,
    pub(crate) over: bool,
    pub(crate) withdrawn: bool,
    /// What happened and why is told.
    pub(crate) reviewed: bool,
    pub(crate) speaker: Line,
    pub(crate) starts_at: DateTime<Utc>,
    /// Somebody has said when it began.
    pub(crate) start_known: bool,
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
    pub(crate) relations: Vec<RelationLine>,
    pub(crate) rows: Vec<Row>,
    /// The services that nobody has said are affected.
    pub(crate) fine: Vec<Line>,
    pub(crate) areas: Vec<LineLink>,
    /// The areas that nobody has said are affected.
    pub(crate) fine_areas: Vec<Line>,
    /// What the boards concerned say under their own names.
    pub(crate) boards: Boards,
    /// Other open problems, which may have nothing to do with this one.
    pub(crate) beside: Vec<Further>,
    pub(crate) timeline: Vec<TimelineEntry>,
    /// The key of the note that a language is still to follow.
    pub(crate) to_follow: Option<&'static str>,
    /// The body that speaks does not publish in the language of the page at all.
    pub(crate) other_language_only: bool,
    pub(crate) share: Share,
    pub(crate) alerts_url: String,
    pub(crate) home_url: String,
}

impl View for IncidentPage {
    const TEMPLATE: &'static str = "page/incident.html";
}

impl IncidentPage {
    pub(crate) fn of(story: &Story, voice: Voice<'_>, site: &Site) -> Self {
        let newest = story.newest();
        let (content, now) = (&newest.content, voice.now.at);
        // A page of something that is over says nothing about the present: it is not made again.
        let is_open = story.is_open_problem();
        let boards = if is_open { boards_of(story, voice) } else { Boards::default() };
        Self {
            title: voice.line(story.title()),
            severity: content.severity,
            phase_key: story.phase_key(now),
            planned: story.is_planned(),
            over: content.phase.is_over(),
            withdrawn: content.phase == Phase::Withdrawn,
            reviewed: content.phase == Phase::Reviewed,
            speaker: voice.full_name(&story.incident.organisation),
            starts_at: story.incident.starts_at,
            start_known: story.is_start_known(),
            ends_at: story.incident.ends_at,
            over_at: story.over_at(),
            published_at: story.first_published(),
            updated_at: newest.published_at,
            next: Next::of(story, voice),
            steps: steps(story),
            number: newest.number,
            correction: newest.purpose == domain::revision::Purpose::Correction,
            parts_of: Parts::of(content, voice),
            cyber: Answered::of_cyber(story, voice),
            data: Answered::of_data(story, voice),
            cause: CauseLine::of(story, voice),
            relations: relations(story, voice),
            rows: rows(story, voice),
            fine: if is_open { fine(story, voice) } else { Vec::new() },
            areas: areas(&content.organisations, voice),
            fine_areas: if is_open { untouched(story, voice) } else { Vec::new() },
            beside: if is_open { beside(story, &boards, voice) } else { Vec::new() },
            boards,
            timeline: timeline(&story.updates, voice),
            to_follow: to_follow(&newest.missing, voice.language),
            other_language_only: !story.incident.languages.contains(&voice.language),
            share: Share::of(story, voice, site),
            alerts_url: Place::Alerts.path(voice.language),
            home_url: Place::Home.path(voice.language),
        }
    }
}

/// The services as the newest update states them, not as everything together adds up; once it is over, each as it was
/// at its worst.
fn rows(story: &Story, voice: Voice<'_>) -> Vec<Row> {
    let is_over = story.newest().content.phase.is_over();
    let told = if is_over { &story.updates[..] } else { &story.updates[story.updates.len() - 1..] };
    let mut worst: Vec<ServiceNow> = Vec::new();
    for said in told.iter().flat_map(|update| &update.content.services) {
        match worst.iter_mut().find(|one| one.key == said.key) {
            Some(one) => (one.system, one.care) = (one.system.max(said.system), one.care.max(said.care)),
            None => worst.push(ServiceNow {
                key: said.key.clone(),
                system: said.system,
                care: said.care,
                story: None,
                places: Vec::new(),
            }),
        }
    }
    let is_ours = voice.now.concerns(Scope::Home, &story.newest().content.organisations);
    let rows = worst.iter().filter_map(|one| Row::of(one, voice)).filter(|row| story.is_planned() || row.is_affected());
    // The pages of services are about our own: what is elsewhere has none.
    rows.map(|row| Row { url: row.url.filter(|_| is_ours), ..row }).collect()
}

/// What the newest update does not name, or names as working normally; emergency services come first in the catalogue.
fn fine(story: &Story, voice: Voice<'_>) -> Vec<Line> {
    let content = &story.newest().content;
    if !voice.now.concerns(Scope::Home, &content.organisations) {
        return Vec::new();
    }
    let is_named = |key: &str| content.services.iter().any(|one| one.key == key && one.shown() != Status::Operational);
    let services = voice.catalogue().services.iter().filter(|service| !is_named(&service.key));
    services.map(|service| voice.line(&service.name)).collect()
}

/// Every other open problem of which nobody has said whether it belongs to this one, and that the page does not name
/// already as the own news of a board.
fn beside(story: &Story, boards: &Boards, voice: Voice<'_>) -> Vec<Further> {
    let own: Vec<&str> =
        boards.reported.iter().flat_map(|board| &board.news).map(|line| line.link.url.as_str()).collect();
    let open = voice.now.problems(Scope::Home).into_iter().chain(voice.now.elsewhere());
    let told = |number: i64| story.is_told_with(number);
    let others = open.filter(|other| other.incident.id != story.incident.id && !told(other.incident.number));
    let others = others.take(BESIDE);
    let others = others.map(|other| Further::of(&other, voice));
    others.filter(|other| !own.contains(&other.link.url.as_str())).collect()
}

/// What search results and previews of a link say of an incident.
pub(crate) fn described(story: &Story, voice: Voice<'_>) -> Option<String> {
    let known = voice.line(&story.newest().content.words.know).text;
    let short: String = known.chars().take(DESCRIBED).collect();
    (!short.is_empty()).then_some(short)
}
