//! What may not be published: each rule by a content that breaks it and nothing else.

use chrono::Duration;

use super::*;
use crate::advice::CauseName;
use crate::organisation::{Organisation, OrganisationKind};
use crate::{IncidentKind, Severity};

fn now() -> DateTime<Utc> {
    "2018-01-24T15:05:00Z".parse().unwrap()
}

fn both(text: &str) -> Localized {
    Localized::both(text, text)
}

fn catalogue() -> Catalogue {
    let nation = Organisation {
        key: "nhs-wales".to_owned(),
        kind: OrganisationKind::Nation,
        parent: None,
        name: both("NHS Wales"),
        short: both("NHS Wales"),
        sms_name: both("NHS Wales"),
        area: both("Wales"),
        in_area: both("in Wales"),
        languages: Language::ALL.to_vec(),
        valid_from: None,
        valid_until: None,
        subscribable: true,
        match_words: Vec::new(),
    };
    let unknown = CauseName { key: "unknown".to_owned(), name: both("Not known yet"), staff_only: false };
    Catalogue { organisations: vec![nation], causes: vec![unknown], ..Catalogue::default() }
}

/// An update that may go out.
fn fine() -> Content {
    let words = serde_json::json!({
        "phase": "investigating",
        "severity": "serious",
        "organisations": ["nhs-wales"],
        "next_update_by": now() + Duration::minutes(30),
        "title": {"en": "Title", "cy": "Teitl"},
    });
    serde_json::from_value(words).unwrap()
}

fn codes_after(content: &Content, past: Past) -> Vec<&'static str> {
    let catalogue = catalogue();
    let kind = IncidentKind::Incident;
    let gate = Gate { catalogue: &catalogue, languages: &Language::ALL, kind, past, now: now() };
    content.problems(gate).into_iter().map(|problem| problem.code).collect()
}

fn codes(content: &Content) -> Vec<&'static str> {
    codes_after(content, Past::default())
}

#[test]
fn a_promise_lies_ahead() {
    let promised = |by| codes(&Content { next_update_by: Some(by), ..fine() });
    assert_eq!(promised(now() + Duration::milliseconds(1)), [""; 0]);
    for passed in [now(), now() - Duration::hours(1)] {
        assert_eq!(promised(passed), ["next-update-passed"], "{passed}");
    }
    assert_eq!(codes(&Content { next_update_by: None, ..fine() }), ["next-update-missing"]);
}

#[test]
fn an_emergency_excuses_a_promise_that_grew_old_and_no_missing_one() {
    let catalogue = catalogue();
    let (kind, past) = (IncidentKind::Incident, Past::default());
    let gate = Gate { catalogue: &catalogue, languages: &Language::ALL, kind, past, now: now() };
    let late = Content { next_update_by: Some(now()), severity: Severity::Critical, ..fine() };
    assert_eq!(late.problems_in_emergency(gate), []);
    let silent = Content { next_update_by: None, ..fine() };
    assert_eq!(silent.problems_in_emergency(gate).len(), 1);
}
