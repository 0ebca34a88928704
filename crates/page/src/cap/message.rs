//! What a message says: an update in the words of the protocol.

use chrono::{DateTime, Duration, Utc};
use domain::fact::{Answer, Fact};
use domain::organisation::OrganisationKind;
use domain::revision::Purpose;
use domain::{Language, Localized, Phase, Relation, RelationKind, Severity, Site, Status};
use render::{Args, RenderError};

use super::{Desk, text};
use crate::calendar::host;
use crate::inert::{at_most, inert};
use crate::model::{Story, Update};
use crate::routes::Place;

/// How long a message holds beyond the time at which the next one was promised: staff may be late, and a receiver must
/// not believe that all is well because nobody had a minute to write.
const GRACE: Duration = Duration::hours(6);

/// How long one holds that promises no time, and one that says that it is over.
const UNPROMISED: Duration = Duration::hours(24);

/// Longer headlines are cut by displays (the protocol recommends 160).
const HEADLINE: usize = 160;

/// One message.
pub(super) struct Message {
    pub(super) identifier: String,
    pub(super) sender: String,
    pub(super) sent: String,
    /// `Actual` or `Test`.
    pub(super) status: &'static str,
    /// `Alert`, `Update` or `Cancel`.
    pub(super) kind: &'static str,
    pub(super) note: Option<String>,
    /// The messages that it takes the place of, as `sender,identifier,sent`.
    pub(super) references: Vec<String>,
    /// Names the incident, and those that it is said to be part of, so that receivers can group their messages.
    pub(super) incidents: Vec<String>,
    pub(super) infos: Vec<Info>,
}

/// The message in one language. Everything but words is the same in all.
pub(super) struct Info {
    pub(super) language: &'static str,
    pub(super) event: String,
    pub(super) classes: Classes,
    pub(super) onset: String,
    pub(super) expires: String,
    pub(super) sender_name: String,
    pub(super) headline: String,
    pub(super) description: String,
    pub(super) instruction: String,
    pub(super) web: String,
    pub(super) contact: Option<String>,
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) areas: Vec<Area>,
}

/// How the protocol classes an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Classes {
    pub(super) response: &'static str,
    pub(super) urgency: &'static str,
    pub(super) severity: &'static str,
    pub(super) certainty: &'static str,
}

/// Whom it concerns.
pub(super) struct Area {
    pub(super) description: String,
    pub(super) organisation: String,
}

impl Message {
    pub(super) fn of(story: &Story, place: usize, desk: &Desk) -> Result<Self, RenderError> {
        let update = &story.updates[place];
        let replaced = replaced(story, place);
        let references: Vec<String> = replaced.iter().map(|earlier| reference(story, earlier, &desk.site)).collect();
        let languages = languages(story, update, &desk.site);
        let infos = languages.into_iter().map(|language| Info::of((story, update), language, desk));
        Ok(Self {
            identifier: identifier(story, update, &desk.site),
            sender: host(&desk.site),
            sent: time(update.published_at),
            // Samples and exercises must never ring a telephone: receivers disregard a test.
            status: if desk.renderer.settings().sample_data { "Test" } else { "Actual" },
            kind: match references.is_empty() {
                true => "Alert",
                false if is_taken_back(update) => "Cancel",
                false => "Update",
            },
            note: note(desk)?,
            references,
            incidents: incidents(story, update),
            infos: infos.collect::<Result<_, _>>()?,
        })
    }
}

/// Its own number first.
fn incidents(story: &Story, update: &Update) -> Vec<String> {
    let related = relations(story, update).filter(|one| one.kind == RelationKind::Related).map(|one| one.number);
    [story.incident.number].into_iter().chain(related).map(|number| format!("incident-{number}")).collect()
}

/// What was said of other incidents when the update went out. A message that is out stays as it is, so that what others
/// say later has no place here.
fn relations<'a>(story: &'a Story, update: &'a Update) -> impl Iterator<Item = &'a Relation> {
    story.relations.iter().filter(|one| one.stated_at.is_none_or(|at| at <= update.published_at))
}

/// The updates whose messages this one takes the place of: all since the last one that was taken back, because a
/// receiver may have missed any of them.
fn replaced(story: &Story, place: usize) -> &[Update] {
    let earlier = &story.updates[..place];
    let first = earlier.iter().rposition(is_taken_back).map_or(0, |last| last + 1);
    &earlier[first..]
}

fn is_taken_back(update: &Update) -> bool {
    update.purpose == Purpose::Withdrawal || matches!(update.content.phase, Phase::Withdrawn | Phase::Cancelled)
}

/// Names one message for ever; no space, no comma, nothing that XML escapes.
pub(super) fn identifier(story: &Story, update: &Update, site: &Site) -> String {
    format!("{}.incident-{}.{}", host(site), story.incident.number, update.number)
}

/// Exactly as the earlier message calls itself.
fn reference(story: &Story, earlier: &Update, site: &Site) -> String {
    format!("{},{},{}", host(site), identifier(story, earlier, site), time(earlier.published_at))
}

/// The protocol wants an offset, knows no `Z` and no fraction, and writes UTC with a minus.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S-00:00").to_string()
}

/// The languages that the update has words in. The same words must not stand there as two languages.
pub(super) fn languages(story: &Story, update: &Update, site: &Site) -> Vec<Language> {
    let spoken = |language: &Language| update.content.words.title.get(*language).is_some();
    let wanted = |language: &Language| story.incident.languages.contains(language) && spoken(language);
    let own: Vec<Language> = site.languages.iter().copied().filter(|language| wanted(language)).collect();
    if own.is_empty() { Language::ALL.into_iter().filter(spoken).collect() } else { own }
}

fn note(desk: &Desk) -> Result<Option<String>, RenderError> {
    if !desk.renderer.settings().sample_data {
        return Ok(None);
    }
    let said = |language: &Language| {
        let notice = desk.site.notice.as_ref().and_then(|notice| notice.get(*language));
        notice.map_or_else(|| text(desk, *language, "frame-sample-data"), |notice| Ok(inert(notice)))
    };
    let lines: Vec<String> = desk.site.languages.iter().map(said).collect::<Result<_, _>>()?;
    Ok(Some(lines.join(" ")))
}

impl Classes {
    pub(super) fn of(story: &Story, update: &Update, advises: bool) -> Self {
        let content = &update.content;
        if is_taken_back(update) {
            return Self { response: "AllClear", urgency: "Past", severity: "Minor", certainty: "Unlikely" };
        }
        let severity = if story.is_planned() { "Minor" } else { severity(content.severity) };
        let observed = Self { response: "AllClear", urgency: "Past", severity, certainty: "Observed" };
        let lead = story.incident.starts_at - update.published_at;
        let is_affected =
            |said: &domain::status::ServiceState| !matches!(said.shown(), Status::Operational | Status::Unknown);
        match content.phase {
            phase if phase.is_over() => observed,
            Phase::Scheduled if lead > Duration::zero() => {
                let urgency = if lead > Duration::hours(1) { "Future" } else { "Expected" };
                Self { response: "Prepare", urgency, certainty: "Likely", ..observed }
            }
            _ => Self {
                response: if advises { "Execute" } else { "Monitor" },
                urgency: "Immediate",
                // What is only looked into, and has not been seen at any service, is a suspicion.
                certainty: if content.services.iter().any(is_affected) { "Observed" } else { "Possible" },
                ..observed
            },
        }
    }
}

/// Never `Extreme`: that is for the authority that warns of threats to the lives of many.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Severe",
        Severity::Serious => "Moderate",
        Severity::Info | Severity::Minor | Severity::Moderate => "Minor",
    }
}

/// Until when receivers show it, unless another message comes.
pub(super) fn expires(story: &Story, update: &Update) -> DateTime<Utc> {
    let content = &update.content;
    if content.phase.is_over() {
        return update.published_at + UNPROMISED * 2;
    }
    let planned = story.is_planned().then_some(story.incident.ends_at).flatten();
    let promised = [planned, content.next_update_by].into_iter().flatten().max();
    let until = promised.map_or(update.published_at.max(story.incident.starts_at) + UNPROMISED, |by| by + GRACE);
    until.max(update.published_at + GRACE)
}

impl Info {
    fn of((story, update): (&Story, &Update), language: Language, desk: &Desk) -> Result<Self, RenderError> {
        let (content, words) = (&update.content, &update.content.words);
        let advice = desk.catalogue.advice_in_order(content.advice.keys(language));
        let advice: Vec<String> = advice.map(|one| inert(one.text.text(language))).collect();
        let instruction: Vec<String> = said(&words.should, language).into_iter().chain(advice).collect();
        let description =
            [&words.know, &words.unknown, &words.doing].into_iter().filter_map(|part| said(part, language));
        let facts = [fact(("cyber", &content.cyber), language, desk)?, fact(("data", &content.data), language, desk)?];
        let relations: Vec<String> =
            relations(story, update).map(|one| relation(one, language, desk)).collect::<Result<_, _>>()?;
        let facts = facts.into_iter().flatten().chain(relations);
        let description = description.chain(facts).chain(said(&words.more, language));
        let place = Place::Incident(&story.incident.slug).path(language);
        Ok(Self {
            language: match language {
                Language::Cy => "cy-GB",
                Language::En => "en-GB",
            },
            event: text(desk, language, if story.is_planned() { "cap-event-planned" } else { "cap-event-incident" })?,
            classes: Classes::of(story, update, !instruction.is_empty()),
            onset: time(story.incident.starts_at),
            expires: time(expires(story, update)),
            sender_name: full_name(&story.incident.organisation, language, desk),
            headline: at_most(&headline(update, language, desk)?, HEADLINE),
            description: description.collect::<Vec<_>>().join("\n\n"),
            instruction: instruction.join("\n"),
            web: desk.site.absolute(language, &format!("{place}#update-{}", update.number)),
            contact: desk.site.contact.as_deref().map(one_line),
            parameters: parameters(update),
            areas: content.organisations.iter().map(|key| Area::of(key, language, desk)).collect(),
        })
    }
}

/// The text in exactly this language.
fn said(text: &Localized, language: Language) -> Option<String> {
    text.get(language).map(|text| inert(text).trim().to_owned())
}

fn one_line(text: &str) -> String {
    domain::text::single_line(&inert(text))
}

fn full_name(key: &str, language: Language, desk: &Desk) -> String {
    one_line(desk.catalogue.organisation(key).map_or(key, |one| one.name.text(language)))
}

/// A question that everybody asks, with its answer and who gave it; none while nobody knows.
fn fact((question, fact): (&str, &Fact), language: Language, desk: &Desk) -> Result<Option<String>, RenderError> {
    if fact.answer == Answer::NotKnown {
        return Ok(None);
    }
    let asked = text(desk, language, &format!("page-{question}"))?;
    let answer = text(desk, language, &format!("page-{question}-{}", fact.answer.key().replace('_', "-")))?;
    Ok(Some(with_source(format!("{asked} {answer}"), source(fact.stated_by.as_deref(), language, desk)?)))
}

/// The headline; that of a correction says that it is one.
fn headline(update: &Update, language: Language, desk: &Desk) -> Result<String, RenderError> {
    let title = one_line(update.content.words.title.text(language));
    match update.purpose {
        Purpose::Correction => Ok(format!("{}: {title}", text(desk, language, "upd-correction")?)),
        Purpose::Update | Purpose::Withdrawal => Ok(title),
    }
}

/// What is said of another incident, with its short link: headlines change, and a message does not.
fn relation(one: &Relation, language: Language, desk: &Desk) -> Result<String, RenderError> {
    let said = text(
        desk,
        language,
        match one.kind {
            RelationKind::Related => "inc-related",
            RelationKind::NotRelated => "inc-not-related",
        },
    )?;
    let said = with_source(said, source(one.stated_by.as_deref(), language, desk)?);
    // At the end of its line: programs that find addresses in texts take the comma behind one for a part of it.
    Ok(format!("{said}: {}", desk.site.short_link(language, one.number)))
}

/// The words for who says something; none when nobody is named.
fn source(by: Option<&str>, language: Language, desk: &Desk) -> Result<Option<String>, RenderError> {
    let by = by.filter(|by| !by.trim().is_empty());
    let by = by.map(|by| Args::from([("by".to_owned(), one_line(desk.catalogue.source(by, language)).into())]));
    by.map(|by| desk.renderer.text(language, "page-says", &by)).transpose()
}

fn with_source(line: String, by: Option<String>) -> String {
    match by {
        Some(by) => format!("{line}, {by}"),
        None => line,
    }
}

/// What the protocol has no word for, in ours.
fn parameters(update: &Update) -> Vec<(&'static str, String)> {
    let content = &update.content;
    let mut all = vec![
        ("hysbys-update", update.number.to_string()),
        ("hysbys-phase", content.phase.key().to_owned()),
        ("hysbys-severity", content.severity.key().to_owned()),
    ];
    all.extend(content.next_update_by.map(|by| ("hysbys-next-update-by", time(by))));
    if update.purpose == Purpose::Correction {
        all.push(("hysbys-corrects", (update.number - 1).to_string()));
    }
    all
}

impl Area {
    fn of(key: &str, language: Language, desk: &Desk) -> Self {
        let name = full_name(key, language, desk);
        let organisation = desk.catalogue.organisation(key);
        let places = organisation.map(|one| one_line(one.area.text(language))).filter(|places| !places.is_empty());
        let is_nation = organisation.is_some_and(|one| one.kind == OrganisationKind::Nation);
        let description = match places {
            Some(places) if is_nation => places,
            Some(places) => format!("{name}: {places}"),
            None => name,
        };
        Self { description, organisation: inert(key) }
    }
}
