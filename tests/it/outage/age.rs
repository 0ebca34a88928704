//! However the database is lost, the page goes on and says how old its information is, also after a restart without it.

use chrono::Duration;
use scenarios::databases::Database;
use scenarios::waiting::until;

use super::blackout::{Blackout, Loss};
use super::clocked::{self, Clocked, DOUBT};
use super::crowd::Crowd;
use super::ground::{Ground, INCIDENT};

async fn the_age_is_said(database: &Database, loss: Loss) {
    let ground = Ground::prepare(database).await;
    let env = &database.env;
    env.advance(Duration::hours(4));
    let config = clocked::config_beside(&ground, database);
    let page = Clocked::start(&config, env).await;
    until("it shows the incident", async || page.home().await.contains(INCIDENT)).await;
    until("its edition is on disk", async || config.page.data_dir.join("edition.hysbys").exists()).await;
    let stamp = page.stamp().await.expect("it always says when it was confirmed");

    let crowd = Crowd::gathers(&page.page);
    let blackout = Blackout::begin(&ground, loss).await;
    env.advance(Duration::seconds(61));
    until("readers are told", async || page.home().await.contains(DOUBT)).await;
    crowd.reads_on(200).await;
    let answered = crowd.was_always_answered().await;
    page.stop().await;

    let page = Clocked::start(&config, env).await;
    assert_eq!(page.stamp().await, Some(stamp), "from disk, with the time of the last confirmation");
    let crowd = Crowd::gathers(&page.page);
    env.advance(Duration::seconds(61));
    until("readers are told again", async || page.home().await.contains(DOUBT)).await;
    assert!(page.home().await.contains(INCIDENT));
    blackout.end().await;
    until("the doubt is over", async || !page.home().await.contains(DOUBT)).await;
    let again = crowd.was_always_answered().await;
    println!("{loss:?}: the age was said to readers; {} answers, 0 refused", answered + again);
    page.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_file_is_gone() {
    the_age_is_said(&Database::sqlite().await, Loss::Gone).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_file_is_garbage() {
    the_age_is_said(&Database::sqlite().await, Loss::Garbage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_a_folder_stands_in_its_place() {
    the_age_is_said(&Database::sqlite().await, Loss::Folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_server_lets_nobody_in() {
    if let Some(database) = Database::postgres().await {
        the_age_is_said(&database, Loss::Closed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_server_knows_the_database_no_more() {
    if let Some(database) = Database::postgres().await {
        the_age_is_said(&database, Loss::Gone).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_server_never_answers() {
    if let Some(database) = Database::postgres().await {
        the_age_is_said(&database, Loss::Stalled).await;
    }
}
