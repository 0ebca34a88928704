//! Chooses the encoding a client asks for, and sees whether it has the document already (RFC 9110, 12.5.3 and 13.1.2).

use http::header::{ACCEPT_ENCODING, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue};

use crate::edition::document::Coding;
use crate::edition::{Document, Encoded};

/// What a client says of the encodings that it accepts.
pub(super) fn accepts(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(ACCEPT_ENCODING).iter().map(HeaderValue::as_bytes)
}

/// What a client says of the documents that it has.
pub(super) fn has(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(IF_NONE_MATCH).iter().map(HeaderValue::as_bytes)
}

/// The best encoding of a document for what a client accepts. Of equal wishes the smaller answer wins.
pub(super) fn choose<'d, 'v>(document: &'d Document, accepts: impl Iterator<Item = &'v [u8]>) -> &'d Encoded {
    let there = |coding| document.encoded(coding).is_some();
    document.encoded(chosen(there, accepts)).unwrap_or(&document.identity)
}

/// The best of the encodings that are there, for what a client accepts.
pub(super) fn chosen<'v>(is_there: impl Fn(Coding) -> bool, accepts: impl Iterator<Item = &'v [u8]>) -> Coding {
    let wishes = Wishes::of(accepts);
    let mut best = (wishes.identity, Coding::Identity);
    // In this order a compressed answer takes the place of an equal wish for the plain one, brotli that of gzip.
    for (weight, coding) in [(wishes.gzip, Coding::Gzip), (wishes.brotli, Coding::Brotli)] {
        if weight > 0 && weight >= best.0 && is_there(coding) {
            best = (weight, coding);
        }
    }
    best.1
}

/// How much a client wants each encoding, in thousandths; 0 means not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wishes {
    brotli: u16,
    gzip: u16,
    identity: u16,
}

impl Wishes {
    fn of<'v>(accepts: impl Iterator<Item = &'v [u8]>) -> Self {
        let (mut brotli, mut gzip, mut identity, mut any) = (None, None, None, None);
        for wish in accepts.flat_map(|value| value.split(|byte| *byte == b',')).take(30) {
            let (name, weight) = parse(wish);
            let slot = match name {
                name if name.eq_ignore_ascii_case(b"br") => &mut brotli,
                name if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => &mut gzip,
                name if name.eq_ignore_ascii_case(b"identity") => &mut identity,
                b"*" => &mut any,
                _ => continue,
            };
            *slot = Some(weight);
        }
        // Whoever does not speak of the plain form takes it, but rather has what they did speak of.
        let identity = identity.or(any).unwrap_or(1);
        Self { brotli: brotli.or(any).unwrap_or(0), gzip: gzip.or(any).unwrap_or(0), identity }
    }
}

/// A name with its weight; a weight that cannot be read counts as none. Nearly every reader names no weights.
fn parse(wish: &[u8]) -> (&[u8], u16) {
    let Some(end) = wish.iter().position(|byte| *byte == b';') else { return (wish.trim_ascii(), 1000) };
    let parameters = std::str::from_utf8(&wish[end + 1..]).unwrap_or("q=0");
    let mut parts = parameters.split(';').map(str::trim);
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (wish[..end].trim_ascii(), weight.map_or(1000, thousandths))
}

/// `0.8` is 800. The form is fixed: a digit, a point, up to three digits.
fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" if part.bytes().all(|byte| byte == b'0') => 1000,
        "0" => format!("{part:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

/// Whether the client named this very document, in this encoding, as the one it has. Weak comparison: a proxy may have
/// put a `W/` before it.
pub(super) fn is_known<'v>(document: &HeaderMap, mut has: impl Iterator<Item = &'v [u8]>) -> bool {
    let Some(own) = document.get(ETAG).map(HeaderValue::as_bytes) else { return false };
    // Nearly everybody names one document.
    has.any(|value| value == own || names(value, own))
}

fn names(list: &[u8], own: &[u8]) -> bool {
    let mut tags = list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).take(100);
    tags.any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == own)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::edition::MediaClass;
    use crate::edition::document::{Encodings, Nature};

    fn document() -> Document {
        let bytes = Encodings {
            gzip: Some(Bytes::from_static(b"gzip").into()),
            brotli: Some(Bytes::from_static(b"br").into()),
            ..Encodings::plain(Bytes::from_static(b"identity"))
        };
        let nature = Nature { class: MediaClass::Page, language: None };
        Document::finish(nature, [0; 16], bytes, &HeaderMap::new())
    }

    fn taken(accept: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT_ENCODING, accept.parse().unwrap());
        }
        String::from_utf8(choose(&document(), accepts(&headers)).body.bytes().to_vec()).unwrap()
    }

    #[test]
    fn the_clients_wish_chooses_the_encoding() {
        let cases = [
            (None, "identity"),
            (Some(""), "identity"),
            (Some("gzip, deflate, br, zstd"), "br"),
            (Some("gzip"), "gzip"),
            (Some("x-gzip"), "gzip"),
            (Some("br;q=0.5, gzip;q=0.8"), "gzip"),
            (Some("br;q=0, gzip;q=0"), "identity"),
            (Some("*"), "br"),
            (Some("*;q=0.5, gzip;q=0.6"), "gzip"),
            (Some("br;q=0, *"), "gzip"),
            (Some("identity, gzip;q=0.5"), "identity"),
            (Some("identity;q=0, br"), "br"),
            (Some("GZIP;Q=1.0"), "gzip"),
            (Some("br;q=1.5, gzip;q=x"), "identity"),
            (Some("br;q=0.0001"), "identity"),
            (Some(",,;;"), "identity"),
        ];
        for (accept, expected) in cases {
            assert_eq!(taken(accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn a_known_document_is_recognised_however_it_is_named() {
        let document = document();
        let own = document.identity.headers[ETAG].to_str().unwrap().to_owned();
        let other = document.gzip.as_ref().unwrap().headers[ETAG].to_str().unwrap().to_owned();
        let cases = [
            (own.clone(), true),
            (format!("W/{own}"), true),
            (format!("\"x\", {own}"), true),
            ("*".to_owned(), true),
            (other, false),
            ("\"x\"".to_owned(), false),
            (String::new(), false),
        ];
        for (value, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, value.parse().unwrap());
            assert_eq!(is_known(&document.identity.headers, has(&headers)), expected, "{value}");
        }
    }
}
