//! Phone numbers arrive with brackets, invisible marks and the digits of other scripts; letters are no part of one.

use rlibphonenumber::PHONE_NUMBER_UTIL;

use super::PhoneProblem;

/// More than any way of writing fifteen digits.
const LONGEST_INPUT: usize = 60;

/// The `+` signs and ASCII digits of the input.
///
/// The library would accept letters (dropping them silently, so that `0740O123456` becomes a shorter number) and
/// extensions; both are refused here.
pub(super) fn clean(input: &str) -> Result<String, PhoneProblem> {
    let mut clean = String::new();
    for character in input.chars() {
        match character {
            '0'..='9' => clean.push(character),
            '+' | '＋' => clean.push('+'),
            '(' | ')' | '-' | '.' | '（' | '）' | '－' | '．' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            _ if is_invisible(character) || character.is_whitespace() => {}
            _ if character.is_alphabetic() => return Err(PhoneProblem::Letters),
            _ => clean.push(other_digit(character).ok_or(PhoneProblem::Characters)?),
        }
        if clean.len() > LONGEST_INPUT {
            return Err(PhoneProblem::TooLong);
        }
    }
    match clean.as_str() {
        "" if input.chars().all(|character| character.is_whitespace() || is_invisible(character)) => {
            Err(PhoneProblem::Empty)
        }
        digits if digits.contains(|character: char| character.is_ascii_digit()) => Ok(clean),
        _ => Err(PhoneProblem::Characters),
    }
}

/// Zero-width and direction marks, which contact lists put around numbers.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// The ASCII digit of a decimal digit of any script.
fn other_digit(character: char) -> Option<char> {
    if !character.is_numeric() {
        return None;
    }
    let normalised = PHONE_NUMBER_UTIL.normalize_digits_only(character.encode_utf8(&mut [0; 4]));
    normalised.chars().next().filter(char::is_ascii_digit)
}
