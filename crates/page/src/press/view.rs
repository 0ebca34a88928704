//! The typed pages for the press.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use domain::{Severity, Site};
use render::View;
use serde::Serialize;

use super::claims::{Claim, claims};
use super::edits::{Edit, edits};
use crate::model::Story;
use crate::routes::{Place, feed_path};
use crate::view::card::{Next, areas};
use crate::view::update::{Parts, RelationLine, relations, to_follow};
use crate::view::{Line, LineLink, Voice};

/// Every incident that is told in full, the open ones first.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PressIndex {
    pub(crate) open: Vec<PressRow>,
    pub(crate) recent: Vec<PressRow>,
    pub(crate) contact: Option<String>,
    pub(crate) feed_url: String,
    pub(crate) history_url: String,
}

impl View for PressIndex {
    const TEMPLATE: &'static str = "press/index.html";
}

/// One incident in a list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PressRow {
    pub(crate) link: LineLink,
    pub(crate) speaker: Line,
    pub(crate) severity: Severity,
    pub(crate) phase_key: String,
    pub(crate) updated_at: DateTime<Utc>,
}

impl PressIndex {
    pub(crate) fn of(voice: Voice<'_>, site: &Site) -> Self {
        let stories = voice.now.model.stories.values().filter(|story| !story.is_planned());
        let (mut open, mut recent): (Vec<&Story>, Vec<&Story>) =
            stories.map(|story| &**story).partition(|story| story.is_open_problem());
        open.sort_by_key(|story| Reverse((story.newest().content.severity, story.newest().published_at)));
        recent.sort_by_key(|story| Reverse((story.newest().published_at, story.incident.id)));
        let row = |story: &Story| PressRow {
            link: press_link(story, voice),
            speaker: voice.short_name(&story.incident.organisation),
            severity: story.newest().content.severity,
            phase_key: story.phase_key(voice.now.at),
            updated_at: story.newest().published_at,
        };
        Self {
            open: open.into_iter().map(row).collect(),
            recent: recent.into_iter().map(row).collect(),
            contact: site.press_office.clone(),
            feed_url: feed_path(voice.language, None, "feed.atom"),
            history_url: Place::History.path(voice.language),
        }
    }
}

fn press_link(story: &Story, voice: Voice<'_>) -> LineLink {
    let url = Place::PressOf(&story.incident.slug).path(voice.language);
    LineLink { line: voice.line(story.title()), url }
}

/// What may be quoted of one incident.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PressPage {
    pub(crate) title: Line,
    pub(crate) severity: Severity,
    pub(crate) phase_key: String,
    pub(crate) over: bool,
    pub(crate) withdrawn: bool,
    pub(crate) to_follow: Option<&'static str>,
    /// Whose words these are.
    pub(crate) speaker: Line,
    /// The update that the statement is.
    pub(crate) number: i64,
    pub(crate) correction: bool,
    pub(crate) said_at: DateTime<Utc>,
    pub(crate) statement: Parts,
    pub(crate) claims: Vec<Claim>,
    pub(crate) relations: Vec<RelationLine>,
    pub(crate) starts_at: DateTime<Utc>,
    /// Somebody has said when it began.
    pub(crate) start_known: bool,
    pub(crate) published_at: DateTime<Utc>,
    pub(crate) over_at: Option<DateTime<Utc>>,
    pub(crate) next: Option<Next>,
    pub(crate) services: Vec<ServiceSaid>,
    pub(crate) areas: Vec<LineLink>,
    /// Other problems of the same time: nobody has said whether they belong together.
    pub(crate) beside: Vec<LineLink>,
    pub(crate) edits: Vec<Edit>,
    pub(crate) contact: Option<String>,
    pub(crate) incident_url: String,
    /// Stays for ever, with its host.
    pub(crate) lasting_url: String,
    pub(crate) short_url: String,
    pub(crate) feed_url: String,
    pub(crate) press_url: String,
}

/// A service with its two statuses, as the newest update says.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ServiceSaid {
    pub(crate) name: Line,
    pub(crate) system: &'static str,
    pub(crate) care: &'static str,
}

impl View for PressPage {
    const TEMPLATE: &'static str = "press/incident.html";
}

impl PressPage {
    pub(crate) fn of(story: &Story, voice: Voice<'_>, site: &Site) -> Self {
        let (newest, language) = (story.newest(), voice.language);
        let content = &newest.content;
        let is_open = story.is_open_problem();
        let services = content.services_in(voice.catalogue()).map(|(state, service)| ServiceSaid {
            name: voice.line(&service.name),
            system: state.system.key(),
            care: state.care.key(),
        });
        let incident_url = Place::Incident(&story.incident.slug).path(language);
        Self {
            title: voice.line(story.title()),
            severity: content.severity,
            phase_key: story.phase_key(voice.now.at),
            over: content.phase.is_over(),
            withdrawn: content.phase == domain::Phase::Withdrawn,
            to_follow: to_follow(&newest.missing, language),
            speaker: voice.full_name(&story.incident.organisation),
            number: newest.number,
            correction: newest.purpose == domain::revision::Purpose::Correction,
            said_at: newest.published_at,
            statement: Parts::of(content, voice),
            claims: claims(story, voice),
            relations: relations(story, voice),
            starts_at: story.incident.starts_at,
            start_known: story.is_start_known(),
            published_at: story.first_published(),
            over_at: story.over_at().filter(|_| content.phase != domain::Phase::Withdrawn),
            next: Next::of(story, voice),
            services: if is_open { services.collect() } else { Vec::new() },
            areas: areas(&content.organisations, voice),
            // What is over is not drawn again, so it must say nothing about the present.
            beside: if is_open { beside(story, voice) } else { Vec::new() },
            edits: edits(story, voice),
            contact: site.press_office.clone(),
            lasting_url: site.absolute(language, &incident_url),
            incident_url,
            short_url: site.short_link(language, story.incident.number),
            feed_url: feed_path(language, None, "feed.atom"),
            press_url: Place::Press.path(language),
        }
    }
}

fn beside(story: &Story, voice: Voice<'_>) -> Vec<LineLink> {
    let others = voice.now.model.stories.values();
    let told = |number: i64| story.is_told_with(number);
    let others = others.filter(|other| other.is_open_problem() && other.incident.id != story.incident.id);
    let others = others.filter(|other| !told(other.incident.number));
    others.map(|other| press_link(other, voice)).collect()
}
