//! Text from people is cleaned once, at the edge, so that a page, a feed, a mail and a text message all carry
//! the same letters.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::kind::{HasKind, Kind};

pub(crate) mod sentence;

/// Why a text cannot be used as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// A character that no reader can see and no feed may carry. Holds its code point.
    #[error("the text holds the control character U+{0:04X}")]
    ControlCharacter(u32),
    /// More characters (Unicode scalar values) than the field takes.
    #[error("the text has {length} characters; at most {limit} are taken")]
    TooLong {
        /// How many characters the text has.
        length: usize,
        /// How many the field takes.
        limit: usize,
    },
}

impl HasKind for TextProblem {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::ControlCharacter(_) => "text-control-character",
            Self::TooLong { .. } => "text-too-long",
        }
    }
}

/// Cleans an author's text: line ends become LF, a tab becomes a space, letters become NFC.
///
/// Direction overrides (U+202A–202E, U+2066–2069) are dropped: neither Welsh nor English needs them, they arrive
/// unseen with pasted text, and they can make a sentence read backwards.
///
/// # Errors
/// [`TextProblem::ControlCharacter`] for any other control character, and for U+FFFE and U+FFFF, which would make
/// an XML feed unreadable.
pub fn normalise(text: &str) -> Result<String, TextProblem> {
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                clean.push('\n');
            }
            // The line and paragraph separators of word processors.
            '\n' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push(' '),
            _ if is_direction_override(character) => {}
            '\u{fffe}' | '\u{ffff}' => return Err(TextProblem::ControlCharacter(character.into())),
            _ if character.is_control() => {
                return Err(TextProblem::ControlCharacter(character.into()));
            }
            _ => clean.push(character),
        }
    }
    Ok(clean.nfc().collect())
}

/// Refuses a text of more than `limit` characters.
///
/// Unicode scalar values are counted and not what a reader sees as one character, because one visible character
/// can be piled up from thousands of combining marks.
///
/// # Errors
/// [`TextProblem::TooLong`].
pub fn check_length(text: &str, limit: usize) -> Result<(), TextProblem> {
    let length = text.chars().count();
    if length > limit {
        return Err(TextProblem::TooLong { length, limit });
    }
    Ok(())
}

/// Whether there is anything to read: a letter or a digit. Blanks, joiners and fillers that nobody sees are no words,
/// and neither is a full stop.
#[must_use]
pub fn says_something(text: &str) -> bool {
    // The fillers of Hangul count as letters, but are drawn as nothing.
    let unseen = |letter: char| matches!(letter, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
    text.chars().any(|letter| letter.is_alphanumeric() && !unseen(letter))
}

/// The text on one line: every run of white space, line ends and control characters becomes one space.
///
/// For subjects, titles and values put into mail headers and text messages, where a line break would begin
/// something new.
#[must_use]
pub fn single_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The text cut to at most `limit` visible characters, at a word where there is one, ending in `…` if it was cut.
#[must_use]
pub fn shorten(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.grapheme_indices(true).nth(limit) else {
        return text.to_owned();
    };
    let Some(room) = limit.checked_sub(1) else {
        return String::new();
    };
    let last = text[..end].grapheme_indices(true).nth(room).map_or(end, |(index, _)| index);
    // The character after the cut shows whether the cut already falls between two words.
    let kept = &text[..last];
    let at_a_word = match text[last..].chars().next() {
        Some(next) if !next.is_whitespace() => kept.rfind(char::is_whitespace).unwrap_or(last),
        _ => last,
    };
    // A word longer than half of the room is cut through: better half a word than nearly nothing.
    let cut = if at_a_word * 2 >= last { at_a_word } else { last };
    format!("{}…", kept[..cut].trim_end())
}

const fn is_direction_override(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn author_text_is_cleaned() {
        let cases = [
            ("line ends", "a\r\nb\rc\nd", "a\nb\nc\nd"),
            ("word processor line ends", "a\u{2028}b\u{2029}c", "a\nb\nc"),
            ("a tab", "a\tb", "a b"),
            ("decomposed Welsh", "tŷ w\u{302}yn", "tŷ ŵyn"),
            ("overrides and isolates", "a\u{202e}b\u{202c}\u{2066}c\u{2069}", "abc"),
            ("a letter parted from its mark", "w\u{202a}\u{302}", "ŵ"),
            ("the flag of Wales", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"),
            ("markup stays text", "<b>&amp;", "<b>&amp;"),
            ("nothing", "", ""),
        ];
        for (name, given, wanted) in cases {
            let clean = normalise(given).unwrap();
            assert_eq!(clean, wanted, "{name}");
            assert_eq!(normalise(&clean).unwrap(), clean, "{name}, again");
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for character in
            ['\0', '\u{1}', '\u{7}', '\u{8}', '\u{b}', '\u{c}', '\u{1b}', '\u{7f}', '\u{85}', '\u{9f}', '\u{ffff}']
        {
            let problem = normalise(&format!("a{character}b")).unwrap_err();
            assert_eq!(problem, TextProblem::ControlCharacter(character.into()));
            assert_eq!(problem.code(), "text-control-character");
        }
    }

    #[test]
    fn what_nobody_sees_says_nothing() {
        for blank in ["", " \n\t", "\u{200b}\u{200d}\u{feff}", "\u{3164}\u{115f}", "\u{2800}", "\u{ad}", "."] {
            assert!(!says_something(blank), "{blank:?}");
        }
        for words in ["a", "ŵ", "7", "\u{200b}x", "中"] {
            assert!(says_something(words), "{words:?}");
        }
    }

    #[test]
    fn length_counts_every_combining_mark() {
        let piled_up = format!("a{}", "\u{301}".repeat(10));
        assert_eq!(check_length(&piled_up, 5), Err(TextProblem::TooLong { length: 11, limit: 5 }));
        assert_eq!(check_length("ŵŵŵŵŵ", 5), Ok(()));
    }

    #[test]
    fn a_single_line_has_no_way_out() {
        let cases = [
            ("Subject\r\nBcc: x@example.org", "Subject Bcc: x@example.org"),
            ("  a \n\n b\u{2028}c\u{85}d\te\u{a0}f ", "a b c d e f"),
            (" \n ", ""),
        ];
        for (given, wanted) in cases {
            assert_eq!(single_line(given), wanted);
        }
    }

    #[test]
    fn a_shortened_text_ends_at_a_word() {
        let cases = [
            ("Mae’r tŷ yn oer", 15, "Mae’r tŷ yn oer"),
            ("Mae’r tŷ yn oer", 14, "Mae’r tŷ yn…"),
            ("Mae’r tŷ yn oer", 12, "Mae’r tŷ yn…"),
            ("Mae’r tŷ yn oer", 11, "Mae’r tŷ…"),
            ("aaaaaaaaaaaa", 5, "aaaa…"),
            ("a bbbbbbbbbbbbbbb", 9, "a bbbbbb…"),
            ("👩‍⚕️👩‍⚕️👩‍⚕️", 2, "👩‍⚕️…"),
            ("ab", 0, ""),
            ("", 0, ""),
        ];
        for (given, limit, wanted) in cases {
            assert_eq!(shorten(given, limit), wanted, "{given:?} to {limit}");
        }
    }
}
