//! The strips of ninety days: what they count, and that they move on at midnight by themselves.

use std::sync::Arc;

use chrono::Duration;
use domain::{IncidentKind, Localized, Phase, Status};

use super::fixture::{at, catalogue, content, edition, now, page, story, text};
use crate::model::{Model, Story};

const PATH: &str = "/en/services/gp-appt";

fn model(stories: impl IntoIterator<Item = Story>) -> Model {
    let mut model = Model { catalogue: Arc::new(catalogue()), ..Model::default() };
    stories.into_iter().for_each(|story| model.put(story));
    model
}

/// A problem of GP appointments from ten in the evening until one in the morning, some days ago.
fn night(number: i64, days: i64) -> Story {
    let title = Localized::both(format!("Night {number}"), format!("Nos {number}"));
    let said = |phase| content(title.clone(), phase, "pthb");
    let from = at("22:00") - Duration::days(days);
    let mut night = story(number, "pthb", from, vec![said(Phase::Identified), said(Phase::Resolved)]);
    night.updates[1].published_at = from + Duration::hours(3);
    night
}

#[tokio::test]
async fn a_night_counts_for_both_of_its_days_and_the_table_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let edition = edition(&page, &now(model([night(1, 10), night(2, 300)])), &page.edition());
    let service = text(&edition, PATH);
    assert!(service.contains("Working normally all day on 88 of the last 90 days."), "{service}");
    assert!(service.contains("<th scope=\"row\">From 14 January 2018 to 15 January 2018</th>"), "{service}");
    assert!(service.contains("Night 1") && !service.contains("Night 2"));
    assert!(text(&edition, "/cy/gwasanaethau/gp-appt").contains("ar 88 o"));
    assert!(text(&edition, "/en/services/app").contains("on 90 of the last 90 days"));
}

#[tokio::test]
async fn old_days_are_known_when_the_words_are_not_in_memory_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let mut model = model([night(1, 10)]);
    model.stories.clear();
    assert!(text(&edition(&page, &now(model), &page.edition()), PATH).contains("on 88 of the last 90 days"));
}

#[tokio::test]
async fn what_another_nation_reports_leaves_our_days_alone() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let said = content(Localized::both("x", "x"), Phase::Identified, "mft");
    let edition = edition(&page, &now(model([story(1, "mft", at("14:00"), vec![said])])), &page.edition());
    assert!(text(&edition, PATH).contains("on 90 of the last 90 days"));
}

#[tokio::test]
async fn a_new_day_makes_an_edition_by_itself_and_only_the_strips_change() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let mut now = now(model([night(1, 1)]));
    let before = edition(&page, &now, &page.edition());
    assert_eq!(before.next_moment(), Some(at("00:00") + Duration::days(1)));
    now.at = before.next_moment().unwrap();
    let after = edition(&page, &now, &before);
    assert!(text(&before, PATH).contains("From 27 October 2017 to 22 January 2018"), "{}", text(&before, PATH));
    assert!(text(&after, PATH).contains("From 28 October 2017 to 22 January 2018"), "{}", text(&after, PATH));
    let kept = |path: &str| Arc::ptr_eq(before.document(path).unwrap(), after.document(path).unwrap());
    assert!(kept("/en/services") && kept("/en/history") && kept("/cy/ardaloedd/pthb"));
}

#[tokio::test]
async fn planned_work_counts_only_while_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let mut said = content(Localized::both("Work", "Gwaith"), Phase::Scheduled, "nhs-wales");
    said.services.iter_mut().for_each(|one| (one.system, one.care) = (Status::Maintenance, Status::Operational));
    let mut work = story(1, "nhs-wales", at("09:00") - Duration::days(30), vec![said]);
    work.incident.kind = IncidentKind::Planned;
    (work.incident.starts_at, work.incident.ends_at) = (at("01:00"), Some(at("02:00")));
    let edition = edition(&page, &now(model([work])), &page.edition());
    let service = text(&edition, PATH);
    assert!(service.contains("on 89 of the last 90 days") && service.contains("Planned work under way"), "{service}");
}
