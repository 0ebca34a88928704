//! What each board says for itself, beside what is said for the whole nation. A board that has said nothing is not
//! fine: nobody knows yet.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::organisation::Organisation;
use serde::Serialize;

use super::home::link_to;
use super::{Line, LineLink, Voice, has_area_page};
use crate::model::Story;
use crate::routes::Place;

/// The boards that an incident concerns.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Boards {
    /// With lines of their own.
    pub(crate) reported: Vec<Board>,
    /// That have said nothing yet.
    pub(crate) silent: Vec<LineLink>,
}

/// One board with its own lines.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Board {
    /// Leads to the page of its area.
    pub(crate) link: LineLink,
    /// Its own open incidents under its own name; none while it has not reported.
    pub(crate) news: Vec<OwnLine>,
}

/// The headline of a board's own incident.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OwnLine {
    pub(crate) link: LineLink,
    pub(crate) updated_at: DateTime<Utc>,
}

/// The boards that people may choose as their area, as far as `concerned` says, in the order of the catalogue.
pub(crate) fn boards(voice: Voice<'_>, concerned: impl Fn(&Organisation) -> bool) -> Vec<Board> {
    let Some(root) = voice.now.root().map(|root| root.key.as_str()) else { return Vec::new() };
    let is_below = |key: &str| key != root && voice.catalogue().line_up(key).contains(&root);
    let listed = voice.catalogue().organisations.iter();
    let listed = listed.filter(|one| has_area_page(one) && one.subscribable && is_below(&one.key));
    listed.filter(|one| concerned(one)).map(|one| Board::of(one, voice)).collect()
}

/// The boards below the bodies of an incident; none when it is about one board alone.
pub(crate) fn boards_of(story: &Story, voice: Voice<'_>) -> Boards {
    let bodies = &story.newest().content.organisations;
    let speaker = &story.incident.organisation;
    let concerned = boards(voice, |one| {
        let above = voice.catalogue().line_up(&one.key);
        one.key != *speaker && bodies.iter().any(|body| *body != one.key && above.contains(&body.as_str()))
    });
    let (reported, silent): (Vec<_>, Vec<_>) = concerned.into_iter().partition(|board| !board.news.is_empty());
    Boards { reported, silent: silent.into_iter().map(|board| board.link).collect() }
}

/// The boards that an incident does not touch; none when it is about the whole nation.
pub(crate) fn untouched(story: &Story, voice: Voice<'_>) -> Vec<Line> {
    let bodies = &story.newest().content.organisations;
    let touched = |one: &Organisation| {
        let above = voice.catalogue().line_up(&one.key);
        let below = |body: &String| voice.catalogue().line_up(body).contains(&one.key.as_str());
        bodies.iter().any(|body| above.contains(&body.as_str()) || below(body))
    };
    boards(voice, |one| !touched(one)).into_iter().map(|board| board.link.line).collect()
}

/// The open incidents that an organisation tells under its own name.
pub(crate) fn own<'a>(voice: Voice<'a>, key: &'a str) -> impl Iterator<Item = &'a Arc<Story>> {
    let stories = voice.now.model.stories.values();
    stories.filter(move |story| story.incident.organisation == key && story.is_open_problem())
}

impl Board {
    fn of(organisation: &Organisation, voice: Voice<'_>) -> Self {
        let line =
            |story: &Arc<Story>| OwnLine { link: link_to(story, voice), updated_at: story.newest().published_at };
        let url = Place::Area(&organisation.key).path(voice.language);
        Self {
            link: LineLink { line: voice.line(&organisation.short), url },
            news: own(voice, &organisation.key).map(line).collect(),
        }
    }
}
