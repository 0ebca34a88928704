//! What the clock alone makes true shows by itself: a promise that passes, and planned work that begins and ends.
//! Nobody publishes, and nothing is written.

use chrono::Duration;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::json;

use super::reader::Reader;

/// What says that an update is late, and in which words.
const LATE: [(&str, &str); 7] = [
    ("/en/", "This update is late"),
    ("/cy/", "Mae&#x27;r diweddariad hwn yn hwyr"),
    ("/en/feed.atom", "This update is late"),
    ("/cy/feed.json", "Mae'r diweddariad hwn yn hwyr"),
    ("/en/feed.rss", "This update is late"),
    ("/api/v2/summary.json", "This update is late"),
    ("/embed/en/nhs-wales.json", "This update is late"),
];

on_both! {
    async fn a_promise_that_passes_and_planned_work_that_begins_and_ends_show_by_themselves(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let now = app.parts.env.now();
        app.publish(&Update::first().with("next_update_by", json!(now + Duration::minutes(30)))).await;
        app.plan_work(now + Duration::minutes(60), now + Duration::minutes(120)).await;
        let reader = Reader::of(&app);
        until("both are on the page", async || {
            let planned = reader.open("/api/v2/scheduled-maintenances/upcoming.json").await;
            planned.body.contains("new version") && reader.open("/en/").await.body.contains("2018-01-24-")
        })
        .await;
        let (before, counter) = (edition(&reader).await, app.store().published().version().await.unwrap());
        for (path, words) in LATE {
            assert!(!reader.open(path).await.body.contains(words), "{path} before the time");
        }

        app.parts.env.set_clock(now + Duration::minutes(31), 1.0);
        until("the page says that the update is late", async || reader.open("/en/").await.body.contains(LATE[0].1)).await;
        for (path, words) in LATE {
            let seen = reader.open(path).await;
            assert!(seen.body.contains(words), "{path} after the time: {}", seen.body);
        }
        let late = edition(&reader).await;
        assert_ne!(before, late, "it is another edition");

        app.parts.env.set_clock(now + Duration::minutes(61), 1.0);
        until("the work is under way", async || underway(&reader).await).await;
        let planned = reader.open("/en/planned").await.body;
        assert!(planned.contains("new version"), "{planned}");
        assert!(!reader.open("/api/v2/scheduled-maintenances/upcoming.json").await.body.contains("new version"));
        let components = reader.open("/api/v2/components.json").await.body;
        assert!(components.contains("under_maintenance"), "{components}");

        app.parts.env.set_clock(now + Duration::minutes(121), 1.0);
        until("the work is over", async || !underway(&reader).await).await;
        let components = reader.open("/api/v2/components.json").await.body;
        assert!(!components.contains("under_maintenance"), "{components}");
        assert_eq!(app.store().published().version().await.unwrap(), counter, "nobody published anything");
    }
}

async fn edition(reader: &Reader) -> String {
    reader.open("/en/").await.headers["x-edition"].to_str().expect("a name").to_owned()
}

async fn underway(reader: &Reader) -> bool {
    reader.open("/api/v2/scheduled-maintenances/active.json").await.body.contains("new version")
}
