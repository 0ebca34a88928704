//! Sign-ups: codes, wrong codes and too many of them; counters; housekeeping.

use std::time::Duration;

use domain::Language;
use scenarios::databases::Database;
use scenarios::on_both;
use store::{CodeResult, SubTx, Verification};

use super::fixtures::*;

fn sign_up() -> Verification {
    Verification {
        token_hash: "token".to_owned(),
        contact: phone(1),
        wishes: wishes(Language::Cy, 3),
        code_hash: vec![1, 2, 3],
        tries_left: 2,
        expires_at: in_minutes(10),
    }
}

async fn begin(db: &Database) -> SubTx {
    db.store.subscriptions().begin().await.unwrap()
}

async fn try_code(db: &Database, code: &[u8]) -> CodeResult {
    let tx = begin(db).await;
    let result = tx.try_code("token", code).await.unwrap();
    tx.commit().await.unwrap();
    result
}

async fn start(db: &Database) {
    let tx = begin(db).await;
    tx.start_verification(&sign_up()).await.unwrap();
    assert_eq!(tx.verification("token").await.unwrap(), Some(sign_up()));
    tx.commit().await.unwrap();
}

on_both! {
    async fn a_wrong_code_costs_a_try_and_a_new_sign_up_gives_them_back(db: Database) {
        start(db).await;
        assert_eq!(try_code(db, &[9]).await, CodeResult::Wrong { left: 1 });
        assert_eq!(try_code(db, &[1, 2, 3]).await, CodeResult::Right);
        start(db).await;
        assert_eq!(try_code(db, &[9]).await, CodeResult::Wrong { left: 1 });
        assert_eq!(try_code(db, &[9]).await, CodeResult::Wrong { left: 0 });
        assert_eq!(try_code(db, &[1, 2, 3]).await, CodeResult::TooMany);
        let tx = begin(db).await;
        tx.end_verification("token").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(try_code(db, &[1, 2, 3]).await, CodeResult::Old);
    }
}

on_both! {
    async fn a_code_is_too_old_after_its_time(db: Database) {
        start(db).await;
        db.env.advance(chrono::Duration::minutes(10));
        assert_eq!(try_code(db, &[1, 2, 3]).await, CodeResult::Old);
        assert!(begin(db).await.verification("token").await.unwrap().is_none());
    }
}

on_both! {
    async fn a_limit_counts_within_its_window_and_by_name(db: Database) {
        let hour = Duration::from_secs(3600);
        let count = async |name: &str, window| {
            let tx = begin(db).await;
            let count = tx.count(name, window).await.unwrap();
            tx.commit().await.unwrap();
            count
        };
        assert_eq!(count("a", hour).await, 1);
        assert_eq!(count("a", hour).await, 2);
        assert_eq!(count("b", hour).await, 1);
        assert_eq!(count("a", MINUTE).await, 1);
        db.env.advance(chrono::Duration::hours(1));
        assert_eq!(count("a", hour).await, 1);
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.count("a", hour).await.unwrap(), 2);
    }
}

on_both! {
    async fn what_has_run_out_is_swept_away(db: Database) {
        start(db).await;
        let tx = begin(db).await;
        tx.count("a", MINUTE).await.unwrap();
        tx.first_inbound("SM1").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.sweep().await.unwrap(), 0);
        db.env.advance(chrono::Duration::days(1));
        assert_eq!(db.store.sweep().await.unwrap(), 2);
        db.env.advance(chrono::Duration::days(30));
        assert_eq!(db.store.sweep().await.unwrap(), 1);
    }
}
