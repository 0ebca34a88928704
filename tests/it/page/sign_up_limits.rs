//! A form that makes us send texts is an attack surface: guesses, floods and forged forms lead nowhere.

use reqwest::StatusCode;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::phone_contact;

use super::reader::Reader;
use super::signing_up::{code, powys, texts};

const PHONE: &str = "+447700900111";

on_both! {
    async fn a_code_that_was_guessed_at_ten_times_never_works(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        let asked = reader.send("/en/alerts", &powys("sms", PHONE)).await;
        let right = code(&app, PHONE, 0).await;
        let wrong = if right == "000000" { "000001" } else { "000000" };
        let token = asked.token();
        for guess in 1..=10 {
            let refused = reader.send("/en/alerts/confirm", &[("token", &token), ("code", wrong)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(refused.body.contains("Ask for a new one"), guess >= 5, "guess {guess}");
        }
        let late = reader.send("/en/alerts/confirm", &[("token", &token), ("code", &right)]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(app.listens_in(&phone_contact(PHONE)).await, None);
        let again = reader.send("/en/alerts/confirm", &[("token", &token), ("again", "yes")]).await;
        let fresh = code(&app, PHONE, 1).await;
        let done = reader.send("/en/alerts/confirm", &[("token", &again.token()), ("code", &fresh)]).await;
        assert_eq!(done.status, StatusCode::OK, "a new code works: {}", done.body);
    }
}

on_both! {
    async fn one_number_gets_three_codes_an_hour(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        for _ in 0..3 {
            assert_eq!(reader.send("/en/alerts", &powys("sms", PHONE)).await.status, StatusCode::OK);
        }
        let refused = reader.send("/en/alerts", &powys("sms", PHONE)).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.body.contains("Try again in an hour") && refused.body.contains("value=\"&#x2b;447700900111\"") || refused.body.contains("value=\"+447700900111\""));
        code(&app, PHONE, 2).await;
        assert_eq!(texts(&app, PHONE).len(), 3);
        let other = reader.send("/en/alerts", &powys("sms", "07700 900 222")).await;
        assert_eq!(other.status, StatusCode::OK, "the neighbour is not refused");
    }
}

on_both! {
    async fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(db: Database) {
        let app = Installation::start(db).await;
        let reader = Reader::of(&app);
        let fields = [("channel", "sms"), ("mobile", "0117 496 0000 <b>"), ("area", "pthb"), ("area", "nowhere")];
        let refused = reader.send("/cy/hysbysiadau", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Mae problem") && refused.body.contains("<title>Gwall: "), "{}", refused.body);
        assert!(refused.body.contains("0117 496 0000 &lt;b&gt;"), "it is kept, and inert");
        assert!(refused.body.contains("href=\"#language\"") && refused.body.contains("href=\"#mobile\""));
        assert_eq!(refused.body.matches(" checked").count(), 2, "the channel and the area stay ticked");
        let foreign = [("channel", "sms"), ("mobile", "+33 6 12 34 56 78"), ("language", "en"), ("area", "pthb")];
        let refused = reader.send("/en/alerts", &foreign).await;
        assert!(refused.body.contains("We can only text UK mobile numbers"), "{}", refused.body);
        assert!(app.world.simulator.phones().is_empty(), "nothing was sent");
        let forged = reader.send_from_elsewhere("/en/alerts", &powys("sms", PHONE)).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        let odd = reader.open("/en/alerts/").await;
        assert_eq!(odd.headers["location"], "/en/alerts");
    }
}
