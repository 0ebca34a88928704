//! What a text message costs before it is sent: its encoding, its parts, and which letters made it so.

mod alphabet;
mod fit;
mod prepare;
#[cfg(test)]
mod vectors;

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

pub use fit::{FitProblem, Fitted, fit};
pub use prepare::prepare;

/// How the letters of a text message travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// The 7-bit alphabet: 160 units in one part, 153 in each of several.
    Gsm7,
    /// UTF-16: 70 units in one part, 67 in each of several. Any letter outside the 7-bit alphabet forces it.
    Ucs2,
}

impl Encoding {
    /// How it is named to people: `GSM-7` or `UCS-2`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// The units that fit into a message of one part.
    #[must_use]
    pub const fn single(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// The units that fit into each part of a longer message; the rest of the part says how to join them.
    #[must_use]
    pub const fn joined(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    fn units(self, character: char) -> usize {
        match self {
            Self::Gsm7 => alphabet::septets(character).unwrap_or_default(),
            Self::Ucs2 => character.len_utf16(),
        }
    }
}

/// What a text costs as a text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsCount {
    /// How the letters travel.
    pub encoding: Encoding,
    /// Septets in GSM-7, UTF-16 code units in UCS-2.
    pub units: usize,
    /// How many parts a provider bills; an empty text counts as one, and must not be sent.
    pub parts: usize,
    /// The units that each of these parts takes.
    pub per_part: usize,
    /// The units left before the next part begins.
    pub room: usize,
    /// The letters that force UCS-2, each once, in the order of their first appearance.
    pub offenders: Vec<char>,
}

/// Counts a text as the provider will, never too low.
///
/// An escape pair, a surrogate pair and a whole visible character are never parted, so a part may stay a little
/// emptier than the sum of the units suggests.
#[must_use]
pub fn count(text: &str) -> SmsCount {
    let offenders = offenders(text);
    let encoding = if offenders.is_empty() { Encoding::Gsm7 } else { Encoding::Ucs2 };
    let units = text.chars().map(|character| encoding.units(character)).sum();
    if units <= encoding.single() {
        let per_part = encoding.single();
        return SmsCount { encoding, units, parts: 1, per_part, room: per_part - units, offenders };
    }
    let per_part = encoding.joined();
    let (parts, used) = fill_parts(text, encoding);
    SmsCount { encoding, units, parts, per_part, room: per_part - used, offenders }
}

fn offenders(text: &str) -> Vec<char> {
    let mut seen = HashSet::new();
    text.chars().filter(|character| alphabet::septets(*character).is_none() && seen.insert(*character)).collect()
}

/// The number of parts of a text that needs several, and the units used in the last of them.
fn fill_parts(text: &str, encoding: Encoding) -> (usize, usize) {
    let capacity = encoding.joined();
    let (mut parts, mut used) = (1, 0);
    let mut put = |units: usize| {
        if used + units > capacity {
            parts += 1;
            used = 0;
        }
        used += units;
    };
    for cluster in text.graphemes(true) {
        let units = cluster.chars().map(|character| encoding.units(character)).sum();
        if units <= capacity {
            put(units);
        } else {
            cluster.chars().for_each(|character| put(encoding.units(character)));
        }
    }
    (parts, used)
}
