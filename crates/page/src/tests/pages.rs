//! What pages say, in which language, and when they say something else.

use std::sync::Arc;

use chrono::Duration;
use domain::revision::Purpose;
use domain::{IncidentKind, Localized, Phase, Status};

use crate::edition::Edition;

use super::fixture::{WALES, at, catalogue, content, edition, model, now, page, page_with, story, text};
use crate::model::Model;

#[tokio::test]
async fn the_home_page_says_the_state_of_wales_first_and_labels_manchester() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let home = text(&page.edition(), "/en/");
    assert!(home.contains(&format!("<h1>{WALES}</h1>")), "{home}");
    let (todo, wales) = (home.find("id=\"do\"").unwrap(), home.find("incident-1").unwrap());
    let (services, manchester) = (home.find("class=\"app-rows").unwrap(), home.find("Manchester University").unwrap());
    assert!(todo < wales && wales < services && services < manchester, "Manchester is severer, and still not first");
    assert!(home.contains("Manchester University NHS Foundation Trust"));
    assert!(home.find("Call 999").unwrap() < home.find("call 111").unwrap(), "emergency lines come first");
    assert!(home.contains("National Cyber Security Centre"));
}

#[tokio::test]
async fn a_service_shows_both_statuses_and_manchester_does_not_make_wales_red() {
    let folder = tempfile::tempdir().unwrap();
    let mut model = Model { catalogue: Arc::new(catalogue()), ..Model::default() };
    model.put(story(2, "mft", at("14:00"), vec![content(Localized::both("x", ""), Phase::Identified, "mft")]));
    let page = page_with(folder.path(), model);
    let services = text(&page.edition(), "/en/services");
    assert!(!services.contains("class=\"nhsuk-tag nhsuk-tag--red"), "{services}");
    let page = page_with(folder.path(), super::fixture::model());
    let services = text(&page.edition(), "/en/services");
    assert!(services.contains("Computer system: Not working. Service to patients: Partly working."), "{services}");
}

/// The Government Digital Service had to turn this around on Statuspage.
#[tokio::test]
async fn what_is_over_stands_below_what_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut model = model();
    let title = || Localized::both("Phones work again", "Mae'r ffonau'n gweithio eto");
    model.put(story(9, "pthb", at("13:00"), vec![content(title(), Phase::Resolved, "pthb")]));
    let page = page_with(folder.path(), model);
    for (path, now, past) in
        [("/en/", "Current problems", "Recently over"), ("/cy/", "Problemau presennol", "Wedi dod i ben yn ddiweddar")]
    {
        let home = text(&page.edition(), path);
        let place = |words: &str| home.find(&format!("{words}</h2>")).unwrap_or_else(|| panic!("{words}: {home}"));
        assert!(place(now) < place(past), "{path}");
    }
}

#[tokio::test]
async fn the_home_page_fits_into_the_first_packets() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    for path in ["/en/", "/cy/"] {
        let size = page.edition().document(path).unwrap().smallest();
        assert!(size <= 14 * 1024, "{path} has {size} bytes");
    }
}

#[tokio::test]
async fn what_is_only_in_english_is_marked_as_english_on_the_welsh_page() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let edition = page.edition();
    let welsh =
        edition.documents().map(|(path, _)| path).find(|path| path.starts_with("/cy/digwyddiadau/2018-01-24-a"));
    let welsh = text(&edition, welsh.unwrap());
    assert!(welsh.contains("<p lang=\"en-GB\">Our network is down.</p>"), "{welsh}");
    assert!(
        welsh.contains("Yn Saesneg yn unig mae&#x27;r sefydliad hwn yn cyhoeddi.")
            || welsh.contains("Yn Saesneg yn unig mae'r sefydliad hwn yn cyhoeddi.")
    );
    assert!(welsh.contains("<html lang=\"cy\">"));
}

#[tokio::test]
async fn an_update_becomes_late_by_the_clock_alone() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let mut now = now(model());
    let before = edition(&page, &now, &page.edition());
    assert!(!text(&before, "/en/").contains("This update is late"));
    assert_eq!(before.next_moment(), Some(at("16:30") + Duration::milliseconds(1)));
    now.at = before.next_moment().unwrap();
    let after = edition(&page, &now, &before);
    let incident =
        after.documents().map(|(path, _)| path).find(|path| path.starts_with("/en/incidents/2018-01-24-some"));
    for path in ["/en/", "/en/services/gp-appt", "/en/feed.atom", incident.unwrap()] {
        assert!(text(&after, path).contains("This update is late"), "{path}");
    }
    assert!(text(&after, "/cy/").contains("diweddariad hwn yn hwyr"));
    assert_ne!(before.id(), after.id());
}

#[tokio::test]
async fn only_what_changed_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let mut first = model();
    let mut over = content(Localized::both("Old", "Hen"), Phase::Resolved, "pthb");
    over.next_update_by = None;
    first.put(story(3, "pthb", at("08:00"), vec![over]));
    let before = edition(&page, &now(first.clone()), &page.edition());
    let mut second = first;
    second.version += 1;
    second.stories.remove(&3000);
    let after = edition(&page, &now(second), &before);
    let kept = |path: &str| Arc::ptr_eq(before.document(path).unwrap(), after.document(path).unwrap());
    assert!(kept("/en/incidents/2018-01-24-old"), "an old incident that is not in memory any more stays");
    assert!(kept("/en/accessibility") && kept("/cy/gwasanaethau"));
    let for_the_press = |one: &Edition| one.document("/en/press/2018-01-24-old").is_some();
    assert!(for_the_press(&before) && !for_the_press(&after), "its page for the press leads to it now");
    assert_eq!(before.documents().count(), after.documents().count() + 2);
}

#[tokio::test]
async fn planned_work_begins_and_ends_by_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let mut planned = content(Localized::both("Work on the app", "Gwaith ar yr ap"), Phase::Scheduled, "nhs-wales");
    planned.services[1].system = Status::Maintenance;
    planned.services[1].care = Status::Operational;
    planned.services.remove(0);
    planned.next_update_by = None;
    let mut work = story(5, "nhs-wales", at("09:00"), vec![planned]);
    work.incident.kind = IncidentKind::Planned;
    (work.incident.starts_at, work.incident.ends_at) = (at("18:00"), Some(at("20:00")));
    let mut model = Model { catalogue: Arc::new(catalogue()), ..Model::default() };
    model.put(work);
    let mut now = now(model);
    let ahead = edition(&page, &now, &page.edition());
    assert_eq!(ahead.next_moment(), Some(at("18:00")));
    assert!(text(&ahead, "/en/planned").contains("Coming up"));
    assert!(!text(&ahead, "/en/services").contains("class=\"nhsuk-tag nhsuk-tag--grey"));
    assert!(text(&ahead, "/api/v2/status.json").contains("\"none\""));
    now.at = at("18:00");
    let underway = edition(&page, &now, &ahead);
    assert!(text(&underway, "/en/planned").contains("Under way now"));
    assert!(text(&underway, "/en/services").contains("class=\"nhsuk-tag nhsuk-tag--grey"));
    assert!(text(&underway, "/api/v2/status.json").contains("\"maintenance\""));
    now.at = at("20:00");
    let over = edition(&page, &now, &underway);
    assert!(text(&over, "/en/planned").contains("No work is planned"));
    assert!(text(&over, "/en/planned.ics").contains("UID:planned-5@status.example\r\n"));
}

#[tokio::test]
async fn doubt_is_said_where_the_present_is_spoken_of() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let mut now = now(model());
    now.unconfirmed_since = Some(at("15:50"));
    let edition = edition(&page, &now, &page.edition());
    for path in ["/en/", "/en/services", "/en/areas/pthb"] {
        assert!(text(&edition, path).contains("since 3:50pm, Wednesday 24 January 2018"), "{path}");
    }
    assert!(!text(&edition, "/en/privacy").contains("make sure of this information"));
}

#[tokio::test]
async fn an_area_shows_national_news_and_says_that_it_has_not_reported_itself() {
    let folder = tempfile::tempdir().unwrap();
    let page = page_with(folder.path(), model());
    let powys = text(&page.edition(), "/en/areas/pthb");
    assert!(powys.contains(WALES) && powys.contains("has not reported"), "{powys}");
    assert!(!powys.contains("Manchester"));
    assert!(text(&page.edition(), "/cy/ardaloedd/pthb").contains("Bwrdd Iechyd Addysgu Powys"));
}

#[tokio::test]
async fn a_board_that_has_not_reported_is_not_green_and_one_that_has_speaks_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut model = model();
    let own = content(Localized::both("Phones at Brecon", "Ffonau Aberhonddu"), Phase::Investigating, "pthb");
    model.put(story(3, "pthb", at("15:30"), vec![own]));
    let edition = page_with(folder.path(), model).edition();
    let home = text(&edition, "/en/");
    assert!(home.contains("Organisations with news of their own: 1 of 7."), "{home}");
    let wales =
        edition.documents().map(|(path, _)| path).find(|path| path.starts_with("/en/incidents/2018-01-24-some"));
    let wales = text(&edition, wales.unwrap());
    let boards = wales.split_once("What each organisation says").unwrap().1;
    assert!(boards.find("Phones at Brecon").unwrap() < boards.find("No report yet from").unwrap(), "{boards}");
    assert!(wales.contains("Nobody has said that these have to do with this problem"));
    let brecon = text(&edition, "/en/incidents/2018-01-24-phones-at-brecon");
    assert!(brecon.contains("Areas not reported as affected") && !brecon.contains("Manchester hospitals,"), "{brecon}");
    let powys = text(&edition, "/en/areas/pthb");
    assert!(powys.contains("What this organisation says") && !powys.contains("has not reported"), "{powys}");
    assert!(text(&edition, "/en/areas/bcuhb").contains("has not reported"));
    assert!(text(&edition, "/en/areas").contains("No report from this organisation yet"));
}

#[tokio::test]
async fn a_corrected_update_and_a_false_alarm_stay_readable_as_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut model = Model { catalogue: Arc::new(catalogue()), ..Model::default() };
    let title = |title: &str| Localized::both(title, title);
    let said = |words, phase| content(title(words), phase, "pthb");
    let mut wrong =
        story(1, "pthb", at("15:00"), vec![said("Wrong", Phase::Identified), said("Right", Phase::Identified)]);
    wrong.updates[1].purpose = Purpose::Correction;
    let mut alarm =
        story(2, "pthb", at("14:00"), vec![said("Alarm", Phase::Investigating), said("Alarm", Phase::Withdrawn)]);
    alarm.updates[1].purpose = Purpose::Withdrawal;
    model.put(wrong);
    model.put(alarm);
    let edition = page_with(folder.path(), model).edition();
    let corrected = text(&edition, "/en/incidents/2018-01-24-wrong");
    assert!(
        corrected.contains("<s>Wrong</s>") && corrected.contains("This corrects the update before it"),
        "{corrected}"
    );
    assert!(corrected.contains("id=\"update-1\"") && corrected.contains("href=\"#update-2\""));
    let alarm = text(&edition, "/en/incidents/2018-01-24-alarm");
    assert!(alarm.contains("This was a false alarm"), "{alarm}");
    assert!(text(&edition, "/en/services/gp-appt").contains("Working normally all day on 89 of the last 90 days."));
}

#[tokio::test]
async fn a_review_stands_on_the_list_of_reviews_and_leads_its_incident() {
    let title = Localized::both("The blood tests were slow", "Roedd y profion gwaed yn araf");
    let said = |phase| content(title.clone(), phase, "pthb");
    let mut reviewed = said(Phase::Reviewed);
    reviewed.words.know =
        Localized::both("A disk was full. We watch it now.", "Roedd disg yn llawn. Rydym yn ei gwylio.");
    let mut model = model();
    model.put(story(3, "pthb", at("08:00"), vec![said(Phase::Investigating), said(Phase::Resolved), reviewed]));
    let folder = tempfile::tempdir().unwrap();
    let edition = page_with(folder.path(), model).edition();
    for (list, incident, words) in [
        ("/en/reviews", "/en/incidents/2018-01-24-the-blood-tests-were-slow", "A disk was full. We watch it now."),
        ("/cy/adolygiadau", "/cy/digwyddiadau/2018-01-24-roedd-y-profion-gwaed-yn-araf", "Roedd disg yn llawn."),
    ] {
        assert_eq!(text(&edition, list).matches(&format!("href=\"{incident}\"")).count(), 1, "{list}");
        let page = text(&edition, incident);
        let (box_of_newest, timeline) = (page.find(words), page.find("id=\"update-2\""));
        assert!(
            box_of_newest.is_some() && box_of_newest < timeline,
            "{incident}: the review stands before what was said earlier"
        );
    }
}
