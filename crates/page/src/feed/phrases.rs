//! The few words of ours that programs are told beside those of authors, and what is said of two incidents.

use domain::{Language, RelationKind, Site};
use render::{Args, RenderError, Renderer};
use serde::Serialize;

use crate::model::Story;
use crate::view::Voice;
use crate::view::update::relations;

/// Our own words in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrases {
    /// "This update is late".
    pub(crate) late: String,
    /// "Correction".
    pub(crate) correction: String,
    related: String,
    not_related: String,
}

/// What is said of another incident, for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Told {
    /// `related` or `not_related`.
    pub(crate) kind: RelationKind,
    /// The headline of the other one.
    pub(crate) name: String,
    /// The page of the other one.
    pub(crate) url: String,
    /// Who says so.
    pub(crate) stated_by: Option<String>,
}

impl Phrases {
    pub(crate) fn of(renderer: &Renderer, language: Language) -> Result<Self, RenderError> {
        let text = |key| renderer.text(language, key, &Args::new());
        Ok(Self {
            late: text("time-late")?,
            correction: text("upd-correction")?,
            related: text("inc-related")?,
            not_related: text("inc-not-related")?,
        })
    }

    /// A line for each incident that another one is said to be part of, or not: `Not related: Problem in Manchester
    /// (NCSC), https://…`.
    pub(crate) fn lines(&self, told: &[Told]) -> String {
        let lines = told.iter().map(|one| {
            let by = one.stated_by.as_ref().map_or_else(String::new, |by| format!(" ({by})"));
            format!("{}: {}{by}, {}", self.word(one.kind), one.name, one.url)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The word for what is said.
    pub(crate) fn word(&self, kind: RelationKind) -> &str {
        match kind {
            RelationKind::Related => &self.related,
            RelationKind::NotRelated => &self.not_related,
        }
    }
}

/// What an incident says of others, and others of it, as its page tells it.
pub(crate) fn told(story: &Story, voice: Voice<'_>, site: &Site) -> Vec<Told> {
    let lines = relations(story, voice).into_iter().map(|line| Told {
        kind: line.kind,
        name: line.link.line.text,
        url: site.absolute(voice.language, &line.link.url),
        stated_by: line.by,
    });
    lines.collect()
}

/// The text with what is said of other incidents under it, if anything is.
pub(crate) fn with_lines(text: &str, lines: &str) -> String {
    match (text.is_empty(), lines.is_empty()) {
        (_, true) => text.to_owned(),
        (true, false) => lines.to_owned(),
        (false, false) => format!("{text}\n\n{lines}"),
    }
}
