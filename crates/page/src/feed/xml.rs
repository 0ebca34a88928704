//! A small XML writer on top of quick-xml: escapes everything, and drops what XML cannot hold.

use std::borrow::Cow;
use std::io::Write as _;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document being written. Text is always escaped; CDATA is never used, since its end cannot be escaped.
pub(crate) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// A document with its declaration.
    pub(crate) fn new() -> Self {
        let mut xml = Self { writer: Writer::new(Vec::with_capacity(8 * 1024)) };
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    /// A piece of a document: elements that are put into documents later.
    pub(crate) fn piece(inside: impl FnOnce(&mut Self)) -> String {
        let mut xml = Self { writer: Writer::new(Vec::with_capacity(4 * 1024)) };
        inside(&mut xml);
        String::from_utf8(xml.writer.into_inner()).expect("what is written from text is text")
    }

    /// Puts in a piece that was written before.
    pub(crate) fn put(&mut self, piece: &str) {
        self.writer.get_mut().extend_from_slice(piece.as_bytes());
    }

    /// An element with content that `inside` writes.
    pub(crate) fn within(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        self.event(Event::Start(start(name, attributes)));
        inside(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text.
    pub(crate) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        let clean = clean(text);
        self.within(name, attributes, |xml| xml.event(Event::Text(BytesText::new(&clean))));
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(start(name, attributes)));
    }

    /// The finished document.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut bytes = self.writer.into_inner();
        let _ = bytes.write_all(b"\n");
        bytes
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("writing to memory does not fail");
    }
}

fn start<'a>(name: &'a str, attributes: &[(&'a str, &'a str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        let value = clean(value);
        start.push_attribute((*name, &*value));
    }
    start
}

/// The text without the characters that no XML 1.0 document may hold: one of them makes a whole feed unreadable.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|one| is_allowed(*one)).collect())
    }
}

const fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        character => character >= ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_typed_becomes_markup() {
        let mut xml = Xml::new();
        xml.text("t", &[("a", "\"<&'\u{0}")], "]]><script>&\u{8}\u{ffff} ŵ");
        let written = String::from_utf8(xml.finish()).unwrap();
        assert!(written.contains("]]&gt;&lt;script&gt;&amp; ŵ"), "{written}");
        assert!(!written.contains('\u{0}') && !written.contains('\u{8}') && !written.contains("<script"));
        let mut reader = quick_xml::Reader::from_str(&written);
        while !matches!(reader.read_event().unwrap(), Event::Eof) {}
    }
}
