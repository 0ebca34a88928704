//! The Statuspage API, as strict as its strictest clients.

use domain::{Phase, Status};
use serde_json::Value;

use super::super::fixture::{at, now, text};
use super::{afternoon, edition, editions, press};

/// Written out once more: clients have these addresses in their own code, so a change of ours must fail here.
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

const INCIDENT_STATES: [&str; 5] = ["investigating", "identified", "monitoring", "resolved", "postmortem"];
const WORK_STATES: [&str; 4] = ["scheduled", "in_progress", "verifying", "completed"];
const COMPONENT_STATES: [&str; 5] =
    ["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"];

/// Three digits of milliseconds and a `Z`: one client fails on none, another on nine.
fn assert_time(value: &Value) {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no time"));
    assert!(text.len() == 24 && text.ends_with('Z') && text.as_bytes()[19] == b'.', "{text}");
    chrono::DateTime::parse_from_rfc3339(text).unwrap();
}

fn assert_maybe_time(value: &Value) {
    if !value.is_null() {
        assert_time(value);
    }
}

fn assert_keys(value: &Value, keys: &[&str]) {
    let missing: Vec<_> = keys.iter().filter(|key| value.get(**key).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?} not in {value}");
}

fn assert_id(value: &Value) {
    let id = value.as_str().expect("an id is a string");
    assert!(id.len() == 12 && id.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit()), "{id}");
}

fn assert_component(component: &Value) {
    assert_keys(
        component,
        &[
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "position",
            "description",
            "showcase",
            "start_date",
            "group_id",
            "page_id",
            "group",
            "only_show_if_degraded",
        ],
    );
    assert_id(&component["id"]);
    assert!(COMPONENT_STATES.contains(&component["status"].as_str().unwrap()), "{component}");
    assert_time(&component["created_at"]);
    assert_time(&component["updated_at"]);
    let is_group = component["group"].as_bool().unwrap();
    assert_eq!(is_group, component.get("components").is_some(), "only groups name members");
    assert!(!is_group || component["group_id"].is_null());
}

fn assert_incident(incident: &Value, states: &[&str]) {
    assert_keys(
        incident,
        &[
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "monitoring_at",
            "resolved_at",
            "impact",
            "shortlink",
            "started_at",
            "page_id",
            "incident_updates",
            "components",
            "reminder_intervals",
        ],
    );
    assert_id(&incident["id"]);
    assert!(states.contains(&incident["status"].as_str().unwrap()), "{}", incident["status"]);
    let impacts: &[&str] =
        if states == WORK_STATES { &["maintenance"] } else { &["none", "minor", "major", "critical"] };
    assert!(impacts.contains(&incident["impact"].as_str().unwrap()), "{}", incident["impact"]);
    assert!(incident["name"].as_str().unwrap().chars().count() <= 255);
    ["created_at", "updated_at", "started_at"].iter().for_each(|key| assert_time(&incident[key]));
    ["monitoring_at", "resolved_at", "next_update_by"].iter().for_each(|key| assert_maybe_time(&incident[key]));
    incident["components"].as_array().unwrap().iter().for_each(assert_component);
    let updates = incident["incident_updates"].as_array().unwrap();
    assert!(!updates.is_empty(), "an incident without an update breaks clients");
    let times: Vec<&str> = updates.iter().map(|one| one["created_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one >= next), "newest first");
    updates.iter().for_each(|update| assert_update(update, &incident["id"], states));
}

fn assert_update(update: &Value, incident: &Value, states: &[&str]) {
    assert_keys(
        update,
        &[
            "id",
            "status",
            "body",
            "incident_id",
            "created_at",
            "updated_at",
            "display_at",
            "affected_components",
            "deliver_notifications",
            "custom_tweet",
            "tweet_id",
        ],
    );
    assert_id(&update["id"]);
    assert_eq!(&update["incident_id"], incident);
    assert!(states.contains(&update["status"].as_str().unwrap()));
    let body = update["body"].as_str().unwrap();
    assert!(body.chars().count() <= 25_000 && !body.contains(['\u{202e}', '\u{0}', '\u{8}']));
    ["created_at", "updated_at", "display_at"].iter().for_each(|key| assert_time(&update[key]));
    for affected in update["affected_components"].as_array().unwrap() {
        for key in ["old_status", "new_status"] {
            assert!(COMPONENT_STATES.contains(&affected[key].as_str().unwrap()), "{affected}");
        }
    }
}

#[test]
fn every_answer_keeps_the_rules_that_clients_rely_on() {
    for (name, edition) in editions() {
        for base in ["/api/v2/", "/cy/api/v2/"] {
            let mut ids = std::collections::BTreeSet::new();
            for file in FILES {
                let answer: Value = serde_json::from_str(&text(edition, &format!("{base}{file}"))).unwrap();
                assert_keys(&answer["page"], &["id", "name", "url", "time_zone", "updated_at"]);
                assert_time(&answer["page"]["updated_at"]);
                ids.insert(answer["page"]["id"].as_str().unwrap().to_owned());
                let list = |key: &str| answer.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
                list("components").iter().for_each(assert_component);
                list("incidents").iter().for_each(|one| assert_incident(one, &INCIDENT_STATES));
                for work in list("scheduled_maintenances") {
                    assert_incident(&work, &WORK_STATES);
                    assert_time(&work["scheduled_for"]);
                    assert_maybe_time(&work["scheduled_until"]);
                }
                if let Some(status) = answer.get("status") {
                    let indicator = status["indicator"].as_str().unwrap();
                    assert!(["none", "minor", "major", "critical"].contains(&indicator), "{name}: {indicator}");
                }
            }
            assert_eq!(ids.len(), 1, "{name}: one page has one id");
        }
    }
}

#[test]
fn planned_work_moves_through_the_lists_by_the_clock() {
    let press = press(true);
    let mut moment = now(afternoon());
    let mut previous = edition(&press, &moment, None);
    for (clock, state, upcoming, active) in
        [("21:00", "scheduled", 1, 0), ("22:30", "in_progress", 0, 1), ("22:31", "in_progress", 0, 1)]
    {
        moment.at = at(clock);
        previous = edition(&press, &moment, Some(&previous));
        assert_lists(&previous, state, (upcoming, active));
    }
    moment.at = at("23:00") + chrono::Duration::hours(4);
    previous = edition(&press, &moment, Some(&previous));
    assert_lists(&previous, "completed", (0, 0));
}

fn assert_lists(edition: &crate::Edition, state: &str, (upcoming, active): (usize, usize)) {
    let read = |file: &str| -> Value {
        serde_json::from_str(&text(edition, &format!("/api/v2/scheduled-maintenances{file}.json"))).unwrap()
    };
    let count = |file: &str| read(file)["scheduled_maintenances"].as_array().unwrap().len();
    assert_eq!((count("/upcoming"), count("/active")), (upcoming, active), "{state}");
    let all = read("")["scheduled_maintenances"].as_array().unwrap().clone();
    assert!(all.iter().any(|one| one["status"] == state), "{state}: {all:?}");
}

#[test]
fn a_backlog_goes_out_as_monitoring_and_never_as_a_word_of_ours() {
    let press = press(true);
    let mut model = afternoon();
    let mut story = (*model.stories[&1000]).clone();
    let newest = story.updates.last_mut().unwrap();
    newest.content.phase = Phase::Recovering;
    newest.content.services[0].care = Status::Recovering;
    model.put(story);
    let edition = &edition(&press, &now(model), None);
    let answer: Value = serde_json::from_str(&text(edition, "/api/v2/incidents/unresolved.json")).unwrap();
    let incident =
        answer["incidents"].as_array().unwrap().iter().find(|one| one["phase"] == "recovering").unwrap().clone();
    assert_eq!(incident["status"], "monitoring");
    assert_time(&incident["monitoring_at"]);
    assert_eq!(incident["late"], false);
    assert_incident(&incident, &INCIDENT_STATES);
}
