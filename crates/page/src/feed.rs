//! The feeds of one language: an entry for each update, of everything or of one organisation.

pub(crate) mod atom;
pub(crate) mod history;
pub(crate) mod json;
pub(crate) mod rss;
pub(crate) mod xml;

use chrono::{DateTime, Utc};
use domain::{Language, Severity, Site};
use render::{RenderError, Renderer};

use crate::model::now::{Now, Scope};
use crate::model::{Story, Update};
use crate::routes::{Place, feed_path};
use crate::view::update::plain_text;
use crate::view::{Line, Voice, phase_key};

/// How many updates a feed holds.
const NEWEST: usize = 30;

/// A feed, whatever form it is written in.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    pub(crate) language: Language,
    /// Names it for ever: `tag:status.example,2026:feed/en`.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) author: String,
    /// The page that says the same.
    pub(crate) home: String,
    /// The addresses of the feed itself, without the ending.
    pub(crate) own: String,
    /// The twin feed in the other language, without the ending.
    pub(crate) twin: Option<(Language, String)>,
    /// The newest update, or the beginning of time: never the present, so that equal feeds stay equal.
    pub(crate) updated: DateTime<Utc>,
    /// Newest first.
    pub(crate) entries: Vec<FeedEntry>,
}

/// One update in a feed.
#[derive(Clone, Debug)]
pub(crate) struct FeedEntry {
    pub(crate) id: String,
    pub(crate) title: Line,
    pub(crate) url: String,
    pub(crate) published: DateTime<Utc>,
    /// The phase in public words, and whether the next update is late.
    pub(crate) state: String,
    pub(crate) text: String,
    pub(crate) severity: Severity,
    pub(crate) planned: bool,
    pub(crate) author: String,
}

impl Feed {
    pub(crate) fn of(
        voice: Voice<'_>,
        site: &Site,
        renderer: &Renderer,
        organisation: Option<&str>,
    ) -> Result<Self, RenderError> {
        let language = voice.language;
        let name = renderer.site_name(language)?;
        let title = match organisation {
            Some(key) => format!("{}: {name}", voice.full_name(key).text),
            None => name.clone(),
        };
        let place = organisation.map_or(Place::Home, Place::Area);
        let own = |one| site.absolute(one, feed_path(one, organisation, "feed").as_str());
        let entries = entries(voice, site, renderer, organisation)?;
        Ok(Self {
            language,
            id: format!("{}feed/{}/{}", tag(site), organisation.unwrap_or("all"), language.code()),
            title,
            author: name,
            home: site.absolute(language, &place.path(language)),
            own: own(language),
            twin: site.languages.iter().find(|one| **one != language).map(|one| (*one, own(*one))),
            updated: entries.first().map_or(DateTime::UNIX_EPOCH, |entry| entry.published),
            entries,
        })
    }
}

/// The beginning of every id: never changes, even when the site moves to https or the year ends.
pub(crate) fn tag(site: &Site) -> String {
    let origin = site.origin(site.default_language());
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    format!("tag:{},2026:", host.split(':').next().unwrap_or(host))
}

fn entries(
    voice: Voice<'_>,
    site: &Site,
    renderer: &Renderer,
    organisation: Option<&str>,
) -> Result<Vec<FeedEntry>, RenderError> {
    let concerned = |story: &Story| match organisation {
        Some(key) => voice.now.concerns(Scope::Area(key), &story.newest().content.organisations),
        None => true,
    };
    let stories = voice.now.model.stories.values().filter(|story| concerned(story));
    let mut updates: Vec<(&Story, &Update)> =
        stories.flat_map(|story| story.updates.iter().map(move |update| (&**story, update))).collect();
    updates.sort_by_key(|(story, update)| std::cmp::Reverse((update.published_at, story.incident.id, update.number)));
    updates.truncate(NEWEST);
    updates.into_iter().map(|(story, update)| entry((story, update), voice, site, renderer)).collect()
}

fn entry(
    (story, update): (&Story, &Update),
    voice: Voice<'_>,
    site: &Site,
    renderer: &Renderer,
) -> Result<FeedEntry, RenderError> {
    let language = voice.language;
    let path = Place::Incident(&story.incident.slug).path(language);
    Ok(FeedEntry {
        id: format!("{}incident/{}/{}/{}", tag(site), story.incident.number, update.number, language.code()),
        title: voice.line(&update.content.words.title),
        url: site.absolute(language, &format!("{path}#update-{}", update.number)),
        published: update.published_at,
        state: state((story, update), voice.now, renderer, language)?,
        text: plain_text(update, voice),
        severity: update.content.severity,
        planned: story.is_planned(),
        author: voice.full_name(&story.incident.organisation).text,
    })
}

/// The phase in public words; when the promised next update is late, that too.
fn state(
    (story, update): (&Story, &Update),
    now: &Now,
    renderer: &Renderer,
    language: Language,
) -> Result<String, RenderError> {
    let none = render::Args::new();
    let is_newest = story.newest().number == update.number;
    let phase = if is_newest { story.phase(now.at) } else { update.content.phase };
    let mut state = renderer.text(language, &phase_key(phase), &none)?;
    if is_newest && story.is_late(now.at) {
        state.push_str(". ");
        state.push_str(&renderer.text(language, "time-late", &none)?);
    }
    Ok(state)
}
