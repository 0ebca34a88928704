//! What is published is on the page at once, in both languages, in pages, feeds and JSON.

use std::time::{Duration, Instant};

use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::update::Update;
use scenarios::waiting::until;

use super::reader::Reader;

/// Well below a tenth of a second where nothing else runs; this build is slow and the machine may be busy.
const AT_ONCE: Duration = Duration::from_secs(3);

/// What does not differ from one page process to another, though each makes its edition by itself.
const SAME: [&str; 14] = [
    "/en/",
    "/cy/",
    "/en/services",
    "/en/services/gp-appt",
    "/cy/ardaloedd/pthb",
    "/en/history/2018-01",
    "/en/feed.atom",
    "/cy/feed.rss",
    "/en/feed.json",
    "/history.rss",
    "/en/planned.ics",
    "/api/v2/summary.json",
    "/embed/en/nhs-wales.json",
    "/sitemap.xml",
];

async fn number_of(app: &Installation<'_>, publication: &authoring::Publication) -> i64 {
    let incident = app.store().incident(publication.incident).await.expect("an answer");
    incident.expect("the incident").number
}

on_both! {
    async fn what_is_published_is_on_the_page_at_once(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        until("the page is there", async || reader.open("/en/").await.status.is_success()).await;
        assert!(reader.open("/en/").await.body.contains("All services are working normally"));
        let update = Update::first();
        let publication = app.publish(&update).await;
        let published = Instant::now();
        let number = number_of(&app, &publication).await;
        let link = format!("/i/{number}");
        until("the short link leads there", async || reader.open(&link).await.status.is_redirection()).await;
        let seen = published.elapsed();
        println!("from the publication to the page: {seen:?}");
        assert!(seen < AT_ONCE, "{seen:?}");
        let english = reader.open(reader.open(&link).await.headers["location"].to_str().unwrap()).await;
        let welsh = reader.open(&format!("/d/{number}")).await;
        let welsh = reader.open(welsh.headers["location"].to_str().unwrap()).await;
        assert!(english.body.contains("What you should do") && welsh.body.contains("Beth dylech chi ei wneud"));
        assert_eq!(english.headers["x-edition"], welsh.headers["x-edition"]);
        for path in ["/en/feed.atom", "/cy/feed.json", "/api/v2/summary.json", "/cy/api/v2/summary.json", "/history.rss"] {
            let feed = reader.open(path).await;
            assert!(feed.status.is_success() && feed.body.contains("2018-01-24"), "{path}: {}", feed.body);
        }
    }
}

on_both! {
    async fn a_second_page_process_shows_the_same_edition(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        app.publish(&Update::first()).await;
        let urls = app.parts.config.site.url.clone();
        let other = Installation::with(db).without_notifier().configured(|config| config.site.url = urls).start().await;
        // Both machines show one time; else the second would stamp its pages with a time before the news.
        other.parts.env.set_clock(app.parts.env.now(), 1.0);
        let elsewhere = Reader::of(&other);
        until("both show the incident", async || {
            let paths = ["/i/1", "/d/1"];
            let (mine, theirs) = (reader.open(paths[0]).await, elsewhere.open(paths[1]).await);
            mine.status.is_redirection() && theirs.status.is_redirection()
        })
        .await;
        let next = app.publish(&Update::first().about(&["pthb"])).await;
        let link = format!("/i/{}", number_of(&app, &next).await);
        until("the other process learns of it", async || elsewhere.open(&link).await.status.is_redirection()).await;
        until("the first one, too", async || reader.open(&link).await.status.is_redirection()).await;
        // Behind a balancer, a reader is answered by one and asks the other with its tag.
        for path in SAME {
            until(path, async || reader.open(path).await.is_as(&elsewhere.open(path).await)).await;
        }
    }
}
