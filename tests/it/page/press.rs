//! What a journalist needs within a minute: the statement, who said what, the times, and what was corrected.

use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::json;

use super::reader::Reader;

on_both! {
    async fn a_journalist_finds_the_statement_and_every_edit(db: Database) {
        let office = "01632 960 500, press@status.example";
        let app = Installation::with(db)
            .without_notifier()
            .configured(move |config| config.site.press_office = Some(office.to_owned()))
            .start()
            .await;
        let reader = Reader::of(&app);
        until("the page is there", async || reader.open("/en/press").await.status.is_success()).await;
        assert!(reader.open("/en/press").await.body.contains("No problem is open now"));

        let first = app.publish(&Update::first()).await;
        let stated = json!({"answer": "no", "stated_by": "National Cyber Security Centre"});
        app.publish_next(first.incident, &Update::next().with("cyber", stated.clone())).await;
        let wrong = json!({"en": "All 26 systems stopped.", "cy": "Stopiodd pob un o'r 26 system."});
        let newest = app.publish_next(first.incident, &Update::next().with("cyber", stated).with("know", wrong)).await;
        let right = json!({"en": "Most systems stopped.", "cy": "Stopiodd y rhan fwyaf o'r systemau."});
        let alice = app.staff("alice", domain::staff::Role::Author).await;
        let input = authoring::ContentInput::from_json(json!({"know": right})).unwrap();
        let correction = app.parts.authoring.correct(&alice, newest.broadcast, input).await.unwrap();
        app.approve_and_publish(&alice, correction.id).await;

        let index = reader.open("/en/press").await;
        assert!(index.body.contains(office) && index.body.contains("Open now"), "{}", index.body);
        let path = index.link("/en/press/");
        until("the correction is there", async || reader.open(&path).await.body.contains("Most systems stopped.")).await;
        let page = reader.open(&path).await.body;
        for words in [
            "Statement",
            "says National Cyber Security Centre",
            "Told here in update 2",
            "Correction",
            "<del><p>All 26 systems stopped.</p>",
            "<ins><p>Most systems stopped.</p>",
            office,
            "#update-4",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert_eq!(page.matches("says National Cyber Security Centre").count(), 1, "one claim, however often repeated");
        let statement = page.split("id=\"statement\"").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(!statement.contains("All 26"), "what was wrong is no statement any more");

        let twin = page.split("hreflang=\"cy\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let welsh = reader.open(&twin.replace("&#x2f;", "/")).await;
        assert!(welsh.status.is_success() && welsh.body.contains("Datganiad") && welsh.body.contains("Cynt:"));
        let moved = reader.open("/en/press/no-such-incident").await;
        assert_eq!(moved.status, 404);
    }
}
