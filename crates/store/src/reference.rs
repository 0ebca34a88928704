//! Providers' ids of messages in the least room: thirty-two hexadecimal digits are sixteen bytes, and what has another
//! form is kept as it is.

use crate::StoreError;
use crate::column::meaningless;

/// The letters as they are.
const LETTERS: u8 = 0;
/// `SM`, as most have it, and 32 digits.
const SM: u8 = 1;
/// Two letters of their own, and 32 digits.
const OTHER: u8 = 2;

/// The bytes of an id.
pub(crate) fn pack(reference: &str) -> Vec<u8> {
    let digits = reference.as_bytes().split_at_checked(2).and_then(|(kind, digits)| Some((kind, unhex(digits)?)));
    match digits {
        Some((b"SM", bytes)) => [&[SM], bytes.as_slice()].concat(),
        Some((kind, bytes)) if kind.is_ascii() => [&[OTHER], kind, bytes.as_slice()].concat(),
        _ => [&[LETTERS], reference.as_bytes()].concat(),
    }
}

/// The id of these bytes.
pub(crate) fn unpack(bytes: &[u8]) -> Result<String, StoreError> {
    let damaged = || meaningless("reference");
    let (form, rest) = bytes.split_first().ok_or_else(damaged)?;
    match *form {
        LETTERS => String::from_utf8(rest.to_vec()).map_err(|_| damaged()),
        SM => Ok(format!("SM{}", hex(rest))),
        OTHER => {
            let (kind, digits) = rest.split_at_checked(2).ok_or_else(damaged)?;
            Ok(String::from_utf8(kind.to_vec()).map_err(|_| damaged())? + &hex(digits))
        }
        _ => Err(damaged()),
    }
}

/// Two small digits for each byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The sixteen bytes of thirty-two small digits; none of anything else, large digits included, or they would come back
/// as small ones.
fn unhex(digits: &[u8]) -> Option<[u8; 16]> {
    let digits: &[u8; 32] = digits.try_into().ok()?;
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}

const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_comes_back_as_it_was() {
        let cases = [
            ("SM0123456789abcdef0123456789abcdef", 17),
            ("MM0123456789abcdef0123456789abcdef", 19),
            ("SM0123456789ABCDEF0123456789abcdef", 35),
            ("SM0123456789abcdef0123456789abcde", 34),
            ("ééaa", 7),
            ("é0123456789abcdef0123456789abcdef", 35),
            ("<20180124.1@relay.example.org>", 31),
            ("", 1),
        ];
        for (reference, length) in cases {
            let packed = pack(reference);
            assert_eq!((unpack(&packed).unwrap().as_str(), packed.len()), (reference, length), "{reference}");
        }
    }

    #[test]
    fn damaged_bytes_are_an_error_and_no_reference() {
        for bytes in [&[][..], &[3, 1], &[OTHER, 1], &[LETTERS, 0xff]] {
            assert!(unpack(bytes).is_err(), "{bytes:?}");
        }
    }
}
