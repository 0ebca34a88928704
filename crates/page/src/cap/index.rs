//! The messages that are current, as an Atom feed: what is not over, and what came to its end in the last two days. A
//! message that another has taken the place of leaves the feed and keeps its address.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::Localized;
use render::RenderError;

use super::alert::NAMESPACE;
use super::message::{Message, languages};
use super::{Desk, path};
use crate::feed::tag;
use crate::feed::xml::Xml;
use crate::inert::inert;
use crate::model::Story;
use crate::model::now::Now;
use crate::model::story::Stage;
use crate::routes::Place;

/// How many messages the feed names.
pub(super) const NEWEST: usize = 100;

/// The incidents and planned works whose newest message is current, the newest first.
pub(super) fn current(now: &Now) -> Vec<Arc<Story>> {
    let is_current = |story: &Story| match story.over_at() {
        Some(_) => now.is_just_over(story),
        None => !story.is_planned() || story.stage(now.at) != Stage::Over,
    };
    let mut current: Vec<_> = now.model.stories.values().filter(|story| is_current(story)).cloned().collect();
    current.sort_by_key(|story| std::cmp::Reverse((story.newest().published_at, story.incident.id)));
    current
}

/// What one feed holds.
pub(super) struct Index {
    /// Its address.
    pub(super) path: String,
    /// The area that it is of; none for everything.
    pub(super) area: Option<Localized>,
    pub(super) current: Vec<Arc<Story>>,
}

/// The feed.
pub(super) fn write(index: &Index, desk: &Desk) -> Result<Vec<u8>, RenderError> {
    let current = &index.current;
    let language = desk.site.default_language();
    let title = super::text(desk, language, "cap-feed")?;
    let name = desk.renderer.site_name(language)?;
    let messages: Vec<Message> =
        current.iter().map(|story| Message::of(story, story.updates.len() - 1, desk)).collect::<Result<_, _>>()?;
    let updated = current.first().map_or(DateTime::UNIX_EPOCH, |story| story.newest().published_at);
    let own = desk.site.absolute(language, &index.path);
    let area = index.area.as_ref().map(|name| format!(", {}", inert(name.text(language)))).unwrap_or_default();
    let home = desk.site.absolute(language, &Place::Home.path(language));
    let mut xml = Xml::new();
    let namespaces = [("xmlns", "http://www.w3.org/2005/Atom"), ("xmlns:cap", NAMESPACE), ("xml:lang", language.tag())];
    xml.within("feed", &namespaces, |xml| {
        xml.text("id", &[], &format!("{}{}", tag(&desk.site), id_of(&index.path)));
        xml.text("title", &[], &format!("{name}: {title}{area}"));
        xml.text("updated", &[], &time(updated));
        xml.within("author", &[], |xml| xml.text("name", &[], &name));
        xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)]);
        xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &home)]);
        for (story, message) in current.iter().zip(&messages) {
            entry(xml, (story, message), desk);
        }
    });
    Ok(xml.finish())
}

/// What the feed is called for ever, below the tag of the site: `cap`, or `cap/areas/pthb`.
fn id_of(path: &str) -> &str {
    path.trim_start_matches('/').trim_end_matches("/feed.atom")
}

fn entry(xml: &mut Xml, (story, message): (&Story, &Message), desk: &Desk) {
    let newest = story.newest();
    let at = time(newest.published_at);
    let spoken = languages(story, newest, &desk.site);
    xml.within("entry", &[], |xml| {
        xml.text("id", &[], &format!("{}cap/{}", tag(&desk.site), message.identifier));
        // One entry for all languages: the first language is its title, the second stands below it.
        for (element, (language, info)) in ["title", "summary"].into_iter().zip(spoken.iter().zip(&message.infos)) {
            xml.text(element, &[("xml:lang", language.tag())], &info.headline);
        }
        xml.text("published", &[], &at);
        xml.text("updated", &[], &at);
        let speaker = message.infos.first().map_or("", |info| info.sender_name.as_str());
        xml.within("author", &[], |xml| xml.text("name", &[], speaker));
        let document = desk.site.absolute(desk.site.default_language(), &path(story.incident.number, newest.number));
        xml.empty("link", &[("rel", "alternate"), ("type", "application/cap+xml"), ("href", &document)]);
        for (language, info) in spoken.iter().zip(&message.infos) {
            let page = [("rel", "related"), ("type", "text/html"), ("hreflang", language.tag()), ("href", &info.web)];
            xml.empty("link", &page);
        }
        xml.text("cap:status", &[], message.status);
        xml.text("cap:msgType", &[], message.kind);
        if let Some(info) = message.infos.first() {
            xml.text("cap:urgency", &[], info.classes.urgency);
            xml.text("cap:severity", &[], info.classes.severity);
            xml.text("cap:certainty", &[], info.classes.certainty);
            xml.text("cap:expires", &[], &info.expires);
        }
    });
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
