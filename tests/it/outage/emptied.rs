//! A database that somebody emptied knows of no incident. The page does not take that for good news.

use chrono::Duration;
use scenarios::databases::Database;
use scenarios::on_both;
use scenarios::waiting::until;

use super::clocked::{Clocked, DOUBT, config_beside};
use super::ground::{Ground, INCIDENT};

/// Takes every table away and makes them anew, as a start of the program does.
async fn empty(database: &Database) {
    if database.store.is_sqlite() {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(database.folder.path().join(format!("test.db{end}")));
        }
    } else {
        database.sql("DROP SCHEMA public CASCADE").await;
        database.sql("CREATE SCHEMA public").await;
    }
    database.store.migrate().await.expect("the schema applies");
}

on_both! {
    async fn an_emptied_database_takes_nothing_off_the_page_until_an_operator_says_so(database: Database) {
        let mut ground = Ground::prepare(database).await;
        let config = config_beside(&ground, database);
        let page = Clocked::start(&config, &database.env).await;
        let edition = config.page.data_dir.join("edition.hysbys");
        until("its edition is on disk", async || edition.exists()).await;
        page.stop().await;
        ground.kill();

        empty(database).await;
        let page = Clocked::start(&config, &database.env).await;
        database.env.advance(Duration::seconds(61));
        until("readers are told", async || page.home().await.contains(DOUBT)).await;
        assert!(page.home().await.contains(INCIDENT));
        page.stop().await;

        database.sql("DELETE FROM setting WHERE name = 'installation'").await;
        let page = Clocked::start(&config, &database.env).await;
        database.env.advance(Duration::seconds(61));
        until("a database without a name is not believed either", async || page.home().await.contains(DOUBT)).await;
        assert!(page.home().await.contains(INCIDENT));
        page.stop().await;

        std::fs::remove_file(edition).expect("the operator may");
        let page = Clocked::start(&config, &database.env).await;
        until("it begins anew", async || page.stamp().await.is_some()).await;
        assert!(!page.home().await.contains(INCIDENT));
        page.stop().await;
    }
}
