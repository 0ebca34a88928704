//! Fills both languages from the template of the phase, so that the first update needs no typing.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use domain::fact::{Answer, Cause};
use domain::revision::Words;
use domain::template::{Filling, Template};
use domain::{Catalogue, Content, Incident, IncidentKind, Language, Localized, Severity};
use render::dates::Dates;

use super::{WORDS, words_mut, words_of};
use crate::actions::NotAlone;

/// What an incident's words are filled with.
#[derive(Clone, Copy)]
pub(crate) struct Filler<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) zone: Tz,
    pub(crate) now: DateTime<Utc>,
}

/// The words of the phase's template for what was picked, in the languages that the incident is published in.
pub(crate) fn template_words(
    filler: Filler<'_>,
    kind: IncidentKind,
    languages: &[Language],
    content: &Content,
) -> Words {
    let Some(template) = filler.catalogue.template(kind, content.phase) else { return Words::default() };
    let template = template.for_cause(&content.cause);
    let template = match content.next_update_by {
        Some(_) => template,
        None => without_promise(&template),
    };
    let next = |language| {
        let dates = Dates::new(filler.zone, language);
        Filling { next: content.next_update_by.map_or_else(String::new, |at| dates.until(at, filler.now)) }
    };
    let mut words = template.fill(content, filler.catalogue, next);
    for field in WORDS {
        if let Some(texts) = words_mut(&mut words, field) {
            *texts = only(texts, languages);
        }
    }
    words
}

/// Puts the template's words into each field that has none in any language. `given` names the fields that the author
/// left empty on purpose.
pub(crate) fn fill_empty(content: &mut Content, words: &Words, given: &[&str]) {
    for field in WORDS.into_iter().filter(|field| *field != "subject") {
        if let (Some(own), Some(new)) = (words_mut(&mut content.words, field), words_of(words, field))
            && own.is_empty()
            && !given.contains(&field)
        {
            *own = new.clone();
        }
    }
}

/// Words that were the template's before an edit, and that the edit left alone, become those of what is picked now.
/// Whatever somebody typed stays.
pub(crate) fn follow_picks(filler: Filler<'_>, incident: &Incident, before: &Content, after: &mut Content) {
    let picks = |content: &Content| Content { words: Words::default(), ..content.clone() };
    // Else a translator would change the English by nothing but the day on which the Welsh is saved.
    if picks(before) == picks(after) {
        return;
    }
    let new = template_words(filler, incident.kind, &incident.languages, after);
    let olds = dated_words(filler, incident, before);
    for field in WORDS.into_iter().filter(|field| *field != "subject") {
        let Some(untouched) = words_of(&before.words, field).filter(|words| !words.is_empty()) else { continue };
        let ready_made = olds.iter().filter_map(|old| words_of(old, field)).any(|old| reads_as(old, untouched));
        if let (Some(own), Some(new)) = (words_mut(&mut after.words, field), words_of(&new, field))
            && ready_made
            && reads_as(own, untouched)
        {
            own.clone_from(new);
        }
    }
}

fn reads_as(one: &Localized, other: &Localized) -> bool {
    Language::ALL.into_iter().all(|language| one.get(language) == other.get(language))
}

/// The template's words for a content, as they read on the day of the promise and before it: the time of the next
/// update is written with or without its day, depending on the day of writing.
fn dated_words(filler: Filler<'_>, incident: &Incident, content: &Content) -> [Words; 2] {
    [0, 2].map(|days| {
        let now = content.next_update_by.unwrap_or(filler.now) - Duration::days(days);
        template_words(Filler { now, ..filler }, incident.kind, &incident.languages, content)
    })
}

/// Why this is not a holding statement, which one person may publish alone: a mild update in exactly the words that were
/// approved beforehand, with nothing in it that was typed.
pub(crate) fn holding_refused(filler: Filler<'_>, incident: &Incident, content: &Content) -> Option<NotAlone> {
    let template = filler.catalogue.template(incident.kind, content.phase);
    // The approved words of a problem say that nobody knows the cause yet.
    let cause_is_open = incident.kind == IncidentKind::Planned || content.cause == Cause::default();
    let nothing_typed = cause_is_open
        && content.cause.stated_by.is_none()
        && content.cyber.stated_by.is_none()
        && content.data.stated_by.is_none()
        && content.relations.is_empty()
        && content.started_at.is_none()
        && content.cyber.answer == Answer::NotKnown
        && content.data.answer == Answer::NotKnown;
    if content.severity > Severity::Minor {
        return Some(NotAlone::Grave);
    }
    if !nothing_typed {
        return Some(NotAlone::Claims);
    }
    if !template.is_some_and(|one| one.holding) {
        return Some(NotAlone::NoWords);
    }
    let approved = dated_words(filler, incident, content)
        .iter()
        .any(|words| same_words(words, &content.words) && subject_fits(words, incident, &content.words));
    (!approved).then_some(NotAlone::OwnWords)
}

/// The subject of the first update is the headline of every mail that follows, so nobody may type it alone. Later on it
/// is the one that went out before.
fn subject_fits(approved: &Words, incident: &Incident, own: &Words) -> bool {
    let subject = if approved.subject.is_empty() { &approved.title } else { &approved.subject };
    incident.published_at.is_some() || Language::ALL.into_iter().all(|one| subject.get(one) == own.subject.get(one))
}

/// The subject is left out, see [`subject_fits`]; so is the note, which nobody outside reads.
fn same_words(approved: &Words, own: &Words) -> bool {
    WORDS.into_iter().filter(|field| !matches!(*field, "subject" | "staff_note")).all(|field| {
        let (Some(approved), Some(own)) = (words_of(approved, field), words_of(own, field)) else { return false };
        reads_as(approved, own)
    })
}

fn only(texts: &Localized, languages: &[Language]) -> Localized {
    let mut kept = Localized::default();
    for language in languages {
        if let Some(text) = texts.get(*language) {
            kept.set(*language, text);
        }
    }
    kept
}

/// Without a time there is no promise: sentences that name it are left out, so that none ends in "by .".
fn without_promise(template: &Template) -> Template {
    let drop = |texts: &Localized| texts.map(|_, text| drop_sentences_with(text, "{next}"));
    Template {
        title: drop(&template.title),
        know: drop(&template.know),
        unknown: drop(&template.unknown),
        doing: drop(&template.doing),
        should: drop(&template.should),
        more: drop(&template.more),
        sms: drop(&template.sms),
        post: drop(&template.post),
        ..template.clone()
    }
}

/// A placeholder followed by a space also ends a sentence: `{advice}` brings its own full stop.
fn drop_sentences_with(text: &str, name: &str) -> String {
    let pieces = text.split_inclusive(". ").flat_map(|sentence| sentence.split_inclusive("} "));
    pieces.filter(|piece| !piece.contains(name)).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sentence_promises_a_time_that_is_not_there() {
        let text = "{body}: problem ({areas}). {advice} Update by {next}. {link}";
        assert_eq!(drop_sentences_with(text, "{next}"), "{body}: problem ({areas}). {advice} {link}");
        assert_eq!(
            drop_sentences_with("Next update by {next}, on this page. We are sorry.", "{next}"),
            "We are sorry."
        );
        assert_eq!(drop_sentences_with("Next update by {next}, on this page.", "{next}"), "");
    }
}
