//! `/history.atom` and `/history.rss` as Statuspage readers know them: one entry for each incident, whose updates stand
//! inside it, newest first, each led by the word for its state that such readers look for.

use chrono::SecondsFormat;
use domain::revision::Purpose;
use domain::{Phase, Site};

use super::phrases::{Phrases, told};
use super::rss::escape;
use super::xml::Xml;
use super::{Feed, tag};
use crate::model::Story;
use crate::routes::Place;
use crate::statuspage;
use crate::view::Voice;
use crate::view::update::plain_text;

/// How many incidents these feeds tell of.
const NEWEST: usize = 25;

fn entries(feed: &Feed, voice: Voice<'_>, site: &Site) -> Vec<Entry> {
    let mut stories: Vec<&Story> = voice.now.model.stories.values().map(|story| &**story).collect();
    stories.sort_by_key(|story| std::cmp::Reverse((story.newest().published_at, story.incident.id)));
    stories.truncate(NEWEST);
    stories.into_iter().map(|story| Entry::of(story, voice, (site, &feed.phrases))).collect()
}

struct Entry {
    id: String,
    url: String,
    title: String,
    published: chrono::DateTime<chrono::Utc>,
    updated: chrono::DateTime<chrono::Utc>,
    html: String,
}

impl Entry {
    fn of(story: &Story, voice: Voice<'_>, (site, phrases): (&Site, &Phrases)) -> Self {
        let late = story.is_late(voice.now.at).then(|| format!("<p><strong>{}</strong></p>", escape(&phrases.late)));
        let mut html = late.unwrap_or_default();
        let relations = phrases.lines(&told(story, voice, site));
        if !relations.is_empty() {
            html.push_str(&format!("<p>{}</p>", escape(&relations).replace('\n', "<br>")));
        }
        for update in story.updates.iter().rev() {
            let at = update.published_at.format("%b %-d, %H:%M UTC");
            let text = escape(&plain_text(update, voice)).replace("\n\n", "</p><p>").replace('\n', "<br>");
            let word = word_for(update.content.phase);
            let is_correction = update.purpose == Purpose::Correction;
            let mark = if is_correction { format!("{}: ", escape(&phrases.correction)) } else { String::new() };
            html.push_str(&format!("<p><small>{at}</small><br><strong>{word}</strong> - {mark}{text}</p>"));
        }
        let path = Place::Incident(&story.incident.slug).path(voice.language);
        Self {
            id: format!("{}incident/{}/{}", tag(site), story.incident.number, voice.language.code()),
            url: site.absolute(voice.language, &path),
            title: voice.line(story.title()).text,
            published: story.first_published(),
            updated: story.newest().published_at,
            html,
        }
    }
}

/// The word for a phase that readers of such feeds know, also in the Welsh feed.
const fn word_for(phase: Phase) -> &'static str {
    match phase {
        Phase::Investigating | Phase::Reopened => "Investigating",
        Phase::Identified | Phase::Fixing => "Identified",
        Phase::Monitoring | Phase::Recovering => "Monitoring",
        Phase::Resolved | Phase::Withdrawn => "Resolved",
        Phase::Reviewed => "Postmortem",
        Phase::Scheduled => "Scheduled",
        Phase::InProgress | Phase::Extended => "In progress",
        Phase::Completed | Phase::Cancelled => "Completed",
    }
}

/// The history as Atom.
pub(crate) fn atom(feed: &Feed, voice: Voice<'_>, site: &Site) -> Vec<u8> {
    let mut xml = Xml::new();
    let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    xml.within("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", feed.language.tag())], |xml| {
        xml.text("id", &[], &format!("{}/history", feed.id));
        xml.text("title", &[], &feed.title);
        xml.text("updated", &[], &time(feed.updated));
        xml.within("author", &[], |xml| xml.text("name", &[], &feed.author));
        let own = site.absolute(feed.language, &statuspage::path(feed.language, site, "history.atom"));
        xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)]);
        xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &feed.home)]);
        for entry in entries(feed, voice, site) {
            xml.within("entry", &[], |xml| {
                xml.text("id", &[], &entry.id);
                xml.text("published", &[], &time(entry.published));
                xml.text("updated", &[], &time(entry.updated));
                xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &entry.url)]);
                xml.text("title", &[], &entry.title);
                xml.text("content", &[("type", "html")], &entry.html);
            });
        }
    });
    xml.finish()
}

/// The history as RSS.
pub(crate) fn rss(feed: &Feed, voice: Voice<'_>, site: &Site) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.within("rss", &[("version", "2.0")], |xml| {
        xml.within("channel", &[], |xml| {
            xml.text("title", &[], &feed.title);
            xml.text("link", &[], &feed.home);
            xml.text("description", &[], &feed.title);
            xml.text("language", &[], &feed.language.tag().to_ascii_lowercase());
            xml.text("pubDate", &[], &feed.updated.to_rfc2822());
            for entry in entries(feed, voice, site) {
                xml.within("item", &[], |xml| {
                    xml.text("title", &[], &entry.title);
                    xml.text("description", &[], &entry.html);
                    xml.text("pubDate", &[], &entry.updated.to_rfc2822());
                    xml.text("link", &[], &entry.url);
                    xml.text("guid", &[], &entry.url);
                });
            }
        });
    });
    xml.finish()
}
