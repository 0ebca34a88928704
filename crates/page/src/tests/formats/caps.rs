//! CAP 1.2: the rules of the schema, and those that no schema can say.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use super::super::fixture::{at, now, text};
use super::tree::{Node, read};
use super::{afternoon, edition, editions, ending, press};
use crate::model::Model;

const MANY: usize = usize::MAX;

/// The order of the schema with how often each element may stand there.
const ALERT: [(&str, std::ops::RangeInclusive<usize>); 14] = [
    ("identifier", 1..=1),
    ("sender", 1..=1),
    ("sent", 1..=1),
    ("status", 1..=1),
    ("msgType", 1..=1),
    ("source", 0..=1),
    ("scope", 1..=1),
    ("restriction", 0..=1),
    ("addresses", 0..=1),
    ("code", 0..=MANY),
    ("note", 0..=1),
    ("references", 0..=1),
    ("incidents", 0..=1),
    ("info", 0..=MANY),
];

const INFO: [(&str, std::ops::RangeInclusive<usize>); 22] = [
    ("language", 0..=1),
    ("category", 1..=MANY),
    ("event", 1..=1),
    ("responseType", 0..=MANY),
    ("urgency", 1..=1),
    ("severity", 1..=1),
    ("certainty", 1..=1),
    ("audience", 0..=1),
    ("eventCode", 0..=MANY),
    ("effective", 0..=1),
    ("onset", 0..=1),
    ("expires", 0..=1),
    ("senderName", 0..=1),
    ("headline", 0..=1),
    ("description", 0..=1),
    ("instruction", 0..=1),
    ("web", 0..=1),
    ("contact", 0..=1),
    ("parameter", 0..=MANY),
    ("resource", 0..=MANY),
    ("area", 0..=MANY),
    ("Signature", 0..=0),
];

const AREA: [(&str, std::ops::RangeInclusive<usize>); 6] = [
    ("areaDesc", 1..=1),
    ("polygon", 0..=MANY),
    ("circle", 0..=MANY),
    ("geocode", 0..=MANY),
    ("altitude", 0..=1),
    ("ceiling", 0..=1),
];

/// The words that each element may hold.
const WORDS: [(&str, &[&str]); 8] = [
    ("status", &["Actual", "Exercise", "System", "Test", "Draft"]),
    ("msgType", &["Alert", "Update", "Cancel", "Ack", "Error"]),
    ("scope", &["Public", "Restricted", "Private"]),
    (
        "category",
        &[
            "Geo",
            "Met",
            "Safety",
            "Security",
            "Rescue",
            "Fire",
            "Health",
            "Env",
            "Transport",
            "Infra",
            "CBRNE",
            "Other",
        ],
    ),
    ("responseType", &["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"]),
    ("urgency", &["Immediate", "Expected", "Future", "Past", "Unknown"]),
    ("severity", &["Extreme", "Severe", "Moderate", "Minor", "Unknown"]),
    ("certainty", &["Observed", "Likely", "Possible", "Unlikely", "Unknown"]),
];

fn moment(text: &str) -> DateTime<Utc> {
    assert!(text.len() == 25 && text.ends_with("-00:00"), "{text} is no time of the protocol");
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn assert_valid(path: &str, document: &str) -> Node {
    let alert = read(document);
    assert_eq!(
        (alert.name.as_str(), alert.attribute("xmlns")),
        ("alert", Some("urn:oasis:names:tc:emergency:cap:1.2"))
    );
    alert.assert_sequence(&ALERT);
    for element in alert.every() {
        if let Some((name, words)) = WORDS.iter().find(|(name, _)| *name == element.name) {
            assert!(words.contains(&element.text.as_str()), "{path}: {name} {}", element.text);
        }
        let is_said = !element.text.trim().is_empty() || !element.children.is_empty();
        assert!(is_said, "{path}: an empty {} confuses receivers", element.name);
    }
    for name in ["identifier", "sender"] {
        assert!(!alert.text_of(name).contains([' ', ',', '<', '&']), "{path}: {name}");
    }
    let sent = moment(alert.text_of("sent"));
    for info in alert.all("info") {
        info.assert_sequence(&INFO);
        assert!(moment(info.text_of("effective")) == sent && moment(info.text_of("expires")) > sent, "{path}");
        moment(info.text_of("onset"));
        assert!(info.text_of("headline").chars().count() <= 160, "{path}");
        assert!(info.text_of("web").starts_with("https://status.example/"), "{path}");
        info.all("area").for_each(|area| area.assert_sequence(&AREA));
        assert!(info.all("area").count() > 0, "{path}");
    }
    assert_same_in_every_language(path, &alert);
    alert
}

fn assert_same_in_every_language(path: &str, alert: &Node) {
    let infos: Vec<&Node> = alert.all("info").collect();
    let mut languages: Vec<&str> = infos.iter().map(|info| info.text_of("language")).collect();
    languages.dedup();
    assert_eq!(languages.len(), infos.len(), "{path}: one info for each language");
    assert!(languages.iter().all(|one| matches!(*one, "en-GB" | "cy-GB")), "{path}: {languages:?}");
    for name in ["urgency", "severity", "certainty", "responseType", "effective", "onset", "expires"] {
        assert!(infos.windows(2).all(|pair| pair[0].text_of(name) == pair[1].text_of(name)), "{path}: {name}");
    }
}

#[test]
fn every_message_is_valid_whatever_authors_write() {
    for (name, edition) in editions() {
        let mut identifiers = Vec::new();
        for (path, document) in
            edition.documents().filter(|(path, _)| path.starts_with("/cap/") && path.ends_with(".xml"))
        {
            let document = String::from_utf8(document.bytes().to_vec()).unwrap();
            let alert = assert_valid(path, &document);
            assert!(!document.contains("<script") && !document.contains('\u{202e}'), "{name} {path}");
            identifiers.push(alert.text_of("identifier").to_owned());
        }
        let count = identifiers.len();
        identifiers.sort();
        identifiers.dedup();
        let expected =
            [("calm", 0), ("one incident", 1)].into_iter().find(|(one, _)| one == name).map_or(13, |(_, of)| of);
        assert_eq!((identifiers.len(), count), (count, expected), "{name}");
    }
}

#[test]
fn updates_name_what_they_replace_exactly_as_it_was_sent() {
    let edition = &editions()[0].1;
    let mut told: BTreeMap<String, DateTime<Utc>> = BTreeMap::new();
    let mut chain = Vec::new();
    for update in 1..=4 {
        let alert = read(&text(edition, &format!("/cap/3-{update}.xml")));
        let references = alert.all("references").next().map_or("", |one| &one.text).to_owned();
        let sent = moment(alert.text_of("sent"));
        for reference in references.split_whitespace() {
            assert!(told[reference] <= sent, "{reference} is later");
        }
        let name = format!("{},{},{}", alert.text_of("sender"), alert.text_of("identifier"), alert.text_of("sent"));
        chain.push((alert.text_of("msgType").to_owned(), references.split_whitespace().count()));
        told.insert(name, sent);
    }
    let expected =
        [("Alert", 0), ("Cancel", 1), ("Alert", 0), ("Update", 1)].map(|(kind, named)| (kind.to_owned(), named));
    assert_eq!(chain, expected, "what was taken back is not replaced once more");
}

#[test]
fn a_message_says_both_languages_and_how_grave_it_is() {
    let edition = &editions()[0].1;
    let alert = read(&text(edition, "/cap/1-2.xml"));
    let infos: Vec<&Node> = alert.all("info").collect();
    assert_eq!(infos.iter().map(|info| info.text_of("language")).collect::<Vec<_>>(), ["cy-GB", "en-GB"]);
    let english = infos[1];
    let classes = ["responseType", "urgency", "severity", "certainty"].map(|name| english.text_of(name));
    assert_eq!(classes, ["Execute", "Immediate", "Moderate", "Observed"]);
    assert!(english.text_of("instruction").contains("Call 999") && infos[0].text_of("instruction").contains("999"));
    assert!(english.text_of("description").contains("Is it a cyber attack? No, says National Cyber Security Centre"));
    assert_eq!(moment(english.text_of("expires")), at("16:30") + Duration::hours(6));
    assert_eq!(english.one("area").text_of("areaDesc"), "All of Wales");
    // Manchester publishes in English only: nothing is said there as if it were Welsh.
    let manchester = read(&text(edition, "/cap/2-1.xml"));
    assert_eq!(manchester.one("info").text_of("language"), "en-GB");
    assert_eq!(manchester.one("info").text_of("severity"), "Severe");
    let over = read(&text(edition, "/cap/4-3.xml"));
    let info = over.all("info").next().unwrap();
    assert_eq!(
        [over.text_of("msgType"), info.text_of("responseType"), info.text_of("urgency")],
        ["Update", "AllClear", "Past"]
    );
    let planned = read(&text(edition, "/cap/5-1.xml"));
    let info = planned.all("info").next().unwrap();
    assert_eq!(
        [info.text_of("responseType"), info.text_of("urgency"), info.text_of("certainty")],
        ["Prepare", "Future", "Likely"]
    );
    assert_eq!(read(&text(edition, "/cap/6-2.xml")).text_of("msgType"), "Cancel");
}

#[test]
fn samples_are_tests_and_only_the_real_thing_is_actual() {
    let sample = &editions()[0].1;
    let demo = read(&text(sample, "/cap/1-1.xml"));
    assert_eq!(demo.text_of("status"), "Test");
    assert!(demo.text_of("note").contains("not an NHS site"));
    let real = edition(&press(false), &now(afternoon()), None);
    let alert = read(&text(&real, "/cap/1-1.xml"));
    assert_eq!(alert.text_of("status"), "Actual");
    assert_eq!(alert.all("note").count(), 0);
}

#[test]
fn a_message_is_made_once_and_kept_when_its_incident_is_forgotten() {
    let press = press(true);
    let before = edition(&press, &now(afternoon()), None);
    let mut later: Model = afternoon();
    let mut lists = (*later.catalogue).clone();
    lists.organisations.iter_mut().for_each(|one| one.name = super::super::fixture::english("Renamed"));
    later.catalogue = std::sync::Arc::new(lists);
    later.stories.remove(&4000);
    let after = edition(&press, &now(later), Some(&before));
    for path in ["/cap/1-1.xml", "/cap/3-4.xml", "/cap/4-1.xml", "/cap/4-3.xml"] {
        let (old, new) = (before.document(path).unwrap(), after.document(path).unwrap());
        assert!(std::sync::Arc::ptr_eq(old, new), "{path}");
    }
}

#[test]
fn the_feed_names_what_is_current_and_each_address_exists() {
    for (name, edition) in editions() {
        let feed = read(&text(edition, "/cap/feed.atom"));
        let addresses: Vec<&str> = feed
            .all("entry")
            .flat_map(|entry| entry.all("link").filter(|link| link.attribute("type") == Some("application/cap+xml")))
            .map(|link| link.attribute("href").unwrap().trim_start_matches("https://status.example"))
            .collect();
        assert!(addresses.iter().all(|path| edition.document(path).is_some()), "{name}: {addresses:?}");
        let expected = match *name {
            "calm" => vec![],
            "one incident" => vec!["/cap/3-1.xml"],
            _ => vec!["/cap/1-2.xml", "/cap/2-1.xml", "/cap/3-4.xml", "/cap/6-2.xml", "/cap/5-1.xml", "/cap/4-3.xml"],
        };
        assert_eq!(addresses, expected, "{name}");
    }
    assert_eq!(ending(&editions()[0].1, "/cap/feed.atom").count(), 1);
}

#[test]
fn an_area_has_a_feed_of_what_concerns_it_and_its_pages_name_it() {
    let edition = &editions()[0].1;
    let of = |area: &str| {
        let path = format!("/cap/areas/{area}/feed.atom");
        let feed = read(&text(edition, &path));
        let own = feed.all("link").find(|link| link.attribute("rel") == Some("self")).unwrap();
        assert_eq!(own.attribute("href"), Some(format!("https://status.example{path}").as_str()));
        let page = text(edition, &format!("/en/areas/{area}"));
        assert!(page.contains(&path) && !page.contains("\"/cap/feed.atom\""), "{area}");
        let id = feed.text_of("id").to_owned();
        assert!(id.ends_with(&format!(":cap/areas/{area}")), "{id}");
        let entries = feed.all("entry").map(|entry| entry.text_of("id").to_owned()).collect::<Vec<_>>();
        assert!(
            entries.iter().all(|one| text(edition, "/cap/feed.atom").contains(one)),
            "a message has one id in all feeds"
        );
        entries.len()
    };
    // Powys has its own, and what is said of the nation; Gwent the latter alone; Manchester is its own nation.
    assert_eq!((of("pthb"), of("abuhb"), of("mft")), (5, 2, 1));
}
