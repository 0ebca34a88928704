//! The public API of Atlassian Statuspage, for the many programs that can read it: `/api/v2/…`, Welsh under `/cy`.
//!
//! Its clients are strict: times have exactly three digits of milliseconds, no state has a word of ours, every key is
//! there even when it is null, and every incident has an update.

mod objects;

use std::sync::{Arc, LazyLock};

use domain::{Language, Severity, Site};
use render::RenderError;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

use self::objects::{Component, Incident, Page, Status, Teller};
use crate::edition::document::{MediaClass, Nature};
use crate::edition::plan::Plan;
use crate::feed;
use crate::feed::phrases::Phrases;
use crate::model::now::Scope;
use crate::model::story::Stage;
use crate::model::{Print, Story};
use crate::view::Voice;

/// How many incidents a list holds.
const NEWEST: usize = 50;

/// The path of a file in one language; English has the bare ones that programs know.
pub(crate) fn path(language: Language, site: &Site, file: &str) -> String {
    match (language, site.languages.len()) {
        (Language::En, _) | (_, 1) => format!("/{file}"),
        (Language::Cy, _) => format!("/cy/{file}"),
    }
}

/// Writes the history in one form.
type Write = fn(&feed::Feed, Voice<'_>, &Site) -> Vec<u8>;

/// Puts every document of the API on the plan. `facts` is the fingerprint of everything that is told in full.
pub(crate) fn documents(
    plan: &mut Plan<'_>,
    voice: Voice<'_>,
    site: &Arc<Site>,
    facts: Print,
) -> Result<(), RenderError> {
    let json = Nature { class: MediaClass::Json, language: Some(voice.language) };
    let zone = plan.renderer.settings().time_zone.name();
    let api = Arc::new(LazyLock::new({
        let (now, language, site) = (voice.now.clone(), voice.language, Arc::clone(site));
        let phrases = Phrases::of(plan.renderer, language)?;
        move || Api::of(Voice { now: &now, language }, &site, (zone, &phrases))
    }));
    let updated_at = objects::updated_at(voice.now).timestamp();
    for file in FILES {
        let (path, api) = (path(voice.language, site, &format!("api/v2/{file}")), Arc::clone(&api));
        plan.made_of(path, json, &(file, facts, updated_at), move || Ok(api.file(file)));
    }
    let feed = Arc::new(feed::head(voice, site, plan.renderer)?);
    let forms: [(_, _, Write); 2] =
        [("history.atom", MediaClass::Atom, feed::history::atom), ("history.rss", MediaClass::Rss, feed::history::rss)];
    for (file, class, write) in forms {
        let path = path(voice.language, site, file);
        let (feed, now, language, site) = (Arc::clone(&feed), voice.now.clone(), voice.language, Arc::clone(site));
        let make = move || Ok(write(&feed, Voice { now: &now, language }, &site));
        plan.made_of(path, Nature { class, language: Some(voice.language) }, &(file, facts), make);
    }
    Ok(())
}

/// What every answer says of the page itself.
pub(crate) fn page(voice: Voice<'_>, site: &Site, zone: &str) -> serde_json::Value {
    json!(Page::of(voice, site, zone))
}

/// The documents below `/api/v2/`.
const FILES: [&str; 8] = [
    "summary.json",
    "status.json",
    "components.json",
    "incidents.json",
    "incidents/unresolved.json",
    "scheduled-maintenances.json",
    "scheduled-maintenances/upcoming.json",
    "scheduled-maintenances/active.json",
];

struct Api {
    page: Page,
    status: Status,
    components: Vec<Component>,
    incidents: Vec<Incident>,
    maintenances: Vec<Incident>,
    ahead: Vec<Incident>,
    active: Vec<Incident>,
}

impl Api {
    fn of(voice: Voice<'_>, site: &Site, (zone, phrases): (&str, &Phrases)) -> Self {
        let page = Page::of(voice, site, zone);
        let components = objects::components(voice, &page);
        let mut stories: Vec<&Story> = voice.now.model.stories.values().map(|story| &**story).collect();
        stories.sort_by_key(|story| std::cmp::Reverse((story.incident.starts_at, story.incident.id)));
        let teller = Teller { voice, site, phrases, components: &components };
        let told = |story: &&Story| Incident::of(story, teller);
        let planned = |story: &&&Story| story.is_planned();
        let in_stage = |stage| {
            let of_stage = move |story: &&&Story| story.is_planned() && story.stage(voice.now.at) == stage;
            stories.iter().filter(of_stage).take(NEWEST).map(told).collect()
        };
        Self {
            status: status(voice),
            incidents: stories.iter().filter(|story| !planned(story)).take(NEWEST).map(told).collect(),
            maintenances: stories.iter().filter(planned).take(NEWEST).map(told).collect(),
            ahead: in_stage(Stage::Ahead),
            active: in_stage(Stage::Underway),
            page,
            components,
        }
    }

    fn file(&self, name: &str) -> Vec<u8> {
        let page = &self.page;
        match name {
            "summary.json" => self.summary(),
            "status.json" => bytes(&Part { page, name: "status", part: &self.status }),
            "components.json" => bytes(&Part { page, name: "components", part: &self.components }),
            "incidents.json" => bytes(&Part { page, name: "incidents", part: &self.incidents }),
            "incidents/unresolved.json" => bytes(&Part { page, name: "incidents", part: &self.unresolved() }),
            "scheduled-maintenances.json" => maintenances(page, &self.maintenances),
            "scheduled-maintenances/upcoming.json" => maintenances(page, &self.ahead),
            _ => maintenances(page, &self.active),
        }
    }

    fn unresolved(&self) -> Vec<&Incident> {
        self.incidents.iter().filter(|one| one.is_unresolved()).collect()
    }

    fn summary(&self) -> Vec<u8> {
        let coming: Vec<&Incident> = self.active.iter().chain(&self.ahead).collect();
        #[derive(serde::Serialize)]
        struct Summary<'a> {
            page: &'a Page,
            components: &'a [Component],
            incidents: &'a [&'a Incident],
            scheduled_maintenances: &'a [&'a Incident],
            status: &'a Status,
        }
        bytes(&Summary {
            page: &self.page,
            components: &self.components,
            incidents: &self.unresolved(),
            scheduled_maintenances: &coming,
            status: &self.status,
        })
    }
}

fn maintenances(page: &Page, list: &[Incident]) -> Vec<u8> {
    bytes(&Part { page, name: "scheduled_maintenances", part: list })
}

/// An answer that says one thing beside what the page is. Written as it is read: the longest lists have hundreds of
/// kilobytes, and a tree of their values would take longer than everything else about them.
struct Part<'a, T: ?Sized> {
    page: &'a Page,
    name: &'static str,
    part: &'a T,
}

impl<T: Serialize + ?Sized> Serialize for Part<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("page", self.page)?;
        map.serialize_entry(self.name, self.part)?;
        map.end()
    }
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The state of everything. `maintenance` stands only when nothing else is wrong: some clients do not know the word.
fn status(voice: Voice<'_>) -> Status {
    let problems = voice.now.problems(Scope::Home);
    let worst = problems.iter().map(|story| story.newest().content.severity).max();
    let working = voice.now.planned(Scope::Home).iter().any(|story| story.stage(voice.now.at) == Stage::Underway);
    let (indicator, description) = match (worst, working) {
        (None | Some(Severity::Info), true) => ("maintenance", "Service Under Maintenance"),
        (None | Some(Severity::Info), false) => ("none", "All Systems Operational"),
        (Some(Severity::Minor | Severity::Moderate), _) => ("minor", "Minor Service Outage"),
        (Some(Severity::Serious), _) => ("major", "Partial System Outage"),
        (Some(Severity::Critical), _) => ("critical", "Major Service Outage"),
    };
    Status { indicator, description }
}
