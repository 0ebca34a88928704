//! Signed links for subscribers: whoever holds one may change or end that one subscription, and nothing else. The page
//! checks them; the notifier puts them into every message.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What the key of these links is derived with: `Key::derive(link::KEY_LABEL)`.
pub const KEY_LABEL: &str = "subscriber-links";

/// Bytes of the signature. Guessing one takes 2^127 requests on average.
const SIGNATURE: usize = 16;

/// What a link allows. A link for one purpose never works for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// Seeing and changing the choices.
    Manage,
    /// Leaving.
    Leave,
}

impl LinkPurpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Manage => b"manage",
            Self::Leave => b"leave",
        }
    }
}

/// The token of one subscriber's link: 32 letters that are safe in an address. The id is hidden in it, so that a link
/// says nothing about when somebody signed up.
#[must_use]
pub fn sign(key: &[u8; 32], purpose: LinkPurpose, subscriber: i64) -> String {
    let signature = signature(key, purpose, subscriber);
    let mut bytes = signature.to_vec();
    bytes.extend(hide(key, &signature, subscriber.to_be_bytes()));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The subscriber of a token that we signed for this purpose; `None` for anything else.
#[must_use]
pub fn verify(key: &[u8; 32], purpose: LinkPurpose, token: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (signature, hidden) = bytes.split_first_chunk::<SIGNATURE>()?;
    let subscriber = i64::from_be_bytes(hide(key, signature, hidden.try_into().ok()?));
    // `verify_truncated_left` compares in constant time.
    mac(key, &[b"sign", purpose.label(), &subscriber.to_be_bytes()]).verify_truncated_left(signature).ok()?;
    Some(subscriber)
}

fn signature(key: &[u8; 32], purpose: LinkPurpose, subscriber: i64) -> [u8; SIGNATURE] {
    let full = mac(key, &[b"sign", purpose.label(), &subscriber.to_be_bytes()]).finalize().into_bytes();
    let mut short = [0; SIGNATURE];
    short.copy_from_slice(&full[..SIGNATURE]);
    short
}

/// Exclusive-or with a stream made from the signature, which is different for every subscriber; it is its own inverse.
fn hide(key: &[u8; 32], signature: &[u8; SIGNATURE], mut id: [u8; 8]) -> [u8; 8] {
    let stream = mac(key, &[b"hide", signature]).finalize().into_bytes();
    id.iter_mut().zip(stream).for_each(|(byte, mask)| *byte ^= mask);
    id
}

/// HMAC-SHA256 over the parts, each led by its length, so that no two lists of parts give the same bytes.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_link_leads_back_to_its_subscriber_and_to_nobody_else() {
        for id in [0, 1, 123_456_789, i64::MAX] {
            let token = sign(&KEY, LinkPurpose::Leave, id);
            assert_eq!(token.len(), 32);
            assert_eq!(verify(&KEY, LinkPurpose::Leave, &token), Some(id));
            assert_eq!(verify(&KEY, LinkPurpose::Manage, &token), None, "another purpose");
            assert_eq!(verify(&[8; 32], LinkPurpose::Leave, &token), None, "another key");
        }
    }

    #[test]
    fn no_changed_letter_goes_unnoticed() {
        let token = sign(&KEY, LinkPurpose::Manage, 42);
        for place in 0..token.len() {
            let mut letters: Vec<char> = token.chars().collect();
            letters[place] = if letters[place] == 'A' { 'B' } else { 'A' };
            let changed: String = letters.into_iter().collect();
            assert_eq!(verify(&KEY, LinkPurpose::Manage, &changed), None, "letter {place}");
        }
        for odd in ["", "A", "%2e%2e", &token[1..], &format!("{token}AAAA")] {
            assert_eq!(verify(&KEY, LinkPurpose::Manage, odd), None);
        }
    }
}
