//! The Common Alerting Protocol (OASIS CAP 1.2): one message for each published update, with every language in it, for
//! the systems that carry alerts on.
//!
//! A message is made once and keeps its address for ever; the next update names it and takes its place. What is still
//! current stands in an Atom feed at [`FEED`], and what concerns an area in one of its own.

mod alert;
mod index;
mod message;

use std::sync::Arc;

use domain::{Catalogue, Site};
use render::{RenderError, Renderer};

use self::index::Index;
use self::message::Message;
use crate::edition::document::{MediaClass, Nature};
use crate::edition::plan::Plan;
use crate::model::now::{Now, Scope};
use crate::model::{Story, print_of};
use crate::view::has_area_page;

/// The address of the feed of current messages.
pub(crate) const FEED: &str = "/cap/feed.atom";

/// The address of the feed of the messages that concern one area.
pub(crate) fn area_feed(organisation: &str) -> String {
    format!("/cap/areas/{organisation}/feed.atom")
}

/// What messages are made from beside the update itself.
#[derive(Clone)]
struct Desk {
    site: Arc<Site>,
    catalogue: Arc<Catalogue>,
    renderer: Renderer,
}

/// The address of the message of one update.
pub(crate) fn path(incident: i64, update: i64) -> String {
    format!("/cap/{incident}-{update}.xml")
}

/// The address at which the newest message of an incident can be asked for, for whoever knows the incident alone.
pub(crate) fn newest_path(incident: i64) -> String {
    format!("/cap/{incident}.xml")
}

/// The incident that such an address names: exactly as [`newest_path`] writes it, and nothing else.
pub(crate) fn newest_of(path: &str) -> Option<i64> {
    let number = path.strip_prefix("/cap/")?.strip_suffix(".xml")?.parse().ok()?;
    (newest_path(number) == path).then_some(number)
}

/// The incident of a message's own address.
pub(crate) fn incident_of(path: &str) -> Option<i64> {
    path.strip_prefix("/cap/")?.split_once('-')?.0.parse().ok()
}

/// Puts the messages and their feed on the plan. `more` are old incidents whose documents have to be made again.
pub(crate) fn documents(plan: &mut Plan<'_>, now: &Now, site: &Arc<Site>, more: &[Story]) {
    for story in now.model.stories.values() {
        of_incident(plan, now, site, story);
    }
    for story in more {
        of_incident(plan, now, site, story);
    }
    let (desk, current) = (desk(plan, now, site), index::current(now));
    let areas = now.catalogue().organisations.iter().filter(|one| has_area_page(one));
    for one in areas {
        let concerns = |story: &&Arc<Story>| now.concerns(Scope::Area(&one.key), &story.newest().content.organisations);
        let current = current.iter().filter(concerns).cloned().collect();
        feed(plan, now, Index { path: area_feed(&one.key), area: Some(one.name.clone()), current }, desk.clone());
    }
    feed(plan, now, Index { path: FEED.to_owned(), area: None, current }, desk);
}

/// Puts the messages of one incident on the plan.
pub(crate) fn of_incident(plan: &mut Plan<'_>, now: &Now, site: &Arc<Site>, story: &Story) {
    plan.about(Some(story.incident.id));
    messages(plan, story, &desk(plan, now, site));
    plan.about(None);
}

fn desk(plan: &Plan<'_>, now: &Now, site: &Arc<Site>) -> Desk {
    Desk { site: Arc::clone(site), catalogue: Arc::clone(&now.model.catalogue), renderer: plan.renderer.clone() }
}

fn messages(plan: &mut Plan<'_>, story: &Story, desk: &Desk) {
    let nature = Nature { class: MediaClass::Cap, language: None };
    for (place, update) in story.updates.iter().enumerate() {
        // Neither the lists nor the clock: a message that is out stays as it is.
        let facts = ("cap", story.incident.id, update.number, update.published_at.timestamp_millis());
        let print = print_of(format!("{facts:?}").as_bytes());
        plan.once(path(story.incident.number, update.number), nature, print, || {
            let (story, desk) = (story.clone(), desk.clone());
            Box::new(move || Ok(alert::write(&Message::of(&story, place, &desk)?)))
        });
    }
}

fn feed(plan: &mut Plan<'_>, now: &Now, mut index: Index, desk: Desk) {
    index.current.truncate(index::NEWEST);
    let told = index.current.iter();
    let facts: Vec<(i64, i64)> = told.map(|story| (story.incident.id, story.newest().number)).collect();
    let print = print_of(format!("{:?} {facts:?}", now.model.catalogue_print()).as_bytes());
    let nature = Nature { class: MediaClass::Atom, language: None };
    plan.want(index.path.clone(), nature, print, || Box::new(move || index::write(&index, &desk)));
}

/// The text of a key of the locales.
fn text(desk: &Desk, language: domain::Language, key: &str) -> Result<String, RenderError> {
    desk.renderer.text(language, key, &render::Args::new())
}
