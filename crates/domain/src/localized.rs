//! One text in several languages, side by side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::text::says_something;

/// A text per language: `{"cy": "…", "en": "…"}` in TOML, JSON and the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized(BTreeMap<Language, String>);

impl Localized {
    /// Both languages at once.
    #[must_use]
    pub fn both(en: impl Into<String>, cy: impl Into<String>) -> Self {
        Self(BTreeMap::from([(Language::Cy, cy.into()), (Language::En, en.into())]))
    }

    /// The text in exactly this language, when there is something to read in it.
    #[must_use]
    pub fn get(&self, language: Language) -> Option<&str> {
        self.0.get(&language).map(String::as_str).filter(|text| says_something(text))
    }

    /// The text in this language, or else in the other, with the language that it is really in.
    #[must_use]
    pub fn best(&self, language: Language) -> Option<(Language, &str)> {
        [language, language.other()].into_iter().find_map(|one| self.get(one).map(|text| (one, text)))
    }

    /// The best text for this language, or nothing.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        self.best(language).map_or("", |(_, text)| text)
    }

    /// Puts `text` in one language, in place of what was there.
    pub fn set(&mut self, language: Language, text: impl Into<String>) {
        self.0.insert(language, text.into());
    }

    /// True when no language has words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Language::ALL.into_iter().all(|language| self.get(language).is_none())
    }

    /// Every language with its text, also empty ones.
    pub fn iter(&self) -> impl Iterator<Item = (Language, &str)> {
        self.0.iter().map(|(language, text)| (*language, text.as_str()))
    }

    /// The same text run through `change`, language by language.
    pub fn map(&self, mut change: impl FnMut(Language, &str) -> String) -> Self {
        Self(self.0.iter().map(|(language, text)| (*language, change(*language, text))).collect())
    }
}
