//! What the pieces say: the open problems of one area, in a few words each.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{Language, Severity, Site};
use render::{Args, RenderError, Renderer, Sample, View};
use serde::{Serialize, Serializer};

use crate::inert::{at_most, inert};
use crate::model::Story;
use crate::model::now::Scope;
use crate::routes::Place;
use crate::view::{Line, Voice};

/// How many problems a piece names; the rest is behind its link.
const SHOWN: usize = 5;

/// The longest headline on another site.
const TITLE: usize = 200;

/// What is wrong in one area, for other sites. The JSON is exactly this: fields are added, never changed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Embed {
    /// The form of this document.
    version: u8,
    language: &'static str,
    organisation: String,
    name: String,
    /// The page of the area.
    url: String,
    /// True when nothing is wrong: then there is nothing to show.
    pub(super) calm: bool,
    /// The severest of the open problems.
    pub(super) severity: Option<Severity>,
    pub(super) problems: Vec<Problem>,
    /// How many there are, also those that are not named.
    pub(super) total: usize,
    /// One of them promised word by a time that has passed.
    pub(super) late: bool,
    #[serde(serialize_with = "maybe_time")]
    updated_at: Option<DateTime<Utc>>,
    /// Since when nobody could make sure that this is still true; null while it is certain.
    #[serde(serialize_with = "maybe_time")]
    pub(super) unconfirmed_since: Option<DateTime<Utc>>,
    /// Said where this is a demonstration or an exercise.
    pub(super) notice: Option<String>,
}

/// One open problem.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    title: String,
    /// The language of the title; it may be another where the words are still to be translated.
    language: &'static str,
    url: String,
    severity: Severity,
    severity_text: String,
    phase: &'static str,
    phase_text: String,
    #[serde(serialize_with = "time")]
    updated_at: DateTime<Utc>,
    #[serde(serialize_with = "maybe_time")]
    next_update_by: Option<DateTime<Utc>>,
    late: bool,
    /// "This update is late", in words; null while it is not.
    late_text: Option<String>,
}

impl View for Embed {
    const TEMPLATE: &'static str = "page/embed.html";
}

impl Embed {
    pub(super) fn of(
        voice: Voice<'_>,
        site: &Site,
        renderer: &Renderer,
        organisation: &str,
    ) -> Result<Self, RenderError> {
        let (now, language) = (voice.now, voice.language);
        let stories = now.problems(Scope::Area(organisation));
        let told = stories.iter().take(SHOWN).map(|story| Problem::of(story, voice, site, renderer));
        let sample =
            renderer.settings().sample_data.then(|| renderer.text(language, "frame-sample-data", &Args::new()));
        let notice = site.notice.as_ref().map(|notice| inert(notice.text(language)));
        Ok(Self {
            version: 1,
            language: language.tag(),
            organisation: organisation.to_owned(),
            name: at_most(&inert(&voice.full_name(organisation).text), TITLE),
            url: site.absolute(language, &Place::Area(organisation).path(language)),
            calm: stories.is_empty(),
            severity: stories.first().map(|story| story.newest().content.severity),
            problems: told.collect::<Result<_, _>>()?,
            total: stories.len(),
            late: stories.iter().any(|story| story.is_late(now.at)),
            updated_at: stories.iter().map(|story| story.newest().published_at).max(),
            unconfirmed_since: now.unconfirmed_since,
            notice: notice.or(sample.transpose()?),
        })
    }
}

impl Problem {
    fn of(story: &Story, voice: Voice<'_>, site: &Site, renderer: &Renderer) -> Result<Self, RenderError> {
        let (newest, language) = (story.newest(), voice.language);
        let Line { text, lang } = voice.line(story.title());
        let say = |key: &str| renderer.text(language, key, &Args::new());
        let (late, phase) = (story.is_late(voice.now.at), story.phase(voice.now.at));
        Ok(Self {
            title: at_most(&inert(&text), TITLE),
            language: lang.unwrap_or(language.tag()),
            url: site.absolute(language, &Place::Incident(&story.incident.slug).path(language)),
            severity: newest.content.severity,
            severity_text: say(&format!("sev-{}", newest.content.severity.key()))?,
            phase: phase.key(),
            phase_text: say(&story.phase_key(voice.now.at))?,
            updated_at: newest.published_at,
            next_update_by: newest.content.next_update_by,
            late,
            late_text: late.then(|| say("time-late")).transpose()?,
        })
    }
}

fn time<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn maybe_time<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => time(at, serializer),
        None => serializer.serialize_none(),
    }
}

/// The piece with sample data.
pub(crate) fn sample(at: DateTime<Utc>) -> Sample {
    let problem = Problem {
        title: "Some systems are not working".to_owned(),
        language: Language::En.tag(),
        url: "https://status.example/en/incidents/x".to_owned(),
        severity: Severity::Serious,
        severity_text: "Serious".to_owned(),
        phase: "identified",
        phase_text: "We have found the problem".to_owned(),
        updated_at: at,
        next_update_by: Some(at),
        late: true,
        late_text: Some("This update is late".to_owned()),
    };
    Sample::of(Embed {
        version: 1,
        language: Language::En.tag(),
        organisation: "board".to_owned(),
        name: "A health board".to_owned(),
        url: "https://status.example/en/areas/board".to_owned(),
        calm: false,
        severity: Some(Severity::Serious),
        problems: vec![problem],
        total: 2,
        late: true,
        updated_at: Some(at),
        unconfirmed_since: Some(at),
        notice: Some("Sample data, not an NHS site.".to_owned()),
    })
}
