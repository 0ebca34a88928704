//! The whole way of an update: written by picking, approved by another person, read in both languages, heard on a phone
//! that signed up in Welsh, and heard no more after STOPIO.

use scenarios::waiting::until;
use serde_json::Value;

use super::desk::Desk;
use super::driver::{Driver, Scripts};
use crate::demo::child::Demo;

/// Kept free for drama, and nobody of the story has it.
const PHONE: &str = "+447700900951";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_goes_from_the_desk_to_a_welsh_phone() {
    tell(Scripts::Allowed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_goes_from_the_desk_to_a_welsh_phone_without_scripts() {
    tell(Scripts::Forbidden).await;
}

async fn tell(scripts: Scripts) {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let alys = Desk::of("author", &demo, &driver, scripts).await;
    let nia = Desk::of("approver", &demo, &driver, scripts).await;

    alys.picks_a_new_incident().await;
    let review = alys.submits().await;
    assert!(!alys.window.has("form[action$='/approve']").await, "nobody approves their own words");
    let incident = nia.approves_and_publishes(&review).await;

    let reader = driver.open(scripts).await;
    for (language, severity, advice) in [
        ("en", "Serious", "Keep your appointment unless we contact you."),
        ("cy", "Problem ddifrifol", "Cadwch eich apwyntiad oni bai ein bod yn cysylltu"),
    ] {
        reader.open(&nia.public_page(language).await).await;
        reader.until_it_says(advice).await;
        assert!(reader.page().await.contains(severity), "{language}");
        assert!(reader.has(&format!("html[lang^={language}]")).await);
    }

    sign_up_in_welsh(&reader, &demo).await;
    let before = texts_of(&demo).await.len();
    alys.picks_the_next_update(&incident, "identified").await;
    nia.approves_and_publishes(&alys.submits().await).await;
    until("the phone has the update", async || texts_of(&demo).await.len() == before + 1).await;
    let text = texts_of(&demo).await.pop().expect("a text");
    assert!(text.starts_with("GIG Cymru") && text.contains("/d/"), "it is Welsh, with the Welsh link: {text}");

    demo.phone_texts(PHONE, "STOPIO").await;
    until("we answer in Welsh", async || texts_of(&demo).await.len() == before + 2).await;
    alys.picks_the_next_update(&incident, "monitoring").await;
    nia.approves_and_publishes(&alys.submits().await).await;
    everybody_else_has_heard(&demo).await;
    assert_eq!(texts_of(&demo).await.len(), before + 2, "whoever left hears nothing more");
    demo.stop().await;
}

/// The public form, on the Welsh page, with the code that the phone gets.
async fn sign_up_in_welsh(reader: &super::window::Window, demo: &Demo) {
    reader.open(&format!("{}/cy/hysbysiadau", demo.sheet.page)).await;
    reader.tick("channel", "sms").await;
    reader.fill("#mobile", "07700 900 951").await;
    reader.tick("language", "cy").await;
    reader.tick("area", "cavuhb").await;
    reader.click("main form button").await;
    until("the phone has a code", async || !texts_of(demo).await.is_empty()).await;
    let code = digits(&texts_of(demo).await[0]);
    reader.fill("#code", &code).await;
    reader.click("main form button").await;
    until("the subscription is there", async || {
        demo.installed().does(&["subscribers", "export"]).await.contains(&format!("sms,{PHONE},cy,cavuhb"))
    })
    .await;
    assert!(reader.has(".nhsuk-panel").await, "it says so: {}", reader.page().await);
}

/// Waits until the last broadcast has reached every other phone, so that nothing can come late.
async fn everybody_else_has_heard(demo: &Demo) {
    let get = async |path: &str| -> Value {
        let request = demo.client.get(format!("{}{path}", demo.sheet.api)).bearer_auth(&demo.sheet.tokens["author"]);
        request.send().await.expect("an answer").json().await.expect("JSON")
    };
    let list = get("/incidents").await;
    let incident = get(&format!("/incidents/{}", list["incidents"][0]["id"].as_str().expect("an id"))).await;
    let last = incident["revisions"].as_array().and_then(|all| all.last()).expect("an update");
    let path = format!("/broadcasts/{}", last["id"].as_str().expect("an id"));
    until("the broadcast is done", async || {
        let texts = get(&path).await["channels"]["sms"].take();
        texts["remaining"] == 0 && texts["sent"].as_u64().is_some_and(|sent| sent > 500)
    })
    .await;
}

/// What the phone got, the oldest first.
async fn texts_of(demo: &Demo) -> Vec<String> {
    let read = demo.outside(&format!("phones.json?to={}", PHONE.trim_start_matches('+'))).await;
    let texts = read["phones"][0]["texts"].as_array().cloned().unwrap_or_default();
    let ours = texts.iter().filter(|text| text["direction"] != "inbound");
    ours.map(|text| text["text"].as_str().expect("words").to_owned()).collect()
}

fn digits(text: &str) -> String {
    let run = text.split(|letter: char| !letter.is_ascii_digit()).find(|run| run.len() >= 5);
    run.unwrap_or_else(|| panic!("a code: {text}")).to_owned()
}
