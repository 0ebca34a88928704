//! What stands beside an update: that it corrects the one before, and whether two incidents are one.

use domain::{Relation, RelationKind};
use serde_json::Value;

use super::super::fixture::{at, now, text};
use super::tree::read;
use super::{afternoon, edition, press};
use crate::edition::Edition;
use crate::model::{Model, Story};

const SOURCE: &str = "National <Cyber> Security Centre";

/// The afternoon on which Wales says that it has to do with Powys and not with Manchester.
fn related() -> Model {
    let mut model = afternoon();
    let said =
        |number, kind| Relation { number, kind, stated_by: Some(SOURCE.to_owned()), stated_at: Some(at("15:10")) };
    let mut wales: Story = (*model.stories[&1000]).clone();
    wales.relations = vec![said(3, RelationKind::Related), said(2, RelationKind::NotRelated)];
    model.put(wales);
    model
}

fn made() -> Edition {
    edition(&press(true), &now(related()), None)
}

fn json(edition: &Edition, path: &str) -> Value {
    serde_json::from_str(&text(edition, path)).unwrap()
}

#[test]
fn every_format_says_whether_two_incidents_are_one() {
    let edition = made();
    let powys = "The blood tests are slow";
    let manchester = "A&E in Manchester: only if serious";
    let line = format!("Not related: {manchester} ({SOURCE}), https://status.example/en/incidents/");

    let feed = read(&text(&edition, "/en/feed.atom"));
    let entry =
        feed.all("entry").find(|one| one.text_of("id").ends_with("incident/1/2/en")).expect("the newest update");
    assert!(entry.text_of("content").contains(&line), "{}", entry.text_of("content"));
    let links: Vec<_> = entry.all("link").filter(|one| one.attribute("rel") == Some("related")).collect();
    assert_eq!(links.len(), 1, "what is not related is no related link");
    assert_eq!(links[0].attribute("title"), Some(powys));
    let first = feed.all("entry").find(|one| one.text_of("id").ends_with("incident/1/1/en")).expect("the first update");
    assert!(!first.text_of("content").contains("Not related"), "it is said of the whole, once");

    let items = json(&edition, "/en/feed.json")["items"].clone();
    let item = items.as_array().unwrap().iter().find(|one| one["id"].as_str().unwrap().ends_with("incident/1/2/en"));
    let item = item.expect("the newest update");
    assert_eq!(item["_relations"][1]["kind"], "not_related");
    assert_eq!(item["_relations"][1]["stated_by"], SOURCE);
    assert!(item["content_text"].as_str().unwrap().contains(&line));
    assert!(text(&edition, "/en/feed.rss").contains("Not related: A&amp;amp;E in Manchester"));
    assert!(text(&edition, "/history.rss").contains("Not related: A&amp;amp;E in Manchester"));
    assert!(text(&edition, "/cy/history.atom").contains("Yn gysylltiedig: "), "in Welsh, too");

    let summary = json(&edition, "/api/v2/summary.json");
    let wales = summary["incidents"].as_array().unwrap().iter().find(|one| one["relations"][0]["name"] == powys);
    let wales = wales.expect("what Wales says");
    assert!(wales["incident_updates"][0]["body"].as_str().unwrap().contains(&line));
}

#[test]
fn an_alert_names_the_incidents_that_belong_together() {
    let edition = made();
    let newest = read(&text(&edition, "/cap/1-2.xml"));
    assert_eq!(newest.text_of("incidents"), "incident-1 incident-3");
    let info = newest.all("info").find(|one| one.text_of("language") == "en-GB").expect("in English");
    let words = info.text_of("description");
    assert!(
        words.contains("Not related, says National <Cyber> Security Centre: https://status.example/i/2"),
        "{words}"
    );
    // The first one went out before anybody had said so.
    assert_eq!(read(&text(&edition, "/cap/1-1.xml")).text_of("incidents"), "incident-1");
}

#[test]
fn a_correction_says_so_in_every_format() {
    let edition = made();
    let feed = read(&text(&edition, "/cy/feed.atom"));
    let state = |number: &str| {
        let entry = feed.all("entry").find(|one| one.text_of("id").ends_with(&format!("incident/3/{number}/cy")));
        entry.expect("an entry").text_of("summary").to_owned()
    };
    assert!(state("4").starts_with("Cywiriad: "), "{}", state("4"));
    assert!(!state("3").contains("Cywiriad"));
    assert_eq!(text(&edition, "/history.rss").matches("Correction: ").count(), 1);
    let incidents = json(&edition, "/api/v2/incidents.json");
    let bodies =
        incidents["incidents"].as_array().unwrap().iter().flat_map(|one| one["incident_updates"].as_array().unwrap());
    let marked = bodies.filter(|one| one["body"].as_str().unwrap().starts_with("Correction: "));
    assert_eq!(marked.count(), 1);
    let alert = read(&text(&edition, "/cap/3-4.xml"));
    let headlines: Vec<_> = alert.all("info").map(|one| one.text_of("headline").to_owned()).collect();
    assert_eq!(headlines, ["Cywiriad: The blood tests are slow (cy)", "Correction: The blood tests are slow"]);
}
