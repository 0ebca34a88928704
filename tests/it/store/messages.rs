//! Direct messages.

use domain::Language;
use scenarios::databases::Database;
use scenarios::on_both;
use store::{DirectMessage, MessageOutcome, MessageState};

use super::fixtures::*;

fn code(db: &Database, dedupe_key: &str) -> DirectMessage {
    DirectMessage {
        id: db.env.id(),
        contact: phone(1),
        language: Language::Cy,
        subject: Some("Your code".to_owned()),
        text: "Your code is 123456".to_owned(),
        html: None,
        dedupe_key: dedupe_key.to_owned(),
        expires_at: in_minutes(10),
    }
}

async fn enqueue(db: &Database, message: &DirectMessage) -> bool {
    let tx = db.store.subscriptions().begin().await.unwrap();
    let added = tx.enqueue_message(message).await.unwrap();
    tx.commit().await.unwrap();
    added
}

on_both! {
    async fn a_message_comes_back_as_it_was_and_is_wiped_when_sent(db: Database) {
        let message = code(db, "1");
        assert!(enqueue(db, &message).await);
        assert!(!enqueue(db, &code(db, "1")).await);
        let leased = db.store.due_messages(9, MINUTE).await.unwrap().remove(0);
        assert_eq!((&leased.message, leased.attempts), (&message, 1));
        assert!(db.other_process().due_messages(9, MINUTE).await.unwrap().is_empty());
        let done = MessageOutcome::Done { state: MessageState::Sent };
        assert!(!db.store.settle_message(message.id, 5, done).await.unwrap());
        assert!(db.store.settle_message(message.id, leased.lease, done).await.unwrap());
        assert!(!db.store.settle_message(message.id, leased.lease, done).await.unwrap());
        assert_eq!(db.number("SELECT count(*) FROM message WHERE contact IS NOT NULL OR body IS NOT NULL").await, 0);
        assert!(!enqueue(db, &code(db, "1")).await, "the key is still known");
    }
}

on_both! {
    async fn a_message_is_tried_again_until_it_is_too_late(db: Database) {
        enqueue(db, &code(db, "1")).await;
        let leased = db.store.due_messages(9, MINUTE).await.unwrap().remove(0);
        let later = MessageOutcome::Retry { at: in_minutes(5) };
        assert!(db.store.settle_message(leased.message.id, leased.lease, later).await.unwrap());
        assert!(db.store.due_messages(9, MINUTE).await.unwrap().is_empty());
        db.env.advance(chrono::Duration::minutes(6));
        assert_eq!(db.store.due_messages(9, MINUTE).await.unwrap()[0].attempts, 2);
        db.env.advance(chrono::Duration::minutes(6));
        assert!(db.store.due_messages(9, MINUTE).await.unwrap().is_empty());
        assert_eq!(db.number("SELECT count(*) FROM message WHERE state = 4 AND body IS NULL").await, 1);
    }
}
