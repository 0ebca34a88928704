//! The page of one service: how it does now, what is planned, and how it did in the last ninety days.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::Status;
use domain::service::Service;
use render::View;
use serde::Serialize;

use super::card::Next;
use super::days::{Days, Strip};
use super::home::link_to;
use super::row::Row;
use super::{Line, LineLink, Voice};
use crate::model::Story;
use crate::model::now::{Scope, ServiceNow};
use crate::routes::Place;

/// The page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ServicePage {
    pub(crate) row: Row,
    pub(crate) group: Option<Line>,
    pub(crate) problems: Vec<Told>,
    pub(crate) planned: Vec<Ahead>,
    pub(crate) strip: Strip,
    pub(crate) services_url: String,
    pub(crate) alerts_url: String,
}

/// An open incident that bears on the service, with what its newest update says of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Told {
    pub(crate) link: LineLink,
    pub(crate) speaker: Line,
    pub(crate) status: Status,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) next: Option<Next>,
}

/// Planned work that will bear on the service.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Ahead {
    pub(crate) link: LineLink,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
}

impl View for ServicePage {
    const TEMPLATE: &'static str = "page/service.html";
}

impl ServicePage {
    /// `None` for a service that the catalogue does not name.
    pub(crate) fn of(state: &ServiceNow, days: &Days<'_>, voice: Voice<'_>) -> Option<Self> {
        let service = voice.catalogue().service(&state.key)?;
        let group = voice.catalogue().groups.iter().find(|group| group.key == service.group);
        let problems = voice.now.problems(Scope::Home);
        Some(Self {
            row: Row::of(state, voice)?,
            group: group.map(|group| voice.line(&group.name)),
            problems: problems.iter().filter_map(|story| Told::of(story, service, voice)).collect(),
            planned: ahead(service, voice),
            strip: days.strip(&service.key, voice),
            services_url: Place::Services.path(voice.language),
            alerts_url: Place::Alerts.path(voice.language),
        })
    }
}

impl Told {
    fn of(story: &Arc<Story>, service: &Service, voice: Voice<'_>) -> Option<Self> {
        let newest = story.newest();
        let said = newest.content.services.iter().find(|said| said.key == service.key)?;
        Some(Self {
            link: link_to(story, voice),
            speaker: voice.full_name(&story.incident.organisation),
            status: said.shown(),
            updated_at: newest.published_at,
            next: Next::of(story, voice),
        })
    }
}

fn ahead(service: &Service, voice: Voice<'_>) -> Vec<Ahead> {
    let bears = |story: &Arc<Story>| story.newest().content.services.iter().any(|said| said.key == service.key);
    let planned = voice.now.planned(Scope::Home);
    let ahead = |story: &Arc<Story>| Ahead {
        link: link_to(story, voice),
        starts_at: story.incident.starts_at,
        ends_at: story.incident.ends_at,
    };
    planned.iter().filter(|story| bears(story)).map(ahead).collect()
}
