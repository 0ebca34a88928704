//! Cleans what authors typed, once, before it is kept: every channel then carries the same letters.

use chrono::{DateTime, Datelike, Utc};
use domain::announcement::LEAVE_LINK;
use domain::relation::MOST_RELATIONS;
use domain::revision::Words;
use domain::{Catalogue, Content, HasKind, Localized, text};
use edge::Problem;

use super::{WORDS, words_mut};

/// The longest part that is kept at all, in letters; what may be published is shorter.
const LONGEST_KEPT: usize = 10_000;
/// The longest name of a source, in letters.
const LONGEST_SOURCE: usize = 200;
/// The longest reason for the audit log, in letters.
const LONGEST_REASON: usize = 1_000;

/// Normalises every text of the content and checks that what was picked exists. An empty list means that it can be
/// kept as a draft; whether it may be published is judged later.
pub(crate) fn clean(content: &mut Content, catalogue: &Catalogue) -> Vec<Problem> {
    let mut problems = Vec::new();
    clean_words(&mut content.words, &mut problems);
    if content.relations.len() > MOST_RELATIONS {
        problems.push(Problem::new("relations", "too-many"));
    }
    let of_relations = content.relations.iter_mut().map(|one| ("relations", &mut one.stated_by, LONGEST_SOURCE));
    let sources = [
        ("cause.stated_by", &mut content.cause.stated_by, LONGEST_SOURCE),
        ("cyber.stated_by", &mut content.cyber.stated_by, LONGEST_SOURCE),
        ("data.stated_by", &mut content.data.stated_by, LONGEST_SOURCE),
        ("early_reason", &mut content.early_reason, LONGEST_REASON),
    ];
    for (field, source, longest) in sources.into_iter().chain(of_relations) {
        let line = source.take().map(|name| text::single_line(&without_link(&name))).filter(|name| !name.is_empty());
        if line.as_deref().is_some_and(|name| text::check_length(name, longest).is_err()) {
            problems.push(Problem::new(field, "too-long"));
        }
        let clean = line.as_deref().map(text::normalise).transpose();
        let clean = clean.unwrap_or_else(|_| {
            problems.push(Problem::new(field, "letters-refused"));
            line
        });
        *source = clean.filter(|said| text::says_something(said));
    }
    let times = [
        ("next_update_by", content.next_update_by),
        ("started_at", content.started_at),
        ("cyber.stated_at", content.cyber.stated_at),
        ("data.stated_at", content.data.stated_at),
    ];
    let of_relations = content.relations.iter().map(|one| ("relations", one.stated_at));
    for (field, _) in times.into_iter().chain(of_relations).filter(|(_, at)| at.is_some_and(|at| !can_be_written(at))) {
        problems.push(Problem::new(field, "unusable"));
    }
    check_picks(content, catalogue, &mut problems);
    problems
}

fn clean_words(words: &mut Words, problems: &mut Vec<Problem>) {
    for field in WORDS {
        let Some(texts) = words_mut(words, field) else { continue };
        let mut clean = Localized::default();
        for (language, typed) in texts.iter() {
            let name = format!("{field}.{language}");
            let typed = without_link(typed);
            match text::normalise(&typed).and_then(|one| text::check_length(&one, LONGEST_KEPT).map(|()| one)) {
                Ok(one) if matches!(field, "title" | "subject") => clean.set(language, text::single_line(&one)),
                Ok(one) => clean.set(language, one.trim()),
                Err(problem) => {
                    problems.push(Problem::new(
                        name,
                        if problem.code() == "text-too-long" { "too-long" } else { "letters-refused" },
                    ));
                    clean.set(language, &typed);
                }
            }
        }
        *texts = clean;
    }
}

/// Whether every page and format can write this time. Years of five digits are no RFC 3339, and a page with one of them
/// could not be drawn any more: the last one would stay, whatever happened after.
pub(crate) fn can_be_written(at: DateTime<Utc>) -> bool {
    (1900..3000).contains(&at.year())
}

/// In a mail the placeholder would become the personal link of whoever reads it.
fn without_link(typed: &str) -> String {
    typed.replace(LEAVE_LINK, "LEAVE-LINK")
}

/// A key that is in no list is a mistake of the sender and will not become right later.
fn check_picks(content: &Content, catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let mut check = |field: &str, known: bool| {
        if !known {
            problems.push(Problem::new(field, "unknown-key"));
        }
    };
    check("organisations", content.organisations.iter().all(|key| catalogue.organisation(key).is_some()));
    check("services", content.services.iter().all(|one| catalogue.service(&one.key).is_some()));
    check("components", content.components.iter().all(|key| catalogue.components.iter().any(|one| one.key == *key)));
    check("cause.key", catalogue.cause(&content.cause.key).is_some());
    check("advice_stands", content.advice_stands.iter().all(|key| catalogue.advice.iter().any(|one| one.key == *key)));
    check("advice", content.advice.all_keys().iter().all(|key| catalogue.advice.iter().any(|one| one.key == *key)));
}
