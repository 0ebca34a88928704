//! The advice catalogue: what people should do, in clinically approved words of both languages.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Localized;

/// A catalogued phrase of advice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// A stable key.
    pub key: String,
    /// The full sentence, for page and mail.
    pub text: Localized,
    /// The shortest safe wording, for texts and posts.
    pub sms: Localized,
    /// An emergency line is always read first.
    #[serde(default)]
    pub emergency: bool,
    /// The services that it sends people to, by their keys: while one of them does not work, it may mislead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Rises with each change of the words.
    pub version: u32,
    /// Who answers for the words.
    pub owner: String,
    /// The day by which the words must be looked at again.
    pub review_by: NaiveDate,
}

/// A catalogued nature of a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseName {
    /// A stable key.
    pub key: String,
    /// The public words.
    pub name: Localized,
    /// Not to be published.
    #[serde(default)]
    pub staff_only: bool,
}
