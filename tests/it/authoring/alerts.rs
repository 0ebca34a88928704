//! Machine alerts become drafts, never publications.

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::{Value, json};

use super::desk::*;

fn firing(key: &str) -> Value {
    json!({
        "version": "4", "groupKey": key, "status": "firing", "receiver": "status-page", "truncatedAlerts": 0,
        "commonLabels": {"alertname": "ProbeFailure", "severity": "critical", "service": "gp_records"},
        "commonAnnotations": {"summary": "probe of host gp1.internal failing"},
        "alerts": [{
            "status": "firing", "labels": {"instance": "gp1"}, "annotations": {},
            "startsAt": "2018-01-24T11:30:00.123456789Z", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "1a30"
        }]
    })
}

on_both! {
    async fn a_firing_alert_makes_one_draft_for_a_person_to_judge(db: Database) {
        let desk = Desk::open(db).await;
        let first = desk.post("mari", "/alerts/alertmanager", firing("{}:gp")).await;
        assert_eq!(first.status, 202, "{first:?}");
        let revision = first.body["drafts"][0]["revision"].as_str().unwrap().to_owned();
        let draft = desk.get("mari", &format!("/revisions/{revision}")).await.body;
        assert_eq!((draft["state"].as_str(), draft["services"][0]["key"].as_str()), (Some("draft"), Some("gp_records")));
        assert!(draft["staff_note"]["en"].as_str().unwrap().contains("gp1.internal"));
        let preview = desk.get("mari", &format!("/revisions/{revision}/preview")).await.body;
        assert!(!preview["languages"].to_string().contains("gp1.internal"), "a machine's words stay inside");
        let again = desk.post("mari", "/alerts/alertmanager", firing("{}:gp")).await;
        assert_eq!((again.status, again.body["drafts"].as_array().map(Vec::len)), (202, Some(0)));
        db.env.advance(chrono::Duration::minutes(31));
        let later = desk.post("mari", "/alerts/alertmanager", firing("{}:gp")).await;
        assert_eq!(later.body["drafts"].as_array().map(Vec::len), Some(1));
    }
}

on_both! {
    async fn what_does_not_fire_makes_nothing(db: Database) {
        let desk = Desk::open(db).await;
        let mut resolved = firing("{}:a");
        resolved["status"] = "resolved".into();
        resolved["alerts"][0]["status"] = "resolved".into();
        let mut ignored = firing("{}:b");
        ignored["commonLabels"]["status_page"] = "ignore".into();
        for body in [resolved, ignored] {
            let answer = desk.post("mari", "/alerts/alertmanager", body).await;
            assert_eq!((answer.status, answer.body["drafts"].as_array().map(Vec::len)), (202, Some(0)));
        }
        assert_eq!(desk.post("mari", "/alerts/alertmanager", json!({"alerts": []})).await.status, 422);
        assert!(db.store.incidents(None, 5).await.unwrap().is_empty());
    }
}
