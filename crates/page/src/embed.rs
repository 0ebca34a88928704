//! Pieces for other sites: a page to frame, JSON, a script module, and a badge. All say only what is wrong, and nothing
//! when nothing is: a hospital's own site can carry them every day of the year.

mod badge;
mod view;

use std::sync::Arc;

use domain::Site;
use render::RenderError;

use self::view::Embed;
use crate::edition::document::{MediaClass, Nature};
use crate::edition::plan::Plan;
use crate::model::print_of;
use crate::view::{Voice, has_area_page};

pub(crate) use view::sample;

/// The address of the script module.
pub(crate) const MODULE: &str = "/embed/status.js";

/// Puts the pieces of one language on the plan: for each area, and the badge of everything.
pub(crate) fn documents(plan: &mut Plan<'_>, voice: Voice<'_>, site: &Arc<Site>) -> Result<(), RenderError> {
    let areas: Vec<&str> =
        voice.catalogue().organisations.iter().filter(|one| has_area_page(one)).map(|one| one.key.as_str()).collect();
    for organisation in areas {
        let embed = Embed::of(voice, site, plan.renderer, organisation)?;
        let base = format!("/embed/{}/{organisation}", voice.language.code());
        fragment(plan, voice, format!("{base}.html"), &embed);
        let json = Nature { class: MediaClass::Json, language: Some(voice.language) };
        plan.bytes(format!("{base}.json"), json, serde_json::to_vec(&embed).unwrap_or_default());
        let badge = badge::draw(&embed, plan.renderer, voice.language)?;
        let svg = Nature { class: MediaClass::Svg, language: Some(voice.language) };
        if voice.now.root().is_some_and(|root| root.key == organisation) {
            plan.bytes(format!("/badge/{}.svg", voice.language.code()), svg, badge.clone());
        }
        plan.bytes(format!("/badge/{}/{organisation}.svg", voice.language.code()), svg, badge);
    }
    Ok(())
}

/// The script that other sites load; the same for every language.
pub(crate) fn module(plan: &mut Plan<'_>) {
    let script = render::static_file("embed.js").unwrap_or_default().into_owned();
    plan.bytes(MODULE.to_owned(), Nature { class: MediaClass::Script, language: None }, script);
}

fn fragment(plan: &mut Plan<'_>, voice: Voice<'_>, path: String, embed: &Embed) {
    let (language, renderer) = (voice.language, plan.renderer.clone());
    let nature = Nature { class: MediaClass::Frame, language: Some(language) };
    let print = print_of(&serde_json::to_vec(&("frame", embed)).unwrap_or_default());
    let embed = embed.clone();
    let make = move || renderer.render(&embed, language).map(String::into_bytes);
    plan.want(path, nature, print, || Box::new(make));
}
