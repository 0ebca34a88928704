//! Leasing and sending chunks: everybody once, also when processes die, freeze or are told to stop.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::delivery::{BroadcastState, OutcomeState};
use domain::{ChannelKind, Language};
use scenarios::databases::Database;
use scenarios::on_both;
use store::Checkpoint;

use super::fixtures::*;

on_both! {
    async fn six_claimers_at_once_get_each_chunk_once(db: Database) {
        people(db, 600).await;
        broadcast(db, 10).await;
        let stores: Vec<_> = (0..6).map(|_| db.other_process()).collect();
        let claim = async |store: &store::Store| {
            let mut mine = Vec::new();
            loop {
                let some = store.claim_chunks(3, MINUTE).await.unwrap();
                if some.is_empty() {
                    return mine;
                }
                mine.extend(some.into_iter().map(|chunk| chunk.id));
            }
        };
        let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(|which| claim(&stores[which]));
        let (a, b, c, d, e, f) = tokio::join!(a, b, c, d, e, f);
        let mut all = [a, b, c, d, e, f].concat();
        // On PostgreSQL a claimer may skip what another holds and stop early; the rest is still there.
        all.extend(claim(&db.store).await);
        assert_eq!(all.len(), 60);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 60);
    }
}

on_both! {
    async fn everybody_is_sent_to_once_in_their_language(db: Database) {
        people(db, 250).await;
        let broadcast = broadcast(db, 40).await;
        let mut sent = Vec::new();
        for chunk in db.store.claim_chunks(100, MINUTE).await.unwrap() {
            assert_eq!(chunk.channel, ChannelKind::Sms);
            for one in db.store.group(&chunk, chunk.cursor, 1_000).await.unwrap() {
                assert_eq!(one.language, chunk.language);
            }
            sent.extend(send_all(&db.store, &chunk, 15, OutcomeState::Sent).await);
        }
        assert_eq!(sent.iter().collect::<BTreeSet<_>>().len(), 250);
        assert_eq!(sent.len(), 250);
        let progress = &db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Sms];
        assert_eq!((progress.audience, progress.sent, progress.remaining), (250, 250, 0));
        assert_eq!(progress.first_sent_at, Some(scenarios::databases::noon()));
        let state = db.store.broadcast(broadcast.id).await.unwrap().unwrap().state;
        assert_eq!(state, BroadcastState::Done);
        assert!(db.store.claim_chunks(100, MINUTE).await.unwrap().is_empty());
    }
}

on_both! {
    async fn a_killed_process_loses_nobody_and_its_last_group_is_known(db: Database) {
        people(db, 30).await;
        broadcast(db, 1_000).await;
        let english = async || {
            let chunks = db.store.claim_chunks(9, MINUTE).await.unwrap();
            chunks.into_iter().find(|chunk| chunk.language == Language::En)
        };
        let chunk = english().await.unwrap();
        let first = db.store.group(&chunk, chunk.cursor, 5).await.unwrap();
        let step = |outcomes, cursor, group_start| Checkpoint { outcomes, cursor, group_start, lease_for: MINUTE };
        assert!(db.store.checkpoint(&chunk, step(&[], first[4].id, chunk.cursor)).await.unwrap());
        let second = db.store.group(&chunk, first[4].id, 5).await.unwrap();
        let done = outcomes(&first.iter().map(|one| one.id).collect::<Vec<_>>(), OutcomeState::Sent);
        assert!(db.store.checkpoint(&chunk, step(&done, second[4].id, first[4].id)).await.unwrap());
        // Here the process dies. Until its lease runs out nobody else touches the chunk.
        assert!(english().await.is_none());
        db.env.advance(chrono::Duration::seconds(61));
        let again = english().await.unwrap();
        assert_eq!((again.id, again.attempts, again.cursor), (chunk.id, 2, second[4].id));
        assert_eq!(db.store.ambiguous(&again).await.unwrap(), second);
        let rest = db.store.group(&again, again.cursor, 1_000).await.unwrap();
        assert_eq!(rest.len(), 10);
        assert!(rest.iter().all(|one| one.id > second[4].id));
    }
}

on_both! {
    async fn a_process_that_lost_its_lease_writes_nothing(db: Database) {
        people(db, 10).await;
        let broadcast = broadcast(db, 1_000).await;
        let zombie = db.store.claim_chunks(1, MINUTE).await.unwrap().remove(0);
        let people = db.store.group(&zombie, zombie.cursor, 3).await.unwrap();
        let ids: Vec<i64> = people.iter().map(|one| one.id).collect();
        db.env.advance(chrono::Duration::seconds(61));
        let claimed = db.other_process().claim_chunks(9, MINUTE).await.unwrap();
        assert!(claimed.iter().any(|chunk| chunk.id == zombie.id));

        let sent = outcomes(&ids, OutcomeState::Sent);
        let step = Checkpoint { outcomes: &sent, cursor: ids[2], group_start: zombie.cursor, lease_for: MINUTE };
        assert!(!db.store.checkpoint(&zombie, step).await.unwrap());
        assert!(!db.store.finish_chunk(&zombie, &sent).await.unwrap());
        assert!(!db.store.hand_back(&zombie, &sent).await.unwrap());
        db.store.release_chunk(&zombie).await.unwrap();
        assert_eq!(db.number("SELECT count(*) FROM outcome").await, 0);
        assert_eq!(db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Sms].sent, 0);
        assert!(db.store.claim_chunks(9, MINUTE).await.unwrap().is_empty());
    }
}

on_both! {
    async fn a_pause_stops_at_the_next_checkpoint_and_keeps_what_was_sent(db: Database) {
        people(db, 12).await;
        let broadcast = broadcast(db, 1_000).await;
        let chunk = db.store.claim_chunks(1, MINUTE).await.unwrap().remove(0);
        let group = db.store.group(&chunk, chunk.cursor, 3).await.unwrap();
        let step = Checkpoint { outcomes: &[], cursor: group[2].id, group_start: chunk.cursor, lease_for: MINUTE };
        assert!(db.store.checkpoint(&chunk, step).await.unwrap());
        set_state(db, broadcast.id, BroadcastState::Paused).await;

        // Two of three had left when the process noticed.
        let sent = outcomes(&[group[0].id, group[1].id], OutcomeState::Sent);
        let next = Checkpoint { outcomes: &sent, cursor: group[2].id + 1, group_start: group[2].id, lease_for: MINUTE };
        assert!(!db.store.checkpoint(&chunk, next).await.unwrap());
        assert!(db.store.hand_back(&chunk, &sent).await.unwrap());
        assert!(db.store.claim_chunks(9, MINUTE).await.unwrap().is_empty());

        set_state(db, broadcast.id, BroadcastState::Sending).await;
        let mut all = vec![group[0].id, group[1].id];
        for chunk in db.store.claim_chunks(9, MINUTE).await.unwrap() {
            assert!(db.store.ambiguous(&chunk).await.unwrap().is_empty());
            all.extend(send_all(&db.store, &chunk, 4, OutcomeState::Sent).await);
        }
        assert_eq!(all.len(), 12);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 12);
    }
}

on_both! {
    async fn who_leaves_before_their_turn_gets_nothing_and_counts_as_skipped(db: Database) {
        people(db, 9).await;
        let broadcast = broadcast(db, 1_000).await;
        let tx = db.store.subscriptions().begin().await.unwrap();
        tx.leave_contact(&phone(4), "stop").await.unwrap().unwrap();
        tx.commit().await.unwrap();
        for chunk in db.store.claim_chunks(9, MINUTE).await.unwrap() {
            send_all(&db.store, &chunk, 4, OutcomeState::Sent).await;
        }
        let progress = &db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Sms];
        assert_eq!((progress.audience, progress.sent, progress.skipped, progress.remaining), (9, 8, 1, 0));
    }
}

on_both! {
    async fn who_changes_language_meanwhile_is_not_sent_to_twice(db: Database) {
        people(db, 6).await;
        broadcast(db, 1_000).await;
        let chunks = db.store.claim_chunks(9, MINUTE).await.unwrap();
        let (welsh, english) = match chunks[0].language {
            Language::Cy => (&chunks[0], &chunks[1]),
            Language::En => (&chunks[1], &chunks[0]),
        };
        let sent = send_all(&db.store, welsh, 10, OutcomeState::Sent).await;
        let tx = db.store.subscriptions().begin().await.unwrap();
        assert!(tx.change_wishes(sent[1], wishes(Language::En, 1)).await.unwrap());
        tx.commit().await.unwrap();
        let others = send_all(&db.store, english, 10, OutcomeState::Sent).await;
        assert!(!others.contains(&sent[1]));
    }
}

on_both! {
    async fn the_gravest_update_goes_first_and_a_channel_can_be_left_out(db: Database) {
        people(db, 3).await;
        let minor = broadcast(db, 1_000).await;
        db.sql(&format!("UPDATE chunk SET lane = 2 WHERE broadcast = {}", minor.id)).await;
        let grave = broadcast(db, 1_000).await;
        let order: Vec<i64> = db.store.claim_chunks(9, MINUTE).await.unwrap().iter().map(|one| one.broadcast).collect();
        assert_eq!(order, [grave.id, grave.id, minor.id, minor.id]);
        db.env.advance(chrono::Duration::minutes(2));
        assert!(db.store.claim_chunks_of(&[ChannelKind::Email], 9, MINUTE).await.unwrap().is_empty());
        assert!(db.store.claim_chunks_of(&[], 9, MINUTE).await.unwrap().is_empty());
        assert_eq!(db.store.claim_chunks_of(&[ChannelKind::Sms], 9, MINUTE).await.unwrap().len(), 4);
    }
}

on_both! {
    async fn a_released_chunk_is_free_at_once(db: Database) {
        people(db, 3).await;
        broadcast(db, 1_000).await;
        let chunks = db.store.claim_chunks(9, Duration::from_secs(3600)).await.unwrap();
        for chunk in &chunks {
            db.store.release_chunk(chunk).await.unwrap();
        }
        assert_eq!(db.store.claim_chunks(9, MINUTE).await.unwrap().len(), chunks.len());
    }
}

on_both! {
    async fn a_broadcast_is_done_also_when_its_last_chunks_end_at_once(db: Database) {
        people(db, 40).await;
        for _ in 0..5 {
            let broadcast = broadcast(db, 10).await;
            let chunks = db.store.claim_chunks(99, MINUTE).await.unwrap();
            let (one, two) = (db.other_process(), db.other_process());
            let end = async |store: &store::Store, which: usize| {
                for chunk in chunks.iter().skip(which).step_by(2) {
                    assert!(store.finish_chunk(chunk, &[]).await.unwrap());
                }
            };
            tokio::join!(end(&one, 0), end(&two, 1));
            let state = db.store.broadcast(broadcast.id).await.unwrap().unwrap().state;
            assert_eq!(state, BroadcastState::Done);
        }
    }
}

on_both! {
    async fn the_only_notifier_need_not_wait_for_the_leases_of_its_dead_predecessor(db: Database) {
        people(db, 3).await;
        broadcast(db, 1_000).await;
        let leased = db.store.claim_chunks(9, MINUTE).await.unwrap().len();
        let successor = db.other_process();
        assert!(successor.claim_chunks(9, MINUTE).await.unwrap().is_empty());
        successor.free_all_leases().await.unwrap();
        assert_eq!(successor.claim_chunks(9, MINUTE).await.unwrap().len(), leased);
        assert_eq!(db.store.sqlite_file().is_some(), db.store.is_sqlite());
    }
}

async fn set_state(db: &Database, broadcast: i64, state: BroadcastState) {
    let tx = db.store.begin().await.unwrap();
    assert!(tx.set_broadcast_state(broadcast, state).await.unwrap());
    assert!(!tx.set_broadcast_state(broadcast, state).await.unwrap());
    tx.commit().await.unwrap();
}
