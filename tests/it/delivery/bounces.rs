//! Mails that come back, and complaints: read from what mail systems write, believed only under our own seals.

use std::time::Duration;

use domain::ChannelKind;
use http::StatusCode;
use reqwest::Client;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::{People, mail_address, mail_contact};
use scenarios::process::client;
use scenarios::update::Update;
use scenarios::waiting::{stays_so_for, until};
use scenarios::world::HOOK_TOKEN;
use simulator::Mail;

/// Posts mails to the hook as the relay does.
struct Relay {
    client: Client,
    url: String,
}

impl Relay {
    fn of(app: &Installation<'_>) -> Self {
        Self { client: client(), url: format!("{}/hooks/email/{HOOK_TOKEN}", app.url_of_hooks()) }
    }

    async fn post(&self, mail: impl Into<Vec<u8>>) -> StatusCode {
        self.client.post(&self.url).body(mail.into()).send().await.expect("an answer").status()
    }

    async fn hands_over(&self, mail: &str) {
        assert_eq!(self.post(mail).await, StatusCode::NO_CONTENT);
    }
}

/// An installation that has sent one mail to each of so many people.
async fn sent(db: &Database, people: usize) -> (Installation<'_>, i64) {
    let app = Installation::start(db).await;
    app.subscribe(People::inboxes(0, people)).await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Email])).await;
    app.until_done(published.broadcast).await;
    (app, published.broadcast)
}

fn mail_of(app: &Installation<'_>, place: usize) -> Mail {
    app.world.simulator.mails_to(&mail_address(place)).remove(0)
}

/// What the mail system of the recipient writes back to the sender of a mail.
fn bounce(to: &str, status: &str, diagnostic: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: <{to}>\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"part\"\r\n\r\n--part\r\n\
         Content-Type: text/plain\r\n\r\nI'm sorry to have to inform you\r\n--part\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; somebody@mx.example\r\nAction: failed\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; {diagnostic}\r\n\r\n--part--\r\n"
    )
}

/// What a mailbox provider writes when somebody calls a mail spam.
fn complaint(fields: &str, original: &str) -> String {
    format!(
        "From: feedback@mailbox.example\r\nTo: abuse@status.example\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=part\r\n\r\n--part\r\n\
         Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n{fields}\r\n--part\r\n\
         Content-Type: text/rfc822-headers\r\n\r\n{original}\r\n--part--\r\n"
    )
}

async fn is_written_to(app: &Installation<'_>, place: usize) -> bool {
    app.listens_in(&mail_contact(&mail_address(place))).await.is_some()
}

on_both! {
    async fn a_mailbox_that_does_not_exist_is_never_written_to_again(db: Database) {
        let (app, broadcast) = sent(db, 3).await;
        let relay = Relay::of(&app);
        let gone = bounce(&mail_of(&app, 0).from, "5.1.1", "550 5.1.1 user unknown");
        // Relays hand over a mail again when they missed our answer.
        relay.hands_over(&gone).await;
        relay.hands_over(&gone).await;
        let full = bounce(&mail_of(&app, 1).from, "5.2.2", "552 5.2.2 mailbox full");
        relay.hands_over(&full).await;
        until("both count as failed", async || app.progress(broadcast, ChannelKind::Email).await.failed == 2).await;
        until("the first is gone", async || !is_written_to(&app, 0).await).await;
        assert!(is_written_to(&app, 1).await, "a full mailbox may be emptied");
        let mails = app.progress(broadcast, ChannelKind::Email).await;
        assert_eq!((mails.sent, mails.remaining), (1, 0));
        assert_eq!(db.number("SELECT COUNT(*) FROM subscriber WHERE contact IS NULL AND reason = 'gone'").await, 1);
        let next = app.publish(&Update::next().on(&[ChannelKind::Email])).await;
        app.until_done(next.broadcast).await;
        assert_eq!(app.progress(next.broadcast, ChannelKind::Email).await.sent, 2);
    }
}

on_both! {
    async fn what_is_said_about_us_costs_nobody_their_subscription(db: Database) {
        let (app, broadcast) = sent(db, 2).await;
        let relay = Relay::of(&app);
        relay.hands_over(&bounce(&mail_of(&app, 0).from, "5.7.1", "554 5.7.1 looks like spam")).await;
        relay.hands_over(&bounce(&mail_of(&app, 1).from, "5.7.26", "550 5.7.26 unauthenticated mail")).await;
        until("both count as failed", async || app.progress(broadcast, ChannelKind::Email).await.failed == 2).await;
        assert!(is_written_to(&app, 0).await && is_written_to(&app, 1).await);
    }
}

on_both! {
    async fn who_calls_a_mail_spam_is_left_alone(db: Database) {
        let (app, broadcast) = sent(db, 4).await;
        let relay = Relay::of(&app);
        let sender = format!("Original-Mail-From: <{}>\r\n", mail_of(&app, 0).from);
        relay.hands_over(&complaint(&sender, "Subject: x")).await;
        relay.hands_over(&complaint("", &format!("Return-Path: <{}>", mail_of(&app, 1).from))).await;
        let link = mail_of(&app, 2).header("List-Unsubscribe").expect("a link").to_owned();
        relay.hands_over(&complaint("", &format!("List-Unsubscribe: {link}"))).await;
        for place in 0..3 {
            until("they are left alone", async || !is_written_to(&app, place).await).await;
        }
        assert!(is_written_to(&app, 3).await);
        assert_eq!(db.number("SELECT COUNT(*) FROM subscriber WHERE reason = 'complaint'").await, 3);
        let mails = app.progress(broadcast, ChannelKind::Email).await;
        assert_eq!((mails.sent, mails.delivered), (4, 2), "a complaint proves that a mail arrived");
    }
}

on_both! {
    async fn nobody_ends_somebody_elses_subscription(db: Database) {
        let (app, broadcast) = sent(db, 2).await;
        let relay = Relay::of(&app);
        let mine = mail_of(&app, 0);
        let ids: Vec<i64> = vec![db.number("SELECT MIN(id) FROM subscriber").await, db.number("SELECT MAX(id) FROM subscriber").await];
        let (one, other) = (format!("{broadcast}.{}", ids[0]), format!("{broadcast}.{}", ids[1]));
        let swapped = if mine.from.contains(&one) { mine.from.replace(&one, &other) } else { mine.from.replace(&other, &one) };
        assert_ne!(swapped, &*mine.from);
        for to in [swapped.as_str(), "b+1.2@bounce.status.example", "alerts@status.example", "", "\u{0}"] {
            relay.hands_over(&bounce(to, "5.1.1", "550 5.1.1 user unknown")).await;
        }
        let message_id = format!("Message-ID: {}", mine.header("Message-ID").expect("an id"));
        relay.hands_over(&complaint("", &message_id)).await;
        relay.hands_over(&complaint("", "List-Unsubscribe: <https://status.example/en/alerts/leave/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA>")).await;
        relay.hands_over(&format!("To: {}\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nUntil Monday", mine.from)).await;
        stays_so_for(Duration::from_millis(800), "nothing changes", async || {
            db.number("SELECT COUNT(*) FROM receipt").await == 0 && is_written_to(&app, 0).await && is_written_to(&app, 1).await
        })
        .await;
    }
}

on_both! {
    async fn the_hook_is_known_to_the_relay_alone_and_stands_rubbish(db: Database) {
        let (app, _) = sent(db, 1).await;
        let relay = Relay::of(&app);
        let gone = bounce(&mail_of(&app, 0).from, "5.1.1", "550 5.1.1 user unknown");
        for word in ["relay", "", "%00", &HOOK_TOKEN[1..], &format!("{HOOK_TOKEN}x"), &HOOK_TOKEN.to_uppercase()] {
            let url = format!("{}/hooks/email/{word}", app.url_of_hooks());
            let answer = relay.client.post(url).body(gone.clone()).send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{word:?}");
        }
        let looked = relay.client.get(&relay.url).send().await.expect("an answer");
        assert_eq!(looked.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(relay.post(vec![b'a'; 1_100_000]).await, StatusCode::PAYLOAD_TOO_LARGE);
        let nested = format!("To: {}\n{}", mail_of(&app, 0).from, "Content-Type: message/rfc822\n\n".repeat(30_000));
        for rubbish in [Vec::new(), vec![0; 10_000], vec![0xff; 10_000], nested.into_bytes()] {
            assert_eq!(relay.post(rubbish).await, StatusCode::NO_CONTENT);
        }
        assert!(is_written_to(&app, 0).await);
        relay.hands_over(&gone).await;
        until("the hook still hears", async || !is_written_to(&app, 0).await).await;
    }
}
