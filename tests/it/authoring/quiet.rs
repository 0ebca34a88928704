//! It is over when systems have been quiet for an hour, or when somebody says why it is over already.

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::{Value, json};

use super::desk::*;

/// An incident whose systems are back since now.
async fn monitored(desk: &Desk<'_>) -> String {
    let first = desk.draft("mari", serious()).await;
    let incident = desk.published(&first).await.body["incident"].as_str().unwrap().to_owned();
    let watching = json!({"phase": "monitoring", "services": working(), "next_update_by": "2018-01-24T14:00:00Z"});
    desk.published(&next(desk, &incident, watching).await).await;
    incident
}

async fn next(desk: &Desk<'_>, incident: &str, body: Value) -> String {
    let draft = desk.post("mari", &format!("/incidents/{incident}/revisions"), body).await;
    draft.body["id"].as_str().unwrap_or_else(|| panic!("{draft:?}")).to_owned()
}

on_both! {
    async fn an_hour_of_quiet_ends_an_incident(db: Database) {
        let desk = Desk::open(db).await;
        let incident = monitored(&desk).await;
        let over = next(&desk, &incident, json!({"phase": "resolved"})).await;
        let submit = format!("/revisions/{over}/submit");
        db.env.advance(chrono::Duration::minutes(59));
        let early = desk.post("mari", &submit, json!({})).await;
        assert_eq!(codes(&early), [("/early_reason".to_owned(), "early-end".to_owned())]);
        // Another word while systems are watched does not begin the hour anew.
        let still = json!({"phase": "monitoring", "next_update_by": "2018-01-24T15:00:00Z"});
        desk.published(&next(&desk, &incident, still).await).await;
        db.env.advance(chrono::Duration::minutes(1));
        assert_eq!(desk.post("mari", &submit, json!({})).await.status, 200);
    }
}

on_both! {
    async fn a_reason_ends_it_at_once_and_stays_among_staff(db: Database) {
        let desk = Desk::open(db).await;
        let incident = monitored(&desk).await;
        for nothing in ["  ", "\u{200b}", "\u{202e}", "\u{2800}", "."] {
            let blank = next(&desk, &incident, json!({"phase": "resolved", "early_reason": nothing})).await;
            let refused = desk.post("mari", &format!("/revisions/{blank}/submit"), json!({})).await;
            assert_eq!(codes(&refused), [("/early_reason".to_owned(), "early-end".to_owned())], "{nothing:?}");
        }
        let why = "A sensor was wrong; nothing had failed";
        let over = next(&desk, &incident, json!({"phase": "resolved", "early_reason": why})).await;
        let huw = desk.signed_in("huw").await;
        desk.post("mari", &format!("/revisions/{over}/submit"), json!({})).await;
        assert!(huw.get(&format!("/revisions/{over}")).await.body.contains(why), "the approver reads it");
        desk.published(&over).await;
        assert!(db.store.audit_newest(None, 1).await.unwrap()[0].details.contains(why));
        let public = db.store.published().incident(incident.parse().unwrap()).await.unwrap().unwrap();
        assert!(!format!("{public:?}").contains(why), "the public does not");
        // What follows is not early any more.
        let again = next(&desk, &incident, json!({"phase": "reopened"})).await;
        assert_eq!(desk.get("mari", &format!("/revisions/{again}")).await.body["early_reason"], Value::Null);
    }
}

on_both! {
    async fn the_form_asks_for_the_reason_only_while_it_is_early(db: Database) {
        let desk = Desk::open(db).await;
        let incident = monitored(&desk).await;
        let mari = desk.signed_in("mari").await;
        let path = format!("/incidents/{incident}/update");
        let page = mari.get(&path).await;
        assert!(page.body.contains("name=\"early_reason\""), "{}", page.body);
        let form_id = field(&page.body, "form_id").unwrap();
        let fields = [
            ("form_id", form_id.as_str()),
            ("speaker", "nhs-wales"),
            ("severity", "serious"),
            ("phase", "resolved"),
            ("services", "gp_appt"),
            ("system", "operational"),
            ("care", "operational"),
            ("advice", "call_999"),
            ("channels", "email"),
            ("action", "submit"),
        ];
        let kept = mari.post(&path, &fields).await;
        assert!(kept.location.ends_with("/edit?checks=1"), "a draft, and what is wrong with it: {}", kept.body);
        let edit = kept.location.trim_end_matches("?checks=1").to_owned();
        let checked = mari.get(&kept.location).await;
        assert!(checked.body.contains("href=\"#early_reason\""), "the field is named");
        let (form_id, version) = (field(&checked.body, "form_id").unwrap(), field(&checked.body, "version").unwrap());
        let why = [("early_reason", "A false alarm of one sensor"), ("version", version.as_str())];
        let fields = [&[("form_id", form_id.as_str())], &fields[1..], &why[..]].concat();
        let sent = mari.post(&edit, &fields).await;
        assert!(sent.location.ends_with("?done=submitted"), "{}", sent.body);
        db.env.advance(chrono::Duration::minutes(61));
        assert!(!mari.get(&path).await.body.contains("name=\"early_reason\""));
    }
}
