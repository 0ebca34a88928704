//! What a journalist may quote: for each incident the statement, who said what and when, and the history of every edit.
//! All of it is public, at addresses of its own, and part of the edition like every other page.

mod claims;
mod edits;
pub(crate) mod view;

use std::sync::Arc;

use domain::{Language, Site};
use render::{PublicFrame, RenderError, Renderer};

use self::view::{PressIndex, PressPage};
use crate::edition::contents::old_print;
use crate::edition::document::Nature;
use crate::edition::plan::Plan;
use crate::model::Story;
use crate::model::now::Now;
use crate::routes::Place;
use crate::view::Voice;
use crate::view::frame::Frames;

/// Draws the frame of a place that speaks of the present.
pub(crate) type FrameOf<'f> = dyn Fn(&Plan<'_>, Place<'_>, Language) -> Result<PublicFrame, RenderError> + 'f;

/// The incidents that the press is told of: those told in full.
pub(crate) fn told(now: &Now) -> impl Iterator<Item = &Arc<Story>> {
    now.model.stories.values().filter(|story| !story.is_planned())
}

/// Puts the pages for the press on the plan: the list, and one for each incident that is told in full.
pub(crate) fn documents(
    plan: &mut Plan<'_>,
    voice: Voice<'_>,
    site: &Arc<Site>,
    current: &FrameOf<'_>,
) -> Result<(), RenderError> {
    let (language, catalogue) = (voice.language, voice.now.model.catalogue_print());
    let frame = current(plan, Place::Press, language)?;
    plan.page(Place::Press.path(language), language, frame, PressIndex::of(voice, site));
    for story in told(voice.now) {
        let place = Place::PressOf(&story.incident.slug);
        if story.is_open_problem() {
            let mut frame = current(plan, place, language)?;
            frame.modified = Some(story.newest().published_at);
            plan.page(place.path(language), language, frame, PressPage::of(story, voice, site));
            continue;
        }
        let (now, renderer) = (voice.now, plan.renderer.clone());
        let print = old_print(story.changed, catalogue, voice);
        plan.want(place.path(language), Nature::page(language), print, || {
            let (now, site, story) = (now.clone(), Arc::clone(site), Arc::clone(story));
            Box::new(move || over(&story, Voice { now: &now, language }, (&site, &renderer)))
        });
    }
    Ok(())
}

/// Draws the page of an incident that is over, which is never drawn again.
fn over(story: &Story, voice: Voice<'_>, (site, renderer): (&Site, &Renderer)) -> Result<Vec<u8>, RenderError> {
    let mut frame = Frames { site, renderer }.of(Place::PressOf(&story.incident.slug), voice.language)?;
    frame.modified = Some(story.newest().published_at);
    renderer.render_in(&frame, &PressPage::of(story, voice, site), voice.language).map(String::into_bytes)
}
