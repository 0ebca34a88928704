//! What providers report later, in whatever order and however often they report it.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ChannelKind;
use http::StatusCode;
use scenarios::databases::Database;
use scenarios::hook_calls::HookCalls;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::{stays_so_for, until};
use scenarios::world::TOKEN;
use simulator::{Channel, Fault, FaultKind};

const STATUS: &str = "/hooks/sms/primary/status";

/// An installation that has sent one text, whose provider does not report anything by itself.
async fn one_sent_text(db: &Database) -> (Installation<'_>, i64, i64) {
    let app = Installation::with(db).without_receipts().start().await;
    app.subscribe(People::phones(0, 1)).await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    app.until_done(published.broadcast).await;
    let subscriber = db.number("SELECT MIN(id) FROM subscriber").await;
    (app, published.broadcast, subscriber)
}

/// A name, the reports in the order of their arrival, and how many texts then count as delivered.
type Case = (&'static str, &'static [(&'static str, &'static str)], i64);

on_both! {
    async fn receipts_move_forward_only_in_whatever_order_they_come(db: Database) {
        let (app, broadcast, subscriber) = one_sent_text(db).await;
        let hooks = HookCalls::to(&app);
        let path = format!("{STATUS}?d={broadcast}.{subscriber}");
        // Each line: what is reported, and the state of the outcome after it. Numbers as in the database.
        let cases: [Case; 6] = [
            ("out of order", &[("sent", ""), ("delivered", ""), ("sending", "")], 2),
            ("late failure", &[("delivered", ""), ("undelivered", "30003")], 2),
            ("late proof", &[("undelivered", "30003"), ("delivered", "")], 2),
            ("failed", &[("failed", "30036")], 3),
            ("twice", &[("sent", ""), ("sent", "")], 1),
            ("unknown word", &[("foo", "")], 1),
        ];
        for (number, (name, reports, state)) in cases.into_iter().enumerate() {
            db.sql("UPDATE outcome SET state = 1, code = 0").await;
            db.sql("DELETE FROM receipt").await;
            for (word, code) in reports {
                let sid = format!("SM{number:032}");
                let mut fields = vec![("MessageSid", sid.as_str()), ("MessageStatus", word), ("AccountSid", "AC5")];
                if !code.is_empty() {
                    fields.push(("ErrorCode", code));
                }
                assert_eq!(hooks.signed(&path, &fields).await, StatusCode::NO_CONTENT, "{name}");
            }
            until("every report is applied", async || db.number("SELECT COUNT(*) FROM receipt WHERE state = 1").await == 0).await;
            assert_eq!(db.number("SELECT CAST(state AS BIGINT) FROM outcome").await, state, "{name}");
            let different = reports.iter().collect::<BTreeSet<_>>().len();
            assert_eq!(db.number("SELECT COUNT(*) FROM receipt").await, i64::try_from(different).unwrap(), "{name}");
        }
    }
}

on_both! {
    async fn a_text_that_the_provider_gave_up_is_sent_again_when_somebody_asks(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::phones(0, 1)).await;
        app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Undelivered));
        let broadcast = app.publish(&Update::first().on(&[ChannelKind::Sms])).await.broadcast;
        until("the text has failed", async || app.progress(broadcast, ChannelKind::Sms).await.failed == 1).await;
        app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::None));
        let tx = app.store().begin().await.unwrap();
        assert_eq!(tx.retry_failed(broadcast).await.unwrap(), 1);
        tx.commit().await.unwrap();
        // The provider's list still shows the first one, which must not be taken for a text that is under way.
        until("the second text has arrived", async || app.progress(broadcast, ChannelKind::Sms).await.delivered == 1).await;
        assert_eq!(app.world.simulator.phones()[0].texts.len(), 2);
    }
}

on_both! {
    async fn a_forged_report_changes_nothing(db: Database) {
        let (app, broadcast, subscriber) = one_sent_text(db).await;
        let hooks = HookCalls::to(&app);
        let path = format!("{STATUS}?d={broadcast}.{subscriber}");
        let body = b"MessageSid=SM1&MessageStatus=failed&ErrorCode=30005";
        assert_eq!(hooks.post(&path, body, None).await, StatusCode::FORBIDDEN);
        assert_eq!(hooks.post(&path, body, Some("")).await, StatusCode::FORBIDDEN);
        assert_eq!(hooks.signed_with("another token", &path, body).await, StatusCode::FORBIDDEN);
        assert_eq!(hooks.signed_with("", &path, body).await, StatusCode::FORBIDDEN);
        // A right signature for another person's text.
        let other = format!("{STATUS}?d={broadcast}.{}", subscriber + 1);
        let signature = hooks.signature(TOKEN, &other, body);
        assert_eq!(hooks.post(&path, body, Some(&signature)).await, StatusCode::FORBIDDEN);
        assert_eq!(hooks.signed("/hooks/sms/nobody/status", &[("MessageSid", "SM1")]).await, StatusCode::NOT_FOUND);
        stays_so_for(Duration::from_millis(600), "the text counts as sent", async || {
            db.number("SELECT COUNT(*) FROM receipt").await == 0 && db.number("SELECT CAST(state AS BIGINT) FROM outcome").await == 1
        })
        .await;
    }
}

on_both! {
    async fn hostile_bodies_are_refused_without_harm(db: Database) {
        let (app, ..) = one_sent_text(db).await;
        let hooks = HookCalls::to(&app);
        for end in ["status", "inbound"] {
            let path = format!("/hooks/sms/primary/{end}");
            for (name, body) in [
                ("bytes that are no UTF-8", b"MessageSid=SM1&Body=%ff%fe&From=%2B447400000000".to_vec()),
                ("a NUL", b"MessageSid=SM1&Body=%00&MessageStatus=%00".to_vec()),
                ("no sid", b"MessageStatus=sent&Body=STOP&From=%2B447400000000".to_vec()),
                ("an endless sid", format!("MessageSid={}&MessageStatus=sent", "9".repeat(5_000)).into_bytes()),
                ("nothing", Vec::new()),
                ("a megabyte", [b"MessageSid=SM1&Body=".as_slice(), &vec![b'a'; 1_000_000]].concat()),
                ("too many fields", b"a=b&".repeat(3_000)),
            ] {
                let status = hooks.signed_with(TOKEN, &path, &body).await;
                assert!(status.is_client_error(), "{end}, {name}: {status}");
            }
        }
        assert_eq!(db.number("SELECT COUNT(*) FROM receipt").await, 0);
        assert_eq!(db.number("SELECT COUNT(*) FROM inbound").await, 0);
        assert_eq!(hooks.signed("/hooks/sms/primary/status", &[("MessageSid", "SM2"), ("MessageStatus", "sent")]).await, StatusCode::NO_CONTENT);
    }
}
