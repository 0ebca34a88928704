//! One recipient who makes sending fail holds nobody else up, and is told apart from those who left.

use std::time::Duration;

use domain::delivery::{BroadcastState, Chunk, OutcomeState, Progress};
use domain::{ChannelKind, HasKind, Kind};
use scenarios::databases::Database;
use scenarios::on_both;
use store::{Checkpoint, POISONED};

use super::fixtures::*;

/// Makes the contact of one of the people unreadable.
async fn damage(db: &Database, id: i64) {
    db.sql(&format!("UPDATE subscriber SET contact = blind WHERE id = {id}")).await;
}

async fn progress(db: &Database, broadcast: i64) -> Progress {
    db.store.progress(broadcast).await.unwrap()[&ChannelKind::Sms].clone()
}

async fn code_of(db: &Database, id: i64) -> i64 {
    db.number(&format!("SELECT CAST(max(code) AS bigint) FROM outcome WHERE subscriber = {id}")).await
}

/// Leases every chunk, and fails over each, so many times.
async fn fail(db: &Database, times: usize) {
    for _ in 0..times {
        for chunk in db.store.claim_chunks(99, MINUTE).await.unwrap() {
            db.store.fail_chunk(&chunk, Duration::from_secs(1)).await.unwrap();
        }
        db.env.advance(chrono::Duration::seconds(2));
    }
}

async fn claim(db: &Database) -> Vec<Chunk> {
    db.store.claim_chunks(99, MINUTE).await.unwrap()
}

on_both! {
    async fn one_of_a_group_whose_contact_is_damaged_has_failed(db: Database) {
        people(db, 30).await;
        let broadcast = broadcast(db, 1_000).await;
        let chunks = claim(db).await;
        let unlucky = db.store.group(&chunks[0], chunks[0].cursor, 5).await.unwrap()[2].id;
        damage(db, unlucky).await;
        let mut sent = 0;
        for chunk in &chunks {
            sent += send_all(&db.store, chunk, 5, OutcomeState::Sent).await.len();
        }
        let now = progress(db, broadcast.id).await;
        assert_eq!((sent, now.sent, now.failed, now.skipped, now.remaining), (29, 29, 1, 0, 0));
        assert_eq!(code_of(db, unlucky).await, i64::from(POISONED));
        assert_eq!(db.store.broadcast(broadcast.id).await.unwrap().unwrap().state, BroadcastState::Done);
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.retry_failed(broadcast.id).await.unwrap(), 0, "it would fail again");
        tx.commit().await.unwrap();
        assert_eq!(progress(db, broadcast.id).await, now);
    }
}

on_both! {
    async fn the_last_of_a_chunk_whose_contact_is_damaged_is_given_up_after_five_tries(db: Database) {
        people(db, 1).await;
        let broadcast = broadcast(db, 1_000).await;
        let unlucky = db.number("SELECT id FROM subscriber").await;
        damage(db, unlucky).await;
        for _ in 0..5 {
            let chunk = claim(db).await.remove(0);
            let error = db.store.group(&chunk, chunk.cursor, 5).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Broken);
            db.store.fail_chunk(&chunk, Duration::from_secs(1)).await.unwrap();
            assert!(claim(db).await.is_empty(), "it rests for a moment");
            db.env.advance(chrono::Duration::seconds(2));
        }
        assert!(claim(db).await.is_empty(), "this look gave the person up");
        let chunk = claim(db).await.remove(0);
        assert!(send_all(&db.store, &chunk, 5, OutcomeState::Sent).await.is_empty());
        let now = progress(db, broadcast.id).await;
        assert_eq!((now.audience, now.failed, now.remaining), (1, 1, 0));
        assert_eq!(code_of(db, unlucky).await, i64::from(POISONED));
        assert_eq!(db.store.broadcast(broadcast.id).await.unwrap().unwrap().state, BroadcastState::Done);
    }
}

on_both! {
    async fn a_chunk_that_always_fails_is_halved_and_everybody_stays_in_one_half(db: Database) {
        people(db, 90).await;
        let broadcast = broadcast(db, 1_000).await;
        // Of the English ones a group of five is in doubt since a crash.
        let doubtful = claim(db).await.remove(0);
        let group = db.store.group(&doubtful, doubtful.cursor, 5).await.unwrap();
        let cursor = group.last().unwrap().id;
        let step = Checkpoint { outcomes: &[], cursor, group_start: doubtful.cursor, lease_for: MINUTE };
        assert!(db.store.checkpoint(&doubtful, step).await.unwrap());
        db.env.advance(chrono::Duration::seconds(61));

        fail(db, 7).await;
        let halves = claim(db).await;
        assert_eq!(halves.len(), 4, "two languages, each in two");
        let still = halves.iter().find(|chunk| chunk.id == doubtful.id).unwrap();
        assert_eq!(db.store.ambiguous(still).await.unwrap(), group);
        let mut sent = Vec::new();
        for chunk in &halves {
            sent.extend(send_all(&db.store, chunk, 7, OutcomeState::Sent).await);
        }
        sent.sort_unstable();
        sent.dedup();
        assert_eq!(sent.len(), 85, "without those in doubt");
        let now = progress(db, broadcast.id).await;
        assert_eq!((now.audience, now.sent, now.remaining), (90, 85, 0));
    }
}

on_both! {
    async fn what_is_given_back_has_not_failed(db: Database) {
        people(db, 20).await;
        broadcast(db, 1_000).await;
        for _ in 0..12 {
            for chunk in claim(db).await {
                assert!(db.store.hand_back(&chunk, &[]).await.unwrap());
            }
        }
        assert_eq!(claim(db).await.len(), 2);
    }
}
