//! What a start without a database may not do.

use scenarios::databases::Database;
use scenarios::process::Program;

use super::blackout::{Blackout, Loss};
use super::crowd::PATHS;
use super::ground::{Ground, INCIDENT};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_file_is_not_replaced_by_an_empty_database() {
    let database = Database::sqlite().await;
    let mut ground = Ground::prepare(&database).await;
    let blackout = Blackout::begin(&ground, Loss::Gone).await;
    ground.kill();
    ground.start().await;
    assert!(ground.get("/cy/").await.1.contains(INCIDENT), "nobody took the incident off the page");
    assert!(!database.folder.path().join("test.db").exists());
    blackout.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_edition_to_show_it_says_what_is_missing_and_ends() {
    let database = Database::sqlite().await;
    let ground = Ground::prepare(&database).await;
    let mut config = ground.config.clone();
    config.page.data_dir = database.folder.path().join("another-edition");
    config.page.listen = scenarios::installation::free_address();
    config.authoring.listen = scenarios::installation::free_address();
    config.notifier.listen = scenarios::installation::free_address();
    config.ops.listen = scenarios::installation::free_address();
    let folder = tempfile::tempdir().unwrap();
    let blackout = Blackout::begin(&ground, Loss::Garbage).await;
    let output = Program::new("serve", &config, folder.path()).run().await;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the database does not answer"), "{said}");
    blackout.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_may_only_be_read_does_not_keep_the_page_from_starting() {
    let database = Database::sqlite().await;
    let mut ground = Ground::prepare(&database).await;
    ground.kill();
    let folder = tempfile::tempdir().unwrap();
    let mut config = ground.config.clone();
    // Every write is refused as on a volume that was mounted read-only; a test may be root, whom no permission stops.
    config.database.url = format!("{}?mode=ro", config.database.url);
    let process = Program::new("serve", &config, folder.path()).start();
    process.until_ready().await;
    for path in PATHS {
        assert_eq!(ground.get(path).await.0, 200, "{path}");
    }
    assert!(ground.get("/cy/").await.1.contains(INCIDENT));
    process.kill();
    ground.start().await;
    assert!(ground.get("/cy/").await.1.contains(INCIDENT));
}
