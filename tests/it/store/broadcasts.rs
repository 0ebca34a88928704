//! Planning a broadcast, and ending it early.

use std::collections::BTreeMap;

use domain::audience::Areas;
use domain::delivery::{BroadcastState, OutcomeState};
use domain::subscriber::{ConsentSource, Wishes};
use domain::{Audience, ChannelKind, Language, Phase, Severity};
use scenarios::databases::Database;
use scenarios::on_both;
use store::{Checkpoint, NewSubscriber};

use super::fixtures::*;

on_both! {
    async fn only_people_whom_it_concerns_are_in_the_plan(db: Database) {
        let wish = |areas, min_severity| Wishes { language: Language::En, areas: Areas(areas), min_severity };
        let all = [
            (1, wish(0b001, Severity::Info)),
            (2, wish(0b011, Severity::Serious)),
            (3, wish(0b001, Severity::Critical)),
            (4, wish(0b100, Severity::Info)),
        ];
        let new = |(number, wishes)| NewSubscriber {
            contact: phone(number),
            wishes,
            source: ConsentSource::Import,
            wording_version: "1".to_owned(),
        };
        db.store.import_subscribers(&all.map(new)).await.unwrap();
        db.store.import_subscribers(&[person(mailbox("carys"), Language::Cy)]).await.unwrap();
        let reach = db.store.reach(Audience { areas: Areas(1), severity: Severity::Serious }).await.unwrap();
        let sms = (ChannelKind::Sms, Language::En);
        let mail = (ChannelKind::Email, Language::Cy);
        assert_eq!(reach, BTreeMap::from([(sms, 2), (mail, 1)]));
        assert_eq!(db.store.subscriber_counts().await.unwrap(), BTreeMap::from([(sms, 4), (mail, 1)]));

        broadcast(db, 1_000).await;
        let chunk = db.store.claim_chunks(9, MINUTE).await.unwrap().remove(0);
        let found = db.store.group(&chunk, chunk.cursor, 9).await.unwrap();
        assert_eq!(found.iter().map(|one| one.contact.clone()).collect::<Vec<_>>(), [phone(1), phone(2)]);
    }
}

on_both! {
    async fn chunks_cut_the_audience_without_a_gap_or_an_overlap(db: Database) {
        people(db, 100).await;
        let broadcast = broadcast(db, 7).await;
        let of = |what: &str| format!("SELECT {what} FROM chunk WHERE broadcast = {}", broadcast.id);
        assert_eq!(db.number(&of("CAST(sum(audience) AS bigint)")).await, 100);
        // 34 Welsh and 66 English readers.
        assert_eq!(db.number(&of("count(*)")).await, 5 + 10);
        let overlaps = "SELECT count(*) FROM chunk a JOIN chunk b
            ON a.language = b.language AND a.id < b.id AND a.low <= b.high AND b.low <= a.high";
        assert_eq!(db.number(overlaps).await, 0);
    }
}

on_both! {
    async fn whoever_signs_up_later_is_not_in_the_broadcast(db: Database) {
        people(db, 3).await;
        broadcast(db, 1_000).await;
        db.store.import_subscribers(&[person(phone(77), Language::En)]).await.unwrap();
        let mut found = 0;
        for chunk in db.store.claim_chunks(9, MINUTE).await.unwrap() {
            found += db.store.group(&chunk, chunk.cursor, 9).await.unwrap().len();
        }
        assert_eq!(found, 3);
    }
}

on_both! {
    async fn a_broadcast_to_nobody_is_done_at_once(db: Database) {
        let empty = broadcast(db, 1_000).await;
        let tx = db.store.begin().await.unwrap();
        assert!(tx.close_if_complete(empty.id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(db.store.broadcast(empty.id).await.unwrap().unwrap().state, BroadcastState::Done);
        assert_eq!(db.store.announcement(empty.id).await.unwrap(), Some(announcement()));
        assert!(db.store.progress(empty.id).await.unwrap().is_empty());
        assert!(db.store.progress(5).await.unwrap().is_empty());
    }
}

on_both! {
    async fn what_was_cancelled_stays_so(db: Database) {
        people(db, 6).await;
        let broadcast = broadcast(db, 1_000).await;
        let chunk = db.store.claim_chunks(1, MINUTE).await.unwrap().remove(0);
        let group = db.store.group(&chunk, chunk.cursor, 2).await.unwrap();
        let step = Checkpoint { outcomes: &[], cursor: group[1].id, group_start: chunk.cursor, lease_for: MINUTE };
        assert!(db.store.checkpoint(&chunk, step).await.unwrap());
        let tx = db.store.begin().await.unwrap();
        assert!(tx.set_broadcast_state(broadcast.id, BroadcastState::Cancelled).await.unwrap());
        assert!(!tx.set_broadcast_state(broadcast.id, BroadcastState::Sending).await.unwrap());
        tx.commit().await.unwrap();

        let sent = outcomes(&[group[0].id, group[1].id], OutcomeState::Sent);
        assert!(!db.store.finish_chunk(&chunk, &sent).await.unwrap());
        assert!(db.store.hand_back(&chunk, &sent).await.unwrap());
        assert_eq!(db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Sms].sent, 2);
        db.env.advance(chrono::Duration::hours(1));
        assert!(db.store.claim_chunks(9, MINUTE).await.unwrap().is_empty());
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.retry_failed(broadcast.id).await.unwrap(), 0);
    }
}

on_both! {
    async fn a_newer_update_spares_people_the_older_one(db: Database) {
        people(db, 30).await;
        let mut one = incident(db, 1);
        publish(db, &mut one, content(Phase::Investigating)).await;
        let old = broadcast_of(db, &one, 5).await;
        let chunk = db.store.claim_chunks(1, MINUTE).await.unwrap().remove(0);
        let group = db.store.group(&chunk, chunk.cursor, 2).await.unwrap();
        let step = Checkpoint { outcomes: &[], cursor: group[1].id, group_start: chunk.cursor, lease_for: MINUTE };
        assert!(db.store.checkpoint(&chunk, step).await.unwrap());

        let new = broadcast_of(db, &one, 5).await;
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.supersede_older(&new).await.unwrap(), 30);
        tx.commit().await.unwrap();
        assert_eq!(db.store.newest_broadcast(one.id).await.unwrap(), Some(new.id));
        // Two were on their way already.
        let sent = outcomes(&[group[0].id, group[1].id], OutcomeState::Sent);
        assert!(db.store.hand_back(&chunk, &sent).await.unwrap());
        let progress = &db.store.progress(old.id).await.unwrap()[&ChannelKind::Sms];
        assert_eq!((progress.sent, progress.superseded, progress.remaining), (2, 28, 0));
        assert_eq!(db.store.broadcast(old.id).await.unwrap().unwrap().state, BroadcastState::Done);
        assert!(db.store.claim_chunks(99, MINUTE).await.unwrap().iter().all(|chunk| chunk.broadcast == new.id));
    }
}

on_both! {
    async fn an_update_for_other_people_overtakes_nothing(db: Database) {
        people(db, 3).await;
        let mut one = incident(db, 1);
        publish(db, &mut one, content(Phase::Investigating)).await;
        broadcast_of(db, &one, 5).await;
        let mut new = broadcast_of(db, &one, 5).await;
        new.audience.areas = Areas(2);
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.supersede_older(&new).await.unwrap(), 0);
    }
}
