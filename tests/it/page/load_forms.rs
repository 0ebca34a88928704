//! More people sign up than the database bears: readers notice nothing, those who are turned away lose nothing that
//! they typed, and whoever wants to leave stands in a line of their own.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use domain::link::{self, LinkPurpose};
use domain::subscriber::SubscriberState;
use reqwest::StatusCode;
use scenarios::databases::{Database, key};
use scenarios::installation::Installation;
use scenarios::people::{People, phone_contact, phone_number};
use scenarios::waiting::until;
use sqlx::{Connection, Executor, SqliteConnection};

use super::reader::Reader;
use super::signing_up::powys;

const TURNED_AWAY: &str = "Mae gormod o bobl";
/// Less than anybody would stand in line.
const AT_ONCE: Duration = Duration::from_secs(2);

/// An installation in which one person is served and one more may wait.
async fn small(db: &Database) -> Installation<'_> {
    let app = Installation::with(db).without_notifier().configured(|config| {
        config.page.signup.at_once = 1;
        config.page.signup.waiting = 1;
        config.page.signup.leaving_at_once = 1;
    });
    app.start().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_when_the_line_is_full_keeps_what_they_typed_and_reading_goes_on() {
    let db = Database::sqlite().await;
    let app = small(&db).await;
    app.subscribe(People::phones(1, 1)).await;
    let reader = Reader::of(&app);
    until("there is a page", async || reader.open("/en/").await.status == StatusCode::OK).await;
    let leave_path = leave_path(&app).await;

    let mut writer = SqliteConnection::connect(&db.settings.url).await.expect("a connection");
    writer.execute("BEGIN IMMEDIATE").await.expect("the write lock");
    let refused = async {
        // Who is told at once came when the line was full; who is told after a while stood in it.
        let refused = RefCell::new(None);
        until("the line is full", async || {
            let begun = Instant::now();
            let seen = reader.send("/cy/hysbysiadau", &powys("sms", "07700 900 333")).await;
            let was_at_once = seen.body.contains(TURNED_AWAY) && begun.elapsed() < AT_ONCE;
            refused.replace(was_at_once.then_some(seen));
            was_at_once
        })
        .await;
        let begun = Instant::now();
        for path in ["/en/", "/cy/", "/en/alerts"] {
            assert_eq!(reader.open(path).await.status, StatusCode::OK, "{path}");
        }
        assert!(begun.elapsed() < AT_ONCE, "nobody of these waited for the line");
        writer.execute("ROLLBACK").await.expect("the lock is given back");
        refused.into_inner().expect("somebody was turned away")
    };
    let (refused, (), (), (), ()) = tokio::join!(
        refused,
        leaves(&reader, &leave_path),
        signs_up(&reader, "07700 900 111"),
        signs_up(&reader, "07700 900 222"),
        signs_up(&reader, "07700 900 444"),
    );
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers["retry-after"].as_bytes(), b"10");
    assert!(refused.body.contains("07700 900 333"), "{}", refused.body);
    assert_eq!(refused.body.matches(" checked").count(), 4, "channel, language, area and severity stay ticked");
}

/// Sends the form again and again, as its page says, until it is answered.
async fn signs_up(reader: &Reader, number: &str) {
    until("everybody is served in the end", async || {
        reader.send("/cy/hysbysiadau", &powys("sms", number)).await.status == StatusCode::OK
    })
    .await;
}

/// Presses the button again and again. While nothing can be written that fails, but never because others sign up.
async fn leaves(reader: &Reader, path: &str) {
    until("whoever wants to leave has left", async || {
        let seen = reader.send(path, &[]).await;
        assert!(!seen.body.contains("Too many people"), "leaving has a line of its own");
        seen.status == StatusCode::OK
    })
    .await;
}

async fn leave_path(app: &Installation<'_>) -> String {
    let contact = phone_contact(&phone_number(1));
    let found = app.subscriptions().find(&contact).await.expect("an answer").expect("a subscriber");
    assert_eq!(found.state, SubscriberState::Active);
    let token = link::sign(&key().derive(link::KEY_LABEL), LinkPurpose::Leave, found.id);
    let url = app.parts.site.leave(domain::Language::En, &token);
    url.split_once("/en/").map(|(_, rest)| format!("/en/{rest}")).expect("an English address")
}
