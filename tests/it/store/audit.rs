//! The audit log: a chain that shows what was changed.

use domain::audit::{AuditEntry, AuditNote, check};
use futures_util::future::join_all;
use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::fixtures::*;

async fn record(db: &Database, subject: &str) {
    let note = AuditNote { action: "revision.published", subject: subject.to_owned(), details: json!({"number": 1}) };
    let tx = db.store.begin().await.unwrap();
    tx.record(&alice(), note).await.unwrap();
    tx.commit().await.unwrap();
}

fn problem(entries: &[AuditEntry]) -> Option<(i64, &'static str)> {
    let before = std::iter::once(None).chain(entries.iter().map(Some));
    before.zip(entries).find_map(|(before, entry)| check(before, entry).err().map(|why| (entry.number, why)))
}

on_both! {
    async fn the_chain_holds_whoever_writes_at_once(db: Database) {
        join_all((0..12).map(async |number| record(db, &format!("revision/{number}")).await)).await;
        let entries = db.store.audit(0, 100).await.unwrap();
        assert_eq!(entries.len(), 12);
        assert_eq!(problem(&entries), None);
        let newest = db.store.audit_newest(Some(12), 2).await.unwrap();
        assert_eq!(newest.iter().map(|one| one.number).collect::<Vec<_>>(), [11, 10]);
        assert_eq!(db.store.audit(10, 100).await.unwrap().len(), 2);
    }
}

on_both! {
    async fn a_tampered_or_missing_line_is_found(db: Database) {
        for number in 0..5 {
            record(db, &format!("revision/{number}")).await;
        }
        if db.store.is_sqlite() {
            db.sql("DROP TRIGGER audit_entry_unchanged; DROP TRIGGER audit_entry_undeleted").await;
        } else {
            db.sql("DROP TRIGGER audit_entry_unchanged ON audit_entry").await;
        }
        db.sql("UPDATE audit_entry SET actor_name = 'Mallory' WHERE number = 3").await;
        assert_eq!(problem(&db.store.audit(0, 100).await.unwrap()), Some((3, "its content was changed")));
        db.sql("DELETE FROM audit_entry WHERE number = 3").await;
        assert_eq!(problem(&db.store.audit(0, 100).await.unwrap()), Some((4, "a line is missing before this one")));
    }
}

on_both! {
    async fn the_database_itself_refuses_to_change_the_log(db: Database) {
        record(db, "revision/1").await;
        for sql in ["UPDATE audit_entry SET actor = 1", "DELETE FROM audit_entry"] {
            let refused = db.try_sql(sql).await.unwrap_err();
            assert!(refused.contains("append-only"), "{refused}");
        }
    }
}
