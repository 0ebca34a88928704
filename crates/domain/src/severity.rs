//! How much the public is hit, not how hard the technical problem is.

use serde::{Deserialize, Serialize};

/// Public impact, from a notice to advice about emergency care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// No effect on care.
    #[default]
    Info,
    /// Slower, with a workaround.
    Minor,
    /// Some services hit in one area; appointments go on.
    Moderate,
    /// Appointments cancelled, or several services or areas.
    Serious,
    /// Advice about emergency care changes, or risk to life.
    Critical,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Minor, Self::Moderate, Self::Serious, Self::Critical];

    /// The number 0 to 4 kept in the database and compared with a subscriber's minimum.
    #[must_use]
    pub const fn level(self) -> i16 {
        self as i16
    }

    /// The severity of a level.
    #[must_use]
    pub fn from_level(level: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.level() == level)
    }

    /// The key used in files, forms and translations (`sev-{key}`).
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Minor => "minor",
            Self::Moderate => "moderate",
            Self::Serious => "serious",
            Self::Critical => "critical",
        }
    }

    /// The severity of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.key() == key)
    }

    /// The Statuspage impact.
    #[must_use]
    pub const fn statuspage(self) -> &'static str {
        match self {
            Self::Info => "none",
            Self::Minor | Self::Moderate => "minor",
            Self::Serious => "major",
            Self::Critical => "critical",
        }
    }
}
