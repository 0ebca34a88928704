//! Encryption of personal data at rest, and the blind index that finds a contact without being able to read it.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use domain::{ChannelKind, Contact, EmailAddress, Env, PhoneNumber};

use crate::StoreError;
use crate::key::{Key, keyed_hash};

/// The keyed hash of a contact, unique within its channel.
pub(crate) type BlindIndex = [u8; 16];

const NONCE: usize = 24;

/// Where a sealed value stands. It is bound to that place: moved to another row or column, it no longer opens.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Table, or table and column.
    pub(crate) table: &'static str,
    /// What tells the row from all others of the table.
    pub(crate) row: &'a [u8],
}

/// The subkeys of the store, ready for use.
pub(crate) struct Vault {
    cipher: XChaCha20Poly1305,
    index_key: [u8; 32],
    limit_key: [u8; 32],
    check: [u8; 32],
    /// The first byte of everything sealed: tells after a change of keys which key a value needs.
    key_id: u8,
    env: Env,
}

impl Vault {
    pub(crate) fn new(key: &Key, env: Env) -> Self {
        let cipher = XChaCha20Poly1305::new(&key.derive("store contact encryption 1").into());
        Self {
            cipher,
            index_key: key.derive("store blind index 1"),
            limit_key: key.derive("store limit names 1"),
            check: key.derive("store key check 1"),
            key_id: key.derive("store key id 1")[0],
            env,
        }
    }

    /// A value that differs for every key and tells nothing about it.
    pub(crate) const fn check(&self) -> &[u8; 32] {
        &self.check
    }

    /// The blind index of a contact: HMAC-SHA256 over the channel and the comparable form, cut to 16 bytes.
    pub(crate) fn blind(&self, contact: &Contact) -> BlindIndex {
        let channel = contact.channel().number().to_be_bytes();
        shorten(keyed_hash(&self.index_key, &[&channel, contact.comparable().as_bytes()]))
    }

    /// The name of a limit as it is stored: a limit's name may hold an address.
    pub(crate) fn limit_name(&self, name: &str, window_ms: i64) -> BlindIndex {
        shorten(keyed_hash(&self.limit_key, &[&window_ms.to_be_bytes(), name.as_bytes()]))
    }

    /// Encrypts and authenticates: key id, nonce, XChaCha20-Poly1305.
    pub(crate) fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = self.env.bytes();
        let aad = place.bytes();
        let payload = Payload { msg: plain, aad: &aad };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).expect("short texts can always be encrypted");
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(self.key_id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what [`Vault::seal`] made for the same place.
    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let damaged =
            || StoreError::broken(format!("a value of {} was made with another key, or changed", place.table));
        let (key_id, rest) = sealed.split_first().ok_or_else(damaged)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        if *key_id != self.key_id {
            return Err(damaged());
        }
        let payload = Payload { msg: text, aad: &place.bytes() };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| damaged())
    }

    /// Encrypts a contact for a row that its blind index tells apart.
    pub(crate) fn seal_contact(&self, table: &'static str, contact: &Contact, blind: &BlindIndex) -> Vec<u8> {
        self.seal(Place { table, row: &contact_row(contact.channel(), blind) }, contact.reveal().as_bytes())
    }

    /// Opens a contact of a row with this blind index.
    pub(crate) fn open_contact(
        &self,
        table: &'static str,
        channel: ChannelKind,
        blind: &[u8],
        sealed: &[u8],
    ) -> Result<Contact, StoreError> {
        let plain = self.open(Place { table, row: &contact_row(channel, blind) }, sealed)?;
        let unreadable = || StoreError::broken(format!("a contact of {table} does not parse"));
        let text = std::str::from_utf8(&plain).map_err(|_| unreadable())?;
        match channel {
            ChannelKind::Sms => text.parse::<PhoneNumber>().map(Contact::Phone).map_err(|_| unreadable()),
            ChannelKind::Email => EmailAddress::parse(text).map(Contact::Email).map_err(|_| unreadable()),
            ChannelKind::Mastodon => Err(unreadable()),
        }
    }
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        [self.table.as_bytes(), &[0], self.row].concat()
    }
}

fn contact_row(channel: ChannelKind, blind: &[u8]) -> Vec<u8> {
    [&channel.number().to_be_bytes(), blind].concat()
}

fn shorten(hash: [u8; 32]) -> BlindIndex {
    *hash.first_chunk().expect("32 bytes hold 16")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(key: u8) -> Vault {
        Vault::new(&Key::from_bytes([key; 32]), Env::fixed("2018-01-24T12:00:00Z".parse().unwrap(), 1))
    }

    #[test]
    fn a_sealed_value_opens_only_with_its_key_and_in_its_place() {
        let place = Place { table: "subscriber", row: b"1" };
        let sealed = vault(1).seal(place, b"secret");
        assert_eq!(vault(1).open(place, &sealed).unwrap(), b"secret");
        assert!(vault(2).open(place, &sealed).is_err());
        assert!(vault(1).open(Place { row: b"2", ..place }, &sealed).is_err());
        assert!(vault(1).open(Place { table: "message", ..place }, &sealed).is_err());
        for cut in 0..sealed.len() {
            assert!(vault(1).open(place, &sealed[..cut]).is_err());
        }
    }

    #[test]
    fn the_blind_index_is_one_for_every_spelling_and_differs_by_key() {
        let mail = |text: &str| Contact::Email(EmailAddress::parse(text).unwrap());
        assert_eq!(vault(1).blind(&mail("Carys@Example.org")), vault(1).blind(&mail("carys@example.org")));
        assert_ne!(vault(1).blind(&mail("carys@example.org")), vault(2).blind(&mail("carys@example.org")));
    }
}
