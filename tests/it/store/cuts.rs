//! Ranges that exist before anybody publishes, and the numbers of a broadcast that was planned with them.

use domain::audience::Areas;
use domain::delivery::{BroadcastState, Chunk, OutcomeState, Progress};
use domain::subscriber::{ConsentSource, Wishes};
use domain::{Audience, ChannelKind, Language, Severity};
use scenarios::databases::Database;
use scenarios::on_both;
use store::NewSubscriber;

use super::fixtures::*;

/// More than a walk past all of them is taken for.
const MANY: u32 = 24_500;

/// Three in four of the area that the broadcasts of these tests are for.
fn areas(number: u32) -> Areas {
    Areas(if number.is_multiple_of(4) { 0b10 } else { 0b01 })
}

/// Brings in the people of these numbers; one in seven reads Welsh.
async fn bring_in(db: &Database, numbers: std::ops::Range<u32>) {
    let one = |number: u32| NewSubscriber {
        contact: phone(number),
        wishes: Wishes {
            language: if number.is_multiple_of(7) { Language::Cy } else { Language::En },
            areas: areas(number),
            min_severity: Severity::Info,
        },
        source: ConsentSource::Import,
        wording_version: "1".to_owned(),
    };
    db.store.import_subscribers(&numbers.map(one).collect::<Vec<_>>()).await.unwrap();
}

fn concerned(numbers: std::ops::Range<u32>) -> i64 {
    numbers.map(|number| areas(number).0 & 1).sum()
}

/// How many neighbours have a gap between them, or overlap.
async fn faults(db: &Database, table: &str) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM (SELECT low - 1 - lag(high) OVER (PARTITION BY channel, language ORDER BY low) AS gap
         FROM {table}) AS gaps WHERE gap <> 0"
    );
    db.number(&sql).await
}

async fn progress(db: &Database, broadcast: i64) -> Progress {
    db.store.progress(broadcast).await.unwrap()[&ChannelKind::Sms].clone()
}

/// Leaves the chunk as if everybody in it had been sent to.
async fn send_to(db: &Database, chunk: &Chunk) -> i64 {
    i64::try_from(send_all(&db.store, chunk, 1_000, OutcomeState::Sent).await.len()).unwrap()
}

on_both! {
    async fn a_broadcast_to_many_is_planned_from_ranges_and_reaches_each_of_them_once(db: Database) {
        bring_in(db, 0..MANY).await;
        assert_eq!(db.store.extend_cuts().await.unwrap(), 24);
        assert_eq!(db.store.extend_cuts().await.unwrap(), 0, "a part of a range waits for more people");
        assert_eq!(faults(db, "cut").await, 0);
        let all = concerned(0..MANY);
        let audience = Audience { areas: Areas(1), severity: Severity::Serious };
        assert_eq!(db.store.reach(audience).await.unwrap().values().sum::<i64>(), all);

        let broadcast = broadcast(db, 1_000).await;
        let planned = progress(db, broadcast.id).await;
        assert_eq!((planned.audience, planned.remaining, planned.estimated), (all, all, true));
        // Somebody leaves; whoever is counted at their turn was there.
        let chunk = db.store.claim_chunks(1, MINUTE).await.unwrap().remove(0);
        let first = db.store.group(&chunk, chunk.cursor, 1).await.unwrap().remove(0);
        let subscriptions = db.store.subscriptions();
        let tx = subscriptions.begin().await.unwrap();
        assert!(tx.leave(first.id, "page").await.unwrap());
        tx.commit().await.unwrap();
        let mut sent = send_to(db, &chunk).await;
        loop {
            let some = db.store.claim_chunks(9, MINUTE).await.unwrap();
            if some.is_empty() {
                break;
            }
            for chunk in &some {
                sent += send_to(db, chunk).await;
            }
        }
        assert_eq!(sent, all - 1);
        let over = progress(db, broadcast.id).await;
        assert_eq!((over.audience, over.sent, over.skipped, over.remaining), (all, all - 1, 1, 0));
        assert!(!over.estimated);
        assert_eq!(db.store.broadcast(broadcast.id).await.unwrap().unwrap().state, BroadcastState::Done);
    }
}

on_both! {
    async fn estimates_become_counts_also_of_what_was_overtaken(db: Database) {
        bring_in(db, 0..MANY).await;
        db.store.extend_cuts().await.unwrap();
        let mut one = incident(db, 1);
        publish(db, &mut one, content(domain::Phase::Investigating)).await;
        let old = broadcast_of(db, &one, 1_000).await;
        let new = broadcast_of(db, &one, 1_000).await;
        let tx = db.store.begin().await.unwrap();
        tx.supersede_older(&new).await.unwrap();
        tx.commit().await.unwrap();
        while db.store.count_estimated_chunks().await.unwrap() > 0 {}
        let (old, new, all) = (progress(db, old.id).await, progress(db, new.id).await, concerned(0..MANY));
        assert_eq!((old.audience, old.superseded, old.remaining, old.estimated), (all, all, 0, false));
        assert_eq!((new.audience, new.remaining, new.estimated), (all, all, false));
    }
}

on_both! {
    async fn ranges_are_halved_when_they_grow_and_joined_when_they_shrink(db: Database) {
        bring_in(db, 0..MANY).await;
        db.store.extend_cuts().await.unwrap();
        // Most of the first eight thousand leave, and of the others half change over to the language that has few ranges.
        let few = "(SELECT language FROM cut GROUP BY language ORDER BY count(*) LIMIT 1)";
        let first = format!("SELECT max(high) FROM (SELECT high FROM cut WHERE language <> {few} ORDER BY low LIMIT 8) AS f");
        let leave = format!("UPDATE subscriber SET state = 2, contact = NULL WHERE id <= ({first}) AND id % 32768 > 1024");
        db.sql(&leave).await;
        db.sql(&format!("UPDATE subscriber SET language = {few} WHERE id > ({first}) AND id % 2048 < 1024")).await;
        let ranges = db.number("SELECT count(*) FROM cut").await;
        for _ in 0..5 {
            db.store.recount_cuts().await.unwrap();
            assert_eq!(faults(db, "cut").await, 0);
        }
        assert_eq!(db.number("SELECT count(*) FROM cut WHERE people > 2000").await, 0);
        assert_ne!(db.number("SELECT count(*) FROM cut").await, ranges);
        let kept = "SELECT CAST(sum(people) AS bigint) FROM";
        let people = db.number("SELECT count(*) FROM subscriber WHERE state = 1
            AND id <= (SELECT max(high) FROM cut WHERE cut.language = subscriber.language)").await;
        assert_eq!(db.number(&format!("{kept} cut")).await, people);
        assert_eq!(db.number(&format!("{kept} cut_reach")).await, people);
    }
}
