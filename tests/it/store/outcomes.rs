//! Outcomes: a row in the least room, many steps in one commit, and each step all or nothing.

use domain::ChannelKind;
use domain::delivery::{Chunk, Outcome, OutcomeState, ProviderName};
use futures_util::future::join_all;
use scenarios::databases::{Database, noon};
use scenarios::on_both;
use store::{Checkpoint, DeliveryKey};

use super::fixtures::*;

/// What an outcome may take on disk, its part of the index and of half-filled pages included.
const BYTES: i64 = 150;

/// A chunk that a broadcast to ten people leases.
async fn leased(db: &Database) -> Chunk {
    people(db, 10).await;
    broadcast(db, 1_000).await;
    db.store.claim_chunks(1, MINUTE).await.unwrap().remove(0)
}

async fn kept(db: &Database, chunk: &Chunk, outcome: &Outcome) -> Outcome {
    let delivery = DeliveryKey { broadcast: chunk.broadcast, subscriber: outcome.subscriber };
    db.store.outcome(delivery).await.unwrap().expect("it is written")
}

/// Bytes of storage of all outcomes; on SQLite, of everything.
async fn bytes(db: &Database) -> i64 {
    if db.store.is_sqlite() {
        let pages = "SELECT (page_count - freelist_count) * page_size
            FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()";
        return db.number(pages).await;
    }
    db.number("SELECT CAST(pg_total_relation_size('outcome') AS bigint)").await
}

on_both! {
    async fn an_outcome_comes_back_as_it_was(db: Database) {
        let chunk = leased(db).await;
        let references = [
            Some("SM0123456789abcdef0123456789abcdef"),
            Some("MM0123456789abcdef0123456789abcdef"),
            Some("SM0123456789ABCDEF0123456789abcdef"),
            Some("250 2.0.0 Ok: queued as 4bKz"),
            Some(""),
            None,
        ];
        let outcomes: Vec<Outcome> = references.iter().zip(1..).map(|(reference, subscriber)| Outcome {
            provider: reference.map(|_| ProviderName::of(if subscriber % 2 == 0 { "primary" } else { "secondary" })),
            reference: reference.map(str::to_owned),
            code: i32::try_from(subscriber).unwrap() * 30_001,
            ..outcome(subscriber, OutcomeState::Failed)
        }).collect();
        assert!(db.store.hand_back(&chunk, &outcomes).await.unwrap());
        for outcome in &outcomes {
            assert_eq!(&kept(db, &chunk, outcome).await, outcome);
        }
        assert_eq!(db.number("SELECT count(*) FROM provider").await, 2);
    }
}

on_both! {
    async fn outcomes_of_before_are_carried_over(db: Database) {
        let chunk = leased(db).await;
        let old = "DROP TABLE outcome; DROP TABLE provider; DROP INDEX chunk_open;
            DELETE FROM seaql_migrations WHERE version = 'm0009_outcomes';
            CREATE TABLE outcome (broadcast bigint NOT NULL, subscriber bigint NOT NULL, chunk bigint NOT NULL,
                state smallint NOT NULL, code integer NOT NULL, attempt smallint NOT NULL, at bigint NOT NULL,
                provider text, reference text, PRIMARY KEY (broadcast, subscriber));
            CREATE INDEX outcome_failed ON outcome (broadcast, state) WHERE state = 3";
        db.sql(old).await;
        let references = [Some("SM0123456789abcdef0123456789abcdef"), Some("MM01"), Some("é"), Some(""), None];
        let outcomes: Vec<Outcome> = references.iter().zip(1..).map(|(reference, subscriber)| Outcome {
            provider: reference.map(|_| ProviderName::of("second")),
            reference: reference.map(str::to_owned),
            ..outcome(subscriber, OutcomeState::Sent)
        }).collect();
        for one in &outcomes {
            let text = |text: Option<&str>| text.map_or("NULL".to_owned(), |text| format!("'{text}'"));
            let (provider, reference) = (one.provider.map(ProviderName::as_str), one.reference.as_deref());
            let sql = format!(
                "INSERT INTO outcome VALUES ({}, {}, {}, 1, 0, 1, {}, {}, {})",
                chunk.broadcast, one.subscriber, chunk.id, noon().timestamp_millis() + 250, text(provider), text(reference)
            );
            db.sql(&sql).await;
        }
        assert_eq!(db.other_process().migrate().await.unwrap(), ["m0009_outcomes"]);
        for outcome in &outcomes {
            assert_eq!(&kept(db, &chunk, outcome).await, outcome);
        }
    }
}

on_both! {
    async fn an_outcome_takes_less_than_a_hundred_and_fifty_bytes(db: Database) {
        people(db, 10).await;
        broadcast(db, 1_000).await;
        let chunks = db.store.claim_chunks(2, MINUTE).await.unwrap();
        for (chunk, is_text) in chunks.into_iter().zip([false, true]) {
            let before = bytes(db).await;
            let mut cursor = chunk.cursor;
            for group in 0..20_i64 {
                let outcomes: Vec<Outcome> = (1..=1_000).map(|place| {
                    let subscriber = db.env.id();
                    let reference = is_text.then(|| format!("SM{subscriber:016x}{place:016x}"));
                    Outcome { reference, ..outcome(subscriber, OutcomeState::Sent) }
                }).collect();
                let step = Checkpoint { outcomes: &outcomes, cursor: group, group_start: cursor, lease_for: MINUTE };
                assert!(db.store.checkpoint(&chunk, step).await.unwrap());
                cursor = group;
            }
            let each = (bytes(db).await - before) / 20_000;
            assert!((20..=BYTES).contains(&each), "{each} bytes, text: {is_text}");
        }
    }
}

on_both! {
    async fn of_many_steps_at_once_each_is_all_or_nothing(db: Database) {
        people(db, 120).await;
        broadcast(db, 5).await;
        let chunks = db.store.claim_chunks(100, MINUTE).await.unwrap();
        assert_eq!(chunks.len(), 24);
        // Every third lost its lease, and every fifth has an outcome already: that person changed their language.
        let steps = chunks.iter().enumerate().map(|(place, chunk)| {
            let chunk = if place.is_multiple_of(3) { Chunk { lease: 7, ..chunk.clone() } } else { chunk.clone() };
            async move {
                let people = db.store.group(&chunk, chunk.cursor, 5).await.unwrap();
                let ids: Vec<i64> = people.iter().map(|one| one.id).collect();
                if place.is_multiple_of(5) {
                    let sql = "INSERT INTO outcome (broadcast, subscriber, chunk, at, code, state, attempt) VALUES";
                    db.sql(&format!("{sql} ({}, {}, 5, 0, 0, 3, 1)", chunk.broadcast, ids[2])).await;
                }
                (chunk, ids)
            }
        });
        let steps = join_all(steps).await;
        let ends = steps.iter().map(async |(chunk, ids)| {
            db.store.finish_chunk(chunk, &outcomes(ids, OutcomeState::Sent)).await.unwrap()
        });
        let ended = join_all(ends).await;
        for (place, ((chunk, ids), ended)) in steps.iter().zip(ended).enumerate() {
            let (is_lost, is_known) = (place.is_multiple_of(3), place.is_multiple_of(5));
            assert_eq!(ended, !is_lost, "chunk {place}");
            let written = format!("SELECT count(*) FROM outcome WHERE chunk = {}", chunk.id);
            let expected = if is_lost { 0 } else { ids.len() - usize::from(is_known) };
            assert_eq!(db.number(&written).await, i64::try_from(expected).unwrap(), "chunk {place}");
            let counted = format!("SELECT n_sent FROM chunk WHERE id = {}", chunk.id);
            assert_eq!(db.number(&counted).await, i64::try_from(expected).unwrap(), "chunk {place}");
        }
        let progress = &db.store.progress(chunks[0].broadcast).await.unwrap()[&ChannelKind::Sms];
        assert_eq!(progress.sent, 16 * 5 - 3, "chunks 5, 10 and 20 had an outcome, and kept their lease");
    }
}

on_both! {
    async fn many_repeated_attempts_settle_at_once_and_each_once(db: Database) {
        people(db, 90).await;
        let broadcast = broadcast(db, 1_000).await;
        for chunk in db.store.claim_chunks(9, MINUTE).await.unwrap() {
            send_all(&db.store, &chunk, 100, OutcomeState::Waiting).await;
        }
        db.env.advance(chrono::Duration::minutes(2));
        let due = db.store.due_retries(200, MINUTE).await.unwrap();
        // Each is settled by two at once, and one was lost to another process.
        let both = due.iter().chain(&due).map(|retry| {
            let is_lost = retry.subscriber.id == due[40].subscriber.id;
            let retry = if is_lost { store::Retry { lease: 7, ..retry.clone() } } else { retry.clone() };
            let end = Outcome { attempt: 2, ..outcome(retry.subscriber.id, OutcomeState::Sent) };
            async move { db.store.settle_retry(&retry, &end).await.unwrap() }
        });
        let settled = join_all(both).await.into_iter().filter(|settled| *settled).count();
        assert_eq!(settled, 89);
        let progress = &db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Sms];
        assert_eq!((progress.sent, progress.remaining), (89, 1));
    }
}
