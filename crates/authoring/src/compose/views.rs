//! An update as its templates see it: on the page, in a mail, and in the preview.

use chrono::{DateTime, Utc};
use domain::fact::{Certainty, Fact};
use domain::revision::Purpose;
use domain::{Catalogue, Content, Incident, Language, Localized, Relation, Site};
use render::View;
use serde::Serialize;

use crate::wording::relation_key;

/// One update in one language, ready to be laid out. Texts are plain; templates escape them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Update {
    pub(crate) subject: String,
    title: String,
    /// The body that speaks.
    body: String,
    phase: &'static str,
    /// It corrects the update before it, and says so first.
    correction: bool,
    severity: &'static str,
    blocks: Vec<Block>,
    /// Advice lines, emergency first.
    advice: Vec<Line>,
    services: Vec<ServiceLine>,
    areas: Vec<String>,
    cause: CauseLine,
    cyber: FactLine,
    data: FactLine,
    relations: Vec<RelationLine>,
    next_update_by: Option<DateTime<Utc>>,
    /// When the problem began, once somebody knows.
    started_at: Option<DateTime<Utc>>,
    link: String,
    other_link: String,
    other_language: Option<&'static str>,
    /// The home page, to choose alerts anew.
    alerts_url: String,
}

/// One of the parts, such as "What we know".
#[derive(Clone, Debug, Serialize)]
struct Block {
    /// The key of its heading.
    heading: &'static str,
    paragraphs: Vec<String>,
    /// The language that the words are in, where it is not the language around them.
    lang: Option<&'static str>,
    /// Advice stands under this part.
    with_advice: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    text: String,
    lang: Option<&'static str>,
    emergency: bool,
}

#[derive(Clone, Debug, Serialize)]
struct ServiceLine {
    name: String,
    system: &'static str,
    care: &'static str,
    shown: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct CauseLine {
    name: String,
    certainty: &'static str,
    stated_by: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct FactLine {
    answer: &'static str,
    stated_by: Option<String>,
    stated_at: Option<DateTime<Utc>>,
}

/// What is said of another incident. Its headline may change until this goes out, so that its short link stands for it.
#[derive(Clone, Debug, Serialize)]
struct RelationLine {
    /// The key of the words.
    key: &'static str,
    link: String,
    stated_by: Option<String>,
    stated_at: Option<DateTime<Utc>>,
}

impl Update {
    pub(crate) fn new(
        (catalogue, site): (&Catalogue, &Site),
        incident: &Incident,
        (purpose, content): (Purpose, &Content),
        language: Language,
    ) -> Self {
        let words = &content.words;
        let other = language.other();
        let short = |text: &Localized| text.text(language).to_owned();
        let bodies = content.organisations.iter().filter_map(|key| catalogue.organisation(key));
        let subject = if words.subject.is_empty() { &words.title } else { &words.subject };
        Self {
            subject: short(subject),
            title: short(&words.title),
            body: bodies.clone().next().map_or_else(String::new, |one| short(&one.name)),
            phase: crate::wording::told_phase(content.phase, &content.cause),
            correction: purpose == Purpose::Correction,
            severity: content.severity.key(),
            blocks: blocks(content, language),
            advice: advice(catalogue, content, language),
            services: services(catalogue, content, language),
            areas: bodies.map(|one| short(&one.short)).collect(),
            cause: CauseLine {
                name: catalogue.cause(&content.cause.key).map_or_else(String::new, |one| short(&one.name)),
                certainty: certainty(content.cause.standing()),
                stated_by: source(catalogue, content.cause.stated_by.as_deref(), language),
            },
            cyber: fact(catalogue, &content.cyber, language),
            data: fact(catalogue, &content.data, language),
            relations: relations((catalogue, site), content, language),
            next_update_by: content.next_update_by,
            started_at: content.started_at,
            link: site.short_link(language, incident.number),
            other_link: site.short_link(other, incident.number),
            other_language: incident.languages.contains(&other).then_some(other.code()),
            alerts_url: site.alerts(language),
        }
    }
}

fn blocks(content: &Content, language: Language) -> Vec<Block> {
    let words = &content.words;
    let parts = [
        ("inc-we-know", &words.know),
        ("inc-we-dont-know", &words.unknown),
        ("inc-we-are-doing", &words.doing),
        ("inc-you-should", &words.should),
        ("upd-hear-more", &words.more),
    ];
    let has_advice = !content.advice.keys(language).is_empty();
    let mut blocks = Vec::new();
    for (heading, text) in parts {
        let with_advice = heading == "inc-you-should" && has_advice;
        let found = text.best(language);
        if found.is_none() && !with_advice {
            continue;
        }
        let lang = found.map(|(found, _)| found).filter(|found| *found != language).map(Language::tag);
        let paragraphs = found.map_or_else(Vec::new, |(_, text)| paragraphs(text));
        blocks.push(Block { heading, paragraphs, lang, with_advice });
    }
    blocks
}

fn advice(catalogue: &Catalogue, content: &Content, language: Language) -> Vec<Line> {
    let lines = catalogue.advice_in_order(content.advice.keys(language));
    lines
        .map(|one| {
            let (found, text) = one.text.best(language).unwrap_or((language, ""));
            let lang = (found != language).then_some(found.tag());
            Line { text: text.to_owned(), lang, emergency: one.emergency }
        })
        .collect()
}

fn services(catalogue: &Catalogue, content: &Content, language: Language) -> Vec<ServiceLine> {
    let lines = content.services_in(catalogue).map(|(state, service)| ServiceLine {
        name: service.name.text(language).to_owned(),
        system: state.system.key(),
        care: state.care.key(),
        shown: state.shown().key(),
    });
    lines.collect()
}

/// Author text is plain text: a line end begins a new paragraph, and nothing else in it means anything.
fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn fact(catalogue: &Catalogue, fact: &Fact, language: Language) -> FactLine {
    let stated_by = source(catalogue, fact.stated_by.as_deref(), language);
    FactLine { answer: fact.answer.key(), stated_by, stated_at: fact.stated_at }
}

fn relations((catalogue, site): (&Catalogue, &Site), content: &Content, language: Language) -> Vec<RelationLine> {
    let line = |one: &Relation| RelationLine {
        key: relation_key(one.kind),
        link: site.short_link(language, one.number),
        stated_by: source(catalogue, one.stated_by.as_deref(), language),
        stated_at: one.stated_at,
    };
    content.relations.iter().map(line).collect()
}

fn source(catalogue: &Catalogue, said: Option<&str>, language: Language) -> Option<String> {
    said.map(|said| catalogue.source(said, language).to_owned())
}

pub(crate) const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Unknown => "unknown",
        Certainty::Suspected => "suspected",
        Certainty::Confirmed => "confirmed",
    }
}

/// The update as the page shows it, without the time of its publication.
#[derive(Debug, Serialize)]
pub(crate) struct Fragment {
    pub(crate) update: Update,
}

impl View for Fragment {
    const TEMPLATE: &'static str = "update/fragment.html";
}

/// The plain text of a mail.
#[derive(Debug, Serialize)]
pub(crate) struct MailPlain {
    pub(crate) update: Update,
    pub(crate) leave_url: &'static str,
}

impl View for MailPlain {
    const TEMPLATE: &'static str = "mail/update.txt";
}

/// The HTML of a mail.
#[derive(Debug, Serialize)]
pub(crate) struct MailHtml {
    pub(crate) update: Update,
    pub(crate) leave_url: &'static str,
}

impl View for MailHtml {
    const TEMPLATE: &'static str = "mail/update.html";
}
