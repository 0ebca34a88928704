//! The typed pages of the staff view: what is going on in staff's words, and a notice to put on a door.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use domain::revision::StaffWords;
use domain::{Language, Localized, Severity, Site};
use render::dates::Dates;
use render::{Args, PublicFrame, RenderError, RenderSettings, Renderer, Sample, View};
use serde::Serialize;
use store::{Briefing, StaffBoard};

use crate::model::Story;
use crate::model::now::Scope;
use crate::routes::Place;
use crate::view::card::Next;
use crate::view::update::Parts;
use crate::view::{Line, Voice, Words};

/// Where the pages live, and with what words are made.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) site: &'a Site,
    pub(crate) renderer: &'a Renderer,
}

/// Everything that is going on, for staff.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StaffView {
    pub(crate) incidents: Vec<Told>,
    pub(crate) home_url: String,
}

impl View for StaffView {
    const TEMPLATE: &'static str = "staff/view.html";
}

/// One incident, planned work under way, or what is over for less than two days.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Told {
    pub(crate) number: i64,
    pub(crate) title: Line,
    pub(crate) severity: Severity,
    pub(crate) phase_key: String,
    pub(crate) over: bool,
    pub(crate) speaker: Line,
    pub(crate) areas: Vec<Line>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) next: Option<Next>,
    pub(crate) services: Vec<ServiceTold>,
    pub(crate) works: Words,
    pub(crate) workaround: Words,
    /// What patients read.
    pub(crate) parts: Parts,
    pub(crate) lines: Vec<Spoken>,
    pub(crate) public_url: String,
    pub(crate) notice_url: String,
}

/// A service under the name that staff know.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ServiceTold {
    pub(crate) name: Line,
    pub(crate) system_name: Option<String>,
    pub(crate) system: &'static str,
    pub(crate) care: &'static str,
}

/// What to record on the answering machine, in one language.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Spoken {
    pub(crate) language: Language,
    pub(crate) text: String,
    /// Nobody wrote one, so it is made from what the public is told.
    pub(crate) made: bool,
}

impl StaffView {
    pub(crate) fn of(
        voice: Voice<'_>,
        board: &StaffBoard,
        around: Around<'_>,
        notice_url: impl Fn(i64) -> String,
    ) -> Result<Self, RenderError> {
        let now = voice.now;
        let told = |story: &Story| board.briefings.iter().any(|one| one.incident == story.incident.id);
        let shown = |story: &Story| story.is_current(now.at) || (story.over_at().is_some() && told(story));
        let mut stories: Vec<_> = now.model.stories.values().filter(|story| shown(story)).collect();
        // What is going on before what is over, our own before what is elsewhere, the worst first.
        stories.sort_by_key(|story| {
            let newest = story.newest();
            let elsewhere = !is_ours(story, voice);
            let weight = (newest.content.severity, newest.published_at, story.incident.id);
            (story.over_at().is_some(), elsewhere, Reverse(weight))
        });
        let told = |story: &Story| Told::of(story, voice, (board, around), notice_url(story.incident.number));
        let incidents = stories.into_iter().map(|story| told(story)).collect::<Result<_, _>>()?;
        Ok(Self { incidents, home_url: Place::Home.path(voice.language) })
    }
}

/// Whether it touches the body that the page belongs to, or one below it.
fn is_ours(story: &Story, voice: Voice<'_>) -> bool {
    voice.now.concerns(Scope::Home, &story.newest().content.organisations)
}

impl Told {
    fn of(
        story: &Story,
        voice: Voice<'_>,
        (board, around): (&StaffBoard, Around<'_>),
        notice_url: String,
    ) -> Result<Self, RenderError> {
        let newest = story.newest();
        let words = board.briefings.iter().find(|one| one.incident == story.incident.id).map(|one| one.words.clone());
        let words = words.unwrap_or_default();
        let services = newest.content.services_in(voice.catalogue()).map(|(state, service)| ServiceTold {
            name: voice.line(&service.name),
            // Elsewhere the same service runs on other systems.
            system_name: board.system_names.get(&service.key).filter(|_| is_ours(story, voice)).cloned(),
            system: state.system.key(),
            care: state.care.key(),
        });
        Ok(Self {
            number: story.incident.number,
            title: voice.line(story.title()),
            severity: newest.content.severity,
            phase_key: story.phase_key(voice.now.at),
            over: story.over_at().is_some(),
            speaker: voice.full_name(&story.incident.organisation),
            areas: newest.content.organisations.iter().map(|key| voice.short_name(key)).collect(),
            updated_at: newest.published_at,
            next: Next::of(story, voice),
            services: services.collect(),
            works: voice.words(&words.works),
            workaround: voice.words(&words.workaround),
            parts: Parts::of(&newest.content, voice),
            lines: lines(story, voice, (&words.line, around))?,
            public_url: Place::Incident(&story.incident.slug).path(voice.language),
            notice_url,
        })
    }
}

/// One line in each language of the site: callers choose theirs by listening on.
fn lines(
    story: &Story,
    voice: Voice<'_>,
    (written, around): (&Localized, Around<'_>),
) -> Result<Vec<Spoken>, RenderError> {
    let mut spoken = Vec::new();
    for language in around.site.languages.iter().copied() {
        let own = Voice { language, ..voice };
        match written.get(language) {
            Some(text) => spoken.push(Spoken { language, text: domain::text::single_line(text), made: false }),
            None => {
                let made = made_of(story, own, around)?;
                spoken.extend(made.map(|text| Spoken { language, text, made: true }));
            }
        }
    }
    Ok(spoken)
}

/// The public words that answer why people ring: what is wrong, and what they should do.
fn made_of(story: &Story, voice: Voice<'_>, around: Around<'_>) -> Result<Option<String>, RenderError> {
    let content = &story.newest().content;
    let language = voice.language;
    let Some(title) = story.title().get(language) else { return Ok(None) };
    let advice = voice.advice(content.advice.keys(language)).into_iter().filter(|line| line.lang.is_none());
    let said = std::iter::once(sentence(title)).chain(advice.map(|line| sentence(&line.text)));
    let said = said.chain(content.words.should.get(language).map(sentence));
    let args = Args::from([("address".to_owned(), shown_address(around.site, language).into())]);
    let latest = around.renderer.text(language, "sv-latest", &args)?;
    Ok(Some(said.chain([latest]).collect::<Vec<_>>().join(" ")))
}

fn sentence(text: &str) -> String {
    let text = domain::text::single_line(text);
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

/// An address as people write it on paper.
fn shown_address(site: &Site, language: Language) -> String {
    let home = site.home(language);
    home.split_once("://").map_or(home, |(_, rest)| rest).to_owned()
}

/// An A4 notice in every language of the incident: only what the public may read.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Notice {
    pub(crate) halves: Vec<Half>,
    pub(crate) back_url: String,
}

impl View for Notice {
    const TEMPLATE: &'static str = "staff/notice.html";
}

/// The notice in one language.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Half {
    pub(crate) language: Language,
    pub(crate) site_name: String,
    pub(crate) title: String,
    pub(crate) know: Vec<String>,
    pub(crate) duties: Vec<String>,
    pub(crate) over: bool,
    /// Ready words, because the page is in one language and the notice in two.
    pub(crate) updated: String,
    pub(crate) next: Option<String>,
    pub(crate) address: String,
}

impl Notice {
    pub(crate) fn of(story: &Story, voice: Voice<'_>, around: Around<'_>, back_url: String) -> Self {
        let halves = around.site.languages.iter().filter_map(|language| {
            let own = Voice { language: *language, ..voice };
            let dates = Dates::new(around.renderer.settings().time_zone, *language);
            Half::of(story, own, (around.site, dates))
        });
        Self { halves: halves.collect(), back_url }
    }
}

impl Half {
    /// `None` when the newest update does not speak the language: a notice must not mix two.
    fn of(story: &Story, voice: Voice<'_>, (site, dates): (&Site, Dates)) -> Option<Self> {
        let (newest, language) = (story.newest(), voice.language);
        let content = &newest.content;
        let title = domain::text::single_line(story.title().get(language)?);
        let own = |text: &Localized| -> Vec<String> {
            let lines = text.get(language).unwrap_or_default().lines();
            lines.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        let advice = voice.advice(content.advice.keys(language)).into_iter().filter(|line| line.lang.is_none());
        let next = Next::of(story, voice).map(|next| dates.until(next.by, next.from));
        Some(Self {
            language,
            site_name: site.name.text(language).to_owned(),
            title,
            know: own(&content.words.know),
            duties: advice.map(|line| line.text).chain(own(&content.words.should)).collect(),
            over: story.over_at().is_some(),
            updated: dates.date_time(newest.published_at),
            next,
            address: shown_address(site, language),
        })
    }
}

/// Both pages with sample data.
pub(crate) fn samples(voice: Voice<'_>, site: &Site) -> Vec<Sample> {
    let Ok(renderer) = Renderer::new(RenderSettings::default()) else { return Vec::new() };
    let around = Around { site, renderer: &renderer };
    let words = StaffWords {
        works: Localized::both("Results by telephone.", "Canlyniadau dros y ffôn."),
        workaround: Localized::both("Green forms.", "Ffurflenni gwyrdd."),
        line: Localized::both("Please bring your letter.", ""),
    };
    let briefings = voice.now.model.stories.keys().map(|id| Briefing { incident: *id, words: words.clone() });
    let board = StaffBoard { briefings: briefings.collect(), ..StaffBoard::default() };
    let frame = || PublicFrame::bare(voice.language);
    let view = StaffView::of(voice, &board, around, |number| format!("/en/staff/x/notice/{number}"));
    let nothing = StaffView { incidents: Vec::new(), home_url: "/en/".to_owned() };
    let notices =
        voice.now.model.stories.values().map(|story| Notice::of(story, voice, around, "/en/staff/x".to_owned()));
    let mut all: Vec<Sample> = notices.map(|notice| Sample::framed(frame(), notice)).collect();
    all.extend(view.ok().into_iter().chain([nothing]).map(|view| Sample::framed(frame(), view)));
    all
}
