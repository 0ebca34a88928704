//! A small tree of an XML document, read by a strict parser, to ask it what a schema would ask.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
    /// Its own text, without that of its children.
    pub(super) text: String,
}

impl Node {
    /// The only child of this name.
    pub(super) fn one<'n>(&'n self, name: &'n str) -> &'n Self {
        let mut all = self.all(name);
        let first = all.next().unwrap_or_else(|| panic!("{} has no {name}", self.name));
        assert!(all.next().is_none(), "{} has more than one {name}", self.name);
        first
    }

    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(super) fn text_of<'n>(&'n self, name: &'n str) -> &'n str {
        &self.one(name).text
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// Every element below, and this one.
    pub(super) fn every(&self) -> Vec<&Self> {
        let mut all = vec![self];
        self.children.iter().for_each(|child| all.extend(child.every()));
        all
    }

    /// Fails unless the children stand in this order, each as often as allowed.
    pub(super) fn assert_sequence(&self, model: &[(&str, std::ops::RangeInclusive<usize>)]) {
        let mut children = self.children.iter().map(|child| child.name.as_str()).peekable();
        for (name, times) in model {
            let mut found = 0;
            while children.next_if_eq(name).is_some() {
                found += 1;
            }
            assert!(times.contains(&found), "{} has {found} {name}", self.name);
        }
        assert_eq!(children.next(), None, "in {}", self.name);
    }
}

/// Reads a document. Fails on everything that is no well-formed XML 1.0, and on CDATA and document types, which we
/// never write.
pub(super) fn read(document: &str) -> Node {
    let is_allowed =
        |one: char| matches!(one, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(document.chars().all(is_allowed), "a character that XML cannot hold");
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {document}")) {
            Event::Start(start) => open.push(node(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(node(&start)),
            Event::End(_) => {
                let closed = open.pop().unwrap();
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let letter = match &*name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => name.resolve_char_ref().unwrap().expect("an entity that every reader knows"),
                };
                open.last_mut().unwrap().text.push(letter);
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    let root = open.pop().unwrap();
    assert!(open.is_empty() && root.children.len() == 1, "one root");
    root.children.into_iter().next().unwrap()
}

fn node(start: &BytesStart<'_>) -> Node {
    let attributes = start.attributes().map(|one| {
        let one = one.unwrap();
        (one.key.as_ref().to_owned(), one.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
    });
    Node { name: start.name().as_ref().to_owned(), attributes: attributes.collect(), ..Node::default() }
}
