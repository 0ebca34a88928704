//! The 7-bit alphabet of text messages (3GPP TS 23.038, formerly GSM 03.38), in which a message holds most.

/// What a character costs in septets: 1, 2 behind an escape, or `None` if the alphabet does not have it.
///
/// Only the default table and its extension count. National shift tables are offered by no provider we use, and
/// none exists for Welsh.
pub(super) const fn septets(character: char) -> Option<usize> {
    match character {
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        '£' | '¥' | '¤' | '¡' | '¿' | '§' => Some(1),
        'à' | 'è' | 'é' | 'ì' | 'ò' | 'ù' | 'Ç' | 'É' => Some(1),
        'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü' | 'ñ' | 'Ñ' | 'ß' => Some(1),
        'å' | 'Å' | 'æ' | 'Æ' | 'ø' | 'Ø' => Some(1),
        'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => Some(1),
        '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the standard's table; ESC is left out, it is no character of its own.
    const BASIC: [&str; 8] = [
        "@£$¥èéùìòÇ\nØø\rÅå",
        "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ",
        " !\"#¤%&'()*+,-./",
        "0123456789:;<=>?",
        "¡ABCDEFGHIJKLMNO",
        "PQRSTUVWXYZÄÖÑÜ§",
        "¿abcdefghijklmno",
        "pqrstuvwxyzäöñüà",
    ];

    #[test]
    fn the_alphabet_is_the_standards_table_and_nothing_else() {
        let basic: String = BASIC.concat();
        let extension = "\u{c}^{}\\[~]|€";
        for character in '\0'..=char::MAX {
            let wanted = if basic.contains(character) {
                Some(1)
            } else if extension.contains(character) {
                Some(2)
            } else {
                None
            };
            assert_eq!(septets(character), wanted, "{character:?}");
        }
        assert_eq!(basic.chars().count(), 127);
    }

    #[test]
    fn letters_with_a_circumflex_are_not_in_it() {
        for letter in "âêîôûŵŷÂÊÎÔÛŴŶëïÿẅáíóúẃýẁỳÀÈÌÒÙÁË`ç°½´«»\u{391}\t\u{a0}‘’“”–—…".chars()
        {
            assert_eq!(septets(letter), None, "{letter:?}");
        }
        for letter in "àèìòùéäöüÉÄÖÜ".chars() {
            assert_eq!(septets(letter), Some(1), "{letter:?}");
        }
    }
}
