//! Words of authors on their way into documents for programs: whatever was pasted in stays words, and touches nothing
//! beside them.

/// The text without what no reader can see but programs obey: control characters, overrides of the writing direction,
/// and what is no character at all. Line ends stay, as `\n`.
///
/// Authors' texts are cleaned when they are taken in; a document that others keep must not depend on it.
pub(crate) fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fdd0}'..='\u{fdef}' => {}
            letter if letter.is_control() || u32::from(letter) & 0xfffe == 0xfffe => {}
            letter => out.push(letter),
        }
    }
    out
}

/// The text in at most `limit` characters. Characters are counted as programs count them: one visible letter can be
/// piled up from thousands.
pub(crate) fn at_most(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let short = domain::text::shorten(text, limit);
    short.chars().take(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_dropped_and_words_stay() {
        assert_eq!(inert("a\u{0}\u{8}\u{202e}b\u{2066}\r\n\tc\u{ffff}ŵ\u{2028}"), "ab\n cŵ\n");
        assert_eq!(inert("<b>]]>&"), "<b>]]>&");
    }

    #[test]
    fn a_letter_of_many_marks_counts_as_many() {
        let piled = format!("a{}", "\u{301}".repeat(500));
        assert_eq!(at_most(&piled, 255).chars().count(), 255);
        assert_eq!(at_most("short", 255), "short");
    }
}
