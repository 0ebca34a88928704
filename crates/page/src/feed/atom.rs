//! Atom 1.0 (RFC 4287).

use chrono::SecondsFormat;
use domain::RelationKind;

use super::xml::Xml;
use super::{Feed, FeedEntry};

/// The feed as Atom.
pub(crate) fn write(feed: &Feed) -> Vec<u8> {
    let mut xml = Xml::new();
    let language = feed.language.tag();
    xml.within("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", language)], |xml| {
        xml.text("id", &[], &feed.id);
        xml.text("title", &[], &feed.title);
        xml.text("updated", &[], &feed.updated.to_rfc3339_opts(SecondsFormat::Secs, true));
        xml.within("author", &[], |xml| xml.text("name", &[], &feed.author));
        let own = format!("{}.atom", feed.own);
        xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)]);
        xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("hreflang", language), ("href", &feed.home)]);
        if let Some((language, twin)) = &feed.twin {
            let twin = format!("{twin}.atom");
            let attributes =
                [("rel", "alternate"), ("type", "application/atom+xml"), ("hreflang", language.tag()), ("href", &twin)];
            xml.empty("link", &attributes);
        }
        feed.entries.iter().for_each(|one| xml.put(one.written.atom.get_or_init(|| Xml::piece(|xml| entry(xml, one)))));
    });
    xml.finish()
}

fn entry(xml: &mut Xml, entry: &FeedEntry) {
    let at = entry.published.to_rfc3339_opts(SecondsFormat::Secs, true);
    xml.within("entry", &[], |xml| {
        xml.text("id", &[], &entry.id);
        match entry.title.lang {
            Some(language) => xml.text("title", &[("xml:lang", language)], &entry.title.text),
            None => xml.text("title", &[], &entry.title.text),
        }
        // What was published is never changed, so both times are the same for ever.
        xml.text("published", &[], &at);
        xml.text("updated", &[], &at);
        xml.within("author", &[], |xml| xml.text("name", &[], &entry.author));
        xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &entry.url)]);
        for other in entry.relations.iter().filter(|one| one.kind == RelationKind::Related) {
            let attributes =
                [("rel", "related"), ("type", "text/html"), ("href", &*other.url), ("title", &*other.name)];
            xml.empty("link", &attributes);
        }
        xml.empty("category", &[("term", if entry.planned { "maintenance" } else { "incident" })]);
        xml.empty("category", &[("term", entry.severity.key())]);
        xml.text("summary", &[("type", "text")], &entry.state);
        let body = format!("{}\n\n{}", entry.state, entry.text);
        xml.text("content", &[("type", "text")], body.trim_end());
    });
}
