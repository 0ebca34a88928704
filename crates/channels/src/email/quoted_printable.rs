//! Quoted-printable (RFC 2045, 6.7) in pieces that can be put together again with a soft line break between them.

use std::fmt::Write;

/// One less than the 76 that a line may have, so that a soft break always fits behind it.
const LINE: usize = 75;

/// Encodes text as one piece. It begins at the start of a line, and may end anywhere.
pub(super) fn encode(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut encoder = Encoder { out: String::with_capacity(text.len() + text.len() / 8), column: 0 };
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            encoder.out.push_str("\r\n");
            encoder.column = 0;
        }
        encoder.line(line);
    }
    encoder.out
}

/// What joins two pieces: a line break that the reader's mail program takes out again.
pub(super) const SOFT_BREAK: &str = "=\r\n";

struct Encoder {
    out: String,
    column: usize,
}

impl Encoder {
    fn line(&mut self, line: &str) {
        let last = line.len().wrapping_sub(1);
        // Old mail systems put `>` before such a line, which would break a signature over the mail.
        let looks_like_mbox = line.starts_with("From ");
        for (position, byte) in line.bytes().enumerate() {
            let plain = match byte {
                b'=' => false,
                // White space before a line break is lost on the way.
                b' ' | b'\t' => position != last,
                b'F' if looks_like_mbox => position != 0,
                b'!'..=b'~' => true,
                _ => false,
            };
            self.byte(byte, plain);
        }
    }

    fn byte(&mut self, byte: u8, plain: bool) {
        if self.column + if plain { 1 } else { 3 } > LINE {
            self.out.push_str(SOFT_BREAK);
            self.column = 0;
        }
        // A dot at the start of a line has a meaning in SMTP.
        if plain && !(byte == b'.' && self.column == 0) {
            self.out.push(char::from(byte));
            self.column += 1;
        } else {
            write!(self.out, "={byte:02X}").expect("a String takes everything");
            self.column += 3;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_kept_and_the_rest_is_escaped() {
        for (text, encoded) in [
            ("", ""),
            ("plain", "plain"),
            ("a=b", "a=3Db"),
            ("Tŷ ŵyn", "T=C5=B7 =C5=B5yn"),
            ("one \ntwo\t\r\nthree\r", "one=20\r\ntwo=09\r\nthree\r\n"),
            (".\n..a", "=2E\r\n=2E.a"),
            ("From here", "=46rom here"),
            ("\0", "=00"),
        ] {
            assert_eq!(encode(text), encoded, "{text:?}");
        }
    }

    #[test]
    fn a_piece_always_has_room_for_a_soft_break() {
        for length in 60..260 {
            let encoded = encode(&"ŵ.".repeat(length));
            assert!(encoded.lines().all(|line| line.len() <= 76), "{length}");
            assert!(encoded.lines().next_back().is_some_and(|line| line.len() <= LINE));
            assert!(!encoded.lines().any(|line| line.starts_with('.')));
        }
    }
}
