//! Planned work: what is under way and what is ahead.

use chrono::{DateTime, Utc};
use render::View;
use serde::Serialize;

use super::card::areas;
use super::{Line, LineLink, Voice, Words};
use crate::model::Story;
use crate::model::now::Scope;
use crate::model::story::Stage;
use crate::routes::Place;

/// One planned work in a list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PlannedCard {
    pub(crate) url: String,
    pub(crate) title: Line,
    pub(crate) phase_key: String,
    pub(crate) underway: bool,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
    pub(crate) summary: Words,
    pub(crate) services: Vec<Line>,
    pub(crate) areas: Vec<LineLink>,
}

impl PlannedCard {
    pub(crate) fn of(story: &Story, voice: Voice<'_>) -> Self {
        let content = &story.newest().content;
        let services = content.services_in(voice.catalogue()).map(|(_, service)| voice.line(&service.name));
        Self {
            url: Place::Incident(&story.incident.slug).path(voice.language),
            title: voice.line(story.title()),
            phase_key: story.phase_key(voice.now.at),
            underway: story.stage(voice.now.at) == Stage::Underway,
            starts_at: story.incident.starts_at,
            ends_at: story.incident.ends_at,
            summary: voice.words(&content.words.know),
            services: services.collect(),
            areas: areas(&content.organisations, voice),
        }
    }
}

/// The page of all planned work.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Planned {
    pub(crate) underway: Vec<PlannedCard>,
    pub(crate) ahead: Vec<PlannedCard>,
}

impl View for Planned {
    const TEMPLATE: &'static str = "page/planned.html";
}

impl Planned {
    pub(crate) fn of(voice: Voice<'_>) -> Self {
        let cards = voice.now.planned(Scope::Home).into_iter().map(|story| PlannedCard::of(&story, voice));
        let (underway, ahead) = cards.partition(|card| card.underway);
        Self { underway, ahead }
    }
}
