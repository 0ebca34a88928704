//! How sending stands, as operators are told.

use std::time::Duration;

use domain::ChannelKind;
use domain::delivery::OutcomeState;
use scenarios::databases::Database;
use scenarios::on_both;
use store::Queue;

use super::fixtures::*;

async fn broadcasts(db: &Database) -> Option<Queue> {
    let queues = db.store.standing().await.unwrap().queues;
    queues.into_iter().find(|queue| matches!(queue.name, "urgent" | "ordinary"))
}

on_both! {
    async fn a_broadcast_is_told_of_until_everybody_has_it(db: Database) {
        assert_eq!(broadcasts(db).await, None);
        people(db, 30).await;
        broadcast(db, 10).await;
        db.env.advance(chrono::Duration::seconds(90));
        let queue = broadcasts(db).await.unwrap();
        assert_eq!(queue.waited, Duration::from_secs(90));
        let ranges = queue.waiting;
        assert!(ranges >= 3, "{ranges}");
        let standing = db.store.standing().await.unwrap();
        assert_eq!((standing.people[&ChannelKind::Sms].remaining, standing.leases_run_out), (30, 0));

        let chunks = db.store.claim_chunks(1, MINUTE).await.unwrap();
        send_all(&db.store, &chunks[0], 100, OutcomeState::Sent).await;
        assert_eq!(broadcasts(db).await.unwrap().waiting, ranges - 1);
        let sent = db.store.standing().await.unwrap().people[&ChannelKind::Sms].sent;
        assert!(sent > 0);
        for chunk in db.store.claim_chunks(99, MINUTE).await.unwrap() {
            send_all(&db.store, &chunk, 100, OutcomeState::Sent).await;
        }
        assert_eq!(broadcasts(db).await, None);
        assert!(db.store.standing().await.unwrap().people.is_empty());
    }
}

on_both! {
    async fn a_range_whose_holder_died_is_counted_until_somebody_takes_it_over(db: Database) {
        people(db, 3).await;
        broadcast(db, 1_000).await;
        let held = db.store.claim_chunks(9, MINUTE).await.unwrap().len();
        assert_eq!(db.store.standing().await.unwrap().leases_run_out, 0);
        db.env.advance(chrono::Duration::seconds(61));
        assert_eq!(db.store.standing().await.unwrap().leases_run_out, i64::try_from(held).unwrap());
        db.store.claim_chunks(9, MINUTE).await.unwrap();
        assert_eq!(db.store.standing().await.unwrap().leases_run_out, 0);
    }
}
