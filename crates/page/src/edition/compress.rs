//! Compresses each document once, so that no request ever does.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::document::{Encodings, MediaClass};

/// Below this size a compressed answer does not save a packet.
const WORTH_IT: usize = 400;

/// Above this size the last per cent costs more time than a publication has.
const LARGE: usize = 96 * 1024;

/// The document in every encoding that is worth having.
pub(crate) fn encode(class: MediaClass, identity: Vec<u8>) -> Encodings {
    if class == MediaClass::Redirect || identity.len() < WORTH_IT {
        return Encodings { identity: identity.into(), ..Encodings::default() };
    }
    let is_page = class == MediaClass::Page && identity.len() < LARGE;
    let brotli = brotli(&identity, if is_page { 9 } else { 5 });
    let gzip = gzip(&identity, if is_page { 9 } else { 6 });
    let smaller = |bytes: &Bytes| bytes.len() < identity.len();
    Encodings { gzip: gzip.filter(smaller), brotli: brotli.filter(smaller), identity: identity.into() }
}

fn gzip(bytes: &[u8], level: u32) -> Option<Bytes> {
    // No name and no time: equal pages give equal bytes in every process.
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(level));
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

fn brotli(bytes: &[u8], quality: i32) -> Option<Bytes> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        // A window larger than the document would only take time to clear.
        lgwin: window(bytes.len()),
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 3);
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters).ok()?;
    Some(out.into())
}

/// The logarithm of the smallest window that holds `length` bytes, within what the format allows.
fn window(length: usize) -> i32 {
    let bits = usize::BITS - length.leading_zeros();
    i32::try_from(bits).unwrap_or(22).clamp(10, 22)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_was_compressed_comes_back_whole() {
        let page = "<p>Nid yw rhai systemau TG yn gweithio.</p>".repeat(500).into_bytes();
        let encodings = encode(MediaClass::Page, page.clone());
        let mut back = Vec::new();
        brotli::Decompressor::new(&encodings.brotli.unwrap()[..], 4096).read_to_end(&mut back).unwrap();
        assert_eq!(back, page);
        back.clear();
        flate2::read::GzDecoder::new(&encodings.gzip.unwrap()[..]).read_to_end(&mut back).unwrap();
        assert_eq!(back, page);
    }

    #[test]
    fn what_does_not_get_smaller_stays_as_it_is() {
        assert!(encode(MediaClass::Json, b"{}".to_vec()).brotli.is_none());
        let noise: Vec<u8> = (0..2000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let encodings = encode(MediaClass::Json, noise.clone());
        assert!(encodings.gzip.is_none_or(|bytes| bytes.len() < noise.len()));
    }
}
