//! RSS 2.0, for programs that know nothing newer.

use super::xml::Xml;
use super::{Feed, FeedEntry};

/// The feed as RSS.
pub(crate) fn write(feed: &Feed) -> Vec<u8> {
    let mut xml = Xml::new();
    let attributes = [
        ("version", "2.0"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ];
    xml.within("rss", &attributes, |xml| {
        xml.within("channel", &[], |xml| {
            xml.text("title", &[], &feed.title);
            xml.text("link", &[], &feed.home);
            xml.text("description", &[], &feed.title);
            xml.text("language", &[], &feed.language.tag().to_ascii_lowercase());
            // `to_rfc2822` names days and months in English in every feed, as the format demands.
            xml.text("pubDate", &[], &feed.updated.to_rfc2822());
            let own = format!("{}.rss", feed.own);
            xml.empty("atom:link", &[("rel", "self"), ("type", "application/rss+xml"), ("href", &own)]);
            feed.entries
                .iter()
                .for_each(|one| xml.put(one.written.rss.get_or_init(|| Xml::piece(|xml| item(xml, one)))));
        });
    });
    xml.finish()
}

fn item(xml: &mut Xml, entry: &FeedEntry) {
    xml.within("item", &[], |xml| {
        xml.text("title", &[], &entry.title.text);
        xml.text("link", &[], &entry.url);
        xml.text("guid", &[("isPermaLink", "false")], &entry.id);
        xml.text("pubDate", &[], &entry.published.to_rfc2822());
        xml.text("dc:creator", &[], &entry.author);
        xml.text("category", &[], entry.severity.key());
        xml.text("description", &[], &html(&entry.state, &entry.text));
    });
}

/// The description is HTML inside text: escaped here as HTML, and once more as XML.
pub(crate) fn html(state: &str, text: &str) -> String {
    let mut html = format!("<p><strong>{}</strong></p>", escape(state));
    for paragraph in text.split("\n\n") {
        html.push_str("<p>");
        html.push_str(&escape(paragraph).replace('\n', "<br>"));
        html.push_str("</p>");
    }
    html
}

/// The text as HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}
