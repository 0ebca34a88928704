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
    let gate = Gate { catalogue: &catalogue, languages: &Language::ALL, kind, public: &[], past, now: now() };
    content.problems(gate).into_iter().map(|problem| problem.code).collect()
}

fn codes(content: &Content) -> Vec<&'static str> {
    codes_after(content, Past::default())
}

#[test]
fn a_promise_lies_ahead() {
    let began = |at| codes(&Content { started_at: Some(at), ..fine() });
    assert!(began(now()).is_empty(), "it may have begun this minute");
    assert_eq!(began(now() + chrono::Duration::minutes(1)), ["start-ahead"]);
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
    let gate = Gate { catalogue: &catalogue, languages: &Language::ALL, kind, public: &[], past, now: now() };
    let late = Content { next_update_by: Some(now()), severity: Severity::Critical, ..fine() };
    assert_eq!(late.problems_in_emergency(gate), []);
    let silent = Content { next_update_by: None, ..fine() };
    assert_eq!(silent.problems_in_emergency(gate).len(), 1);
}

fn with_service(phase: Phase, system: &str, care: &str) -> Content {
    let services = serde_json::json!([{"key": "nhs111", "system": system, "care": care}]);
    let services = serde_json::from_value(services).unwrap();
    let next_update_by = fine().next_update_by.filter(|_| !phase.is_over());
    Content { phase, services, next_update_by, ..fine() }
}

#[test]
fn nobody_says_that_it_works_again_while_a_service_does_not() {
    let cases = [
        (Phase::Fixing, "outage", "outage", None),
        (Phase::Monitoring, "outage", "operational", Some("service-still-down")),
        (Phase::Monitoring, "operational", "unavailable", Some("service-still-down")),
        (Phase::Monitoring, "degraded", "partial", None),
        (Phase::Recovering, "unavailable", "recovering", Some("service-still-down")),
        (Phase::Recovering, "operational", "recovering", None),
        (Phase::Resolved, "operational", "recovering", Some("service-not-normal")),
        (Phase::Resolved, "unknown", "operational", Some("service-not-normal")),
        (Phase::Resolved, "operational", "operational", None),
        (Phase::Withdrawn, "degraded", "operational", Some("service-not-normal")),
    ];
    let ours = |code: &&str| code.starts_with("service-");
    for (phase, system, care, wanted) in cases {
        let found = codes(&with_service(phase, system, care)).into_iter().find(ours);
        assert_eq!(found, wanted, "{phase:?} {system} {care}");
    }
}

#[test]
fn advice_does_not_send_people_to_a_line_that_is_dead_unless_somebody_says_that_it_stands() {
    let mut catalogue = catalogue();
    let advice = serde_json::json!({"key": "use_111", "text": {"en": "Call 111.", "cy": "Ffoniwch 111."},
        "sms": {}, "needs": ["nhs111"], "version": 1, "owner": "clinical", "review_by": "2027-03-31"});
    catalogue.advice.push(serde_json::from_value(advice).unwrap());
    let service = serde_json::json!({"key": "nhs111", "group": "x", "name": {"en": "111", "cy": "111"}});
    catalogue.services.push(serde_json::from_value(service).unwrap());
    let told = |system: &str, stands: &[&str]| {
        let advice = crate::revision::AdviceChoice::Shared(vec!["use_111".to_owned()]);
        let advice_stands = stands.iter().map(|key| (*key).to_owned()).collect();
        let content = Content { advice, advice_stands, ..with_service(Phase::Fixing, system, "operational") };
        let kind = IncidentKind::Incident;
        let past = Past { phase: Some(Phase::Fixing), ..Past::default() };
        let gate = Gate { catalogue: &catalogue, languages: &Language::ALL, kind, public: &[], past, now: now() };
        content.problems(gate).into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(told("outage", &[]), ["advice-service-down"]);
    assert_eq!(told("outage", &["call_999"]), ["advice-service-down"], "another line was meant");
    assert_eq!(told("outage", &["use_111"]), [""; 0]);
    assert_eq!(told("partial", &[]), [""; 0]);
}

#[test]
fn letters_that_nobody_sees_are_no_words() {
    for unseen in ["\u{200b}", "\u{2060}\u{feff}", "\u{3164}", "\u{ad}", " \n\u{a0}", "\u{2800}", "\u{115f}"] {
        let blank = Content { words: crate::revision::Words { title: both(unseen), ..Default::default() }, ..fine() };
        assert_eq!(codes(&blank), ["language-missing", "language-missing"], "{unseen:?}");
    }
    let half = Localized::both("Title", "\u{200b}");
    let half = Content { words: crate::revision::Words { title: half, ..Default::default() }, ..fine() };
    assert_eq!(codes(&half), ["language-missing"]);
}
