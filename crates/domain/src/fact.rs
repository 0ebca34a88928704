//! Facts that carry who stated them: the cause, "is it a cyber attack?", "is personal information affected?".

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How sure we are of a cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Nobody has said.
    #[default]
    Unknown,
    /// Somebody thinks so.
    Suspected,
    /// Somebody who can know has said so.
    Confirmed,
}

/// A cause from the catalogue, with its certainty and its source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// The key in the catalogue.
    pub key: String,
    /// How sure.
    #[serde(default)]
    pub certainty: Certainty,
    /// Who stated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_by: Option<String>,
}

impl Cause {
    /// The key of the cause that nobody knows yet.
    pub const UNKNOWN: &'static str = "unknown";

    /// How sure the public may be told that we are: nobody is sure of what is not known, and a cause that is named
    /// although nobody has said how certain it is, is only suspected.
    #[must_use]
    pub fn standing(&self) -> Certainty {
        match self.certainty {
            _ if self.key == Self::UNKNOWN => Certainty::Unknown,
            Certainty::Unknown => Certainty::Suspected,
            said => said,
        }
    }
}

impl Default for Cause {
    fn default() -> Self {
        Self { key: Self::UNKNOWN.to_owned(), certainty: Certainty::Unknown, stated_by: None }
    }
}

/// The answer to one of the two questions that everybody asks. "No" is never the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Not known yet.
    #[default]
    NotKnown,
    /// No, and a named body says so.
    No,
    /// No evidence so far, and a named body says so (for personal information).
    NoEvidence,
    /// Yes.
    Yes,
}

impl Answer {
    /// The key used in forms and translations.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotKnown => "not_known",
            Self::No => "no",
            Self::NoEvidence => "no_evidence",
            Self::Yes => "yes",
        }
    }

    /// True for the answers that calm people and therefore need a named source.
    #[must_use]
    pub const fn needs_source(self) -> bool {
        matches!(self, Self::No | Self::NoEvidence)
    }
}

/// An answer with who gave it and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The answer.
    #[serde(default)]
    pub answer: Answer,
    /// The body or person that gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_by: Option<String>,
    /// When it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_stands_no_surer_than_somebody_said() {
        let cases = [
            ("unknown", Certainty::Confirmed, Certainty::Unknown),
            ("unknown", Certainty::Unknown, Certainty::Unknown),
            ("network", Certainty::Unknown, Certainty::Suspected),
            ("network", Certainty::Suspected, Certainty::Suspected),
            ("network", Certainty::Confirmed, Certainty::Confirmed),
        ];
        for (key, certainty, standing) in cases {
            let cause = Cause { key: key.to_owned(), certainty, stated_by: None };
            assert_eq!(cause.standing(), standing, "{key} {certainty:?}");
        }
    }
}
