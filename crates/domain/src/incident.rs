//! An incident or planned work: what its updates hang on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Language, Localized};

/// Whether it happened to us or we planned it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IncidentKind {
    /// A problem.
    #[default]
    Incident,
    /// Planned work.
    Planned,
}

impl IncidentKind {
    /// The key used in files, forms and the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Planned => "planned",
        }
    }
}

/// An incident or planned work. Everything that can change is in its revisions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// The id.
    pub id: i64,
    /// The small number of its short link `/i/{n}`: 1, 2, 3, …
    pub number: i64,
    /// Problem or planned work.
    pub kind: IncidentKind,
    /// The body that speaks.
    pub organisation: String,
    /// The languages that a revision must be in to be published: those of the body that speaks.
    pub languages: Vec<Language>,
    /// The last part of its address, per language, stable for ever.
    pub slug: Localized,
    /// When it was opened here.
    pub opened_at: DateTime<Utc>,
    /// When the problem began, or when planned work will begin.
    pub starts_at: DateTime<Utc>,
    /// When planned work is to end.
    pub ends_at: Option<DateTime<Utc>>,
    /// When its first revision was published; none while nothing is public.
    pub published_at: Option<DateTime<Utc>>,
    /// When its over-phase was published.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// How long the last part of an address may be, in bytes.
const LONGEST_SLUG: usize = 60;

/// Makes the last part of an address from a title: lower-case ASCII letters, digits and single hyphens, at most 60.
#[must_use]
pub fn slugify(day: &str, title: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut slug = day.to_owned();
    for letter in title.nfd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)) {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            '\'' | '\u{2019}' => {}
            _ if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    if slug.len() > LONGEST_SLUG {
        // An address stays for ever: it ends with a whole word, unless there is none.
        let end = slug[..=LONGEST_SLUG].rfind('-').filter(|end| *end >= day.len()).unwrap_or(LONGEST_SLUG);
        slug.truncate(end);
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_plain_ascii_in_both_languages() {
        assert_eq!(slugify("2018-01-24-", "Two data centres!"), "2018-01-24-two-data-centres");
        assert_eq!(slugify("2018-01-24-", "Nid yw'r dŵr yn ôl"), "2018-01-24-nid-ywr-dwr-yn-ol");
        assert_eq!(slugify("2018-01-24-", "<script>"), "2018-01-24-script");
    }

    #[test]
    fn a_long_slug_ends_with_a_whole_word() {
        let title = "Computer problem affecting GP and hospital services in all of Wales";
        assert_eq!(slugify("2018-01-24-", title), "2018-01-24-computer-problem-affecting-gp-and-hospital");
        assert_eq!(slugify("2018-01-24-", &"a".repeat(100)).len(), LONGEST_SLUG);
    }
}
