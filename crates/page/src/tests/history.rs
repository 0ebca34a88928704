//! What months add up to, what an incident says of who said what since when, and the five parts of its newest update.

use std::sync::Arc;

use chrono::Duration;
use domain::fact::{Answer, Cause, Certainty, Fact};
use domain::{Localized, Phase, Severity};

use super::fixture::{at, catalogue, content, edition, now, page, page_with, story, text};
use crate::model::{Model, Story};

fn model(stories: impl IntoIterator<Item = Story>) -> Model {
    let mut model = Model { catalogue: Arc::new(catalogue()), ..Model::default() };
    stories.into_iter().for_each(|story| model.put(story));
    model
}

/// A problem that the public was told of after so many minutes, and that went on for these minutes more.
fn problem(number: i64, told_after: i64, lasted: Option<i64>) -> Story {
    let title = Localized::both(format!("Problem {number}"), format!("Problem {number}"));
    let mut updates = vec![content(title.clone(), Phase::Identified, "pthb")];
    updates.extend(lasted.map(|_| content(title, Phase::Resolved, "pthb")));
    let mut problem = story(number, "pthb", at("09:00"), updates);
    problem.incident.starts_at -= Duration::minutes(told_after);
    if let Some(minutes) = lasted {
        problem.updates[1].published_at = problem.incident.starts_at + Duration::minutes(minutes);
    }
    problem
}

/// The row of a table of two columns.
fn row<'p>(page: &'p str, name: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!(">{name}</dt>")).unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split("</dd>").next().unwrap_or_default().rsplit('>').next().unwrap_or_default()
}

#[tokio::test]
async fn a_month_adds_up_from_the_first_day_on_and_counts_what_is_not_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut light = problem(3, 30, Some(90));
    light.updates.iter_mut().for_each(|update| update.content.severity = Severity::Minor);
    let page = page_with(folder.path(), model([problem(1, 10, Some(60)), problem(2, 20, None), light]));
    let month = text(&page.edition(), "/en/history/2018-01");
    assert_eq!(row(&month, "Incidents"), "3");
    assert_eq!(row(&month, "Serious or critical"), "2");
    assert_eq!(row(&month, "Not over yet"), "1");
    assert_eq!(row(&month, "Half of them were on this page within"), "20 minutes");
    assert_eq!(row(&month, "Half of them were over within"), "1 hour");
    assert_eq!(month.matches("<strong>Not over yet.</strong>").count(), 1, "{month}");
    assert!(text(&page.edition(), "/cy/hanes/2018-01").contains("Heb ddod i ben eto"));
    assert!(text(&page.edition(), "/en/history").contains("Problem 2"));
    // A false alarm is none of those that lasted.
    let mut false_alarm = problem(4, 5, Some(10));
    false_alarm.updates[1].content.phase = Phase::Withdrawn;
    let made = edition(&page, &now(model([problem(1, 10, Some(60)), false_alarm])), &page.edition());
    let month = text(&made, "/en/history/2018-01");
    assert_eq!((row(&month, "Incidents"), row(&month, "False alarms")), ("2", "1"));
    assert_eq!(row(&month, "Half of them were on this page within"), "10 minutes");
    assert!(!month.contains("Not over yet"));
}

#[tokio::test]
async fn who_said_what_is_told_with_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let title = Localized::both("Network", "Rhwydwaith");
    let named = |certainty| Cause { key: "network".to_owned(), certainty, stated_by: Some("NWIS".to_owned()) };
    let unsure = content(title.clone(), Phase::Investigating, "nhs-wales");
    let mut suspects = content(title.clone(), Phase::Identified, "nhs-wales");
    suspects.cause = named(Certainty::Suspected);
    suspects.data = Fact { answer: Answer::NoEvidence, stated_by: Some("NWIS".to_owned()), stated_at: None };
    let again = suspects.clone();
    let story = story(1, "nhs-wales", at("15:00"), vec![unsure, suspects, again]);
    let page = page(folder.path());
    let made = edition(&page, &now(model([story])), &page.edition());
    let path = made.documents().map(|(path, _)| path).find(|path| path.starts_with("/en/incidents/")).unwrap();
    let incident = text(&made, path);
    let told = |question: &str| {
        let (_, rest) = incident.split_once(&format!(">{question}</dt>")).unwrap();
        rest.split("</dd>").next().unwrap().to_owned()
    };
    let data = told("Is personal information affected?");
    assert!(data.contains("NWIS") && data.contains("3:20pm"), "said first in the second update: {data}");
    let cause = told("Cause");
    assert!(cause.contains("NWIS") && cause.contains("3:20pm"), "{cause}");
    let cyber = told("Is it a cyber attack?");
    assert!(cyber.contains("3:30pm"), "as it was written down: {cyber}");
}

#[tokio::test]
async fn the_newest_update_has_its_five_parts_also_when_only_the_promise_says_when_there_is_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut silent = content(Localized::both("Network", "Rhwydwaith"), Phase::Identified, "nhs-wales");
    silent.words.more = Localized::default();
    let page = page(folder.path());
    let made = edition(&page, &now(model([story(1, "nhs-wales", at("15:00"), vec![silent])])), &page.edition());
    let path = made.documents().map(|(path, _)| path).find(|path| path.starts_with("/en/incidents/")).unwrap();
    let incident = text(&made, path);
    let (_, rest) = incident.split_once("app-summary").unwrap();
    let summary = rest.split("</section>").next().unwrap();
    let headings: Vec<&str> = summary.split("<h3>").skip(1).filter_map(|rest| rest.split("</h3>").next()).collect();
    assert_eq!(headings.len(), 5, "{headings:?}");
    assert!(summary.contains("4:30pm"), "{summary}");
    assert!(incident.contains("Services not reported as affected"), "{incident}");
}
