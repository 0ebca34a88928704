//! Who may do what, on every route.

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

on_both! {
    async fn a_stranger_gets_nowhere(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        for (method, path) in authoring::routes() {
            let path = path.trim_start_matches("/api/v1").replace("{id}", &revision);
            let body = (method != "GET").then(|| json!({}));
            for token in [None, Some("hysbys_of-another-house"), Some("")] {
                let answer = desk.call(token, (method, &path), body.as_ref(), &[("if-match", "x")]).await;
                assert_eq!(answer.status, 401, "{method} {path}: {answer:?}");
                assert!(answer.body["code"].is_string(), "a problem document");
            }
        }
    }
}

on_both! {
    async fn a_token_is_for_what_it_was_made_for(db: Database) {
        let desk = Desk::open(db).await;
        let scopes = Some(vec!["incidents:read".to_owned()]);
        let token = desk.authoring.add_token_for(&operator(), &email("huw"), "reader", scopes).await.unwrap();
        let revision = desk.draft("mari", serious()).await;
        for (method, path) in authoring::routes() {
            let path = path.trim_start_matches("/api/v1").replace("{id}", &revision);
            let body = (method != "GET").then(|| json!({}));
            let answer = desk.call(Some(&token), (method, &path), body.as_ref(), &[("if-match", "x")]).await;
            if method == "GET" {
                assert_ne!(answer.status, 403, "{method} {path}");
            } else {
                assert_eq!(answer.status, 403, "{method} {path}: {answer:?}");
            }
        }
    }
}

on_both! {
    async fn an_account_that_ends_takes_its_tokens_and_sessions_with_it(db: Database) {
        let desk = Desk::open(db).await;
        let mari = desk.signed_in("mari").await;
        assert_eq!(mari.get("/incidents").await.status, 200);
        let ann = desk.signed_in("ann").await;
        let id = db.store.staff_by_email(&email("mari")).await.unwrap().unwrap().id;
        ann.get("/staff").await;
        let ended = ann.post(&format!("/staff/{id}"), &[("role", "author"), ("active", "no")]).await;
        assert_eq!(ended.status, 303, "{}", ended.body);
        assert_eq!(desk.get("mari", "/incidents").await.status, 401);
        assert_eq!(mari.get("/incidents").await.location, "/sign-in?next=/incidents");
    }
}

on_both! {
    async fn somebody_speaks_for_their_own_organisation_and_those_below_it(db: Database) {
        let desk = Desk::open(db).await;
        let national = desk.draft("mari", serious()).await;
        let refused = desk.get("powys", &format!("/revisions/{national}")).await;
        assert_eq!((refused.status, refused.body["code"].as_str()), (403, Some("other-organisation")));
        assert_eq!(desk.post("powys", "/incidents", serious()).await.status, 403);
        assert_eq!(desk.get("powys", "/incidents").await.body["incidents"].as_array().map(Vec::len), Some(0));
        let mut own = serious();
        own["organisations"] = json!(["pthb"]);
        desk.draft("powys", own.clone()).await;
        own["organisations"] = json!(["pthb", "abuhb"]);
        assert_eq!(desk.post("powys", "/incidents", own).await.status, 403);
        let mut below = serious();
        below["organisations"] = json!(["abuhb"]);
        assert_eq!(desk.post("powys", "/incidents", below.clone()).await.status, 403);
        let opened = desk.post("national", "/incidents", below).await;
        assert_eq!(opened.status, 201, "{:?}", opened.body);
        let seen = desk.get("national", "/incidents").await;
        assert_eq!(seen.body["incidents"].as_array().map(Vec::len), Some(3));
    }
}

on_both! {
    async fn a_translator_changes_welsh_words_alone(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let path = format!("/revisions/{revision}");
        let before = desk.get("twm", &path).await.body;
        let twm = Some(desk.token("twm"));
        let hash = before["hash"].as_str().unwrap();
        let english = json!({"title": {"en": "Mine now", "cy": "Fy un i nawr"}});
        let refused = desk.call(twm, ("PATCH", &path), Some(&english), &[("if-match", hash)]).await;
        assert_eq!((refused.status, refused.body["code"].as_str()), (403, Some("translator-welsh-only")));
        let severity = desk.call(twm, ("PATCH", &path), Some(&json!({"severity": "info"})), &[("if-match", hash)]).await;
        assert_eq!(severity.status, 403);
        let welsh = json!({"title": {"en": before["title"]["en"], "cy": "Teitl gwell"}});
        let edited = desk.call(twm, ("PATCH", &path), Some(&welsh), &[("if-match", hash)]).await;
        assert_eq!((edited.status, edited.body["title"]["cy"].as_str()), (200, Some("Teitl gwell")), "{edited:?}");
        assert_eq!(desk.post("twm", "/incidents", serious()).await.status, 403);
    }
}

on_both! {
    async fn a_translators_screen_has_welsh_fields_alone(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let twm = desk.signed_in("twm").await;
        let page = twm.get(&format!("/revisions/{revision}/edit")).await;
        assert!(page.body.contains("name=\"title.cy\"") && !page.body.contains("name=\"title.en\""));
        assert!(!page.body.contains("name=\"severity\""));
        let version = field(&page.body, "version").unwrap();
        let fields = [("version", version.as_str()), ("title.cy", "Teitl"), ("title.en", "No"), ("severity", "info"), ("action", "save")];
        let saved = twm.post(&format!("/revisions/{revision}/edit"), &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        let kept = desk.get("mari", &format!("/revisions/{revision}")).await.body;
        assert_eq!((kept["title"]["cy"].as_str(), kept["severity"].as_str()), (Some("Teitl"), Some("serious")));
        assert_ne!(kept["title"]["en"], "No");
    }
}

on_both! {
    async fn an_administrator_manages_staff_and_publishes_nothing(db: Database) {
        let desk = Desk::open(db).await;
        assert_eq!(desk.post("ann", "/incidents", serious()).await.status, 403);
        let mari = desk.signed_in("mari").await;
        assert_eq!(mari.get("/staff").await.status, 403);
        let ann = desk.signed_in("ann").await;
        assert_eq!(ann.get("/staff").await.status, 200);
        let own = db.store.staff_by_email(&email("ann")).await.unwrap().unwrap().id;
        let promoted = ann.post(&format!("/staff/{own}"), &[("role", "approver"), ("active", "yes")]).await;
        assert_eq!(promoted.status, 403, "nobody gives themselves a right");
    }
}

on_both! {
    async fn a_broadcast_is_held_and_resumed_by_an_approver(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.published(&revision).await;
        let path = |order: &str| format!("/broadcasts/{revision}/{order}");
        assert_eq!(desk.post("mari", &path("pause"), json!({})).await.status, 403);
        assert_eq!(desk.post("huw", &path("pause"), json!({})).await.body["state"], "paused");
        assert_eq!(desk.post("huw", &path("resume"), json!({})).await.body["state"], "sending");
        assert_eq!(desk.post("huw", &path("cancel"), json!({})).await.body["state"], "cancelled");
        assert_eq!(desk.post("huw", &path("resume"), json!({})).await.body["code"], "broadcast-over");
    }
}
