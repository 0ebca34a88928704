//! A form that makes us send texts is an attack surface: guesses, floods and forged forms lead nowhere.

use page::SignupLimits;
use reqwest::StatusCode;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::phone_contact;

use super::reader::{Reader, Seen};
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

/// Somebody who signs up: by which channel, where they can be reached, and the address that they come from.
type Somebody = (&'static str, &'static str, &'static str);

/// A limit, what is set to how many, who uses it up, who is refused, and who must get through all the same.
struct Case {
    name: &'static str,
    limits: SignupLimits,
    first: [Somebody; 2],
    refused: Somebody,
    others: [Somebody; 2],
}

/// In each case one limit is two, and the others have room for those who get through and for nobody more: a refusal
/// that counted there would lock the others out.
fn cases() -> [Case; 4] {
    let limits = |per_number_block, per_client_block, texts, mails| SignupLimits {
        per_contact: 1,
        per_number_block,
        per_client_block,
        texts,
        mails,
        accept_drama_numbers: true,
        ..SignupLimits::default()
    };
    [
        Case {
            name: "numbers that differ in their last digits",
            limits: limits(2, 4, 3, 1),
            first: [("sms", "07400 000001", "198.51.100.1"), ("sms", "07400 000002", "198.51.100.1")],
            refused: ("sms", "07400 000003", "198.51.100.1"),
            others: [("sms", "07400 010001", "198.51.100.1"), ("email", "nel@inbox.example", "198.51.100.1")],
        },
        Case {
            name: "a block of client addresses",
            limits: limits(3, 2, 3, 1),
            first: [("sms", "07400 000001", "198.51.100.1"), ("sms", "07400 000002", "198.51.100.200")],
            refused: ("sms", "07400 000003", "198.51.100.77"),
            others: [("sms", "07400 000003", "203.0.113.1"), ("email", "nel@inbox.example", "192.0.2.1")],
        },
        Case {
            name: "texts over all",
            limits: limits(1, 2, 2, 2),
            first: [("sms", "07400 000001", "198.51.100.1"), ("sms", "07400 010001", "198.51.100.1")],
            refused: ("sms", "07400 020001", "203.0.113.1"),
            others: [("email", "nel@inbox.example", "203.0.113.1"), ("email", "nan@inbox.example", "203.0.113.1")],
        },
        Case {
            name: "mails over all",
            limits: limits(2, 2, 2, 2),
            first: [("email", "nel@inbox.example", "198.51.100.1"), ("email", "nan@inbox.example", "198.51.100.1")],
            refused: ("email", "nia@inbox.example", "203.0.113.1"),
            others: [("sms", "07400 000001", "203.0.113.1"), ("sms", "07400 000002", "203.0.113.1")],
        },
    ]
}

/// One case from an empty count: the answers to those who use the limit up, to three more tries, and to the others.
async fn answers(app: &Installation<'_>, case: &Case) -> [Vec<Seen>; 3] {
    app.database.sql("DELETE FROM limit_count").await;
    let reader = Reader::of(app);
    let sign_up = async |(channel, contact, client): Somebody, path: &str| {
        reader.send_from(client, path, &powys(channel, contact)).await
    };
    let mut answers = [Vec::new(), Vec::new(), Vec::new()];
    for somebody in case.first {
        answers[0].push(sign_up(somebody, "/en/alerts").await);
    }
    for path in ["/en/alerts", "/cy/hysbysiadau", "/en/alerts"] {
        answers[1].push(sign_up(case.refused, path).await);
    }
    for somebody in case.others {
        answers[2].push(sign_up(somebody, "/en/alerts").await);
    }
    answers
}

/// The hour in which limits count now.
fn hour(app: &Installation<'_>) -> i64 {
    app.parts.env.machine_now().timestamp() / 3_600
}

/// What is true of each limit.
async fn each_refuses_and_spares_the_others(db: &Database, case: Case) {
    let limits = case.limits;
    let app =
        Installation::with(db).without_notifier().configured(move |config| config.page.signup = limits).start().await;
    let name = case.name;
    let [first, refused, others] = loop {
        let began = hour(&app);
        let answers = answers(&app, &case).await;
        // Limits begin anew with the hour, so a story that the clock struck into is told again.
        if hour(&app) == began {
            break answers;
        }
    };
    for seen in first.iter().chain(&others) {
        assert_eq!(seen.status, StatusCode::OK, "{name}: {}", seen.body);
    }
    for (seen, words) in refused.iter().zip(["Try again in an hour", "ymhen awr", "Try again in an hour"]) {
        assert_eq!(seen.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
        assert!(seen.body.contains(words), "{name}: it says when to come back: {}", seen.body);
        let (_, contact, _) = case.refused;
        let typed = contact.replace('@', "&#x40;");
        assert!(
            seen.body.contains(contact) || seen.body.contains(&typed),
            "{name}: what was typed is kept: {}",
            seen.body
        );
        assert_eq!(
            seen.body.matches(" checked").count(),
            4,
            "{name}: channel, language, area and severity stay ticked"
        );
    }
    let sent = db.number("SELECT COUNT(*) FROM message").await;
    let told = i64::try_from(first.len() + others.len()).unwrap();
    assert!(sent >= told && sent % told == 0, "{name}: {sent} messages for {told} people");
}

on_both! {
    async fn each_limit_refuses_kindly_and_uses_up_no_other(db: Database) {
        for case in cases() {
            db.sql("DELETE FROM message").await;
            each_refuses_and_spares_the_others(db, case).await;
        }
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
