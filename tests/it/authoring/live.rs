//! How a broadcast goes, as staff see it while it goes and afterwards: numbers without contacts.

use std::time::Duration;

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::waiting::until;
use serde_json::json;
use simulator::{Channel, Fault, FaultKind};

use super::desk::*;

on_both! {
    async fn staff_see_who_was_told_and_why_messages_failed(db: Database) {
        let desk = Desk::open(db).await;
        let app = Installation::start(db).await;
        app.world.simulator.set_fault(Fault::new(Channel::Email, FaultKind::Undelivered));
        let revision = desk.draft("mari", serious()).await;
        desk.published(&revision).await;
        let broadcast = revision.parse().unwrap();
        until("every mail has failed", async || app.progress(broadcast, ChannelKind::Email).await.failed == 3).await;
        app.until_done(broadcast).await;

        let mari = desk.signed_in("mari").await;
        let incident = desk.get("mari", &format!("/revisions/{revision}")).await.body["incident"].take();
        let incident = mari.get(&format!("/incidents/{}", incident.as_str().unwrap())).await.body;
        assert!(incident.contains(&format!("href=\"/broadcasts/{revision}\"")), "{incident}");
        let page = mari.get(&format!("/broadcasts/{revision}")).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Messages of update 1"));
        assert!(page.body.contains("There is no such number or mailbox"), "{}", page.body);
        assert!(!page.body.contains("/retry-failed"), "an author gives no orders");
        let huw = desk.signed_in("huw").await;
        assert!(huw.get(&format!("/broadcasts/{revision}")).await.body.contains("/retry-failed"));

        let table = mari.get(&format!("/broadcasts/{revision}/report.csv")).await.body;
        let lines: Vec<&str> = table.split("\r\n").collect();
        assert_eq!(lines[0], "channel,language,measure,value");
        assert!(lines.contains(&"email,cy,audience,1") && lines.contains(&"email,en,audience,2"), "{table}");
        assert!(lines.contains(&"email,en,failed,2"), "{table}");
        assert!(lines.contains(&"email,,failed_with_code_550,3"), "{table}");
        for told in [&page.body, &table] {
            assert!(!told.contains("inbox.example"), "nobody is named");
        }
        app.stop().await;
    }
}

on_both! {
    async fn an_open_page_hears_at_once_that_a_broadcast_is_held(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.published(&revision).await;
        let mari = desk.signed_in("mari").await;
        let mut events = mari.listen(&format!("/broadcasts/{revision}/events")).await;
        assert!(next(&mut events).await.contains("data: changed"), "the first at once");
        desk.post("huw", &format!("/broadcasts/{revision}/pause"), json!({})).await;
        assert!(next(&mut events).await.contains("data: changed"));
        let page = mari.get(&format!("/broadcasts/{revision}")).await.body;
        assert!(page.contains(">paused<"), "{page}");
    }
}

on_both! {
    async fn numbers_are_for_staff_alone(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.published(&revision).await;
        let mari = desk.signed_in("mari").await;
        for end in ["", "/events", "/report.csv"] {
            let stranger = desk.browser().get(&format!("/broadcasts/{revision}{end}")).await;
            assert_eq!(stranger.status, 303, "{end}: sign in first");
            for unknown in ["1", "x", "-1", "99999999999999999999"] {
                assert_eq!(mari.get(&format!("/broadcasts/{unknown}{end}")).await.status, 404, "{unknown}{end}");
            }
        }
    }
}

/// The next event.
async fn next(events: &mut reqwest::Response) -> String {
    let part = tokio::time::timeout(Duration::from_secs(20), events.chunk());
    let part = part.await.expect("an event in time").expect("a stream").expect("more of it");
    String::from_utf8_lossy(&part).into_owned()
}
