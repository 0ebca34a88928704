//! Messages that are tried again.

use domain::ChannelKind;
use domain::delivery::{BroadcastState, Outcome, OutcomeState, Progress};
use scenarios::databases::Database;
use scenarios::on_both;

use super::fixtures::*;

/// A broadcast to three people whose first attempts all ended in `state`.
async fn tried(db: &Database, state: OutcomeState) -> i64 {
    people(db, 3).await;
    let broadcast = broadcast(db, 1_000).await;
    for chunk in db.store.claim_chunks(9, MINUTE).await.unwrap() {
        send_all(&db.store, &chunk, 10, state).await;
    }
    broadcast.id
}

async fn progress(db: &Database, broadcast: i64) -> Progress {
    db.store.progress(broadcast).await.unwrap()[&ChannelKind::Sms].clone()
}

async fn state(db: &Database, broadcast: i64) -> BroadcastState {
    db.store.broadcast(broadcast).await.unwrap().unwrap().state
}

on_both! {
    async fn a_broadcast_is_done_when_its_last_retry_has_ended(db: Database) {
        let broadcast = tried(db, OutcomeState::Waiting).await;
        assert!(db.store.due_retries(9, MINUTE).await.unwrap().is_empty());
        assert_eq!(state(db, broadcast).await, BroadcastState::Sending);
        assert_eq!(progress(db, broadcast).await.remaining, 3);
        db.env.advance(chrono::Duration::seconds(61));
        let due = db.store.due_retries(9, MINUTE).await.unwrap();
        assert_eq!(due.len(), 3);
        assert!(due.iter().all(|one| one.attempt == 2 && one.channel == ChannelKind::Sms));
        assert!(db.other_process().due_retries(9, MINUTE).await.unwrap().is_empty());

        let end = |which: usize, state| Outcome { attempt: 2, ..outcome(due[which].subscriber.id, state) };
        assert!(db.store.settle_retry(&due[0], &end(0, OutcomeState::Sent)).await.unwrap());
        assert!(!db.store.settle_retry(&due[0], &end(0, OutcomeState::Sent)).await.unwrap());
        assert!(db.store.settle_retry(&due[1], &end(1, OutcomeState::Failed)).await.unwrap());
        let mut again = end(2, OutcomeState::Waiting);
        again.retry_at = Some(in_minutes(5));
        assert!(db.store.settle_retry(&due[2], &again).await.unwrap());
        assert!(db.store.due_retries(9, MINUTE).await.unwrap().is_empty());
        db.env.advance(chrono::Duration::minutes(5));
        let last = db.store.due_retries(9, MINUTE).await.unwrap().remove(0);
        assert_eq!(last.attempt, 3);
        assert_eq!(state(db, broadcast).await, BroadcastState::Sending);
        assert!(db.store.settle_retry(&last, &end(2, OutcomeState::Sent)).await.unwrap());
        let now = progress(db, broadcast).await;
        assert_eq!((now.sent, now.failed, now.remaining), (2, 1, 0));
        assert_eq!(state(db, broadcast).await, BroadcastState::Done);
    }
}

on_both! {
    async fn a_retry_for_somebody_who_left_is_skipped(db: Database) {
        let broadcast = tried(db, OutcomeState::Waiting).await;
        let tx = db.store.subscriptions().begin().await.unwrap();
        for number in 0..3 {
            tx.leave_contact(&phone(number), "stop").await.unwrap().unwrap();
        }
        tx.commit().await.unwrap();
        db.env.advance(chrono::Duration::minutes(2));
        assert!(db.store.due_retries(9, MINUTE).await.unwrap().is_empty());
        assert_eq!(progress(db, broadcast).await.skipped, 3);
        assert_eq!(state(db, broadcast).await, BroadcastState::Done);
    }
}

on_both! {
    async fn a_frozen_process_cannot_settle_what_another_took_over(db: Database) {
        tried(db, OutcomeState::Waiting).await;
        db.env.advance(chrono::Duration::minutes(2));
        let zombie = db.store.due_retries(1, MINUTE).await.unwrap().remove(0);
        db.env.advance(chrono::Duration::minutes(2));
        assert_eq!(db.other_process().due_retries(9, MINUTE).await.unwrap().len(), 3);
        let sent = outcome(zombie.subscriber.id, OutcomeState::Sent);
        assert!(!db.store.settle_retry(&zombie, &sent).await.unwrap());
    }
}

on_both! {
    async fn the_failed_part_alone_is_tried_again(db: Database) {
        let broadcast = tried(db, OutcomeState::Failed).await;
        assert_eq!(state(db, broadcast).await, BroadcastState::Done);
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.retry_failed(broadcast).await.unwrap(), 3);
        assert_eq!(tx.retry_failed(broadcast).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(state(db, broadcast).await, BroadcastState::Sending);
        let now = progress(db, broadcast).await;
        assert_eq!((now.failed, now.remaining), (0, 3));
        for retry in db.store.due_retries(9, MINUTE).await.unwrap() {
            let sent = outcome(retry.subscriber.id, OutcomeState::Sent);
            assert!(db.store.settle_retry(&retry, &sent).await.unwrap());
        }
        assert_eq!(progress(db, broadcast).await.sent, 3);
        assert_eq!(state(db, broadcast).await, BroadcastState::Done);
    }
}

on_both! {
    async fn a_paused_broadcast_retries_nothing(db: Database) {
        let broadcast = tried(db, OutcomeState::Waiting).await;
        let tx = db.store.begin().await.unwrap();
        tx.set_broadcast_state(broadcast, BroadcastState::Paused).await.unwrap();
        tx.commit().await.unwrap();
        db.env.advance(chrono::Duration::minutes(2));
        assert!(db.store.due_retries(9, MINUTE).await.unwrap().is_empty());
    }
}
