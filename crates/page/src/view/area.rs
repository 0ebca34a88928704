//! The areas, and the page of one of them: its own news and the national news that touches it.

use std::sync::Arc;

use domain::Severity;
use domain::organisation::Organisation;
use render::View;
use serde::Serialize;

use super::boards::own;
use super::card::Card;
use super::home::{Headline, ToDo, link_to};
use super::planned::PlannedCard;
use super::row::Row;
use super::{Line, LineLink, Voice, has_area_page};
use crate::model::Story;
use crate::model::now::Scope;
use crate::routes::{Place, feed_path};

/// One area in the list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AreaRow {
    pub(crate) link: LineLink,
    pub(crate) places: Line,
    /// The severest open problem of its own or of a body above it.
    pub(crate) severity: Option<Severity>,
    /// Something concerns it, and it has said nothing itself.
    pub(crate) no_report: bool,
}

/// The list of areas.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Areas {
    pub(crate) areas: Vec<AreaRow>,
}

impl View for Areas {
    const TEMPLATE: &'static str = "page/areas.html";
}

impl Areas {
    pub(crate) fn of(voice: Voice<'_>) -> Self {
        let listed = voice.catalogue().organisations.iter().filter(|one| has_area_page(one) && one.subscribable);
        Self { areas: listed.map(|one| AreaRow::of(one, voice)).collect() }
    }
}

impl AreaRow {
    fn of(organisation: &Organisation, voice: Voice<'_>) -> Self {
        let url = Place::Area(&organisation.key).path(voice.language);
        let problems = voice.now.problems(Scope::Area(&organisation.key));
        Self {
            link: LineLink { line: voice.line(&organisation.name), url },
            places: voice.line(&organisation.area),
            severity: problems.first().map(|story| story.newest().content.severity),
            no_report: no_report(organisation, &problems, voice),
        }
    }
}

/// The page of one area.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Area {
    pub(crate) name: Line,
    pub(crate) places: Line,
    pub(crate) headline: Headline,
    pub(crate) todo: Option<ToDo>,
    /// What this body says under its own name.
    pub(crate) own: Vec<Card>,
    /// What others say that concerns it.
    pub(crate) problems: Vec<Card>,
    /// There is news from above, but this body has not reported itself: that is not the same as being fine.
    pub(crate) no_report: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) planned: Vec<PlannedCard>,
    pub(crate) just_over: Vec<LineLink>,
    pub(crate) alerts_url: String,
    pub(crate) feed_url: String,
}

impl View for Area {
    const TEMPLATE: &'static str = "page/area.html";
}

impl Area {
    pub(crate) fn of(organisation: &Organisation, voice: Voice<'_>) -> Self {
        let scope = Scope::Area(&organisation.key);
        let problems = voice.now.problems(scope);
        let is_own = |story: &&Arc<Story>| story.incident.organisation == organisation.key;
        let cards =
            |own| problems.iter().filter(|story| is_own(story) == own).map(|story| Card::of(story, voice)).collect();
        let rows = voice.now.services(scope);
        let rows = rows.iter().filter_map(|service| Row::of(service, voice)).filter(Row::is_affected);
        Self {
            name: voice.line(&organisation.name),
            places: voice.line(&organisation.area),
            headline: Headline::of(&problems, scope, voice),
            todo: ToDo::of(&problems, voice),
            no_report: no_report(organisation, &problems, voice),
            own: cards(true),
            problems: cards(false),
            rows: rows.collect(),
            planned: voice.now.planned(scope).iter().map(|one| PlannedCard::of(one, voice)).collect(),
            just_over: voice.now.just_over(scope).iter().map(|story| link_to(story, voice)).collect(),
            alerts_url: Place::Alerts.path(voice.language),
            feed_url: feed_path(voice.language, Some(&organisation.key), "feed.atom"),
        }
    }
}

/// News of a body above it says nothing about how this one does, unless it names it.
fn no_report(organisation: &Organisation, problems: &[Arc<Story>], voice: Voice<'_>) -> bool {
    let is_named = |story: &Arc<Story>| story.newest().content.organisations.contains(&organisation.key);
    !problems.is_empty() && own(voice, &organisation.key).next().is_none() && !problems.iter().any(is_named)
}
