//! Writing is interrupted: what was typed stays on the screen, and goes out when the database is back.

use std::time::Duration;

use scenarios::databases::Database;
use scenarios::waiting::until;

use super::blackout::{Blackout, Loss};
use super::browser::{Browser, Shown};
use super::ground::Ground;

/// Ten minutes of somebody's work, in the fields of the form.
const WORDS: [(&str, &str); 8] = [
    ("title.en", "Some GP \"records\" can't be opened"),
    ("title.cy", "Ni ellir agor rhai cofnodion & nodiadau"),
    ("know.en", "Since 2pm, two of our data centres do not answer."),
    ("know.cy", "Ers 2pm, nid yw dwy o'n canolfannau data yn ateb. Tŷ, dŵr."),
    ("should.en", "Come to your appointment."),
    ("should.cy", "Dewch i'ch apwyntiad."),
    ("staff_note.en", "Bronze is told. <b>Not public</b>"),
    ("cause.stated_by", "Digital Health"),
];
const TICKS: [(&str, &str); 7] = [
    ("services", "gp_appt"),
    ("services", "gp_records"),
    ("advice", "call_999"),
    ("advice", "keep_appointment"),
    ("channels", "email"),
    ("on_paper", "yes"),
    ("severity", "serious"),
];
const PICKS: [(&str, &str); 5] = [
    ("speaker", "nhs-wales"),
    ("phase", "investigating"),
    ("system", "outage"),
    ("care", "degraded"),
    ("cause", "network"),
];

/// The form, as it is sent with a button.
fn form<'a>(form_id: &'a str, next: &'a str, action: &'a str) -> Vec<(&'a str, &'a str)> {
    let rest = [("certainty", "suspected"), ("next", next), ("form_id", form_id), ("action", action)];
    [&WORDS[..], &TICKS[..], &PICKS[..], &rest[..]].concat()
}

/// Everything that was typed, ticked and chosen is on the screen again.
fn assert_kept(shown: &Shown, next: &str) {
    for (name, words) in &WORDS[..7] {
        assert_eq!(shown.typed(name), *words, "{name}");
    }
    assert_eq!(shown.value(WORDS[7].0).as_deref(), Some(WORDS[7].1));
    for (name, value) in TICKS {
        assert!(shown.ticked(name).iter().any(|one| one == value), "{name}={value}");
    }
    for (name, value) in PICKS.into_iter().chain([("certainty", "suspected"), ("next", next)]) {
        assert_eq!(shown.chosen(name).as_deref(), Some(value), "{name}");
    }
}

async fn begin(browser: &Browser) -> (String, String) {
    let page = browser.open("/incidents/new").await;
    assert_eq!(page.status, 200, "{}", page.body);
    (page.value("form_id").unwrap(), page.chosen("next").unwrap())
}

async fn nothing_typed_is_lost(database: &Database, loss: Loss) {
    let mut ground = Ground::prepare(database).await;
    let mari = ground.signed_in("mari", "en").await;
    let huw = ground.signed_in("huw", "cy").await;
    let (form_id, next) = begin(&mari).await;
    let fields = form(&form_id, &next, "submit");
    let (welsh_id, welsh_next) = begin(&huw).await;

    let blackout = Blackout::begin(&ground, loss).await;
    let refused = mari.fill_in("/incidents/new", &fields).await;
    println!("{loss:?}: told after {:?}", refused.took);
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.body.contains("We cannot save now") && refused.body.contains("Nothing that you typed is lost"));
    assert!(refused.took < Duration::from_secs(10), "{:?}", refused.took);
    assert_kept(&refused, &next);
    assert_eq!(refused.value("form_id").unwrap(), form_id, "the same form, not a second one");
    let again = mari.fill_in("/incidents/new", &fields).await;
    assert_eq!(again.status, 503, "and it can be tried as often as one likes");
    assert_kept(&again, &next);
    let welsh = huw.fill_in("/incidents/new", &form(&welsh_id, &welsh_next, "save")).await;
    assert_eq!(welsh.status, 503);
    assert!(welsh.body.contains("Ni allwn gadw nawr") && welsh.body.contains("<html lang=\"cy\">"));
    assert_kept(&welsh, &welsh_next);

    // A program that starts now knows nobody, unless it may read, and still gives back what it was sent.
    ground.kill();
    ground.start().await;
    let stranger = mari.fill_in("/incidents/new", &fields).await;
    assert_eq!(stranger.status, 503, "{}", stranger.body);
    assert!(stranger.body.contains("We cannot save now"), "{}", stranger.body);
    for (name, words) in &WORDS[..7] {
        assert_eq!(stranger.typed(name), *words, "{name}");
    }
    if loss == Loss::ReadOnly {
        assert_kept(&stranger, &next);
    }
    for (name, value) in TICKS.into_iter().chain(PICKS).filter(|_| loss != Loss::ReadOnly) {
        assert!(stranger.body.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name}");
    }

    blackout.end().await;
    until("it saves again, without a restart", async || mari.fill_in("/incidents/new", &fields).await.status == 303)
        .await;
    let sent = mari.fill_in("/incidents/new", &fields).await;
    assert!(sent.location.contains("?done=submitted"), "{} {}", sent.location, sent.body);
    let path = sent.location.split('?').next().unwrap().to_owned();
    let review = huw.open(&path).await;
    let hash = review.value("hash").expect("it can be approved");
    let approved = huw.fill_in(&format!("{path}/approve"), &[("hash", &hash)]).await;
    assert_eq!(approved.status, 303, "{}", approved.body);
    let published = mari.open(&path).await;
    assert_eq!(published.status, 200);
    let published = mari.fill_in(&format!("{path}/publish"), &[("hash", &hash)]).await;
    assert!(published.location.ends_with("?done=published"), "{}", published.body);
    until("the public reads it", async || ground.get("/cy/").await.1.contains("Ni ellir agor rhai cofnodion")).await;
    let twice = database.number("SELECT COUNT(*) FROM incident").await;
    assert_eq!(twice, 2, "one form is one incident, however often it was sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_typed_is_lost_when_the_file_is_garbage() {
    nothing_typed_is_lost(&Database::sqlite().await, Loss::Garbage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_typed_is_lost_when_a_folder_stands_in_its_place() {
    nothing_typed_is_lost(&Database::sqlite().await, Loss::Folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_typed_is_lost_when_the_server_lets_nobody_in() {
    if let Some(database) = Database::postgres().await {
        nothing_typed_is_lost(&database, Loss::Closed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_typed_is_lost_when_the_server_takes_no_changes() {
    if let Some(database) = Database::postgres().await {
        nothing_typed_is_lost(&database, Loss::ReadOnly).await;
    }
}
