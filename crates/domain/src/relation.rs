//! What somebody says of two incidents: on a day with two of them, everybody asks whether they are one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text;

/// More of them than this nobody reads.
pub const MOST_RELATIONS: usize = 8;

/// Whether two incidents belong together. Neither is the default: while nobody has said anything, nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// They have to do with each other.
    Related,
    /// They have nothing to do with each other.
    NotRelated,
}

impl RelationKind {
    /// Both, in the order of a form.
    pub const ALL: [Self; 2] = [Self::NotRelated, Self::Related];

    /// The key used in forms, in translations and in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Related => "related",
            Self::NotRelated => "not_related",
        }
    }

    /// The kind of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// What an incident says of another one, with who says it and when.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The number of the other incident: that of its short link.
    pub number: i64,
    /// Related or not.
    pub kind: RelationKind,
    /// The body or person that says so. Nothing goes out without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_by: Option<String>,
    /// When it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_at: Option<DateTime<Utc>>,
}

impl Relation {
    /// Whether the same is said of the same incident by the same body, whenever it was.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        (self.number, self.kind, &self.stated_by) == (other.number, other.kind, &other.stated_by)
    }
}

/// Those of `new` that were said before keep the time at which they were said first.
pub fn keep_times(new: &mut [Relation], before: &[Relation]) {
    for one in new.iter_mut().filter(|one| one.stated_at.is_none()) {
        one.stated_at = before.iter().find(|old| old.says_the_same(one)).and_then(|old| old.stated_at);
    }
}

/// The code of every reason why these may not go out. `public` are the numbers of other incidents that everybody can
/// read already.
#[must_use]
pub fn problems(relations: &[Relation], public: &[i64]) -> Vec<&'static str> {
    let distinct: BTreeSet<i64> = relations.iter().map(|one| one.number).collect();
    let named = |one: &Relation| one.stated_by.as_deref().is_some_and(text::says_something);
    let checks = [
        (relations.len() > MOST_RELATIONS, "too-many"),
        (distinct.len() != relations.len(), "repeated-key"),
        (!relations.iter().all(named), "source-missing"),
        (!relations.iter().all(|one| public.contains(&one.number)), "incident-not-public"),
    ];
    checks.into_iter().filter(|(found, _)| *found).map(|(_, code)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(number: i64, kind: RelationKind, by: &str) -> Relation {
        Relation { number, kind, stated_by: Some(by.to_owned()), stated_at: None }
    }

    #[test]
    fn nothing_is_said_of_incidents_without_a_name_or_of_what_nobody_can_read() {
        let fine = said(8, RelationKind::NotRelated, "NCSC");
        let cases: [(Vec<Relation>, &[&str]); 6] = [
            (vec![], &[]),
            (vec![fine.clone()], &[]),
            (vec![Relation { stated_by: None, ..fine.clone() }], &["source-missing"]),
            (vec![said(8, RelationKind::Related, " \u{2060} ")], &["source-missing"]),
            (vec![said(9, RelationKind::Related, "NCSC")], &["incident-not-public"]),
            (vec![fine.clone(), said(8, RelationKind::Related, "BBC")], &["repeated-key"]),
        ];
        for (relations, codes) in cases {
            assert_eq!(problems(&relations, &[7, 8]), codes, "{relations:?}");
        }
        assert_eq!(problems(&vec![fine; 9], &[8]), ["too-many", "repeated-key"]);
    }

    #[test]
    fn what_is_said_again_keeps_the_time_at_which_it_was_said() {
        let then = DateTime::from_timestamp(1_516_807_200, 0);
        let before = [Relation { stated_at: then, ..said(8, RelationKind::NotRelated, "NCSC") }];
        let mut new = [
            said(8, RelationKind::NotRelated, "NCSC"),
            said(8, RelationKind::Related, "NCSC"),
            said(8, RelationKind::NotRelated, "BBC"),
        ];
        keep_times(&mut new, &before);
        assert_eq!(new.map(|one| one.stated_at), [then, None, None]);
    }
}
