//! The bytes of a document in one encoding. The plain form of what is there in gzip is made when somebody asks for it:
//! nearly every reader takes a compressed one, and it would be three quarters of all that a page process holds.

use bytes::Bytes;

use super::compress::inflated;
use super::document::{Tag, tag_of};

/// One encoding of a document: what travels, or what it is made of.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    tag: Tag,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    Kept(Bytes),
    /// Plain bytes of this length, of which only the gzip is kept.
    Packed {
        gzip: Bytes,
        length: usize,
    },
}

impl Body {
    /// The plain form of what is kept as gzip. Length and tag are those of the plain bytes.
    pub(crate) fn packed(gzip: Bytes, (length, tag): (usize, Tag)) -> Self {
        Self { tag, form: Form::Packed { gzip, length } }
    }

    /// The beginning of the SHA-256 of what travels.
    pub(crate) fn tag(&self) -> Tag {
        self.tag
    }

    /// How many bytes travel.
    pub(crate) fn len(&self) -> usize {
        match &self.form {
            Form::Kept(bytes) => bytes.len(),
            Form::Packed { length, .. } => *length,
        }
    }

    /// Whether these are the bytes that travel.
    pub(crate) fn is(&self, bytes: &[u8]) -> bool {
        self.len() == bytes.len() && self.tag == tag_of(bytes)
    }

    /// What travels.
    pub(crate) fn bytes(&self) -> Bytes {
        match &self.form {
            Form::Kept(bytes) => bytes.clone(),
            Form::Packed { gzip, length } => {
                inflated(gzip, *length as u64).expect("we packed it ourselves, or read it under a seal that held")
            }
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self { tag: tag_of(&bytes), form: Form::Kept(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::compress::encode;
    use super::super::document::MediaClass;
    use super::*;

    #[test]
    fn a_plain_form_that_is_not_kept_is_the_same_to_the_byte() {
        let page = "<p>Nid yw rhai systemau TG yn gweithio.</p>".repeat(50).into_bytes();
        let plain = encode(MediaClass::Page, page.clone()).identity;
        assert!(matches!(plain.form, Form::Packed { .. }));
        assert_eq!((plain.len(), plain.tag(), plain.bytes()), (page.len(), tag_of(&page), Bytes::from(page.clone())));
        assert!(plain.is(&page) && !plain.is(&page[1..]));
    }

    #[test]
    fn what_is_small_is_kept_as_it_is() {
        let plain = encode(MediaClass::Json, b"{}".to_vec()).identity;
        assert!(matches!(plain.form, Form::Kept(_)) && plain.is(b"{}"));
    }
}
