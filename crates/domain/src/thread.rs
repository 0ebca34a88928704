//! A long update becomes a numbered thread of posts, parted where a reader would pause and never inside an
//! address.

mod atoms;
mod cut;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod vectors;

use unicode_normalization::UnicodeNormalization;

use crate::kind::{HasKind, Kind};
use atoms::Measured;

/// More posts than this are no thread but a document; a summary with a link is sent instead.
pub const MOST_PARTS: usize = 25;

/// How a network counts the length of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Every visible character (grapheme cluster) counts one.
    Plain,
    /// As `Plain`, but an address counts as much as the server says, whatever its length, and of
    /// `@user@host` only `@user` counts.
    Mastodon {
        /// The server's `characters_reserved_per_url`.
        url_weight: usize,
    },
    /// As `Plain`, and a post also takes at most 3,000 bytes of UTF-8.
    Bluesky,
}

/// What one post holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The greatest weight of a post.
    pub max: usize,
    /// How the weight is counted.
    pub counting: Counting,
}

impl Limit {
    /// `max` visible characters.
    #[must_use]
    pub const fn plain(max: usize) -> Self {
        Self { max, counting: Counting::Plain }
    }

    /// What a Mastodon server says it takes; 500 and 23 unless it says otherwise.
    #[must_use]
    pub const fn mastodon(max: usize, url_weight: usize) -> Self {
        Self { max, counting: Counting::Mastodon { url_weight } }
    }

    /// What the Bluesky lexicon `app.bsky.feed.post` takes: 300 visible characters and 3,000 bytes.
    #[must_use]
    pub const fn bluesky() -> Self {
        Self { max: 300, counting: Counting::Bluesky }
    }

    /// What `text` weighs on this network.
    #[must_use]
    pub fn weight(&self, text: &str) -> usize {
        Measured::new(text, self.counting).weight(0, text.len())
    }

    /// Whether `text` is one post.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.room().holds(self.weight(text), text.len())
    }

    const fn room(&self) -> Room {
        let bytes = match self.counting {
            Counting::Bluesky => 3_000,
            Counting::Plain | Counting::Mastodon { .. } => usize::MAX,
        };
        Room { weight: self.max, bytes }
    }
}

/// Why a text cannot become a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThreadProblem {
    /// There is nothing to post.
    #[error("the post is empty")]
    Empty,
    /// It would need more than [`MOST_PARTS`] posts.
    #[error("the text would need more than {MOST_PARTS} posts")]
    TooManyParts,
    /// An address or a single visible character is heavier than a whole post.
    #[error("an address in the text is longer than a post")]
    PieceTooLong,
}

impl HasKind for ThreadProblem {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "post-empty",
            Self::TooManyParts => "post-too-many-parts",
            Self::PieceTooLong => "post-address-too-long",
        }
    }
}

/// The text as one post, or as several that end in ` 1/3`, ` 2/3`, ` 3/3`.
///
/// # Errors
/// [`ThreadProblem`], when there is nothing to post, or no thread of at most [`MOST_PARTS`] holds it.
pub fn split(text: &str, limit: &Limit) -> Result<Vec<String>, ThreadProblem> {
    split_with_link(text, "", limit)
}

/// As [`split`], with the link to the incident after a blank line in the first post, where most people look.
///
/// A text that already holds the link is only split.
///
/// # Errors
/// As [`split`].
pub fn split_with_link(text: &str, link: &str, limit: &Limit) -> Result<Vec<String>, ThreadProblem> {
    let text = normalise(text);
    if text.is_empty() {
        return Err(ThreadProblem::Empty);
    }
    let tail = if link.is_empty() || text.contains(link) { String::new() } else { format!("\n\n{link}") };
    let whole = format!("{text}{tail}");
    if limit.fits(&whole) {
        return Ok(vec![whole]);
    }
    let measured = Measured::new(&text, limit.counting);
    // The number of parts decides how long the counter is, and the counter how much room a part has. Room only
    // shrinks as the count grows, so a piece without room in this thread has none in a longer one.
    for count in 2..=MOST_PARTS {
        let room = limit.room().less(limit, &format!(" {count}/{count}"));
        let first = room.less(limit, &tail);
        if let Some(parts) = cut::greedily(&measured, first, room, count)? {
            return Ok(number(&parts, &tail));
        }
    }
    Err(ThreadProblem::TooManyParts)
}

/// What a part may weigh, and how many bytes it may have.
#[derive(Clone, Copy, Debug)]
struct Room {
    weight: usize,
    bytes: usize,
}

impl Room {
    const fn holds(&self, weight: usize, bytes: usize) -> bool {
        weight <= self.weight && bytes <= self.bytes
    }

    fn less(self, limit: &Limit, taken: &str) -> Self {
        Self { weight: self.weight.saturating_sub(limit.weight(taken)), bytes: self.bytes.saturating_sub(taken.len()) }
    }
}

fn number(parts: &[&str], tail: &str) -> Vec<String> {
    let count = parts.len();
    let numbered = |(index, part): (usize, &&str)| {
        let tail = if index == 0 { tail } else { "" };
        format!("{part}{tail} {}/{count}", index + 1)
    };
    parts.iter().enumerate().map(numbered).collect()
}

/// NFC, LF line ends, no spaces before a line end, at most one blank line, nothing at the ends.
fn normalise(text: &str) -> String {
    let composed: String = text.nfc().collect();
    let unix = composed.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = unix.split('\n').map(|line| line.trim_end_matches([' ', '\t'])).peekable();
    let mut clean = String::with_capacity(unix.len());
    let mut blank_before = false;
    while let Some(line) = lines.next() {
        if line.is_empty() && blank_before {
            continue;
        }
        blank_before = line.is_empty();
        clean.push_str(line);
        if lines.peek().is_some() {
            clean.push('\n');
        }
    }
    clean.trim().to_owned()
}
