//! The documents for programs as a program gets them: over HTTP, of an incident that really was published.

use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::{Value, json};

use super::reader::Reader;

/// What every site and every cache is told of each of these addresses.
const DOCUMENTS: [(&str, &str); 12] = [
    ("/cap/1-1.xml", "application/cap+xml"),
    ("/cap/feed.atom", "application/atom+xml"),
    ("/en/planned.ics", "text/calendar"),
    ("/cy/ardaloedd/pthb/planned.ics", "text/calendar"),
    ("/cy/feed.json", "application/feed+json"),
    ("/en/areas/pthb/feed.rss", "application/rss+xml"),
    ("/api/v2/summary.json", "application/json"),
    ("/cy/history.atom", "application/atom+xml"),
    ("/embed/en/pthb.json", "application/json"),
    ("/embed/cy/pthb.html", "text/html"),
    ("/embed/status.js", "text/javascript"),
    ("/badge/cy.svg", "image/svg+xml"),
];

on_both! {
    async fn every_document_for_programs_is_there_and_says_who_may_use_it(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        app.publish(&Update::first()).await;
        until("the message is there", async || reader.open("/cap/1-1.xml").await.status.is_success()).await;
        for (path, media_type) in DOCUMENTS {
            let seen = reader.open(path).await;
            let header = |name: &str| seen.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
            assert!(seen.status.is_success(), "{path}");
            assert!(header("content-type").starts_with(media_type), "{path}: {}", header("content-type"));
            assert_eq!(header("access-control-allow-origin"), "*", "{path}");
            assert_eq!(header("cross-origin-resource-policy"), "cross-origin", "{path}");
            assert!(header("cache-control").starts_with("public, max-age=10"), "{path}");
            let may_be_framed = header("content-security-policy").contains("frame-ancestors *");
            assert_eq!(may_be_framed, path.ends_with(".html"), "{path}");
        }
        let home = reader.open("/en/").await;
        let policy = home.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        for link in ["feed.atom", "feed.rss", "feed.json", "planned.ics", "/cap/feed.atom", "og:locale:alternate"] {
            assert!(home.body.contains(link), "the home page does not name {link}");
        }
    }
}

on_both! {
    async fn a_next_update_is_a_next_message_and_the_first_stays_as_it_was(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        let first = app.publish(&Update::first()).await;
        until("the first message is there", async || reader.open("/cap/1-1.xml").await.status.is_success()).await;
        let before = reader.open("/cap/1-1.xml").await.body;
        app.publish_next(first.incident, &Update::next()).await;
        until("the second message is there", async || reader.open("/cap/1-2.xml").await.status.is_success()).await;
        let second = reader.open("/cap/1-2.xml").await.body;
        let newest = reader.open("/cap/1.xml").await;
        let header = |name: &str| newest.headers[name].to_str().unwrap();
        assert_eq!((newest.status.as_u16(), header("location")), (302, "/cap/1-2.xml"), "for who knows only the incident");
        assert_eq!(header("access-control-allow-origin"), "*");
        for nothing in ["/cap/2.xml", "/cap/01.xml", "/cap/.xml", "/cap/-1.xml"] {
            assert_eq!(reader.open(nothing).await.status.as_u16(), 404, "{nothing}");
        }
        let folder = tempfile::tempdir().unwrap();
        app.parts.page.export(folder.path()).unwrap();
        let file = std::fs::read_to_string(folder.path().join("cap/1.xml")).unwrap();
        assert_eq!(file, second, "a folder cannot lead on");
        assert!(second.contains("<msgType>Update</msgType>") && second.contains(".incident-1.1,"), "{second}");
        assert_eq!(reader.open("/cap/1-1.xml").await.body, before);
        let feed = reader.open("/cap/feed.atom").await.body;
        assert!(feed.contains("/cap/1-2.xml") && !feed.contains("/cap/1-1.xml"), "{feed}");
    }
}

on_both! {
    async fn a_program_signs_somebody_up_and_nobody_is_subscribed_without_proof(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        until("the page is there", async || reader.open("/en/").await.status.is_success()).await;
        let wanted = json!({"subscriber": {"email": "reader@home.example"}});
        let answer = reader.call("/cy/api/v2/subscribers.json", &wanted).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let said: Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!((&said["mode"], &said["email"]), (&json!("email_sms"), &json!("reader@home.example")));
        assert_eq!((&said["can_select_components"], said["page"]["id"].is_string()), (&json!(false), true));
        assert!(said["page"]["url"].as_str().is_some_and(|url| url.ends_with("/cy")), "the language is that of the address");
        assert_eq!(answer.headers["cache-control"], "no-store");
        let again = reader.call("/cy/api/v2/subscribers.json", &wanted).await;
        assert_eq!(again.body, answer.body, "nobody learns whether a contact is known");
        for refused in [
            json!({"subscriber": {"endpoint": "https://elsewhere.example", "email": "reader@home.example"}}),
            json!({"subscriber": {"email": "reader@home.example", "component_id": "abc"}}),
            json!({"subscriber": {"email": "reader@home.example", "component_ids": ["abc"]}}),
            json!({"subscriber": {"phone_number": "2025550123", "phone_country": "us"}}),
            json!({"subscriber": {}}),
            json!({}),
        ] {
            let seen = reader.call("/api/v2/subscribers.json", &refused).await;
            assert!(seen.status.is_client_error(), "{refused}: {}", seen.status);
            assert_eq!(seen.headers["content-type"], "application/problem+json", "{refused}");
        }
        let none = reader.open("/api/v2/subscribers/0000.json").await;
        assert_eq!(none.status, 404);
    }
}
