//! Signing up is interrupted: the form says so kindly, keeps what was typed, and works again by itself.

use scenarios::databases::Database;
use scenarios::people::phone_contact;
use scenarios::waiting::until;

use super::blackout::{Blackout, Loss};
use super::browser::Shown;
use super::ground::Ground;

const PHONE: &str = "+447700900345";
const FORM: [(&str, &str); 6] = [
    ("channel", "sms"),
    ("mobile", "07700 900 345"),
    ("language", "cy"),
    ("area", "pthb"),
    ("area", "abuhb"),
    ("serious", "yes"),
];

fn assert_kept(shown: &Shown) {
    assert_eq!(shown.value("mobile").as_deref(), Some("07700 900 345"));
    for (name, value) in [FORM[0], FORM[2], FORM[3], FORM[4], FORM[5]] {
        assert!(shown.ticked(name).iter().any(|one| one == value), "{name}={value}");
    }
}

async fn sign_up_waits(database: &Database, loss: Loss) {
    let ground = Ground::prepare(database).await;
    let (english, welsh) = (ground.visitor("en"), ground.visitor("cy"));
    let blackout = Blackout::begin(&ground, loss).await;
    assert_eq!(english.open("/en/alerts").await.status, 200, "the form itself is always there");
    let refused = english.fill_in("/en/alerts", &FORM).await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.body.contains("We cannot save this now. Nothing is lost"), "{}", refused.body);
    assert_kept(&refused);
    let refused = welsh.fill_in("/cy/hysbysiadau", &FORM).await;
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("Ni allwn gadw hwn nawr") && refused.body.contains("999"), "{}", refused.body);
    assert_kept(&refused);
    let wrong = english.fill_in("/en/alerts", &[("channel", "sms"), ("mobile", "029 2018 0000")]).await;
    assert_eq!(wrong.status, 422, "what is wrong is said without a database");

    blackout.end().await;
    until("it answers again", async || ground.ops("/metrics").await.1.contains("hysbys_database_up 1")).await;
    let asked = english.fill_in("/en/alerts", &FORM).await;
    assert_eq!(asked.status, 200, "without a restart: {}", asked.body);
    let token = asked.value("token").unwrap();
    let code = code_on_the_phone(&ground).await;

    // The database goes away once more, between the code and its proof.
    let blackout = Blackout::begin(&ground, loss).await;
    let fields = [("token", token.as_str()), ("code", code.as_str())];
    let later = english.fill_in("/en/alerts/confirm", &fields).await;
    assert_eq!((later.status, later.value("token")), (503, Some(token.clone())), "{}", later.body);
    assert!(later.body.contains("We cannot save this now"));
    blackout.end().await;
    until("the same code still counts", async || english.fill_in("/en/alerts/confirm", &fields).await.status == 200)
        .await;
    assert!(ground.app.listens_in(&phone_contact(PHONE)).await.is_some());
}

async fn code_on_the_phone(ground: &Ground<'_>) -> String {
    let texts = || ground.app.world.simulator.phone(PHONE).map_or_else(Vec::new, |phone| phone.texts);
    until("the code arrives", async || !texts().is_empty()).await;
    let text = texts().pop().expect("a text").text;
    let mut runs = text.split(|letter: char| !letter.is_ascii_digit());
    runs.find(|run| run.len() == 6).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_up_waits_while_the_file_is_garbage() {
    sign_up_waits(&Database::sqlite().await, Loss::Garbage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_up_waits_while_the_server_lets_nobody_in() {
    if let Some(database) = Database::postgres().await {
        sign_up_waits(&database, Loss::Closed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_up_waits_while_the_server_takes_no_changes() {
    if let Some(database) = Database::postgres().await {
        sign_up_waits(&database, Loss::ReadOnly).await;
    }
}
