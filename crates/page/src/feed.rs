//! The feeds of one language: an entry for each update, of everything or of one organisation. Each update is written
//! once in each form, however many feeds tell of it, and only when a feed that tells of it has changed.

pub(crate) mod atom;
pub(crate) mod history;
pub(crate) mod json;
pub(crate) mod phrases;
pub(crate) mod rss;
pub(crate) mod xml;

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use domain::revision::Purpose;
use domain::{Language, Severity, Site};
use render::{RenderError, Renderer};

use self::phrases::{Phrases, Told as Relation, told as relations, with_lines};
use crate::edition::document::{MediaClass, Nature};
use crate::edition::plan::Plan;
use crate::model::now::Scope;
use crate::model::{Print, Story, Update};
use crate::routes::{Place, feed_path};
use crate::view::update::plain_text;
use crate::view::{Line, Voice, has_area_page, told_phase};

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
    /// Our own words.
    pub(crate) phrases: Arc<Phrases>,
    /// Newest first.
    pub(crate) entries: Vec<Arc<FeedEntry>>,
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
    /// What is said of other incidents; with the newest update only, because it is said of the whole.
    pub(crate) relations: Vec<Relation>,
    pub(crate) severity: Severity,
    pub(crate) planned: bool,
    pub(crate) author: String,
    /// The publication counter that last touched the incident.
    changed: i64,
    written: Written,
}

/// An update in each form, once a feed of that form asked for it.
#[derive(Clone, Debug, Default)]
struct Written {
    atom: OnceLock<String>,
    rss: OnceLock<String>,
    json: OnceLock<String>,
}

/// What the feeds of one language tell, newest first.
struct News<'a> {
    voice: Voice<'a>,
    site: &'a Site,
    renderer: &'a Renderer,
    phrases: Arc<Phrases>,
    updates: Vec<Told<'a>>,
}

/// An update, with the entry once a feed has it.
struct Told<'a> {
    story: &'a Story,
    update: &'a Update,
    entry: OnceCell<Arc<FeedEntry>>,
}

/// Writes a feed in one form.
type Write = fn(&Feed) -> Vec<u8>;

/// Puts the feeds of one language on the plan.
pub(crate) fn documents(
    plan: &mut Plan<'_>,
    voice: Voice<'_>,
    site: &Site,
    catalogue: Print,
) -> Result<(), RenderError> {
    let news = News::of(voice, site, plan.renderer)?;
    let areas = voice.catalogue().organisations.iter().filter(|one| has_area_page(one));
    for organisation in areas.map(|one| Some(one.key.as_str())).chain([None]) {
        let feed = Arc::new(Feed::of(&news, organisation)?);
        let told: Vec<_> = feed.entries.iter().map(|one| (&one.id, one.changed, &one.state)).collect();
        let forms: [(_, _, Write); 3] = [
            ("feed.atom", MediaClass::Atom, atom::write),
            ("feed.rss", MediaClass::Rss, rss::write),
            ("feed.json", MediaClass::JsonFeed, json::write),
        ];
        for (file, class, write) in forms {
            let nature = Nature { class, language: Some(voice.language) };
            let feed = Arc::clone(&feed);
            let path = feed_path(voice.language, organisation, file);
            plan.made_of(path, nature, &(file, catalogue, &told), move || Ok(write(&feed)));
        }
    }
    Ok(())
}

/// The feed of everything without its entries: for other feeds that say the same of themselves.
pub(crate) fn head(voice: Voice<'_>, site: &Site, renderer: &Renderer) -> Result<Feed, RenderError> {
    let phrases = Arc::new(Phrases::of(renderer, voice.language)?);
    let mut head = Feed::of(&News { updates: Vec::new(), voice, site, renderer, phrases }, None)?;
    let published = voice.now.model.stories.values().map(|story| story.newest().published_at);
    head.updated = published.max().unwrap_or(DateTime::UNIX_EPOCH);
    Ok(head)
}

impl Feed {
    fn of(news: &News<'_>, organisation: Option<&str>) -> Result<Self, RenderError> {
        let &News { voice, site, renderer, .. } = news;
        let language = voice.language;
        let name = renderer.site_name(language)?;
        let title = match organisation {
            Some(key) => format!("{}: {name}", voice.full_name(key).text),
            None => name.clone(),
        };
        let place = organisation.map_or(Place::Home, Place::Area);
        let own = |one| site.absolute(one, feed_path(one, organisation, "feed").as_str());
        let entries = news.newest(organisation)?;
        Ok(Self {
            language,
            id: format!("{}feed/{}/{}", tag(site), organisation.unwrap_or("all"), language.code()),
            title,
            author: name,
            home: site.absolute(language, &place.path(language)),
            own: own(language),
            twin: site.languages.iter().find(|one| **one != language).map(|one| (*one, own(*one))),
            updated: entries.first().map_or(DateTime::UNIX_EPOCH, |entry| entry.published),
            phrases: Arc::clone(&news.phrases),
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

impl<'a> News<'a> {
    fn of(voice: Voice<'a>, site: &'a Site, renderer: &'a Renderer) -> Result<Self, RenderError> {
        let stories = voice.now.model.stories.values();
        let told = |story: &'a Arc<Story>| {
            story.updates.iter().map(move |update| Told { story, update, entry: OnceCell::new() })
        };
        let mut updates: Vec<Told<'a>> = stories.flat_map(told).collect();
        updates
            .sort_by_key(|Told { story, update, .. }| Reverse((update.published_at, story.incident.id, update.number)));
        let phrases = Arc::new(Phrases::of(renderer, voice.language)?);
        Ok(Self { voice, site, renderer, phrases, updates })
    }

    fn newest(&self, organisation: Option<&str>) -> Result<Vec<Arc<FeedEntry>>, RenderError> {
        let concerned = |story: &Story| match organisation {
            Some(key) => self.voice.now.concerns(Scope::Area(key), &story.newest().content.organisations),
            None => true,
        };
        let told = self.updates.iter().filter(|told| concerned(told.story)).take(NEWEST);
        told.map(|told| self.entry(told)).collect()
    }

    fn entry(&self, told: &Told<'_>) -> Result<Arc<FeedEntry>, RenderError> {
        if let Some(entry) = told.entry.get() {
            return Ok(Arc::clone(entry));
        }
        let entry = Arc::new(entry((told.story, told.update), self)?);
        Ok(Arc::clone(told.entry.get_or_init(|| entry)))
    }
}

fn entry((story, update): (&Story, &Update), news: &News<'_>) -> Result<FeedEntry, RenderError> {
    let &News { voice, site, ref phrases, .. } = news;
    let language = voice.language;
    let is_newest = story.newest().number == update.number;
    let relations = if is_newest { relations(story, voice, site) } else { Vec::new() };
    let path = Place::Incident(&story.incident.slug).path(language);
    Ok(FeedEntry {
        id: format!("{}incident/{}/{}/{}", tag(site), story.incident.number, update.number, language.code()),
        title: voice.line(&update.content.words.title),
        url: site.absolute(language, &format!("{path}#update-{}", update.number)),
        published: update.published_at,
        state: state((story, update), news)?,
        text: with_lines(&plain_text(update, voice), &phrases.lines(&relations)),
        relations,
        severity: update.content.severity,
        planned: story.is_planned(),
        author: voice.full_name(&story.incident.organisation).text,
        changed: story.changed,
        written: Written::default(),
    })
}

/// The phase in public words; whether it is a correction; when the promised next update is late, that too.
fn state((story, update): (&Story, &Update), news: &News<'_>) -> Result<String, RenderError> {
    let &News { voice: Voice { now, language }, renderer, ref phrases, .. } = news;
    let is_newest = story.newest().number == update.number;
    let phase = if is_newest { story.phase(now.at) } else { update.content.phase };
    let mut state = renderer.text(language, &told_phase(phase, &update.content.cause), &render::Args::new())?;
    if update.purpose == Purpose::Correction {
        state = format!("{}: {state}", phrases.correction);
    }
    if is_newest && story.is_late(now.at) {
        state.push_str(". ");
        state.push_str(&phrases.late);
    }
    Ok(state)
}
