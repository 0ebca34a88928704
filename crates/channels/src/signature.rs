//! `X-Twilio-Signature`: proof that a callback comes from the provider, and the same from the other side.

mod url;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::digest::sha256;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::Secret;

/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "x-twilio-signature";
/// The header that names another key and algorithm.
pub const SETTINGS_HEADER: &str = "x-twilio-webhooks-signature-settings";

/// What callbacks may be signed with. Several at once let a secret be changed without losing receipts.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Auth tokens, for HMAC-SHA1.
    pub tokens: Vec<Secret>,
    /// Shared keys by id, for HMAC-SHA256.
    pub shared: BTreeMap<String, Secret>,
}

/// The body of a callback, exactly as it came.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// A GET.
    Nothing,
    /// `application/x-www-form-urlencoded`; its fields are signed.
    Form(&'a [u8]),
    /// `application/json`; its hash is in the query, as `bodySHA256`.
    Json(&'a [u8]),
}

/// A callback and what its headers claim.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The URL the provider was given: the configured public base and the raw query, never the `Host` header.
    pub url: &'a str,
    /// The body.
    pub payload: Payload<'a>,
    /// The value of [`SIGNATURE_HEADER`].
    pub signature: &'a str,
    /// The value of [`SETTINGS_HEADER`], where there is one.
    pub settings: Option<&'a str>,
}

/// Whether a callback was signed by someone who knows one of the keys. Takes the same time for every wrong signature.
#[must_use]
pub fn verify(keys: &Keys, signed: &Signed<'_>) -> bool {
    let Some((secrets, algorithm)) = allowed(keys, signed.settings) else { return false };
    if let Payload::Json(body) = signed.payload
        && !has_body_hash(signed.url, body)
    {
        return false;
    }
    let fields = fields_of(signed.payload);
    let mut genuine = subtle::Choice::from(0);
    for url in url::forms(signed.url) {
        for secret in &secrets {
            genuine |= algorithm.sign(secret, &url, &fields).as_bytes().ct_eq(signed.signature.as_bytes());
        }
    }
    genuine.into()
}

/// The HMAC-SHA1 signature that a provider would send.
#[must_use]
pub fn sign(token: &Secret, url: &str, payload: Payload<'_>) -> String {
    Algorithm::Sha1.sign(token, url, &fields_of(payload))
}

#[derive(Clone, Copy)]
enum Algorithm {
    Sha1,
    Sha256,
}

impl Algorithm {
    fn sign(self, secret: &Secret, url: &str, fields: &str) -> String {
        let text = [url.as_bytes(), fields.as_bytes()];
        match self {
            Self::Sha1 => mac::<Hmac<Sha1>>(secret, text),
            Self::Sha256 => mac::<Hmac<Sha256>>(secret, text),
        }
    }
}

fn mac<M: Mac + KeyInit>(secret: &Secret, text: [&[u8]; 2]) -> String {
    let mut mac = <M as KeyInit>::new_from_slice(secret.reveal().as_bytes()).expect("HMAC takes keys of any length");
    text.into_iter().for_each(|part| mac.update(part));
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The secrets and the algorithm that the settings header asks for; none when it asks for what is not configured, so
/// that nobody can talk us into a weaker check. An empty secret is no secret: everybody knows it.
fn allowed<'a>(keys: &'a Keys, settings: Option<&str>) -> Option<(Vec<&'a Secret>, Algorithm)> {
    let wishes: BTreeMap<&str, &str> =
        settings.unwrap_or_default().split(',').filter_map(|pair| pair.trim().split_once('=')).collect();
    let (secrets, algorithm) = match wishes.get("algorithm").copied() {
        None | Some("HMAC_SHA1") => (keys.tokens.iter().collect::<Vec<_>>(), Algorithm::Sha1),
        Some("HMAC_SHA256") => (vec![keys.shared.get(*wishes.get("key")?)?], Algorithm::Sha256),
        Some(_) => return None,
    };
    let secrets: Vec<&Secret> = secrets.into_iter().filter(|secret| !secret.is_empty()).collect();
    (!secrets.is_empty()).then_some((secrets, algorithm))
}

/// The fields in the order of their names, each followed by its distinct values in order, with nothing between.
fn fields_of(payload: Payload<'_>) -> String {
    let Payload::Form(body) = payload else { return String::new() };
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, value) in ::url::form_urlencoded::parse(body) {
        fields.entry(key.into_owned()).or_default().insert(value.into_owned());
    }
    fields
        .iter()
        .flat_map(|(key, values)| values.iter().flat_map(move |value| [key.as_str(), value.as_str()]))
        .collect()
}

fn has_body_hash(url: &str, body: &[u8]) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let hash = sha256(body);
    ::url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "bodySHA256")
        .is_some_and(|(_, claimed)| claimed.as_bytes().ct_eq(hash.as_bytes()).into())
}

#[cfg(test)]
mod tests;
