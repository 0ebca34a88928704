//! Where one sentence ends and the next begins, in Welsh and in English, for the texts that must be cut.

use std::ops::Range;

/// Words whose full stop does not end a sentence, lower-case.
const ABBREVIATIONS: [&str; 15] = [
    "e.g.", "i.e.", "dr.", "mr.", "mrs.", "no.", "st.", "a.m.", "p.m.", "etc.", "approx.", "e.e.", "h.y.", "br.",
    "rhif.",
];
const CLOSERS: [char; 9] = ['"', '\'', '’', '”', '»', ')', ']', '}', '›'];
const OPENERS: [char; 9] = ['"', '\'', '‘', '“', '«', '(', '[', '{', '‹'];

/// The runs of white space in `text` at which it may be parted. A no-break space is not one of them.
pub(crate) fn gaps(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(is_gap)?;
        let end = text[start..].find(|c| !is_gap(c)).map_or(text.len(), |length| start + length);
        from = end;
        Some(start..end)
    })
}

/// Whether the text before this gap ends a sentence and the text after it begins one.
pub(crate) fn is_sentence_end(text: &str, gap: &Range<usize>) -> bool {
    let before = text[..gap.start].trim_end_matches(CLOSERS);
    before.ends_with(['.', '!', '?', '…']) && !ends_with_abbreviation(before) && begins_sentence(&text[gap.end..])
}

fn ends_with_abbreviation(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or(before);
    let word = word.trim_start_matches(OPENERS).to_lowercase();
    ABBREVIATIONS.contains(&word.as_str())
}

fn begins_sentence(after: &str) -> bool {
    let mut characters = after.chars();
    let first = match characters.next() {
        Some(opener) if OPENERS.contains(&opener) => characters.next(),
        other => other,
    };
    first.is_some_and(|character| character.is_uppercase() || character.is_numeric())
}

fn is_gap(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_sees_the_end() {
        let cases = [
            ("One. Two", 1),
            ("One! 2 more? Three… Four", 3),
            ("“One.” ‘Two.’ (Three.) Four", 3),
            ("One.\n\nTwo", 1),
            ("e.g. Bangor, I.E. Cardiff, (Dr. Hughes) St. Asaph", 0),
            ("am 10.30 a.m. Wedyn, e.e. Bangor, h.y. Gwynedd, Br. Rhif. 4", 0),
            ("version 2.1 goes. then it stops", 0),
            ("in the etc.) Then", 0),
            ("am 10.30 y.b. Yna", 1),
            ("tŷ. Ŵyn", 1),
            ("one.\u{a0}Two", 0),
        ];
        for (text, wanted) in cases {
            let found = gaps(text).filter(|gap| is_sentence_end(text, gap)).count();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
