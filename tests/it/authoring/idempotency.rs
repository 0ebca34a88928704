//! A request that is sent twice has its effect once.

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::{Value, json};

use super::desk::*;

on_both! {
    async fn a_repeated_request_gets_the_first_answer(db: Database) {
        let desk = Desk::open(db).await;
        let mari = Some(desk.token("mari"));
        let key = [("idempotency-key", "k-1")];
        let open = async |body: &Value| desk.call(mari, ("POST", "/incidents"), Some(body), &key).await;
        let body = serious();
        let (first, second) = tokio::join!(open(&body), open(&body));
        assert_eq!((first.status, second.status), (201, 201), "{second:?}");
        assert_eq!(first.body, second.body);
        assert_eq!(db.store.incidents(None, 10).await.unwrap().len(), 1);
        let other = open(&mild()).await;
        assert_eq!((other.status, other.body["code"].as_str()), (409, Some("idempotency-mismatch")));
        let huw = Some(desk.token("huw"));
        let stranger = desk.call(huw, ("POST", "/incidents"), Some(&mild()), &key).await;
        assert_eq!(stranger.status, 201, "another person's keys are their own");
    }
}

on_both! {
    async fn a_refused_request_may_be_mended_under_its_key(db: Database) {
        let desk = Desk::open(db).await;
        let mari = Some(desk.token("mari"));
        let key = [("idempotency-key", "k-2")];
        let refused = desk.call(mari, ("POST", "/incidents"), Some(&json!({"severity": "loud"})), &key).await;
        assert_eq!(refused.status, 422);
        assert_eq!(desk.call(mari, ("POST", "/incidents"), Some(&serious()), &key).await.status, 201);
    }
}

on_both! {
    async fn two_publications_of_one_revision_are_one_broadcast(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.approved(&revision).await;
        let path = format!("/revisions/{revision}/publish");
        let (first, second) = tokio::join!(desk.post("mari", &path, json!({})), desk.post("huw", &path, json!({})));
        assert_eq!((first.status, second.status), (200, 200), "{first:?} {second:?}");
        assert_eq!(first.body, second.body);
        let mails = desk.get("mari", &format!("/broadcasts/{revision}")).await.body["channels"]["email"]["audience"].as_i64();
        assert_eq!(mails, Some(3));
        assert_eq!(db.store.audit(0, 100).await.unwrap().iter().filter(|line| line.action == "revision.published").count(), 1);
    }
}

on_both! {
    async fn a_form_that_is_sent_twice_makes_one_incident(db: Database) {
        let desk = Desk::open(db).await;
        let browser = desk.signed_in("mari").await;
        let page = browser.get("/incidents/new").await;
        let form_id = field(&page.body, "form_id").unwrap();
        let fields = [
            ("form_id", form_id.as_str()),
            ("speaker", "nhs-wales"),
            ("severity", "serious"),
            ("phase", "investigating"),
            ("next", "2018-01-24T13:00:00.000Z"),
            ("action", "save"),
        ];
        let (first, second) = tokio::join!(browser.post("/incidents/new", &fields), browser.post("/incidents/new", &fields));
        assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
        assert_eq!(first.location, second.location);
        assert_eq!(db.store.incidents(None, 10).await.unwrap().len(), 1);
        let mut changed = fields;
        changed[2] = ("severity", "minor");
        let late = browser.post("/incidents/new", &changed).await;
        assert_eq!(late.status, 409, "edits after going back are not dropped in silence");
        assert!(late.body.contains("What was sent first is saved"));
    }
}
