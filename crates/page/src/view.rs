//! The typed pages. Each says in plain data what its template prints; no template decides anything.

pub(crate) mod area;
pub(crate) mod boards;
pub(crate) mod card;
pub(crate) mod days;
pub(crate) mod frame;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod incident;
pub(crate) mod plain;
pub(crate) mod planned;
pub(crate) mod reviews;
pub(crate) mod row;
pub(crate) mod service;
pub(crate) mod services;
pub(crate) mod share;
pub(crate) mod update;

use domain::fact::{Cause, Certainty};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{Catalogue, Language, Localized, Phase};
use serde::Serialize;

use crate::model::now::Now;

/// A text on one line, with the tag of its language where that is not the page's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) lang: Option<&'static str>,
}

/// A text of several paragraphs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Words {
    pub(crate) paragraphs: Vec<String>,
    pub(crate) lang: Option<&'static str>,
}

/// A line that leads somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct LineLink {
    pub(crate) line: Line,
    pub(crate) url: String,
}

/// A moment in one language: what is known, and the words to say it in.
#[derive(Clone, Copy)]
pub(crate) struct Voice<'a> {
    pub(crate) now: &'a Now,
    pub(crate) language: Language,
}

impl<'a> Voice<'a> {
    pub(crate) fn catalogue(&self) -> &'a Catalogue {
        &self.now.model.catalogue
    }

    /// The tag to mark a text with, when it is not in the language of the page.
    fn foreign(&self, language: Language) -> Option<&'static str> {
        (language != self.language).then(|| language.tag())
    }

    /// The text in the page's language, or else in the other.
    pub(crate) fn line(&self, text: &Localized) -> Line {
        let Some((language, words)) = text.best(self.language) else { return Line::default() };
        Line { text: domain::text::single_line(words), lang: self.foreign(language) }
    }

    /// Who states something; none when nobody is named.
    pub(crate) fn source(&self, said: Option<&str>) -> Option<String> {
        let said = said.filter(|said| !said.trim().is_empty())?;
        Some(self.catalogue().source(said, self.language).to_owned())
    }

    /// The paragraphs of a text; none when it has no words.
    pub(crate) fn words(&self, text: &Localized) -> Words {
        let Some((language, words)) = text.best(self.language) else { return Words::default() };
        let paragraphs = words.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        Words { paragraphs: paragraphs.collect(), lang: self.foreign(language) }
    }

    /// The short name of an organisation; its key when the catalogue does not know it any more.
    pub(crate) fn short_name(&self, key: &str) -> Line {
        match self.catalogue().organisation(key) {
            Some(organisation) => self.line(&organisation.short),
            None => Line { text: key.to_owned(), lang: None },
        }
    }

    /// The full name of an organisation.
    pub(crate) fn full_name(&self, key: &str) -> Line {
        match self.catalogue().organisation(key) {
            Some(organisation) => self.line(&organisation.name),
            None => Line { text: key.to_owned(), lang: None },
        }
    }

    /// The catalogued advice of these keys, emergency lines first.
    pub(crate) fn advice(&self, keys: &[String]) -> Vec<Line> {
        self.catalogue().advice_in_order(keys).map(|one| self.line(&one.text)).collect()
    }
}

/// The key of a phase's public words. The glossary calls the review by what it says.
pub(crate) fn phase_key(phase: Phase) -> String {
    match phase {
        Phase::Reviewed => "ph-review".to_owned(),
        Phase::Scheduled | Phase::InProgress | Phase::Extended | Phase::Completed | Phase::Cancelled => {
            format!("page-phase-{}", phase.key().replace('_', "-"))
        }
        _ => format!("ph-{}", phase.key()),
    }
}

/// The same for what an update says: what is only suspected has not been found.
pub(crate) fn told_phase(phase: Phase, cause: &Cause) -> String {
    match (phase, cause.standing()) {
        (Phase::Identified, Certainty::Suspected) => "upd-ph-identified-suspected".to_owned(),
        _ => phase_key(phase),
    }
}

/// Whether the page keeps an area page for this organisation. A government speaks, but is responsible for no area.
pub(crate) fn has_area_page(organisation: &Organisation) -> bool {
    organisation.valid_until.is_none() && organisation.kind != OrganisationKind::Government
}
