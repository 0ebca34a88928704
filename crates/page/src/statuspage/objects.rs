//! The objects of the Statuspage API, key for key.

use chrono::{DateTime, Duration, DurationRound, SecondsFormat, Utc};
use domain::revision::Purpose;
use domain::{IncidentKind, Phase, Site};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::feed::phrases::{Phrases, Told, told, with_lines};
use crate::inert::{at_most, inert};
use crate::model::now::{Now, Scope};
use crate::model::story::Stage;
use crate::model::{Story, Update};
use crate::view::Voice;
use crate::view::update::plain_text;

/// A time with exactly three digits of milliseconds and a `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time(DateTime<Utc>);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// Twelve letters that stay the same for the same thing.
fn id(of: &str) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    Sha256::digest(of).iter().take(12).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Status {
    pub(super) indicator: &'static str,
    pub(super) description: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Page {
    id: String,
    name: String,
    url: String,
    time_zone: String,
    updated_at: Time,
}

impl Page {
    pub(super) fn of(voice: Voice<'_>, site: &Site, zone: &str) -> Self {
        Self {
            id: id(site.origin(site.default_language())),
            name: site.name.text(voice.language).to_owned(),
            url: site.home(voice.language).to_owned(),
            time_zone: zone.to_owned(),
            updated_at: Time(updated_at(voice.now)),
        }
    }
}

/// When anything was last said; where nothing ever was, the beginning of the day, so that the page is as old as its
/// silence is known to be and still the same for every process.
pub(super) fn updated_at(now: &Now) -> DateTime<Utc> {
    let told = now.model.stories.values().map(|story| story.newest().published_at);
    let day = || now.at.duration_trunc(Duration::days(1)).unwrap_or(now.at);
    told.max().unwrap_or_else(day)
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Component {
    id: String,
    name: String,
    status: &'static str,
    created_at: Time,
    updated_at: Time,
    position: usize,
    description: Option<String>,
    showcase: bool,
    start_date: Option<String>,
    group_id: Option<String>,
    page_id: String,
    group: bool,
    only_show_if_degraded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<String>>,
}

/// The groups and services of the catalogue, each group before its services.
pub(super) fn components(voice: Voice<'_>, page: &Page) -> Vec<Component> {
    let services = voice.now.services(Scope::Home);
    let mut all = Vec::new();
    for (position, group) in voice.catalogue().groups.iter().enumerate() {
        let group_id = id(&format!("group:{}", group.key));
        let members = voice.catalogue().services.iter().filter(|one| one.group == group.key);
        let children: Vec<Component> = members
            .enumerate()
            .map(|(place, service)| {
                let now = services.iter().find(|one| one.key == service.key);
                let changed = now.and_then(|one| one.story.as_ref()).map(|story| story.newest().published_at);
                Component {
                    status: now.map_or("operational", |one| one.shown().statuspage()),
                    updated_at: Time(changed.unwrap_or(DateTime::UNIX_EPOCH)),
                    group_id: Some(group_id.clone()),
                    ..component(page, &format!("service:{}", service.key), voice.line(&service.name).text, place + 1)
                }
            })
            .collect();
        let worst = children.iter().max_by_key(|one| rank(one.status));
        let (status, updated_at) =
            worst.map_or(("operational", Time(DateTime::UNIX_EPOCH)), |one| (one.status, one.updated_at));
        all.push(Component {
            status,
            updated_at,
            group: true,
            components: Some(children.iter().map(|one| one.id.clone()).collect()),
            ..component(page, &format!("group:{}", group.key), voice.line(&group.name).text, position + 1)
        });
        all.extend(children);
    }
    all
}

fn component(page: &Page, key: &str, name: String, position: usize) -> Component {
    Component {
        id: id(key),
        name,
        status: "operational",
        created_at: Time(DateTime::UNIX_EPOCH),
        updated_at: Time(DateTime::UNIX_EPOCH),
        position,
        description: None,
        showcase: false,
        start_date: None,
        group_id: None,
        page_id: page.id.clone(),
        group: false,
        only_show_if_degraded: false,
        components: None,
    }
}

fn rank(status: &str) -> usize {
    let order = ["operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"];
    order.iter().position(|one| *one == status).unwrap_or_default()
}

/// An incident or planned work. The last fields are ours: clients ignore what they do not know.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Incident {
    id: String,
    name: String,
    status: &'static str,
    created_at: Time,
    updated_at: Time,
    monitoring_at: Option<Time>,
    resolved_at: Option<Time>,
    impact: &'static str,
    shortlink: String,
    started_at: Time,
    page_id: String,
    incident_updates: Vec<IncidentUpdate>,
    components: Vec<Component>,
    reminder_intervals: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_for: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_until: Option<Option<Time>>,
    /// Our own phase: the API has no word for a backlog.
    phase: &'static str,
    severity: &'static str,
    next_update_by: Option<Time>,
    /// The next update was promised for a time that has passed.
    late: bool,
    /// What is said of other incidents: whether they belong to this one.
    relations: Vec<Told>,
}

#[derive(Clone, Debug, Serialize)]
struct IncidentUpdate {
    id: String,
    status: &'static str,
    body: String,
    incident_id: String,
    created_at: Time,
    updated_at: Time,
    display_at: Time,
    affected_components: Vec<Affected>,
    deliver_notifications: bool,
    custom_tweet: Option<String>,
    tweet_id: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Affected {
    code: String,
    name: String,
    old_status: &'static str,
    new_status: &'static str,
}

/// What incidents are told with.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    pub(super) voice: Voice<'a>,
    pub(super) site: &'a Site,
    /// Our own words.
    pub(super) phrases: &'a Phrases,
    pub(super) components: &'a [Component],
}

/// The state by the clock: planned work begins and ends without anybody's word.
fn status(story: &Story, voice: Voice<'_>) -> &'static str {
    match story.stage(voice.now.at) {
        Stage::Over if story.is_planned() => "completed",
        _ => story.phase(voice.now.at).statuspage(),
    }
}

/// When systems were first back; what came back after that counts anew.
fn watched_since(story: &Story) -> Option<Time> {
    let again = story.updates.iter().rposition(|one| one.content.phase == Phase::Reopened).unwrap_or(0);
    let watched = story.updates[again..].iter().find(|one| one.content.phase.statuspage() == "monitoring");
    watched.map(|one| Time(one.published_at))
}

impl Incident {
    pub(super) fn of(story: &Story, teller: Teller<'_>) -> Self {
        let Teller { voice, site, components, phrases } = teller;
        let newest = story.newest();
        let incident_id = id(&format!("incident:{}", story.incident.id));
        let named: Vec<String> =
            newest.content.services.iter().map(|service| id(&format!("service:{}", service.key))).collect();
        let planned = story.incident.kind == IncidentKind::Planned;
        let updates = story.updates.iter().enumerate().rev();
        let updates = updates.map(|(place, update)| {
            let before = place.checked_sub(1).map(|before| &story.updates[before]);
            IncidentUpdate::of((before, update), &incident_id, teller)
        });
        let mut updates: Vec<IncidentUpdate> = updates.collect();
        let late = story.is_late(voice.now.at);
        let relations = told(story, voice, site);
        if let Some(newest) = updates.first_mut() {
            newest.say_last(&phrases.lines(&relations));
            if late {
                newest.say_first(&phrases.late);
            }
        }
        Self {
            name: at_most(&inert(&voice.line(story.title()).text), 255),
            status: status(story, voice),
            created_at: Time(story.first_published()),
            updated_at: Time(newest.published_at),
            monitoring_at: watched_since(story),
            resolved_at: story.over_at().map(Time),
            impact: if planned { "maintenance" } else { newest.content.severity.statuspage() },
            shortlink: site.short_link(voice.language, story.incident.number),
            started_at: Time(story.incident.starts_at),
            page_id: id(site.origin(site.default_language())),
            incident_updates: updates,
            components: components.iter().filter(|one| named.contains(&one.id)).cloned().collect(),
            reminder_intervals: None,
            scheduled_for: planned.then_some(Time(story.incident.starts_at)),
            scheduled_until: planned.then_some(story.incident.ends_at.map(Time)),
            phase: story.phase(voice.now.at).key(),
            severity: newest.content.severity.key(),
            next_update_by: newest.content.next_update_by.filter(|_| !newest.content.phase.is_over()).map(Time),
            late,
            relations,
            id: incident_id,
        }
    }

    pub(super) fn is_unresolved(&self) -> bool {
        matches!(self.status, "investigating" | "identified" | "monitoring")
    }
}

/// The longest text that clients take, in characters.
const LONGEST_BODY: usize = 25_000;

impl IncidentUpdate {
    /// Puts a sentence before the words, for clients that show nothing but words.
    fn say_first(&mut self, sentence: &str) {
        self.body = at_most(&format!("{sentence}.\n\n{}", self.body), LONGEST_BODY);
    }

    /// Puts lines after the words.
    fn say_last(&mut self, lines: &str) {
        self.body = at_most(&with_lines(&self.body, &inert(lines)), LONGEST_BODY);
    }

    fn of((before, update): (Option<&Update>, &Update), incident_id: &str, teller: Teller<'_>) -> Self {
        let Teller { voice, phrases, .. } = teller;
        let is_correction = update.purpose == Purpose::Correction;
        let mark = if is_correction { format!("{}: ", phrases.correction) } else { String::new() };
        let at = Time(update.published_at);
        let earlier = |key: &str| {
            let said = before.and_then(|one| one.content.services.iter().find(|service| service.key == key));
            said.map_or("operational", |service| service.shown().statuspage())
        };
        let affected = update.content.services_in(voice.catalogue()).map(|(state, service)| Affected {
            code: id(&format!("service:{}", service.key)),
            name: voice.line(&service.name).text,
            old_status: earlier(&service.key),
            new_status: state.shown().statuspage(),
        });
        Self {
            id: id(&format!("{incident_id}:{}", update.number)),
            status: update.content.phase.statuspage(),
            body: at_most(&inert(&format!("{mark}{}", plain_text(update, voice))), LONGEST_BODY),
            incident_id: incident_id.to_owned(),
            created_at: at,
            updated_at: at,
            display_at: at,
            affected_components: affected.collect(),
            deliver_notifications: true,
            custom_tweet: None,
            tweet_id: None,
        }
    }
}
