//! The table of contents: which documents an edition has, in which languages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Language, Site};
use render::{PublicFrame, RenderError, Renderer};

use super::document::{MediaClass, Nature};
use super::plan::Plan;
use super::press::missing_path;
use crate::model::now::{Now, Scope};
use crate::model::{Entry, Print, Story, print_of};
use crate::routes::{Place, incidents_path};
use crate::view::area::{Area, Areas};
use crate::view::days::Days;
use crate::view::frame::{Frames, stamp};
use crate::view::history::months::Months;
use crate::view::history::{History, Month};
use crate::view::home::Home;
use crate::view::incident::{IncidentPage, described};
use crate::view::plain::{Accessibility, Missing, Privacy};
use crate::view::planned::Planned;
use crate::view::reviews::Reviews;
use crate::view::service::ServicePage;
use crate::view::services::Services;
use crate::view::{Voice, has_area_page};
use crate::{calendar, cap, embed, feed, press, sitemap, statuspage};

/// What the contents are made from.
pub(crate) struct Contents<'a> {
    pub(crate) site: &'a Arc<Site>,
    pub(crate) now: &'a Now,
    /// The true time, for what programs of today read.
    pub(crate) machine_now: DateTime<Utc>,
    /// Old incidents whose pages have to be made again.
    pub(crate) more: &'a [Story],
    /// The months of the past; none where only old incidents are put on the plan.
    pub(crate) months: Months,
}

/// How many months are still expected to change.
pub(crate) const MONTHS_IN_MEMORY: usize = 3;

impl Contents<'_> {
    /// Puts every document on the plan, what people look for first at the front.
    pub(crate) fn list(&self, plan: &mut Plan<'_>) -> Result<(), RenderError> {
        let zone = plan.renderer.settings().time_zone;
        let catalogue = self.now.model.catalogue_print();
        let facts = self.now.print(catalogue);
        let days = Days::of(self.now, |at| at.with_timezone(&zone).date_naive());
        for language in &self.site.languages {
            let voice = Voice { now: self.now, language: *language };
            self.present(plan, voice)?;
            self.services(plan, voice, &days)?;
            self.stories(plan, voice, catalogue)?;
            self.press(plan, voice)?;
            self.past(plan, voice, catalogue)?;
            self.legal(plan, voice)?;
            feed::documents(plan, voice, self.site, catalogue)?;
            calendar::documents(plan, voice, self.site, catalogue);
            embed::documents(plan, voice, self.site)?;
            statuspage::documents(plan, voice, self.site, facts)?;
        }
        cap::documents(plan, self.now, self.site, self.more);
        embed::module(plan);
        sitemap::documents(plan, (self.now, self.machine_now), self.site, &self.months);
        missing_pages(plan, self.site)
    }

    fn frames<'p>(&'p self, plan: &'p Plan<'_>) -> Frames<'p> {
        Frames { site: self.site, renderer: plan.renderer }
    }

    /// The frame of a page that speaks of the present: it says so when it cannot be sure.
    fn current(&self, plan: &Plan<'_>, place: Place<'_>, language: Language) -> Result<PublicFrame, RenderError> {
        let frames = self.frames(plan);
        let mut frame = frames.of(place, language)?;
        frames.clock(&mut frame, self.now, language)?;
        frames.doubt(&mut frame, self.now, language)?;
        Ok(frame)
    }

    fn present(&self, plan: &mut Plan<'_>, voice: Voice<'_>) -> Result<(), RenderError> {
        let language = voice.language;
        let mut frame = self.current(plan, Place::Home, language)?;
        frame.modified = self.now.updated_at(Scope::Home);
        frame.confirmed_at = frame.confirmed_at.or(Some(stamp(self.now.at, frame.modified)));
        let home = Home::of(voice, self.site);
        let described = frame.description.unwrap_or_default();
        frame.description = Some(format!("{}. {described}", home.headline.text(plan.renderer, language)?));
        plan.page(Place::Home.path(language), language, frame, home);
        let frame = self.current(plan, Place::Services, language)?;
        plan.page(Place::Services.path(language), language, frame, Services::of(voice));
        let frame = self.current(plan, Place::Planned, language)?;
        plan.page(Place::Planned.path(language), language, frame, Planned::of(voice));
        let frame = self.current(plan, Place::Areas, language)?;
        plan.page(Place::Areas.path(language), language, frame, Areas::of(voice));
        for one in voice.catalogue().organisations.iter().filter(|one| has_area_page(one)) {
            let place = Place::Area(&one.key);
            let frame = self.current(plan, place, language)?;
            plan.page(place.path(language), language, frame, Area::of(one, voice));
        }
        Ok(())
    }

    fn services(&self, plan: &mut Plan<'_>, voice: Voice<'_>, days: &Days<'_>) -> Result<(), RenderError> {
        for state in self.now.services(Scope::Home) {
            let Some(view) = ServicePage::of(&state, days, voice) else { continue };
            let place = Place::Service(&state.key);
            let frame = self.current(plan, place, voice.language)?;
            plan.page(place.path(voice.language), voice.language, frame, view);
        }
        Ok(())
    }

    /// Puts the documents of old incidents on the plan, and nothing else.
    pub(crate) fn old(&self, plan: &mut Plan<'_>) -> Result<(), RenderError> {
        let catalogue = self.now.model.catalogue_print();
        for story in self.more {
            for language in &self.site.languages {
                self.story(plan, Voice { now: self.now, language: *language }, (story, catalogue))?;
            }
            cap::of_incident(plan, self.now, self.site, story);
        }
        Ok(())
    }

    fn stories(&self, plan: &mut Plan<'_>, voice: Voice<'_>, catalogue: Print) -> Result<(), RenderError> {
        let held = self.now.model.stories.values().map(|story| &**story);
        held.chain(self.more).try_for_each(|story| self.story(plan, voice, (story, catalogue)))
    }

    /// The page of an incident. One that is over says nothing about the present, and is not looked at again.
    fn story(
        &self,
        plan: &mut Plan<'_>,
        voice: Voice<'_>,
        (story, catalogue): (&Story, Print),
    ) -> Result<(), RenderError> {
        let language = voice.language;
        let place = Place::Incident(&story.incident.slug);
        plan.about(Some(story.incident.id));
        if story.newest().content.phase.is_over() {
            let (now, site, renderer) = (self.now, self.site, plan.renderer.clone());
            let print = old_print(story.changed, catalogue, voice);
            plan.want(place.path(language), Nature::page(language), print, || {
                let (now, site, story) = (now.clone(), Arc::clone(site), story.clone());
                Box::new(move || over(&story, Voice { now: &now, language }, (&site, &renderer)))
            });
        } else {
            let mut frame = self.current(plan, place, language)?;
            frame.modified = Some(story.newest().published_at);
            frame.confirmed_at = frame.confirmed_at.or(Some(stamp(self.now.at, frame.modified)));
            frame.description = described(story, voice);
            plan.page(place.path(language), language, frame, IncidentPage::of(story, voice, self.site));
        }
        plan.about(None);
        Ok(())
    }

    fn press(&self, plan: &mut Plan<'_>, voice: Voice<'_>) -> Result<(), RenderError> {
        press::documents(plan, voice, self.site, &|plan, place, language| self.current(plan, place, language))
    }

    fn past(&self, plan: &mut Plan<'_>, voice: Voice<'_>, catalogue: Print) -> Result<(), RenderError> {
        let (language, months) = (voice.language, &self.months);
        let frame = self.frames(plan).of(Place::History, language)?;
        plan.page(Place::History.path(language), language, frame, History::of(months, voice));
        let frame = self.frames(plan).of(Place::Reviews, language)?;
        plan.page(Place::Reviews.path(language), language, frame, Reviews::of(voice));
        let moved = Nature { class: MediaClass::Redirect, language: None };
        plan.bytes(incidents_path(language), moved, Place::History.path(language).into_bytes());
        for (place, month) in months.iter().enumerate() {
            let path = Place::Month(&month.key()).path(language);
            if place >= MONTHS_IN_MEMORY {
                plan.is_past(path.clone());
            }
            let facts = (language, catalogue, Month::facts(months, place));
            let (site, renderer) = (Arc::clone(self.site), plan.renderer.clone());
            let (now, months) = (self.now.clone(), Arc::clone(months));
            plan.made_of(path, Nature::page(language), &facts, move || {
                let key = months[place].key();
                let frame = Frames { site: &site, renderer: &renderer }.of(Place::Month(&key), language)?;
                let view = Month::of(&months, place, Voice { now: &now, language });
                renderer.render_in(&frame, &view, language).map(String::into_bytes)
            });
        }
        Ok(())
    }

    fn legal(&self, plan: &mut Plan<'_>, voice: Voice<'_>) -> Result<(), RenderError> {
        let (language, contact) = (voice.language, self.site.contact.clone());
        let frame = self.frames(plan).of(Place::Accessibility, language)?;
        let view = Accessibility::of(contact.clone());
        plan.page(Place::Accessibility.path(language), language, frame, view);
        let frame = self.frames(plan).of(Place::Privacy, language)?;
        plan.page(Place::Privacy.path(language), language, frame, Privacy::of(contact, voice));
        Ok(())
    }
}

/// Draws the page of an incident that is over.
fn over(story: &Story, voice: Voice<'_>, (site, renderer): (&Arc<Site>, &Renderer)) -> Result<Vec<u8>, RenderError> {
    let mut frame = Frames { site, renderer }.of(Place::Incident(&story.incident.slug), voice.language)?;
    frame.modified = Some(story.newest().published_at);
    frame.description = described(story, voice);
    renderer.render_in(&frame, &IncidentPage::of(story, voice, site), voice.language).map(String::into_bytes)
}

/// The pages that are shown where there is none.
pub(crate) fn missing_pages(plan: &mut Plan<'_>, site: &Site) -> Result<(), RenderError> {
    for language in &site.languages {
        for what in ["not-found", "method", "starting"] {
            let mut frame = Frames { site, renderer: plan.renderer }.private(Place::Home, *language)?;
            frame.nav.iter_mut().for_each(|link| link.current = false);
            let view = Missing { what, home_url: Place::Home.path(*language) };
            let nature = Nature { class: MediaClass::Missing, language: Some(*language) };
            let print = print_of(&serde_json::to_vec(&(what, language, &frame)).unwrap_or_default());
            let (renderer, language) = (plan.renderer.clone(), *language);
            let make = move || renderer.render_in(&frame, &view, language).map(String::into_bytes);
            plan.want(missing_path(what, language), nature, print, || Box::new(make));
        }
    }
    Ok(())
}

pub(crate) fn entry_path(entry: &Entry, language: Language) -> String {
    Place::Incident(&entry.slug).path(language)
}

/// What the page of an incident that is over depends on: its own words and the names in the lists.
pub(crate) fn old_print(changed: i64, catalogue: Print, voice: Voice<'_>) -> Print {
    let mut parts = catalogue.to_vec();
    parts.extend(changed.to_be_bytes());
    parts.extend(voice.language.code().as_bytes());
    print_of(&parts)
}
