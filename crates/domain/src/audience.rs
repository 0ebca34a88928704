//! Who an update is for, as numbers that the database can compare without knowing names.

use serde::{Deserialize, Serialize};

use crate::{Catalogue, Severity};

/// A set of areas: one bit for each organisation of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Areas(pub i64);

impl Areas {
    /// The areas of these organisation keys, exactly as chosen; unknown keys are left out.
    #[must_use]
    pub fn chosen<'a>(catalogue: &Catalogue, keys: impl IntoIterator<Item = &'a str>) -> Self {
        Self(keys.into_iter().filter_map(|key| catalogue.area_bit(key)).fold(0, |mask, bit| mask | 1 << bit))
    }

    /// Everyone whom news of these organisations concerns: who chose one of them, a body above it ("all of Wales"
    /// wants every board's news), or a body below it (news of all of Wales concerns every board).
    #[must_use]
    pub fn concerned<'a>(catalogue: &'a Catalogue, keys: impl IntoIterator<Item = &'a str>) -> Self {
        keys.into_iter().fold(Self::default(), |mask, key| {
            let up = catalogue.line_up(key);
            let down = catalogue.below(key).into_iter().map(|one| one.key.as_str());
            Self(mask.0 | Self::chosen(catalogue, up.into_iter().chain(down)).0)
        })
    }

    /// Whether the two share an area.
    #[must_use]
    pub const fn touches(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The keys of the chosen organisations, in catalogue order.
    pub fn keys(self, catalogue: &Catalogue) -> impl Iterator<Item = &str> {
        let keys = catalogue.organisations.iter().map(|one| one.key.as_str());
        keys.enumerate().filter(move |(bit, _)| *bit < 63 && self.0 & (1 << bit) != 0).map(|(_, key)| key)
    }
}

/// Who an update is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// The areas concerned.
    pub areas: Areas,
    /// The update's severity: reaches those whose minimum is not above it.
    pub severity: Severity,
}
