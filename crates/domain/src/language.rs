//! The languages of publication. Both are equal; the first configured one is the default.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that Hysbys publishes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Cymraeg, Welsh.
    Cy,
    /// English.
    En,
}

impl Language {
    /// Every language, Welsh first: where both stand together, Welsh is placed to be read first.
    pub const ALL: [Self; 2] = [Self::Cy, Self::En];

    /// The two-letter code of ISO 639-1: `cy` or `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cy => "cy",
            Self::En => "en",
        }
    }

    /// The BCP 47 tag for `lang` attributes and headers: `cy` or `en-GB`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Cy => "cy",
            Self::En => "en-GB",
        }
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Cy => Self::En,
            Self::En => Self::Cy,
        }
    }

    /// The number kept in the database.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Cy => 1,
            Self::En => 2,
        }
    }

    /// The language of a number from the database.
    #[must_use]
    pub const fn from_number(number: i16) -> Option<Self> {
        match number {
            1 => Some(Self::Cy),
            2 => Some(Self::En),
            _ => None,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text was neither `cy` nor `en`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such language; use cy or en")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "cy" => Ok(Self::Cy),
            "en" => Ok(Self::En),
            _ => Err(UnknownLanguage),
        }
    }
}
