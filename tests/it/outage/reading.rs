//! Reading goes on: not one reader notices that the database is away.

use std::collections::BTreeMap;
use std::time::Duration;

use scenarios::databases::Database;
use scenarios::process::client;
use scenarios::update::Update;
use scenarios::waiting::until;
use tokio_util::sync::CancellationToken;

use super::blackout::{Blackout, Loss};
use super::ground::{Ground, INCIDENT};

/// What readers and their programs ask for.
const PATHS: [&str; 9] = [
    "/en/",
    "/cy/",
    "/en/services",
    "/cy/hanes",
    "/en/areas/pthb",
    "/en/feed.atom",
    "/cy/feed.json",
    "/api/v2/summary.json",
    "/en/alerts",
];

/// Readers who open page after page on connections that they keep, until they are called off.
struct Crowd {
    readers: tokio::task::JoinSet<BTreeMap<String, u64>>,
    stop: CancellationToken,
}

impl Crowd {
    fn gathers(ground: &Ground<'_>) -> Self {
        let (mut readers, stop) = (tokio::task::JoinSet::new(), CancellationToken::new());
        for number in 0..4 {
            readers.spawn(reads(ground.page(), number, stop.clone()));
        }
        Self { readers, stop }
    }

    /// How often each kind of answer was given.
    async fn goes(self) -> BTreeMap<String, u64> {
        self.stop.cancel();
        let mut all = BTreeMap::new();
        for seen in self.readers.join_all().await {
            for (kind, count) in seen {
                *all.entry(kind).or_default() += count;
            }
        }
        all
    }
}

async fn reads(page: String, first: usize, stop: CancellationToken) -> BTreeMap<String, u64> {
    let (client, mut seen) = (client(), BTreeMap::new());
    for path in PATHS.iter().cycle().skip(first) {
        if stop.is_cancelled() {
            break;
        }
        let kind = match client.get(format!("{page}{path}")).send().await {
            Ok(answer) => answer.status().to_string(),
            Err(error) => format!("no answer: {error}"),
        };
        *seen.entry(kind).or_default() += 1;
    }
    seen
}

async fn readers_notice_nothing(database: &Database, loss: Loss) {
    let mut ground = Ground::prepare(database).await;
    let edition = ground.get("/en/").await.1;
    let crowd = Crowd::gathers(&ground);
    let blackout = Blackout::begin(database, loss).await;
    until("the program has noticed", async || ground.ops("/metrics").await.1.contains("hysbys_database_up 0")).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (status, words) = ground.ops("/readyz").await;
    assert_eq!((status, words.as_str()), (200, "ready\n"), "readers can be sent here");
    assert_eq!(ground.get("/en/").await, (200, edition.clone()), "the last edition, byte for byte");
    let seen = crowd.goes().await;
    println!("{loss:?}: {seen:?}");
    assert_eq!(seen.keys().collect::<Vec<_>>(), ["200 OK"], "every answer: {seen:?}");
    assert!(seen["200 OK"] > 100, "there were readers: {seen:?}");

    ground.kill();
    ground.start().await;
    assert_eq!(ground.ops("/readyz").await.0, 200);
    for path in PATHS {
        assert_eq!(ground.get(path).await.0, 200, "{path}, from disk");
    }
    assert!(ground.get("/en/").await.1.contains(INCIDENT), "and it still shows the incident");

    let crowd = Crowd::gathers(&ground);
    blackout.end().await;
    until("the program has noticed", async || ground.ops("/metrics").await.1.contains("hysbys_database_up 1")).await;
    let next = Update::first()
        .about(&["pthb"])
        .with("title", serde_json::json!({"en": "A second trouble", "cy": "Ail helynt"}));
    ground.app.publish(&next).await;
    until("what is published next is shown", async || ground.get("/cy/").await.1.contains("Ail helynt")).await;
    let seen = crowd.goes().await;
    assert_eq!(seen.keys().collect::<Vec<_>>(), ["200 OK"], "every answer: {seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_the_file_is_gone() {
    readers_notice_nothing(&Database::sqlite().await, Loss::Gone).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_a_folder_stands_in_its_place() {
    readers_notice_nothing(&Database::sqlite().await, Loss::Folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_the_file_is_garbage() {
    readers_notice_nothing(&Database::sqlite().await, Loss::Garbage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_the_server_lets_nobody_in() {
    if let Some(database) = Database::postgres().await {
        readers_notice_nothing(&database, Loss::Closed).await;
    }
}
