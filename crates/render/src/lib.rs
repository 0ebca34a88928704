//! Turns a typed view into the words a person reads: templates, locales, dates and style sheets in every language.
//!
//! This is the only crate that knows minijinja, Fluent and the files under `web/`.

mod assets;
pub mod dates;
mod escape;
mod filters;
mod forms;
mod frame;
mod locales;
mod renderer;
mod sample;
mod styles;
#[cfg(test)]
mod tests;
pub mod tidy;
mod translate;

pub use assets::{CARD_PATH, ICON_PATH, ICON_TYPE, card, icon, static_file};
pub use forms::{Form, Problem};
pub use frame::{Banner, FeedLink, Frame, LanguageLink, Link, PublicFrame, StaffFrame};
pub use locales::{Args, Argument};
pub use renderer::{RenderError, RenderSettings, Renderer, View};
pub use sample::Sample;
pub use styles::framed_style_source;
