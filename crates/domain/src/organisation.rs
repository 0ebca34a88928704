//! The bodies that speak and the areas that people choose: a tree from the nation down to boards and trusts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Language, Localized};

/// What sort of body an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// The whole health service of a nation.
    Nation,
    /// A health board: responsible for an area.
    Board,
    /// A trust.
    Trust,
    /// A special health authority.
    Authority,
    /// A government department.
    Government,
    /// Anything else.
    Other,
}

/// A body of the health service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// A stable key, also used in addresses (`/en/areas/{key}`).
    pub key: String,
    /// What sort of body it is.
    pub kind: OrganisationKind,
    /// The body above it; none for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The full official name.
    pub name: Localized,
    /// The short name.
    pub short: Localized,
    /// How a text message begins; the short name where this is empty.
    #[serde(default)]
    pub sms_name: Localized,
    /// The places it serves.
    #[serde(default)]
    pub area: Localized,
    /// "In …", ready made, so that no code ever mutates a Welsh name.
    #[serde(default)]
    pub in_area: Localized,
    /// The languages it must publish in.
    pub languages: Vec<Language>,
    /// The first day of its existence, if that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<NaiveDate>,
    /// The last day of its existence, if it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
    /// Whether people may choose it as their area.
    #[serde(default)]
    pub subscribable: bool,
    /// Lower-case words that mean this area in a `JOIN POWYS` text.
    #[serde(default)]
    pub match_words: Vec<String>,
}

impl Organisation {
    /// The name that starts a text message, in one language.
    #[must_use]
    pub fn sms_name(&self, language: Language) -> &str {
        self.sms_name.get(language).unwrap_or_else(|| self.short.text(language))
    }

    /// Whether it exists on a day, under this name: from its first day to its last one. What it said while it existed
    /// keeps its name.
    #[must_use]
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|first| first <= day) && self.valid_until.is_none_or(|last| day <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_exists_from_its_first_day_to_its_last() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let body = |from: Option<&str>, until: Option<&str>| Organisation {
            key: "body".to_owned(),
            kind: OrganisationKind::Board,
            parent: None,
            name: Localized::default(),
            short: Localized::default(),
            sms_name: Localized::default(),
            area: Localized::default(),
            in_area: Localized::default(),
            languages: Vec::new(),
            valid_from: from.map(day),
            valid_until: until.map(day),
            subscribable: true,
            match_words: Vec::new(),
        };
        let cases = [
            (None, None, "2018-01-24", true),
            (Some("2018-01-24"), None, "2018-01-24", true),
            (Some("2018-01-24"), None, "2018-01-23", false),
            (None, Some("2018-01-24"), "2018-01-24", true),
            (None, Some("2018-01-24"), "2018-01-25", false),
            (Some("2018-10-01"), Some("2021-03-31"), "2020-01-01", true),
        ];
        for (from, until, on, exists) in cases {
            assert_eq!(body(from, until).exists_on(day(on)), exists, "{from:?} to {until:?} on {on}");
        }
    }
}
