//! The key in the address of the staff view: whoever knows it may read what staff are told, and nothing else. It is
//! made to be written on a card and typed on a phone.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::Env;

/// Crockford's letters: none can be taken for another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Letters of a key: 100 bits, out of reach of guessing.
const LENGTH: usize = 20;

/// The key itself. Never in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffKey(String);

/// What tells whether a key is the right one, and from which the key cannot be found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StaffLock(String);

impl StaffKey {
    /// A new key.
    #[must_use]
    pub fn new(env: &Env) -> Self {
        let letter = |byte: u8| char::from(LETTERS[usize::from(byte % 32)]);
        let letters: Vec<char> = env.bytes::<LENGTH>().into_iter().map(letter).collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        Self(groups.join("-"))
    }

    /// A key as it was kept or typed: small or capital letters, with or without hyphens, and O for 0. `None` for what
    /// cannot be one.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        if text.len() > 4 * LENGTH {
            return None;
        }
        let meant = |letter: char| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            letter => letter,
        };
        let letters: Vec<char> = text.chars().filter(|letter| *letter != '-').map(meant).collect();
        let is_letter = |letter: &char| u8::try_from(*letter).is_ok_and(|letter| LETTERS.contains(&letter));
        let right = letters.len() == LENGTH && letters.iter().all(is_letter);
        let groups = || letters.chunks(4).map(|group| group.iter().collect()).collect::<Vec<String>>().join("-");
        right.then(|| Self(groups()))
    }

    /// The letters, for the address.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What to compare typed keys with.
    #[must_use]
    pub fn lock(&self) -> StaffLock {
        StaffLock(URL_SAFE_NO_PAD.encode(mac(self).finalize().into_bytes()))
    }
}

impl fmt::Debug for StaffKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffKey(***)")
    }
}

impl StaffLock {
    /// Whether this key opens it; takes equally long for every wrong one.
    #[must_use]
    pub fn opens_with(&self, key: &StaffKey) -> bool {
        let Ok(own) = URL_SAFE_NO_PAD.decode(&self.0) else { return false };
        // `verify_slice` compares in constant time.
        mac(key).verify_slice(&own).is_ok()
    }
}

/// The key has enough bits that a hash of it needs no salt.
fn mac(key: &StaffKey) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"hysbys staff address 1").expect("HMAC takes a key of any length");
    mac.update(key.0.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u64) -> StaffKey {
        StaffKey::new(&Env::fixed("2018-01-24T12:00:00Z".parse().unwrap(), seed))
    }

    #[test]
    fn a_lock_opens_with_its_own_key_however_it_was_typed() {
        let (one, other) = (key(1), key(2));
        assert_ne!(one, other);
        assert_eq!(one.reveal().len(), LENGTH + 4);
        let written = one.reveal();
        for typed in [written.to_owned(), written.to_uppercase(), written.replace('-', ""), written.replace('0', "O")] {
            assert!(one.lock().opens_with(&StaffKey::typed(&typed).unwrap()), "{typed}");
        }
        assert!(!other.lock().opens_with(&one));
    }

    #[test]
    fn what_cannot_be_a_key_is_none() {
        for text in
            ["", "x", "../../etc/passwd", "0000-0000-0000-0000-000", "0000-0000-0000-0000-000u", &"-".repeat(99)]
        {
            assert!(StaffKey::typed(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let one = key(3);
        assert!(!format!("{one:?} {:?}", one.lock()).contains(&one.reveal()[..4]));
    }
}
