//! The punctuation that word processors put in and the 7-bit alphabet lacks is replaced by us, before the author
//! sees the preview, so that what is shown is what is sent.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// The text as it goes into a message: NFC, plain punctuation, LF line ends.
///
/// Letters are never touched. Providers can "smart encode" too, but their table turns a combining circumflex into
/// `^`, so we switch theirs off. The replacement also happens when the text stays UCS-2 because of a letter:
/// adding or removing that letter must not change the punctuation around it.
#[must_use]
pub fn prepare(text: &str) -> String {
    let composed: String = text.nfc().collect();
    let composed = composed.replace("\r\n", "\n");
    let mut plain = String::with_capacity(composed.len());
    for cluster in composed.graphemes(true) {
        push_plain(&mut plain, cluster);
    }
    // Dropping an invisible character can bring a letter and its mark together.
    plain.nfc().collect()
}

fn push_plain(plain: &mut String, cluster: &str) {
    let mut rest = cluster.chars();
    while let Some(character) = rest.next() {
        match substitute(character) {
            Some(replacement) => plain.push_str(replacement),
            // A joiner inside a visible character holds an emoji or an Indic letter together; elsewhere it is litter.
            None if character == '\u{200d}' && rest.as_str().is_empty() => {}
            None => plain.push(character),
        }
    }
}

const fn substitute(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{b4}' | '`' => "'",
        '\u{201c}'..='\u{201f}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2022}' => "-",
        '\u{2026}' => "...",
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\t' => " ",
        '\r' => "\n",
        '\u{200b}' | '\u{200c}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_becomes_plain_and_letters_stay() {
        let cases = [
            ("\u{2018}\u{2019}\u{201a}\u{201b}\u{b4}`", "''''''"),
            ("\u{201c}\u{201d}\u{201e}\u{201f}", "\"\"\"\""),
            ("\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{2022}", "--------"),
            ("a\u{2026}", "a..."),
            ("a\u{a0}b\u{2000}c\u{200a}d\u{202f}e\u{205f}f\u{3000}g\th", "a b c d e f g h"),
            ("a\u{200b}b\u{200c}c\u{2060}d\u{feff}e\u{ad}f\u{200d}g", "abcdefg"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("w\u{302} W\u{302} y\u{302} o\u{302}", "ŵ Ŵ ŷ ô"),
            ("âêîôûŵŷÀç°½", "âêîôûŵŷÀç°½"),
            ("w\u{200b}\u{302}", "ŵ"),
            ("👩\u{200d}⚕\u{fe0f} a\u{200d}", "👩\u{200d}⚕\u{fe0f} a"),
            ("« \u{201c}Hi\u{201d} »", "« \"Hi\" »"),
        ];
        for (given, wanted) in cases {
            assert_eq!(prepare(given), wanted, "{given:?}");
            assert_eq!(prepare(wanted), wanted, "{wanted:?} again");
        }
    }
}
