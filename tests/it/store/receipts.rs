//! Reports of providers: once each, forward only.

use domain::delivery::{Broadcast, OutcomeState, Progress};
use domain::subscriber::{ConsentSource, SubscriberState};
use domain::{ChannelKind, Language};
use futures_util::future::join_all;
use scenarios::databases::Database;
use scenarios::on_both;
use store::{Consequence, DeliveryKey, ReceiptIn};

use super::fixtures::*;

fn receipt(delivery: (i64, i64), status: &str, becomes: OutcomeState) -> ReceiptIn {
    ReceiptIn {
        provider: "primary".to_owned(),
        delivery: Some(DeliveryKey { broadcast: delivery.0, subscriber: delivery.1 }),
        provider_ref: format!("SM{}-{}", delivery.0, delivery.1),
        status: status.to_owned(),
        code: 0,
        becomes: Some(becomes),
        consequence: Consequence::None,
    }
}

async fn sent(db: &Database, state: OutcomeState) -> (Broadcast, Vec<i64>) {
    people(db, 6).await;
    let broadcast = broadcast(db, 1_000).await;
    let mut all = Vec::new();
    for chunk in db.store.claim_chunks(9, MINUTE).await.unwrap() {
        all.extend(send_all(&db.store, &chunk, 10, state).await);
    }
    all.sort_unstable();
    (broadcast, all)
}

async fn report(db: &Database, receipt: ReceiptIn) {
    assert!(db.store.append_receipt(&receipt).await.unwrap());
    assert_eq!(db.store.apply_receipts(100).await.unwrap(), 1);
}

async fn progress(db: &Database, broadcast: &Broadcast) -> Progress {
    db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Sms].clone()
}

on_both! {
    async fn a_replayed_report_is_known_as_such(db: Database) {
        let (broadcast, people) = sent(db, OutcomeState::Sent).await;
        let one = receipt((broadcast.id, people[0]), "delivered", OutcomeState::Delivered);
        assert!(db.store.append_receipt(&one).await.unwrap());
        assert!(!db.store.append_receipt(&one).await.unwrap());
        assert_eq!(db.store.apply_receipts(100).await.unwrap(), 1);
        assert!(!db.store.append_receipt(&one).await.unwrap());
        assert_eq!(db.store.apply_receipts(100).await.unwrap(), 0);
        let now = progress(db, &broadcast).await;
        assert_eq!((now.sent, now.delivered), (6, 1));
    }
}

on_both! {
    async fn reports_move_an_outcome_only_forward(db: Database) {
        let (broadcast, people) = sent(db, OutcomeState::Sent).await;
        let to = |which: usize| (broadcast.id, people[which]);
        let state = async |which: usize| {
            let sql = format!("SELECT CAST(state AS bigint) FROM outcome WHERE subscriber = {}", people[which]);
            OutcomeState::from_number(i16::try_from(db.number(&sql).await).unwrap()).unwrap()
        };
        report(db, receipt(to(0), "delivered", OutcomeState::Delivered)).await;
        report(db, receipt(to(0), "failed", OutcomeState::Failed)).await;
        assert_eq!(state(0).await, OutcomeState::Delivered);
        report(db, receipt(to(1), "failed", OutcomeState::Failed)).await;
        assert_eq!(state(1).await, OutcomeState::Failed);
        report(db, receipt(to(1), "delivered", OutcomeState::Delivered)).await;
        assert_eq!(state(1).await, OutcomeState::Delivered);
        report(db, receipt(to(2), "failed", OutcomeState::Failed)).await;
        let now = progress(db, &broadcast).await;
        assert_eq!((now.sent, now.delivered, now.failed, now.remaining), (5, 2, 1, 0));
    }
}

on_both! {
    async fn reports_of_one_batch_are_applied_in_their_order(db: Database) {
        let (broadcast, people) = sent(db, OutcomeState::Unknown).await;
        let to = (broadcast.id, people[0]);
        for (status, becomes) in [("sent", OutcomeState::Sent), ("delivered", OutcomeState::Delivered)] {
            assert!(db.store.append_receipt(&receipt(to, status, becomes)).await.unwrap());
        }
        assert_eq!(db.store.apply_receipts(100).await.unwrap(), 2);
        let now = progress(db, &broadcast).await;
        assert_eq!((now.sent, now.delivered, now.unknown), (1, 1, 5));
    }
}

on_both! {
    async fn a_report_faster_than_our_commit_waits_for_it_and_not_for_ever(db: Database) {
        people(db, 1).await;
        let broadcast = broadcast(db, 10).await;
        let chunk = db.store.claim_chunks(1, MINUTE).await.unwrap().remove(0);
        let one = db.store.group(&chunk, chunk.cursor, 1).await.unwrap()[0].id;
        let early = receipt((broadcast.id, one), "delivered", OutcomeState::Delivered);
        db.store.append_receipt(&early).await.unwrap();
        db.store.append_receipt(&receipt((5, 5), "delivered", OutcomeState::Delivered)).await.unwrap();
        assert_eq!(db.store.apply_receipts(100).await.unwrap(), 0);
        send_all(&db.store, &chunk, 1, OutcomeState::Sent).await;
        db.env.advance(chrono::Duration::seconds(6));
        assert_eq!(db.store.apply_receipts(100).await.unwrap(), 1);
        assert_eq!(progress(db, &broadcast).await.delivered, 1);
        db.env.advance(chrono::Duration::minutes(11));
        assert_eq!(db.store.apply_receipts(100).await.unwrap(), 1);
        assert_eq!(db.number("SELECT count(*) FROM receipt WHERE state = 3").await, 1);
    }
}

on_both! {
    async fn a_provider_that_remembers_an_old_stop_ends_no_new_subscription(db: Database) {
        let (broadcast, people) = sent(db, OutcomeState::Sent).await;
        let stop = |status| ReceiptIn {
            consequence: Consequence::OptedOut,
            ..receipt((broadcast.id, people[0]), status, OutcomeState::Failed)
        };
        let subscriptions = db.store.subscriptions();
        let state = async || subscriptions.find(&phone(0)).await.unwrap().unwrap().state;
        report(db, stop("failed")).await;
        assert_eq!(state().await, SubscriberState::Left);
        db.env.advance(chrono::Duration::hours(1));
        let wishes = subscriptions.find(&phone(0)).await.unwrap().unwrap().wishes;
        let tx = subscriptions.begin().await.unwrap();
        tx.subscribe(&phone(0), wishes, ConsentSource::Web, "test").await.unwrap();
        tx.commit().await.unwrap();
        report(db, stop("undelivered")).await;
        assert_eq!(state().await, SubscriberState::Active, "the stop is older than the consent");
        db.env.advance(chrono::Duration::hours(1));
        let tx = subscriptions.begin().await.unwrap();
        tx.leave_contact(&phone(0), "text").await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(state().await, SubscriberState::Left, "one to us is always newer");
    }
}

on_both! {
    async fn who_is_gone_or_opted_out_at_the_provider_is_sent_nothing_more(db: Database) {
        let (broadcast, people) = sent(db, OutcomeState::Sent).await;
        let to = |which: usize, consequence| ReceiptIn {
            consequence,
            ..receipt((broadcast.id, people[which]), "failed", OutcomeState::Failed)
        };
        report(db, to(0, Consequence::Gone)).await;
        report(db, to(1, Consequence::OptedOut)).await;
        report(db, to(3, Consequence::Complained)).await;
        report(db, to(4, Consequence::Soft)).await;
        let subscriptions = db.store.subscriptions();
        assert!(subscriptions.by_id(people[0]).await.unwrap().is_none());
        let state = async |number| subscriptions.find(&phone(number)).await.unwrap().unwrap().state;
        assert_eq!(state(0).await, SubscriberState::Gone);
        assert_eq!(state(1).await, SubscriberState::Left);
        assert_eq!(state(2).await, SubscriberState::Active);
        assert_eq!(state(3).await, SubscriberState::Left);
        assert_eq!(state(4).await, SubscriberState::Active);
        for (reason, count) in [("gone", 1), ("provider-stop", 1), ("complaint", 1)] {
            let sql = format!("SELECT count(*) FROM subscriber WHERE contact IS NULL AND reason = '{reason}'");
            assert_eq!(db.number(&sql).await, count, "{reason}");
        }
    }
}

/// Sends an update to everybody and reports the one to `person` as failed for now, twice. Returns who was sent to.
async fn a_day_with_a_soft_bounce(db: &Database, person: i64) -> Vec<i64> {
    let broadcast = broadcast(db, 1_000).await;
    let mut all = Vec::new();
    for chunk in db.store.claim_chunks(9, MINUTE).await.unwrap() {
        all.extend(send_all(&db.store, &chunk, 10, OutcomeState::Sent).await);
    }
    for code in [552, 452] {
        let soft = receipt((broadcast.id, person), "bounced", OutcomeState::Failed);
        report(db, ReceiptIn { consequence: Consequence::Soft, code, ..soft }).await;
    }
    db.env.advance(chrono::Duration::hours(25));
    all
}

on_both! {
    async fn a_mailbox_that_keeps_failing_is_left_alone_for_a_week(db: Database) {
        people(db, 3).await;
        let person = db.number("SELECT MIN(id) FROM subscriber").await;
        for day in 1..=3 {
            assert_eq!(a_day_with_a_soft_bounce(db, person).await.len(), 3, "day {day}");
        }
        let resting = "SELECT count(*) FROM subscriber WHERE rests_until > 0 AND reason = 'soft-bounces' AND state = 1";
        assert_eq!(db.number(resting).await, 1);
        let other = db.number("SELECT MAX(id) FROM subscriber").await;
        let sent = a_day_with_a_soft_bounce(db, other).await;
        assert!(sent.len() == 2 && !sent.contains(&person));
        let skipped = "SELECT CAST(sum(n_skipped) AS bigint) FROM chunk";
        assert_eq!(db.number(skipped).await, 1, "and that is counted");
        db.env.advance(chrono::Duration::days(7));
        assert_eq!(a_day_with_a_soft_bounce(db, other).await.len(), 3, "then it is tried again");
        let tx = db.store.subscriptions().begin().await.unwrap();
        tx.subscribe(&phone(0), wishes(Language::En, 1), ConsentSource::Web, "1").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.number(resting).await, 0, "who signs up again is written to at once");
    }
}

on_both! {
    async fn several_failures_of_one_day_are_one_and_old_ones_are_forgotten(db: Database) {
        people(db, 1).await;
        let person = db.number("SELECT MIN(id) FROM subscriber").await;
        let soft = async || {
            let tx = db.store.begin().await.unwrap();
            tx.follow_up(&[person], Consequence::Soft).await.unwrap();
            tx.commit().await.unwrap();
            db.number("SELECT CAST(soft_bounces AS bigint) FROM subscriber").await
        };
        for _ in 0..5 {
            assert_eq!(soft().await, 1);
        }
        db.env.advance(chrono::Duration::days(2));
        assert_eq!(soft().await, 2);
        db.env.advance(chrono::Duration::days(31));
        assert_eq!(soft().await, 1);
    }
}

on_both! {
    async fn a_message_that_arrived_after_all_is_not_sent_again(db: Database) {
        let (broadcast, people) = sent(db, OutcomeState::Waiting).await;
        for one in &people {
            report(db, receipt((broadcast.id, *one), "delivered", OutcomeState::Delivered)).await;
        }
        db.env.advance(chrono::Duration::hours(1));
        assert!(db.store.due_retries(9, MINUTE).await.unwrap().is_empty());
        let now = progress(db, &broadcast).await;
        assert_eq!((now.delivered, now.remaining), (6, 0));
    }
}

on_both! {
    async fn a_storm_of_reports_is_kept_whole(db: Database) {
        let (broadcast, people) = sent(db, OutcomeState::Sent).await;
        let (one, two) = (db.store.clone(), db.other_process());
        let storm = (0..300_usize).map(|number| {
            let store = if number.is_multiple_of(2) { one.clone() } else { two.clone() };
            let to = (broadcast.id, people[number % people.len()]);
            // Each report comes twice.
            let receipt = receipt(to, &format!("status-{}", number / 12), OutcomeState::Delivered);
            async move { store.append_receipt(&receipt).await.unwrap() }
        });
        let new = join_all(storm).await.into_iter().filter(|is_new| *is_new).count();
        assert_eq!(new, 150);
        assert_eq!(db.number("SELECT count(*) FROM receipt").await, 150);
        assert_eq!(db.store.apply_receipts(1_000).await.unwrap(), 150);
        assert_eq!(progress(db, &broadcast).await.delivered, 6);
    }
}

on_both! {
    async fn a_malformed_report_does_not_take_others_with_it(db: Database) {
        let (broadcast, people) = sent(db, OutcomeState::Sent).await;
        let good = receipt((broadcast.id, people[0]), "delivered", OutcomeState::Delivered);
        let bad = receipt((broadcast.id, people[1]), "deliv\0ered", OutcomeState::Delivered);
        let (first, second) = tokio::join!(db.store.append_receipt(&good), db.store.append_receipt(&bad));
        assert!(first.unwrap() && second.unwrap());
    }
}

on_both! {
    async fn an_inbound_text_is_answered_once(db: Database) {
        let tx = db.store.begin().await.unwrap();
        assert!(tx.first_inbound("SM1").await.unwrap());
        assert!(!tx.first_inbound("SM1").await.unwrap());
        tx.commit().await.unwrap();
        let tx = db.store.subscriptions().begin().await.unwrap();
        assert!(!tx.first_inbound("SM1").await.unwrap());
    }
}
