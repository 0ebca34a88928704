//! When a problem began is often known only hours after it was first said. Journalists and reviews count from there.

use domain::Language;
use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

on_both! {
    async fn an_update_may_say_that_it_began_before_anybody_said_a_word(db: Database) {
        let desk = Desk::open(db).await;
        let first = desk.draft("mari", serious()).await;
        let incident = desk.published(&first).await.body["incident"].as_str().unwrap().to_owned();
        let id: i64 = incident.parse().unwrap();
        let public = async || db.store.published().incident(id).await.unwrap().unwrap().incident;
        let said_first = public().await.starts_at;
        assert_eq!(said_first, public().await.opened_at, "as long as nobody knows");
        let slug = public().await.slug;

        let began = said_first - chrono::Duration::minutes(95);
        let revisions = format!("/incidents/{incident}/revisions");
        let next = desk.post("mari", &revisions, json!({"phase": "identified", "started_at": began})).await;
        let next = next.body["id"].as_str().unwrap().to_owned();
        let preview = desk.get("mari", &format!("/revisions/{next}/preview")).await.body;
        assert!(preview["languages"]["en"]["page"].as_str().unwrap().contains("Started: <time"), "who approves sees it");
        assert_eq!(public().await.starts_at, said_first, "a draft changes nothing");
        desk.published(&next).await;
        assert_eq!(public().await.starts_at, began);
        assert_eq!(public().await.slug, slug, "the address stays");
        let mail = &db.store.announcement(next.parse().unwrap()).await.unwrap().unwrap().mail[&Language::Cy];
        assert!(mail.text.contains("Dechreuodd: "), "{}", mail.text);

        // It goes on from one update to the next, and the form has it as people read the time.
        let after = desk.post("mari", &revisions, json!({"phase": "fixing"})).await;
        assert_eq!(after.body["started_at"], json!(began));
        let mari = desk.signed_in("mari").await;
        let form = mari.get(&format!("/revisions/{}/edit", after.body["id"].as_str().unwrap())).await.body;
        let local = began.format("%Y-%m-%dT%H:%M").to_string();
        assert_eq!(field(&form, "started_at"), Some(local), "London is at UTC in January");
    }
}

on_both! {
    async fn nothing_began_in_the_future_and_no_planned_work_by_an_update(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        body["revision"]["started_at"] = json!(db.env.now() + chrono::Duration::minutes(5));
        let revision = desk.draft("mari", body).await;
        let refused = desk.post("mari", &format!("/revisions/{revision}/submit"), json!({})).await;
        assert_eq!(codes(&refused), [("/started_at".to_owned(), "start-ahead".to_owned())]);
        let mut never = serious();
        never["revision"]["started_at"] = "+262000-01-01T00:00:00Z".into();
        assert_eq!(desk.post("mari", "/incidents", never).await.status, 422);
    }
}

on_both! {
    async fn advice_for_the_time_of_trouble_is_not_ticked_when_it_is_over(db: Database) {
        let desk = Desk::open(db).await;
        let first = desk.draft("mari", serious()).await;
        let incident = desk.published(&first).await.body["incident"].as_str().unwrap().to_owned();
        let mari = desk.signed_in("mari").await;
        let ticked = async |path: &str| {
            let body = mari.get(path).await.body;
            assert!(body.contains("name=\"advice\""), "{body}");
            body.split("<input").filter(|one| one.contains("name=\"advice\"") && one.contains(" checked")).count()
        };
        assert!(ticked(&format!("/incidents/{incident}/update")).await > 0, "it goes on while it lasts");
        assert_eq!(ticked(&format!("/incidents/{incident}/withdraw")).await, 0);
    }
}

on_both! {
    async fn planned_work_begins_as_work_and_not_as_a_failure(db: Database) {
        let desk = Desk::open(db).await;
        let mari = desk.signed_in("mari").await;
        let chosen = |body: &str, name: &str| {
            let select = body.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
            let option = select.split("<option").find(|one| one.contains(" selected")).unwrap();
            option.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        let planned = mari.get("/planned/new").await.body;
        assert_eq!((&*chosen(&planned, "system"), &*chosen(&planned, "care")), ("maintenance", "operational"));
        assert!(!planned.contains("name=\"started_at\""), "it has a plan");
        let incident = mari.get("/incidents/new").await.body;
        assert_eq!((&*chosen(&incident, "system"), &*chosen(&incident, "care")), ("outage", "degraded"));
        assert!(incident.contains("name=\"started_at\""));
    }
}
