//! The installation's secret key, and the subkeys made from it: one per purpose, so that none can stand for another.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The 32 secret bytes of an installation. Whoever has them and the database can read every contact.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of these bytes, which must be random.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The subkey for one purpose: HMAC-SHA256 of the label. Equal labels give equal subkeys for ever.
    #[must_use]
    pub fn derive(&self, label: &str) -> [u8; 32] {
        keyed_hash(&self.0, &[label.as_bytes()])
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// HMAC-SHA256 over the parts, one after another.
pub(crate) fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subkeys_differ_by_label_and_key_and_are_hidden() {
        let key = Key::from_bytes([7; 32]);
        assert_eq!(key.derive("a"), Key::from_bytes([7; 32]).derive("a"));
        assert_ne!(key.derive("a"), key.derive("b"));
        assert_ne!(key.derive("a"), Key::from_bytes([8; 32]).derive("a"));
        assert_eq!(format!("{key:?}"), "***");
    }
}
