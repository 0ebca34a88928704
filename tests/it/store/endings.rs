//! What is not sent any more: overtaken by a newer update, or too late to be true.

use domain::audience::Areas;
use domain::delivery::{Broadcast, BroadcastState, Chunk, OutcomeState, Progress};
use domain::subscriber::{ConsentSource, Wishes};
use domain::{Audience, ChannelKind, Incident, Language, Phase, Severity};
use scenarios::databases::Database;
use scenarios::on_both;
use store::{Checkpoint, NewSubscriber, PostJob, PostOutcome, Recipient};

use super::fixtures::*;

/// People of two areas: the even numbers of the first, the odd ones of both.
async fn two_areas(db: &Database, count: u32) {
    let one = |number: u32| NewSubscriber {
        contact: phone(number),
        wishes: Wishes {
            language: Language::En,
            areas: Areas(if number.is_multiple_of(2) { 0b01 } else { 0b11 }),
            min_severity: Severity::Info,
        },
        source: ConsentSource::Import,
        wording_version: "1".to_owned(),
    };
    db.store.import_subscribers(&(0..count).map(one).collect::<Vec<_>>()).await.unwrap();
}

async fn an_incident(db: &Database) -> Incident {
    let mut one = incident(db, 1);
    publish(db, &mut one, content(Phase::Investigating)).await;
    one
}

/// A further update of an incident, for these areas.
async fn update_for(db: &Database, incident: &Incident, areas: i64) -> Broadcast {
    let broadcast = Broadcast {
        id: db.env.id(),
        incident: incident.id,
        update: 2,
        audience: Audience { areas: Areas(areas), severity: Severity::Serious },
        state: BroadcastState::Sending,
        created_at: db.env.now(),
    };
    let tx = db.store.begin().await.unwrap();
    tx.save_announcement(&broadcast, &announcement()).await.unwrap();
    tx.plan_chunks(&broadcast, &[ChannelKind::Sms], 1_000).await.unwrap();
    tx.supersede_older(&broadcast).await.unwrap();
    tx.commit().await.unwrap();
    broadcast
}

/// Leases the chunk of a broadcast.
async fn claim(db: &Database, broadcast: &Broadcast) -> Chunk {
    let all = db.store.claim_chunks(99, MINUTE).await.unwrap();
    all.into_iter().find(|chunk| chunk.broadcast == broadcast.id).expect("a chunk")
}

/// Takes the next group of a chunk out.
async fn leave(db: &Database, chunk: &Chunk, count: u64) -> Vec<Recipient> {
    let group = db.store.group(chunk, chunk.cursor, count).await.unwrap();
    let cursor = group.last().unwrap().id;
    let step = Checkpoint { outcomes: &[], cursor, group_start: chunk.cursor, lease_for: MINUTE };
    assert!(db.store.checkpoint(chunk, step).await.unwrap());
    group
}

async fn progress(db: &Database, broadcast: &Broadcast) -> Progress {
    db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Sms].clone()
}

async fn state(db: &Database, broadcast: &Broadcast) -> BroadcastState {
    db.store.broadcast(broadcast.id).await.unwrap().unwrap().state
}

/// Ends the texts of everything that is a day old.
async fn a_day_later(db: &Database) -> i64 {
    db.env.advance(chrono::Duration::days(1));
    db.store.expire(ChannelKind::Sms, db.env.now() - chrono::Duration::days(1)).await.unwrap()
}

on_both! {
    async fn what_is_too_late_is_not_sent_and_counted(db: Database) {
        two_areas(db, 30).await;
        let broadcast = broadcast(db, 1_000).await;
        let chunk = claim(db, &broadcast).await;
        let group = leave(db, &chunk, 3).await;
        let young = db.env.now() - chrono::Duration::seconds(1);
        assert_eq!(db.store.expire(ChannelKind::Sms, young).await.unwrap(), 0, "not yet");
        assert_eq!(db.store.expire(ChannelKind::Email, db.env.now()).await.unwrap(), 0, "another channel");
        assert!(db.store.may_send(&chunk).await.unwrap());

        assert_eq!(a_day_later(db).await, 30);
        assert!(!db.store.may_send(&chunk).await.unwrap());
        // One of the group had left, and one failed for now; the third has not been sent to.
        let outcomes = [outcome(group[0].id, OutcomeState::Sent), outcome(group[1].id, OutcomeState::Waiting)];
        assert!(db.store.hand_back(&chunk, &outcomes).await.unwrap());
        let now = progress(db, &broadcast).await;
        assert_eq!((now.sent, now.expired, now.remaining), (1, 29, 0));
        assert_eq!(state(db, &broadcast).await, BroadcastState::Done);
        assert!(db.store.claim_chunks(9, MINUTE).await.unwrap().is_empty());
        assert_eq!(a_day_later(db).await, 0, "once");
    }
}

on_both! {
    async fn what_waits_for_another_attempt_can_be_too_late_too(db: Database) {
        two_areas(db, 4).await;
        let broadcast = broadcast(db, 1_000).await;
        let chunk = claim(db, &broadcast).await;
        send_all(&db.store, &chunk, 10, OutcomeState::Waiting).await;
        assert_eq!(a_day_later(db).await, 4);
        assert!(db.store.due_retries(9, MINUTE).await.unwrap().is_empty());
        let now = progress(db, &broadcast).await;
        assert_eq!((now.expired, now.remaining), (4, 0));
        assert_eq!(state(db, &broadcast).await, BroadcastState::Done);
    }
}

on_both! {
    async fn what_a_person_holds_is_not_ended_by_the_clock(db: Database) {
        two_areas(db, 3).await;
        let broadcast = broadcast(db, 1_000).await;
        let set = async |state| {
            let tx = db.store.begin().await.unwrap();
            tx.set_broadcast_state(broadcast.id, state).await.unwrap();
            tx.commit().await.unwrap();
        };
        set(BroadcastState::Paused).await;
        assert_eq!(a_day_later(db).await, 0);
        assert_eq!(state(db, &broadcast).await, BroadcastState::Paused);
        set(BroadcastState::Sending).await;
        assert_eq!(a_day_later(db).await, 3);
    }
}

on_both! {
    async fn a_post_that_is_too_late_takes_its_thread_with_it(db: Database) {
        let one = an_incident(db).await;
        let broadcast = broadcast_of(db, &one, 9).await;
        let part = |part: i32| PostJob {
            id: db.env.id(),
            broadcast: broadcast.id,
            incident: one.id,
            account: "nhs".to_owned(),
            language: Language::En,
            part,
            text: "GP systems are down.".to_owned(),
            reply_to: None,
            idempotency_key: format!("{part}"),
            attempts: 0,
            lease: 0,
        };
        let tx = db.store.begin().await.unwrap();
        tx.insert_posts(&[part(1), part(2), part(3)]).await.unwrap();
        tx.commit().await.unwrap();
        let first = db.store.due_posts(9, MINUTE).await.unwrap().remove(0);
        db.store.settle_post(&first, PostOutcome::Posted { remote_id: "1".to_owned() }).await.unwrap();
        let second = db.store.due_posts(9, MINUTE).await.unwrap().remove(0);
        assert!(db.store.settle_post(&second, PostOutcome::Expired).await.unwrap());
        let posts = db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Mastodon].clone();
        assert_eq!((posts.sent, posts.expired, posts.remaining), (1, 2, 0));
        assert_eq!(state(db, &broadcast).await, BroadcastState::Done);

        let late = broadcast_of(db, &one, 9).await;
        let tx = db.store.begin().await.unwrap();
        tx.insert_posts(&[PostJob { broadcast: late.id, idempotency_key: "late".to_owned(), ..part(1) }]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.expire(ChannelKind::Mastodon, db.env.now()).await.unwrap(), 1);
        assert_eq!(state(db, &late).await, BroadcastState::Done);
    }
}

on_both! {
    async fn who_gets_the_newer_update_does_not_get_the_older_one_after_it(db: Database) {
        two_areas(db, 10).await;
        let one = an_incident(db).await;
        let old = update_for(db, &one, 0b01).await;
        let chunk = claim(db, &old).await;
        let group = leave(db, &chunk, 2).await;
        assert!(group.iter().all(|person| !person.is_overtaken));

        // The newer one is for the second area alone, so the older one goes on for the others.
        let new = update_for(db, &one, 0b10).await;
        assert_eq!(state(db, &old).await, BroadcastState::Sending);
        assert!(!db.store.may_send(&chunk).await.unwrap(), "nobody leaves under a lease that does not know of it");
        let step = Checkpoint { outcomes: &[], cursor: chunk.high, group_start: chunk.cursor, lease_for: MINUTE };
        assert!(!db.store.checkpoint(&chunk, step).await.unwrap());
        let ids: Vec<i64> = group.iter().map(|person| person.id).collect();
        assert!(db.store.hand_back(&chunk, &outcomes(&ids, OutcomeState::Sent)).await.unwrap());

        let again = claim(db, &old).await;
        let rest = db.store.group(&again, again.cursor, 99).await.unwrap();
        let overtaken = rest.iter().filter(|person| person.is_overtaken).count();
        assert_eq!((rest.len(), overtaken), (8, 4));
        let becomes = |person: &Recipient| match person.is_overtaken {
            true => outcome(person.id, OutcomeState::Superseded),
            false => outcome(person.id, OutcomeState::Sent),
        };
        let last = rest.iter().map(becomes).collect::<Vec<_>>();
        assert!(db.store.finish_chunk(&again, &last).await.unwrap());
        let now = progress(db, &old).await;
        assert_eq!((now.sent, now.superseded, now.remaining), (6, 4, 0));
        assert_eq!(progress(db, &new).await.audience, 5);
    }
}

on_both! {
    async fn a_cancelled_update_overtakes_nobody(db: Database) {
        two_areas(db, 4).await;
        let one = an_incident(db).await;
        let old = update_for(db, &one, 0b01).await;
        let new = update_for(db, &one, 0b10).await;
        let tx = db.store.begin().await.unwrap();
        tx.set_broadcast_state(new.id, BroadcastState::Cancelled).await.unwrap();
        tx.commit().await.unwrap();
        let chunk = claim(db, &old).await;
        let people = db.store.group(&chunk, chunk.cursor, 99).await.unwrap();
        assert!(people.len() == 4 && people.iter().all(|person| !person.is_overtaken));
    }
}

/// An incident, and an update of it that four people did not get at the first attempt; a second one is due.
async fn four_that_wait(db: &Database) -> (Incident, Broadcast) {
    two_areas(db, 4).await;
    let one = an_incident(db).await;
    let old = update_for(db, &one, 0b01).await;
    let chunk = claim(db, &old).await;
    send_all(&db.store, &chunk, 10, OutcomeState::Waiting).await;
    db.env.advance(chrono::Duration::minutes(2));
    (one, old)
}

on_both! {
    async fn an_attempt_that_is_overtaken_is_not_repeated(db: Database) {
        let (one, _) = four_that_wait(db).await;
        let leased = db.store.due_retries(1, MINUTE).await.unwrap().remove(0);
        assert!(!leased.subscriber.is_overtaken && db.store.may_try_again(&leased).await.unwrap());
        update_for(db, &one, 0b10).await;
        let may = db.store.may_try_again(&leased).await.unwrap();
        let others = db.store.due_retries(9, MINUTE).await.unwrap();
        assert_eq!(others.len(), 3);
        let overtaken = others.iter().filter(|retry| retry.subscriber.is_overtaken).count();
        assert_eq!(overtaken + usize::from(!may), 2, "the two people of the second area");
    }
}

on_both! {
    async fn a_repeated_attempt_that_had_left_counts_as_sent(db: Database) {
        let (one, old) = four_that_wait(db).await;
        let leased = db.store.due_retries(2, MINUTE).await.unwrap();
        update_for(db, &one, 0b01).await;
        assert_eq!(progress(db, &old).await.superseded, 4);
        let settle = async |which: usize, state| {
            db.store.settle_retry(&leased[which], &outcome(leased[which].subscriber.id, state)).await.unwrap()
        };
        assert!(settle(0, OutcomeState::Sent).await);
        assert!(!settle(0, OutcomeState::Sent).await, "once");
        assert!(!settle(1, OutcomeState::Failed).await);
        let now = progress(db, &old).await;
        assert_eq!((now.sent, now.superseded, now.failed, now.remaining), (1, 3, 0, 0));
    }
}
