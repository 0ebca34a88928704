//! Accounts, sessions, tokens and answers to repeated requests.

use domain::{HasKind, Kind};
use scenarios::databases::{Database, noon};
use scenarios::on_both;
use store::{ApiToken, Session, StaffAccount, StoredAnswer};

use super::fixtures::*;

async fn alice_is_hired(db: &Database) -> StaffAccount {
    let alice = account(db, "alice@staff.example");
    let tx = db.store.begin().await.unwrap();
    tx.save_staff(&alice).await.unwrap();
    tx.commit().await.unwrap();
    alice
}

on_both! {
    async fn an_account_comes_back_as_it_was_and_can_change(db: Database) {
        let mut alice = alice_is_hired(db).await;
        assert_eq!(db.store.staff(alice.id).await.unwrap(), Some(alice.clone()));
        assert_eq!(db.store.staff_by_email(" ALICE@staff.example").await.unwrap(), Some(alice.clone()));
        assert_eq!(db.store.staff_by_email("nobody\0@staff.example").await.unwrap(), None);
        alice.totp_secret = None;
        alice.setup_expires = Some(in_minutes(5));
        let tx = db.store.begin().await.unwrap();
        tx.save_staff(&alice).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.all_staff().await.unwrap(), [alice]);
        let tx = db.store.begin().await.unwrap();
        let error = tx.save_staff(&account(db, "Alice@Staff.example")).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict);
    }
}

on_both! {
    async fn a_code_opens_the_door_once(db: Database) {
        let alice = alice_is_hired(db).await;
        let tx = db.store.begin().await.unwrap();
        assert!(tx.use_totp_step(alice.id, 100).await.unwrap());
        assert!(!tx.use_totp_step(alice.id, 100).await.unwrap());
        assert!(!tx.use_totp_step(alice.id, 99).await.unwrap());
        tx.set_recovery_codes(alice.id, &["a".to_owned(), "b".to_owned()]).await.unwrap();
        assert!(tx.use_recovery_code(alice.id, "a").await.unwrap());
        assert!(!tx.use_recovery_code(alice.id, "a").await.unwrap());
        tx.set_recovery_codes(alice.id, &[]).await.unwrap();
        assert!(!tx.use_recovery_code(alice.id, "b").await.unwrap());
    }
}

on_both! {
    async fn a_session_ends_with_its_time_its_deletion_or_its_account(db: Database) {
        let alice = alice_is_hired(db).await;
        let session = |token: &str| Session {
            token_hash: token.to_owned(),
            staff: alice.id,
            created_at: noon(),
            expires_at: in_minutes(10),
        };
        let tx = db.store.begin().await.unwrap();
        for token in ["a", "b", "c"] {
            tx.insert_session(&session(token)).await.unwrap();
        }
        tx.delete_session("a").await.unwrap();
        tx.commit().await.unwrap();
        assert!(db.store.session("a").await.unwrap().is_none());
        assert_eq!(db.store.session("b").await.unwrap(), Some((session("b"), alice.clone())));
        let tx = db.store.begin().await.unwrap();
        tx.save_staff(&StaffAccount { active: false, ..alice.clone() }).await.unwrap();
        assert!(tx.session("b").await.unwrap().is_none());
        drop(tx);
        db.env.advance(chrono::Duration::minutes(10));
        assert!(db.store.session("b").await.unwrap().is_none());
        let tx = db.store.begin().await.unwrap();
        tx.delete_sessions_of(alice.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.number("SELECT count(*) FROM session").await, 0);
    }
}

on_both! {
    async fn a_token_acts_for_its_account_until_it_is_taken_away(db: Database) {
        let alice = alice_is_hired(db).await;
        let token = ApiToken {
            hash: "hash".to_owned(),
            staff: alice.id,
            label: "ci".to_owned(),
            scopes: vec!["write".to_owned()],
            created_at: noon(),
        };
        let tx = db.store.begin().await.unwrap();
        tx.insert_token(&token).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.token("hash").await.unwrap(), Some((token.clone(), alice.clone())));
        assert_eq!(db.store.tokens_of(alice.id).await.unwrap(), [token]);
        let tx = db.store.begin().await.unwrap();
        tx.delete_token("hash").await.unwrap();
        tx.commit().await.unwrap();
        assert!(db.store.token("hash").await.unwrap().is_none());
    }
}

on_both! {
    async fn a_repeated_request_gets_the_first_answer(db: Database) {
        let tx = db.store.begin().await.unwrap();
        assert!(tx.claim_idempotency("key", 7, "request").await.unwrap());
        assert!(!tx.claim_idempotency("key", 7, "request").await.unwrap());
        assert!(tx.claim_idempotency("key", 8, "request").await.unwrap());
        tx.commit().await.unwrap();
        let mut kept = StoredAnswer { request_hash: "request".to_owned(), status: None, body: String::new() };
        assert_eq!(db.store.idempotent("key", 7).await.unwrap(), Some(kept.clone()));
        kept = StoredAnswer { status: Some(201), body: "{}".to_owned(), ..kept };
        let tx = db.store.begin().await.unwrap();
        tx.save_answer("key", 7, &kept).await.unwrap();
        assert!(tx.save_answer("other", 7, &kept).await.is_err());
        tx.commit().await.unwrap();
        assert_eq!(db.store.idempotent("key", 7).await.unwrap(), Some(kept));
        assert!(db.store.idempotent("key", 9).await.unwrap().is_none());
    }
}
