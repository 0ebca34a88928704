//! Signing up, changing and leaving, by text and by mail.

use domain::Language;
use reqwest::StatusCode;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::{mail_contact, phone_contact};
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::{Value, json};

use super::reader::{Reader, Seen};

const PHONE: &str = "07700 900 982";
const E164: &str = "+447700900982";
const MAIL: &str = "person@inbox.example";

/// The sign-up form as somebody in Powys fills it in who reads Welsh.
pub(super) fn powys<'a>(channel: &'a str, contact: &'a str) -> Vec<(&'a str, &'a str)> {
    let field = if channel == "sms" { "mobile" } else { "email" };
    vec![("channel", channel), (field, contact), ("language", "cy"), ("area", "pthb"), ("serious", "yes")]
}

/// The texts on a phone that came from us, oldest first.
pub(super) fn texts(app: &Installation<'_>, number: &str) -> Vec<String> {
    let phone = app.world.simulator.phone(number);
    phone.map_or_else(Vec::new, |phone| phone.texts.iter().map(|text| text.text.to_string()).collect())
}

/// The code in the newest text on a phone.
pub(super) async fn code(app: &Installation<'_>, number: &str, after: usize) -> String {
    until("the code arrives", async || texts(app, number).len() > after).await;
    let text = texts(app, number).pop().expect("a text");
    let mut runs = text.split(|letter: char| !letter.is_ascii_digit());
    runs.find(|run| run.len() == 6).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

async fn mail_link(app: &Installation<'_>, part: &str, after: usize) -> String {
    until("the mail arrives", async || app.world.simulator.mails_to(MAIL).len() > after).await;
    let mail = app.world.simulator.mails_to(MAIL).remove(0);
    let seen = Seen { status: StatusCode::OK, headers: Default::default(), body: mail.text().to_owned() };
    seen.link(part)
}

on_both! {
    async fn an_empty_form_names_each_thing_that_is_missing(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        for (path, wanted) in [
            ("/en/alerts", ["Choose text messages or e-mail", "Choose the language of your alerts", "Choose at least one area"]),
            ("/cy/hysbysiadau", ["Dewiswch negeseuon testun neu e-bost", "Dewiswch iaith eich rhybuddion", "Dewiswch o leiaf un ardal"]),
        ] {
            let refused = reader.send(path, &[]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            for words in wanted {
                assert_eq!(refused.body.matches(&format!("\">{words}</a>")).count(), 1, "{words}: {}", refused.body);
            }
        }
    }
}

on_both! {
    async fn a_phone_is_signed_up_with_the_code_that_it_got(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        let asked = reader.send("/cy/hysbysiadau", &powys("sms", PHONE)).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.body.contains("autocomplete=\"one-time-code\"") && !asked.body.contains("982"));
        let code = code(&app, E164, 0).await;
        assert!(texts(&app, E164)[0].contains("eich cod yw"), "in the language that was asked for");
        let fields = [("token", asked.token()), ("code", format!("{} {}", &code[..3], &code[3..]))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let done = reader.send("/cy/hysbysiadau/cadarnhau", &fields).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
        assert_eq!(app.listens_in(&phone_contact(E164)).await, Some(Language::Cy));
        until("the welcome arrives", async || texts(&app, E164).len() == 2).await;
        assert!(texts(&app, E164)[1].contains("STOPIO"));
        let again = reader.send("/cy/hysbysiadau/cadarnhau", &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a code works once");
    }
}

on_both! {
    async fn nobody_learns_from_the_page_whether_a_number_is_known(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        let first = reader.send("/en/alerts", &powys("sms", PHONE)).await;
        let code = code(&app, E164, 0).await;
        reader.send("/en/alerts/confirm", &[("token", &first.token()), ("code", &code)]).await;
        until("the welcome arrives", async || texts(&app, E164).len() == 2).await;
        let second = reader.send("/en/alerts", &powys("sms", PHONE)).await;
        let hidden = |seen: &Seen| seen.body.replace(&seen.token(), "");
        assert_eq!((first.status, hidden(&first)), (second.status, hidden(&second)));
        until("the phone itself is told more", async || texts(&app, E164).len() == 3).await;
        assert!(texts(&app, E164)[2].contains("/cy/hysbysiadau/rheoli/"));
    }
}

on_both! {
    async fn who_left_and_comes_back_is_not_told_that_they_are_here(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        let first = reader.send("/en/alerts", &powys("sms", PHONE)).await;
        let sent = code(&app, E164, 0).await;
        reader.send("/en/alerts/confirm", &[("token", &first.token()), ("code", &sent)]).await;
        until("the welcome arrives", async || texts(&app, E164).len() == 2).await;
        let tx = app.subscriptions().begin().await.unwrap();
        tx.leave_contact(&phone_contact(E164), "leave-page").await.unwrap().expect("they were here");
        tx.commit().await.unwrap();
        reader.send("/en/alerts", &powys("sms", PHONE)).await;
        until("another code", async || texts(&app, E164).len() == 3).await;
        assert!(!texts(&app, E164)[2].contains("/rheoli/"), "a link that leads nowhere");
    }
}

on_both! {
    async fn a_mailbox_is_signed_up_by_a_button_and_never_by_a_scanner(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        let asked = reader.send("/en/alerts", &powys("email", MAIL)).await;
        assert!(asked.status.is_success() && asked.body.contains("Look in your mailbox"), "{}", asked.body);
        let link = mail_link(&app, "/hysbysiadau/cadarnhau/", 0).await;
        for _ in 0..3 {
            assert_eq!(reader.open(&link).await.status, StatusCode::OK);
        }
        assert_eq!(app.listens_in(&mail_contact(MAIL)).await, None, "opening a link changes nothing");
        assert_eq!(reader.send(&link, &[]).await.status, StatusCode::OK);
        assert_eq!(app.listens_in(&mail_contact(MAIL)).await, Some(Language::Cy));
        assert_eq!(reader.send(&link, &[]).await.status, StatusCode::GONE);
    }
}

on_both! {
    async fn what_was_chosen_can_be_changed_and_ended_with_the_signed_link(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        reader.send("/en/alerts", &powys("email", MAIL)).await;
        reader.send(&mail_link(&app, "/cadarnhau/", 0).await, &[]).await;
        let manage = mail_link(&app, "/rheoli/", 1).await;
        let shown = reader.open(&manage).await;
        assert!(shown.status.is_success() && !shown.body.contains(MAIL), "the address is masked");
        assert_eq!(shown.headers["referrer-policy"], "no-referrer");
        let refused = reader.send(&manage, &[("language", "en")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "an area is needed");
        let changed = reader.send(&manage, &[("language", "en"), ("area", "abuhb")]).await;
        assert_eq!(changed.status, StatusCode::OK);
        assert_eq!(app.listens_in(&mail_contact(MAIL)).await, Some(Language::En));
        let leave = shown.link("/gadael/");
        assert_eq!(reader.open(&leave).await.status, StatusCode::OK);
        assert!(app.listens_in(&mail_contact(MAIL)).await.is_some(), "opening a link changes nothing");
        let left = reader.send_from_elsewhere(&leave, &[("List-Unsubscribe", "One-Click")]).await;
        assert_eq!(left.status, StatusCode::OK, "a mail program may press the button by itself");
        assert_eq!(app.listens_in(&mail_contact(MAIL)).await, None);
        assert_eq!(reader.send(&leave, &[]).await.status, StatusCode::OK, "leaving twice is no mistake");
        assert_eq!(reader.open(&manage).await.status, StatusCode::NOT_FOUND);
        let forged = manage.replace("/rheoli/", "/rheoli/x");
        assert_eq!(reader.open(&forged).await.status, StatusCode::NOT_FOUND);
    }
}

on_both! {
    async fn a_program_sees_and_ends_the_sign_up_that_it_asked_for(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        until("the page is there", async || reader.open("/en/").await.status.is_success()).await;
        let phone = json!({"subscriber": {"phone_number": PHONE, "phone_country": "gb"}});
        let asked = reader.call("/cy/api/v2/subscribers.json", &phone).await;
        assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
        assert_eq!(app.listens_in(&phone_contact(E164)).await, None, "nobody is subscribed before the proof");
        let said: Value = serde_json::from_str(&asked.body).unwrap();
        let code = code(&app, E164, 0).await;
        let token = said["confirm"]["token"].as_str().unwrap();
        let done = reader.send("/cy/hysbysiadau/cadarnhau", &[("token", token), ("code", &code)]).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
        assert_eq!(app.listens_in(&phone_contact(E164)).await, Some(Language::Cy));

        let asked = reader.call("/cy/api/v2/subscribers.json", &json!({"subscriber": {"email": MAIL}})).await;
        assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
        let link = mail_link(&app, "/cadarnhau/", 0).await;
        assert_eq!(reader.send(&link, &[]).await.status, StatusCode::OK);
        assert_eq!(app.listens_in(&mail_contact(MAIL)).await, Some(Language::Cy));

        let manage = mail_link(&app, "/rheoli/", 1).await;
        until("the welcome arrives", async || texts(&app, E164).len() == 2).await;
        app.publish(&Update::first()).await;
        until("the phone is told", async || texts(&app, E164).len() == 3).await;
        until("the mailbox is told", async || app.world.simulator.mails_to(MAIL).len() >= 3).await;

        let token = manage.rsplit('/').next().unwrap();
        let path = format!("/api/v2/subscribers/{token}.json");
        let shown: Value = serde_json::from_str(&reader.open(&path).await.body).unwrap();
        assert_eq!(shown["mode"], "email_sms");
        assert!(shown["email"].as_str().is_some_and(|shown| shown != MAIL && !shown.is_empty()), "masked: {shown}");
        let left = reader.delete(&path).await;
        assert_eq!((left.status, left.body.as_str()), (StatusCode::OK, "true"));
        assert_eq!(app.listens_in(&mail_contact(MAIL)).await, None);
        assert_eq!(reader.delete(&path).await.status, StatusCode::OK, "leaving twice is leaving");
        assert_eq!(reader.open(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(reader.delete("/api/v2/subscribers/0000.json").await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.listens_in(&phone_contact(E164)).await, Some(Language::Cy), "the other stays");
    }
}
