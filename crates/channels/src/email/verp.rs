//! Envelope senders that say which mail bounced (variable envelope return path), and that nobody can make up.

use base32::Alphabet;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Makes and reads addresses of the form `b+<delivery>.<mac>@<bounce domain>`.
#[derive(Clone)]
pub struct Verp {
    key: Vec<u8>,
    domain: String,
}

impl Verp {
    /// Addresses in `domain`, sealed with `key`.
    #[must_use]
    pub fn new(key: &[u8], domain: impl Into<String>) -> Self {
        Self { key: key.to_vec(), domain: domain.into() }
    }

    /// The envelope sender of one mail.
    #[must_use]
    pub fn address(&self, delivery: &str) -> String {
        format!("b+{delivery}.{}@{}", self.seal(delivery), self.domain)
    }

    /// The delivery of a bounce's envelope recipient; none when the seal is not ours. Mail systems may change the case
    /// of the letters on the way.
    #[must_use]
    pub fn delivery_of(&self, address: &str) -> Option<String> {
        let (local, domain) = address.rsplit_once('@')?;
        let prefixed = local.get(..2)?.eq_ignore_ascii_case("b+") && domain.eq_ignore_ascii_case(&self.domain);
        let (delivery, seal) = prefixed.then(|| local.get(2..)?.rsplit_once('.')).flatten()?;
        let seal = seal.to_ascii_lowercase();
        let forms = [delivery.to_owned(), delivery.to_ascii_lowercase(), delivery.to_ascii_uppercase()];
        forms.into_iter().find(|form| self.seal(form).as_bytes().ct_eq(seal.as_bytes()).into())
    }

    fn seal(&self, delivery: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(b"verp1:");
        mac.update(delivery.as_bytes());
        base32::encode(Alphabet::Rfc4648Lower { padding: false }, &mac.finalize().into_bytes()[..10])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verp() -> Verp {
        Verp::new(&(0..32).collect::<Vec<u8>>(), "bounce.example.wales")
    }

    #[test]
    fn the_address_carries_the_delivery_and_its_seal() {
        assert_eq!(verp().address("dlv_01HZX"), "b+dlv_01HZX.zjyqtvlkmf22aeyc@bounce.example.wales");
        assert_eq!(verp().address("42"), "b+42.gc32mvjnuqcu73ra@bounce.example.wales");
    }

    #[test]
    fn a_bounce_is_known_however_its_letters_were_cased() {
        let delivery_of = |address: &str| verp().delivery_of(address);
        assert_eq!(delivery_of("b+42.gc32mvjnuqcu73ra@bounce.example.wales").as_deref(), Some("42"));
        assert_eq!(delivery_of("B+42.GC32MVJNUQCU73RA@BOUNCE.EXAMPLE.WALES").as_deref(), Some("42"));
        let dotted = verp().address("7.981");
        assert_eq!(delivery_of(&dotted).as_deref(), Some("7.981"));
    }

    #[test]
    fn a_made_up_bounce_is_nobodys() {
        for address in [
            "b+43.gc32mvjnuqcu73ra@bounce.example.wales",
            "b+42.gc32mvjnuqcu73rb@bounce.example.wales",
            "b+42.gc32mvjnuqcu73ra@elsewhere.example",
            "b+42@bounce.example.wales",
            "42.gc32mvjnuqcu73ra@bounce.example.wales",
            "ŵ@bounce.example.wales",
            "",
        ] {
            assert_eq!(verp().delivery_of(address), None, "{address}");
        }
    }
}
