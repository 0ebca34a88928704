//! What a start without a database may not do.

use scenarios::databases::Database;
use scenarios::process::Program;

use super::blackout::{Blackout, Loss};
use super::ground::{Ground, INCIDENT};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_file_is_not_replaced_by_an_empty_database() {
    let database = Database::sqlite().await;
    let mut ground = Ground::prepare(&database).await;
    let blackout = Blackout::begin(&database, Loss::Gone).await;
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
    let blackout = Blackout::begin(&database, Loss::Garbage).await;
    let output = Program::new("serve", &config, folder.path()).run().await;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the database does not answer"), "{said}");
    blackout.end().await;
}
