//! Reading goes on: not one reader notices that the database is away.

use std::os::unix::fs::FileExt;

use scenarios::databases::Database;
use scenarios::update::Update;
use scenarios::waiting::until;

use super::blackout::{Blackout, Loss};
use super::crowd::{Crowd, PATHS};
use super::ground::{Ground, INCIDENT};

/// Answers to readers while the database is away.
const MANY: u64 = 500;

async fn readers_notice_nothing(database: &Database, loss: Loss) {
    let mut ground = Ground::prepare(database).await;
    let edition = ground.get("/en/").await.1;
    let crowd = Crowd::gathers(&ground.page());
    let blackout = Blackout::begin(&ground, loss).await;
    let can_be_asked = matches!(loss, Loss::ReadOnly | Loss::Locked);
    let up = if can_be_asked { "hysbys_database_up 1" } else { "hysbys_database_up 0" };
    until("the program has noticed", async || ground.ops("/metrics").await.1.contains(up)).await;
    crowd.reads_on(MANY).await;
    let (status, words) = ground.ops("/readyz").await;
    assert_eq!((status, words.as_str()), (200, "ready\n"), "readers can be sent here");
    assert_eq!(ground.get("/en/").await, (200, edition.clone()), "the last edition, byte for byte");
    let before = crowd.was_always_answered().await;

    ground.kill();
    ground.start().await;
    assert_eq!(ground.ops("/readyz").await.0, 200);
    for path in PATHS {
        assert_eq!(ground.get(path).await.0, 200, "{path}, from disk");
    }
    assert!(ground.get("/en/").await.1.contains(INCIDENT), "and it still shows the incident");

    let crowd = Crowd::gathers(&ground.page());
    crowd.reads_on(MANY).await;
    blackout.end().await;
    until("the program has noticed", async || ground.ops("/metrics").await.1.contains("hysbys_database_up 1")).await;
    let next = Update::first()
        .about(&["pthb"])
        .with("title", serde_json::json!({"en": "A second trouble", "cy": "Ail helynt"}));
    ground.app.publish(&next).await;
    until("what is published next is shown", async || ground.get("/cy/").await.1.contains("Ail helynt")).await;
    let after = crowd.was_always_answered().await;
    println!("{loss:?}: {before} answers without the database, {after} from disk and at its return, 0 refused");
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
async fn readers_notice_nothing_when_another_program_holds_the_file() {
    readers_notice_nothing(&Database::sqlite().await, Loss::Locked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_pages_of_the_file_rot() {
    let database = Database::sqlite().await;
    let mut ground = Ground::prepare(&database).await;
    let edition = ground.get("/en/").await.1;
    let crowd = Crowd::gathers(&ground.page());
    // The head of the file is sound, so that it opens, and some questions are answered.
    for name in ["test.db", "test.db-wal"] {
        let place = database.folder.path().join(name);
        let length = std::fs::metadata(&place).unwrap().len();
        let file = std::fs::OpenOptions::new().write(true).open(place).unwrap();
        for page in (8_192..length).step_by(8_192) {
            file.write_all_at(&[7; 4_096], page).unwrap();
        }
    }
    crowd.reads_on(MANY).await;
    assert_eq!(ground.get("/en/").await, (200, edition), "the last edition, byte for byte");
    let before = crowd.was_always_answered().await;
    ground.kill();
    ground.start().await;
    let crowd = Crowd::gathers(&ground.page());
    crowd.reads_on(MANY).await;
    assert!(ground.get("/en/").await.1.contains(INCIDENT), "from disk");
    let after = crowd.was_always_answered().await;
    println!("rotten pages: {before} answers before the restart, {after} after it, 0 refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_the_server_lets_nobody_in() {
    if let Some(database) = Database::postgres().await {
        readers_notice_nothing(&database, Loss::Closed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_the_server_knows_the_database_no_more() {
    if let Some(database) = Database::postgres().await {
        readers_notice_nothing(&database, Loss::Gone).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_the_server_never_answers() {
    if let Some(database) = Database::postgres().await {
        readers_notice_nothing(&database, Loss::Stalled).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_notice_nothing_when_the_server_takes_no_changes() {
    if let Some(database) = Database::postgres().await {
        readers_notice_nothing(&database, Loss::ReadOnly).await;
    }
}
