//! One-time codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds), and how its secret is shown.

use chrono::{DateTime, Utc};
use qrcodegen::{QrCode, QrCodeEcc};
use totp_rs::{Builder, Totp};

/// Bytes of a new secret: as many as SHA-1 gives, as RFC 4226 asks for.
pub(crate) const SECRET: usize = 20;

fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(secret).with_skew(1).build().ok()
}

/// The code that an app shows at `at` (machine time); none for a secret that is too short.
#[must_use]
pub fn totp_code(secret: &[u8], at: DateTime<Utc>) -> Option<String> {
    Some(totp(secret)?.generate(seconds(at)).to_string())
}

/// The time step whose code this is, at most one step away. A step may be used once only.
pub(crate) fn step_of(secret: &[u8], code: &str, at: DateTime<Utc>) -> Option<i64> {
    let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    totp(secret)?.check(&code, seconds(at)).and_then(|step| i64::try_from(step).ok())
}

fn seconds(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp()).unwrap_or_default()
}

/// The secret as people type it: base 32 in groups of four.
pub(crate) fn readable(secret: &[u8]) -> String {
    let letters = base32::encode(base32::Alphabet::Rfc4648 { padding: false }, secret);
    let groups = letters.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(" ")
}

/// What an authenticator app scans or opens.
pub(crate) fn uri(secret: &[u8], issuer: &str, email: &str) -> String {
    let letters = base32::encode(base32::Alphabet::Rfc4648 { padding: false }, secret);
    let (issuer, email) = (escaped(issuer), escaped(email));
    format!("otpauth://totp/{issuer}:{email}?secret={letters}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

fn escaped(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The dark squares of a QR code as one SVG path, with its side length in squares. A quiet border of four is included.
pub(crate) fn qr_path(text: &str) -> Option<(String, i32)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
        }
    }
    Some((path, code.size() + 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, cut to six digits.
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(totp_code(SECRET, at(time)).as_deref(), Some(code));
            assert_eq!(step_of(SECRET, code, at(time)), Some(time / 30));
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let code = totp_code(SECRET, at(1_200)).unwrap();
        let found = |seconds| step_of(SECRET, &code, at(seconds));
        assert_eq!((found(1_170), found(1_230)), (Some(40), Some(40)));
        assert_eq!((found(1_140), found(1_260)), (None, None));
        assert_eq!(step_of(SECRET, &format!(" {} {} ", &code[..3], &code[3..]), at(1_200)), Some(40));
    }

    #[test]
    fn the_address_for_apps_holds_no_space() {
        let uri = uri(SECRET, "Hysbys GIG", "a+b@x.example");
        assert!(uri.starts_with("otpauth://totp/Hysbys%20GIG:a%2Bb%40x.example?secret=GEZDGNBVGY3TQOJQ"), "{uri}");
        let (path, side) = qr_path(&uri).unwrap();
        assert!(path.starts_with("M4,4h1") && side > 40);
    }
}
