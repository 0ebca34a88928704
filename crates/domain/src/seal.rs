//! Proof that bytes come from somebody who knows a shared secret: an HMAC over what is said and what it is said for.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::Secret;
use crate::digest::hex;

/// The seal of some parts, in hexadecimal digits. One for another purpose is another seal.
#[must_use]
pub fn seal(secret: &Secret, purpose: &str, parts: &[&[u8]]) -> String {
    hex(&mac(secret, purpose, parts).finalize().into_bytes())
}

/// Whether this is the seal of these parts. Takes the same time for every wrong one.
#[must_use]
pub fn is_sealed(secret: &Secret, purpose: &str, parts: &[&[u8]], claimed: &str) -> bool {
    let is_number = claimed.len() == 64 && claimed.bytes().all(|digit| digit.is_ascii_hexdigit());
    let digits = claimed.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Vec<u8> = digits.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    is_number && mac(secret, purpose, parts).verify_slice(&bytes).is_ok()
}

/// The SHA-256 of what is too long to be sealed again for each who asks.
#[must_use]
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Each part is led by its length, so that no two lists of parts give the same bytes.
fn mac(secret: &Secret, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).expect("HMAC takes a key of any length");
    for part in [purpose.as_bytes()].iter().chain(parts) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_for_what_it_was_made_for_and_nothing_else() {
        let (secret, other) = (Secret::new("correct horse"), Secret::new("correct house"));
        let made = seal(&secret, "edition", &[b"12", b"34"]);
        assert!(is_sealed(&secret, "edition", &[b"12", b"34"], &made));
        assert!(!is_sealed(&other, "edition", &[b"12", b"34"], &made), "another secret");
        assert!(!is_sealed(&secret, "pack", &[b"12", b"34"], &made), "another purpose");
        assert!(!is_sealed(&secret, "edition", &[b"123", b"4"], &made), "other parts");
        for odd in ["", "0", &made[2..], &format!("{made}00"), &"é".repeat(32)] {
            assert!(!is_sealed(&secret, "edition", &[b"12", b"34"], odd), "{odd}");
        }
    }
}
