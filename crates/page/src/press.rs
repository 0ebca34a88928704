//! What a journalist may quote: for each incident the statement, who said what and when, and the history of every edit.
//! All of it is public, at addresses of its own, and part of the edition like every other page.

mod claims;
mod edits;
pub(crate) mod view;

use domain::{Language, Site};
use render::{PublicFrame, RenderError};

use self::view::{PressIndex, PressPage};
use crate::edition::contents::old_print;
use crate::edition::document::Nature;
use crate::edition::plan::Plan;
use crate::routes::Place;
use crate::view::Voice;

/// Draws the frame of a place: one that speaks of the present, or one that is never drawn again.
pub(crate) type FrameOf<'f> = dyn Fn(&Plan<'_>, Place<'_>, Language) -> Result<PublicFrame, RenderError> + 'f;

/// The frames of the two kinds of page.
pub(crate) struct FramesOf<'f> {
    pub(crate) current: &'f FrameOf<'f>,
    pub(crate) lasting: &'f FrameOf<'f>,
}

/// Puts the pages for the press on the plan: the list, and one for each incident that is told in full.
pub(crate) fn documents(
    plan: &mut Plan<'_>,
    voice: Voice<'_>,
    site: &Site,
    frames: &FramesOf<'_>,
) -> Result<(), RenderError> {
    let (language, catalogue) = (voice.language, voice.now.model.catalogue_print());
    let frame = (frames.current)(plan, Place::Press, language)?;
    plan.page(Place::Press.path(language), language, frame, PressIndex::of(voice, site));
    for story in voice.now.model.stories.values().filter(|story| !story.is_planned()) {
        let place = Place::PressOf(&story.incident.slug);
        if story.is_open_problem() {
            let mut frame = (frames.current)(plan, place, language)?;
            frame.modified = Some(story.newest().published_at);
            plan.page(place.path(language), language, frame, PressPage::of(story, voice, site));
            continue;
        }
        let mut frame = (frames.lasting)(plan, place, language)?;
        frame.modified = Some(story.newest().published_at);
        let (view, renderer) = (PressPage::of(story, voice, site), plan.renderer.clone());
        let make = move || renderer.render_in(&frame, &view, language).map(String::into_bytes);
        let print = old_print(story.changed, catalogue, voice);
        plan.want(place.path(language), Nature::page(language), print, || Box::new(make));
    }
    Ok(())
}
