//! What people text to us, in both languages, and what they hear back.

use domain::{ChannelKind, Language};
use http::StatusCode;
use scenarios::databases::Database;
use scenarios::hook_calls::HookCalls;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::{People, phone_contact, phone_number};
use scenarios::update::Update;
use scenarios::waiting::until;
use scenarios::world::SENDER;
use simulator::Direction;

use Language::{Cy, En};

const INBOUND: &str = "/hooks/sms/primary/inbound";

/// What one text leads to: the beginning of our answer, and the language they are written to afterwards, if at all.
struct Case {
    text: &'static str,
    answer: &'static str,
    listens: Option<Language>,
}

const fn case(text: &'static str, answer: &'static str, listens: Option<Language>) -> Case {
    Case { text, answer, listens }
}

/// Somebody whom we do not know.
const STRANGER: [Case; 10] = [
    case("JOIN POWYS", "You will get NHS texts about Powys.", Some(En)),
    case("Join Powys!", "You will get NHS texts about Powys.", Some(En)),
    case("ymuno powys", "Cewch negeseuon y GIG. Ardal: Powys.", Some(Cy)),
    case("YMUNO", "Cewch negeseuon y GIG. Ardal: ", Some(Cy)),
    case("JOIN ATLANTIS", "We do not know that area.", None),
    case("HELP", "Text alerts about NHS services.", None),
    case("CYMORTH", "Rhybuddion am y GIG.", None),
    case("STOPIO", "Rydych wedi gadael", None),
    case("DECHRAU", "Rhybuddion am y GIG.", None),
    case("My chest hurts", "Nid oes neb yn darllen", None),
];

/// Somebody who gets texts in English.
const SUBSCRIBER: [Case; 6] = [
    case("CYMRAEG", "Cewch negeseuon y GIG. Ardal: ", Some(Cy)),
    case("ENGLISH", "You will get NHS texts about", Some(En)),
    case("help", "Text alerts about NHS services.", Some(En)),
    case("what is this?", "Nobody reads these texts.", Some(En)),
    case("STOPIO", "Rydych wedi gadael", None),
    case("Stop it please", "You have left our text alerts.", None),
];

on_both! {
    async fn every_word_is_understood_and_answered_in_its_language(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::phones(500, SUBSCRIBER.len())).await;
        let strangers = STRANGER.iter().enumerate();
        let subscribers = SUBSCRIBER.iter().enumerate().map(|(place, case)| (500 + place, case));
        for (place, Case { text, answer, listens }) in strangers.chain(subscribers) {
            let number = phone_number(place);
            app.world.simulator.reply(&number, text).unwrap();
            until(&format!("{text}: {answer}"), async || {
                app.world.simulator.phone(&number).is_some_and(|phone| phone.texts.iter().any(|one| one.text.starts_with(answer)))
            })
            .await;
            assert_eq!(app.listens_in(&phone_contact(&number)).await, *listens, "{text}");
        }
    }
}

on_both! {
    async fn stop_ends_texts_and_start_brings_them_back(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::phones(0, 2).reading(Cy)).await;
        let (gone, back) = (phone_number(0), phone_number(1));
        for number in [&gone, &back] {
            app.world.simulator.reply(number, "STOP").unwrap();
        }
        until("both have left", async || {
            app.listens_in(&phone_contact(&gone)).await.is_none() && app.listens_in(&phone_contact(&back)).await.is_none()
        })
        .await;
        app.world.simulator.reply(&back, "START").unwrap();
        until("one is back, in their language", async || app.listens_in(&phone_contact(&back)).await == Some(Cy)).await;
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        app.until_done(published.broadcast).await;
        assert_eq!(app.progress(published.broadcast, ChannelKind::Sms).await.sent, 1);
        let heard = |number: &str| app.world.simulator.phone(number).unwrap().texts.iter().any(|one| one.text.contains("systemau TG"));
        assert!(heard(&back) && !heard(&gone));
    }
}

on_both! {
    async fn stop_from_a_number_that_was_never_known_keeps_it_out_of_later_lists(db: Database) {
        let app = Installation::start(db).await;
        let number = phone_number(0);
        app.world.simulator.reply(&number, "STOPIO").unwrap();
        until("the stop is answered", async || texts_on(&app, &number) == 1).await;
        app.world.simulator.reply(&number, "START").unwrap();
        until("there is nothing to go back to", async || texts_on(&app, &number) == 2).await;
        assert_eq!(app.listens_in(&phone_contact(&number)).await, None);
        let catalogue = app.store().catalogue().await.unwrap();
        let list = People::phones(0, 2).subscribers(&catalogue);
        assert_eq!(app.store().import_subscribers(&list).await.unwrap(), 1, "the other one alone is new");
        assert_eq!(app.listens_in(&phone_contact(&number)).await, None);
    }
}

fn texts_on(app: &Installation<'_>, number: &str) -> usize {
    app.world
        .simulator
        .phone(number)
        .map_or(0, |phone| phone.texts.iter().filter(|text| text.direction != Direction::Inbound).count())
}

on_both! {
    async fn a_repeated_callback_is_answered_once(db: Database) {
        let app = Installation::start(db).await;
        let hooks = HookCalls::to(&app);
        let number = phone_number(7);
        let text = [("MessageSid", "SMrepeated"), ("From", number.as_str()), ("To", SENDER), ("Body", "HELP")];
        for _ in 0..5 {
            assert_eq!(hooks.signed(INBOUND, &text).await, StatusCode::OK);
        }
        let last = [("MessageSid", "SMlast"), ("From", number.as_str()), ("To", SENDER), ("Body", "CYMORTH")];
        assert_eq!(hooks.signed(INBOUND, &last).await, StatusCode::OK);
        until("the last text is answered", async || {
            app.world.simulator.phone(&number).is_some_and(|phone| phone.texts.iter().any(|one| one.text.starts_with("Rhybuddion")))
        })
        .await;
        assert_eq!(app.world.simulator.phone(&number).unwrap().texts.len(), 2, "one answer to each text");
    }
}

on_both! {
    async fn a_forged_or_foreign_text_changes_nothing(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::phones(0, 1)).await;
        let hooks = HookCalls::to(&app);
        let body = b"MessageSid=SM1&From=%2B447400000000&Body=STOP";
        assert_eq!(hooks.post(INBOUND, body, None).await, StatusCode::FORBIDDEN);
        assert_eq!(hooks.signed_with("guess", INBOUND, body).await, StatusCode::FORBIDDEN);
        for from in ["60006", "NHSWales", "+15005550006", "anonymous"] {
            let text = [("MessageSid", from), ("From", from), ("Body", "JOIN")];
            assert_eq!(hooks.signed(INBOUND, &text).await, StatusCode::OK, "{from}");
        }
        // The provider acted on the word and answered it; we act, and do not answer.
        let stop = [("MessageSid", "SM9"), ("From", "+447400000001"), ("Body", "STOP"), ("OptOutType", "STOP")];
        assert_eq!(hooks.signed(INBOUND, &stop).await, StatusCode::OK);
        assert_eq!(app.listens_in(&phone_contact(&phone_number(0))).await, Some(En));
        assert_eq!(db.number("SELECT COUNT(*) FROM message").await, 0);
    }
}

on_both! {
    async fn two_machines_do_not_answer_each_other_for_ever(db: Database) {
        let app = Installation::start(db).await;
        let hooks = HookCalls::to(&app);
        let number = phone_number(8);
        for round in 0..15 {
            let sid = format!("SMround{round}");
            let text = [("MessageSid", &*sid), ("From", number.as_str()), ("To", SENDER), ("Body", "I am away until Monday")];
            assert_eq!(hooks.signed(INBOUND, &text).await, StatusCode::OK);
        }
        assert_eq!(db.number("SELECT COUNT(*) FROM message").await, 10);
        let join = [("MessageSid", "SMjoin"), ("From", number.as_str()), ("To", SENDER), ("Body", "JOIN POWYS")];
        assert_eq!(hooks.signed(INBOUND, &join).await, StatusCode::OK);
        assert_eq!(app.listens_in(&phone_contact(&number)).await, Some(En), "what is asked for is done all the same");
    }
}
