//! Calendars: RFC 5545 line by line.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use domain::Phase;

use super::super::fixture::{at, now, text};
use super::{afternoon, edition, editions, ending, press, work};

/// The lines of a calendar with folds undone, as name with parameters, and value.
fn lines(path: &str, calendar: &str) -> Vec<(String, String)> {
    assert!(calendar.ends_with("\r\n"), "{path}");
    for line in calendar.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75 && !line.is_empty(), "{path}: {} octets", line.len());
        assert!(!line.contains(|letter: char| letter.is_control()), "{path}: {line:?}");
    }
    let whole = calendar.replace("\r\n ", "");
    let lines = whole.trim_end_matches("\r\n").split("\r\n").map(|line| line.split_once(':').unwrap());
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The events of a calendar as name to value, after checking the frame around them.
fn events(path: &str, calendar: &str) -> Vec<BTreeMap<String, String>> {
    let lines = lines(path, calendar);
    let is = |place: usize, name: &str, value: &str| lines[place] == (name.to_owned(), value.to_owned());
    assert!(is(0, "BEGIN", "VCALENDAR") && is(lines.len() - 1, "END", "VCALENDAR"), "{path}");
    let (mut open, mut events, mut components) = (Vec::new(), Vec::new(), 0);
    for (name, value) in &lines {
        match name.as_str() {
            "BEGIN" => {
                components += usize::from(open.len() == 1);
                open.push(value.clone());
                if value == "VEVENT" {
                    events.push(BTreeMap::new());
                }
            }
            "END" => assert_eq!(open.pop().as_ref(), Some(value), "{path}"),
            _ if open.last().is_some_and(|one| one == "VEVENT") => {
                let before = events.last_mut().unwrap().insert(name.clone(), value.clone());
                assert!(before.is_none(), "{path}: {name} stands twice");
            }
            _ => {}
        }
    }
    assert!(open.is_empty() && components > 0, "{path}: a calendar has a component");
    for property in ["VERSION", "PRODID", "METHOD"] {
        assert_eq!(lines.iter().filter(|(name, _)| name == property).count(), 1, "{path}: {property}");
    }
    events
}

fn assert_event(path: &str, event: &BTreeMap<String, String>) {
    let time = |name: &str| {
        let value = event.get(name).unwrap_or_else(|| panic!("{path}: no {name}"));
        NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ").unwrap_or_else(|_| panic!("{path}: {name}:{value}"))
    };
    assert!(time("DTSTART") < time("DTEND") && time("CREATED") <= time("LAST-MODIFIED"), "{path}");
    time("DTSTAMP");
    assert!(event["UID"].ends_with("@status.example"), "{path}");
    event["SEQUENCE"].parse::<u32>().unwrap();
    assert!(matches!(event["STATUS"].as_str(), "TENTATIVE" | "CONFIRMED" | "CANCELLED"), "{path}");
    for name in ["SUMMARY", "DESCRIPTION", "LOCATION"] {
        let (name, value) =
            event.iter().find(|(one, _)| one.starts_with(name)).unwrap_or_else(|| panic!("{path}: {name}"));
        assert!(name.ends_with(";LANGUAGE=cy") || name.ends_with(";LANGUAGE=en-GB"), "{path}: {name}");
        // Only these may stand after a backslash, and no separator stands alone.
        let rest = value.replace("\\\\", "").replace("\\;", "").replace("\\,", "").replace("\\n", "");
        assert!(!rest.contains(['\\', ';', ',']), "{path}: {value}");
        assert!(!value.contains(['\u{202e}', '\u{2066}']), "{path}");
    }
}

#[test]
fn every_calendar_is_valid_whatever_authors_write() {
    for (name, edition) in editions() {
        let has_work = matches!(*name, "afternoon" | "hostile");
        let calendars: Vec<_> = ending(edition, "/planned.ics").collect();
        assert!(calendars.len() > 20, "one for each area and language");
        for (path, calendar) in calendars {
            let events = events(path, &calendar);
            events.iter().for_each(|event| assert_event(path, event));
            let all = path == "/en/planned.ics" || path.ends_with("/pthb/planned.ics");
            assert!(!all || events.len() == if has_work { 2 } else { 0 }, "{name} {path}");
        }
    }
}

#[test]
fn an_area_has_its_own_work_and_not_that_of_others() {
    let edition = &editions()[0].1;
    assert!(text(edition, "/en/areas/pthb/planned.ics").contains("UID:planned-5@status.example"));
    assert!(!text(edition, "/en/areas/abuhb/planned.ics").contains("BEGIN:VEVENT"));
    let welsh = text(edition, "/cy/ardaloedd/pthb/planned.ics");
    assert!(welsh.contains("SUMMARY;LANGUAGE=cy:Gwaith ar yr ap\\; yn y nos\\, fel arfer"), "{welsh}");
    assert!(welsh.replace("\r\n ", "").contains("LOCATION;LANGUAGE=cy:Bwrdd Iechyd Addysgu Powys"), "{welsh}");
}

#[test]
fn what_is_called_off_stays_as_cancelled_with_a_higher_sequence() {
    let press = press(true);
    let mut model = afternoon();
    let first = edition(&press, &now(model.clone()), None);
    let mut off = work(5, &[Phase::Scheduled, Phase::Cancelled]);
    off.changed = 99;
    model.put(off);
    let second = edition(&press, &now(model), Some(&first));
    let of = |edition| {
        let all = events("planned", &text(edition, "/en/planned.ics"));
        all.into_iter().find(|event| event["UID"] == "planned-5@status.example").unwrap()
    };
    let (before, after) = (of(&first), of(&second));
    assert_eq!((before["STATUS"].as_str(), after["STATUS"].as_str()), ("CONFIRMED", "CANCELLED"));
    assert!(after["SEQUENCE"].parse::<u32>().unwrap() > before["SEQUENCE"].parse().unwrap());
}

#[test]
fn the_clock_alone_says_that_work_is_under_way_and_that_word_of_it_is_late() {
    let press = press(true);
    let mut later = now(afternoon());
    let before = edition(&press, &later, None);
    later.at = at("22:30");
    let after = edition(&press, &later, Some(&before));
    let said = |edition| text(edition, "/en/planned.ics").replace("\r\n ", "");
    assert!(said(&before).contains("DESCRIPTION;LANGUAGE=en-GB:Planned\\n"), "{}", said(&before));
    assert!(said(&after).contains(":Under way now. This update is late\\n"), "{}", said(&after));
}
