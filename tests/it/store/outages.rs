//! A database that goes away and comes back.

use std::time::{Duration, Instant};

use domain::{Env, HasKind, Kind};
use scenarios::databases::{Database, key, noon};
use store::{Settings, Store, Wake};

use super::fixtures::*;

#[tokio::test]
async fn a_lost_file_is_an_outage_and_its_return_the_end_of_it() {
    let db = Database::sqlite().await;
    people(&db, 3).await;
    let file = db.folder.path().join("test.db");
    let aside = db.folder.path().join("aside.db");
    std::fs::rename(&file, &aside).unwrap();
    let error = db.store.ping().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert_eq!(db.store.begin().await.err().unwrap().kind(), Kind::Unavailable);
    assert!(!file.exists(), "an empty database in its place would look like one without subscribers");
    std::fs::rename(&aside, &file).unwrap();
    db.store.ping().await.unwrap();
    assert_eq!(db.store.subscriber_counts().await.unwrap().values().sum::<i64>(), 3);
}

#[tokio::test]
async fn a_restored_copy_is_read_instead_of_the_old_file() {
    let (db, backup) = (Database::sqlite().await, Database::sqlite().await);
    people(&db, 3).await;
    people(&backup, 5).await;
    backup.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
    assert_eq!(db.store.subscriber_counts().await.unwrap().values().sum::<i64>(), 3);
    for name in ["test.db-wal", "test.db-shm"] {
        let _ = std::fs::remove_file(db.folder.path().join(name));
    }
    let restored = db.folder.path().join("restored.db");
    std::fs::copy(backup.folder.path().join("test.db"), &restored).unwrap();
    std::fs::rename(&restored, db.folder.path().join("test.db")).unwrap();
    assert_eq!(db.store.subscriber_counts().await.unwrap().values().sum::<i64>(), 5);
}

#[tokio::test]
async fn a_damaged_file_is_an_outage_until_it_is_replaced() {
    let db = Database::sqlite().await;
    db.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let file = db.folder.path().join("test.db");
    let good = db.folder.path().join("good.db");
    std::fs::rename(&file, &good).unwrap();
    std::fs::write(&file, vec![7; 100_000]).unwrap();
    assert_eq!(db.store.catalogue().await.unwrap_err().kind(), Kind::Unavailable);
    std::fs::rename(&good, &file).unwrap();
    db.store.catalogue().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_noticed_in_time_and_waiting_goes_on() {
    let settings = Settings {
        url: "postgres://postgres@127.0.0.1:9/none".to_owned(),
        acquire_timeout: Duration::from_millis(300),
        ..Settings::default()
    };
    let store = Store::connect_lazy(&settings, &key(), Env::fixed(noon(), 1)).unwrap();
    let began = Instant::now();
    assert_eq!(store.ping().await.unwrap_err().kind(), Kind::Unavailable);
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(store.watch().next(Duration::from_millis(50)).await, Wake::Floor);
    let eager = Store::connect(&settings, &key(), Env::fixed(noon(), 1)).await;
    assert_eq!(eager.err().unwrap().kind(), Kind::Unavailable);
}

#[tokio::test]
async fn connections_that_the_server_cut_are_replaced() {
    let Some(db) = Database::postgres().await else { return };
    db.store.ping().await.unwrap();
    db.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    db.store.ping().await.unwrap();
    db.store.begin().await.unwrap().commit().await.unwrap();
}

#[test]
fn an_address_that_makes_no_sense_is_refused_without_being_shown() {
    for url in ["mysql://root:hunter2@db/x", "sqlite::memory:", "", "postgres://user:hunter2@[::1/x"] {
        let settings = Settings { url: url.to_owned(), ..Settings::default() };
        let error = Store::connect_lazy(&settings, &key(), Env::fixed(noon(), 1)).err().unwrap();
        assert_eq!(error.kind(), Kind::Broken, "{url}");
        assert!(!format!("{error} {error:?} {settings:?}").contains("hunter2"));
    }
}
