//! Migrations: all or nothing, once, and readable without the right to change anything.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::{HasKind, Kind};
use scenarios::databases::{Database, key};
use scenarios::on_both;
use scenarios::waiting::stays_so_for;
use store::{Key, Store};

use super::fixtures::*;

on_both! {
    async fn a_migrated_database_has_nothing_pending(db: Database) {
        assert!(db.store.pending_migrations().await.unwrap().is_empty());
        assert!(db.store.migrate().await.unwrap().is_empty());
    }
}

on_both! {
    async fn two_processes_may_migrate_at_once(db: Database) {
        let forget = "DELETE FROM seaql_migrations WHERE version = 'm0006_writers';
            ALTER TABLE revision DROP COLUMN writers";
        db.sql(forget).await;
        let (one, two) = (db.other_process(), db.other_process());
        assert_eq!(one.pending_migrations().await.unwrap(), ["m0006_writers"]);
        let (first, second) = tokio::join!(one.migrate(), two.migrate());
        assert_eq!(first.unwrap().len() + second.unwrap().len(), 1);
    }
}

on_both! {
    async fn another_key_is_refused(db: Database) {
        let other = Store::connect_lazy(&db.settings, &Key::from_bytes([1; 32]), db.env.clone()).unwrap();
        assert_eq!(other.check_key().await.unwrap_err().kind(), Kind::Broken);
        assert!(other.migrate().await.is_err());
        let same = Store::connect_lazy(&db.settings, &key(), db.env.clone()).unwrap();
        same.check_key().await.unwrap();
    }
}

on_both! {
    async fn times_of_0_250_and_500_milliseconds_stay_in_order(db: Database) {
        let mut numbers = Vec::new();
        for (number, milliseconds) in [(1, 500), (2, 0), (3, 250)] {
            let mut one = incident(db, number);
            publish(db, &mut one, content(domain::Phase::Investigating)).await;
            one.published_at = Some(scenarios::databases::noon() + chrono::Duration::milliseconds(milliseconds));
            let tx = db.store.begin().await.unwrap();
            tx.mark_published(&one).await.unwrap();
            tx.commit().await.unwrap();
        }
        for one in db.store.published().recent(10).await.unwrap() {
            numbers.push((one.incident.number, one.incident.published_at.unwrap().timestamp_subsec_millis()));
        }
        assert_eq!(numbers, [(1, 500), (3, 250), (2, 0)]);
        let noon = scenarios::databases::noon();
        let quarter = chrono::Duration::milliseconds(250);
        let early = db.store.published().between(noon, noon + quarter).await.unwrap();
        assert_eq!(early.iter().map(|one| one.incident.number).collect::<Vec<_>>(), [2]);
    }
}

on_both! {
    async fn a_second_writer_waits_for_the_first_even_after_it_has_read(db: Database) {
        // With a deferred transaction SQLite answers "database is locked" at once, whatever the busy timeout is.
        let other = db.other_process();
        let first = db.store.begin().await.unwrap();
        let number = first.next_incident_number().await.unwrap();
        let is_through = AtomicBool::new(false);
        let second = async {
            let tx = other.begin().await.unwrap();
            let number = if db.store.is_sqlite() { tx.next_incident_number().await.unwrap() } else { 2 };
            tx.insert_incident(&incident(db, number)).await.unwrap();
            tx.commit().await.unwrap();
            is_through.store(true, Ordering::Relaxed);
            number
        };
        let first = async {
            // PostgreSQL writes both at once: they touch different rows.
            let waits = async || !db.store.is_sqlite() || !is_through.load(Ordering::Relaxed);
            stays_so_for(Duration::from_millis(50), "the second writer waits for the first", waits).await;
            first.insert_incident(&incident(db, number)).await.unwrap();
            first.commit().await.unwrap();
            number
        };
        assert_eq!(tokio::join!(first, second), (1, 2));
    }
}

on_both! {
    async fn what_is_not_committed_never_was(db: Database) {
        let tx = db.store.begin().await.unwrap();
        tx.insert_incident(&incident(db, 1)).await.unwrap();
        drop(tx);
        assert!(db.store.incident_by_number(1).await.unwrap().is_none());
        // The write lock came back with it.
        db.store.begin().await.unwrap().commit().await.unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_but_the_owner_reads_the_file_and_its_log() {
    use std::os::unix::fs::PermissionsExt;
    let db = Database::sqlite().await;
    let files: Vec<_> = std::fs::read_dir(db.folder.path()).unwrap().map(Result::unwrap).collect();
    assert!(files.iter().any(|file| file.file_name() == "test.db-wal"), "the log is there: {files:?}");
    for file in files.iter().filter(|file| file.file_name().to_string_lossy().starts_with("test.db")) {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{file:?}");
    }
}
