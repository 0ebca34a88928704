//! Waking up early.

use std::time::{Duration, Instant};

use scenarios::databases::Database;
use scenarios::on_both;
use store::Wake;

use super::fixtures::*;

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(20);

on_both! {
    async fn a_publication_wakes_its_waiters_at_the_commit_and_not_before(db: Database) {
        let mut watch = db.store.published().watch();
        let tx = db.store.begin().await.unwrap();
        tx.touch_publication().await.unwrap();
        assert_eq!(watch.next(SHORT).await, Wake::Floor);
        tx.commit().await.unwrap();
        assert_eq!(watch.next(LONG).await, Wake::Publication);
        assert_eq!(watch.next(SHORT).await, Wake::Floor);
    }
}

on_both! {
    async fn work_wakes_the_notifier_even_if_it_came_between_two_looks(db: Database) {
        people(db, 1).await;
        let mut watch = db.store.watch();
        broadcast(db, 10).await;
        assert_eq!(watch.next(LONG).await, Wake::Publication);
        assert_eq!(watch.next(LONG).await, Wake::Work);
    }
}

on_both! {
    async fn nothing_wakes_when_nothing_is_committed(db: Database) {
        let mut watch = db.store.watch();
        let tx = db.store.begin().await.unwrap();
        tx.touch_publication().await.unwrap();
        drop(tx);
        assert_eq!(watch.next(SHORT).await, Wake::Floor);
    }
}

#[tokio::test]
async fn another_process_is_heard_through_postgres() {
    let Some(db) = Database::postgres().await else { return };
    let mut watch = db.other_process().watch();
    // The first look connects the listener.
    assert_eq!(watch.next(Duration::from_millis(500)).await, Wake::Floor);
    let tx = db.store.begin().await.unwrap();
    tx.touch_publication().await.unwrap();
    tx.commit().await.unwrap();
    let began = Instant::now();
    assert_eq!(watch.next(LONG).await, Wake::Publication);
    assert!(began.elapsed() < Duration::from_secs(5));
}
