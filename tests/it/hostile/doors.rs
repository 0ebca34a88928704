//! Every door of the staff side, from the list of its routes: nobody comes in by another one's form or another one's key.

use std::path::Path;

use authoring::Caller;
use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use crate::authoring::desk::{Desk, email, serious};

/// Every path of the staff screens that takes a form, read from the routes themselves, filled in.
pub(super) fn forms_of_staff(id: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/authoring/src/ui/mod.rs");
    let source = std::fs::read_to_string(file).unwrap();
    let mut paths = Vec::new();
    for line in source.lines().filter(|line| line.contains(".route(\"") && line.contains("post(")) {
        let path = line.split('"').nth(1).unwrap().replace("{id}", id).replace("{link}", "x");
        let (name, words): (&str, &[&str]) = match &path {
            path if path.contains("{verb}") => ("{verb}", &["submit", "approve", "reject", "publish", "publish-alone"]),
            path if path.contains("{order}") => ("{order}", &["pause", "resume", "cancel", "retry-failed"]),
            _ => ("-", &["-"]),
        };
        paths.extend(words.iter().map(|word| path.replace(name, word)));
    }
    assert!(paths.len() >= 18, "the list of routes was understood: {paths:?}");
    assert!(paths.iter().all(|path| !path.contains('{')), "{paths:?}");
    paths
}

on_both! {
    async fn no_form_is_taken_without_its_token(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let (huw, mari) = (desk.signed_in("huw").await, desk.signed_in("mari").await);
        let another = super::newsroom::token_of(&mari.get("/incidents/new").await.body);
        let lines = db.store.audit(0, 10_000).await.unwrap().len();
        for path in forms_of_staff(&revision) {
            let fields = |csrf: &'static str| [("csrf", csrf), ("reason", "x"), ("action", "save"), ("active", "no")];
            for csrf in ["", "forged", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
                assert_eq!(huw.post_bare(&path, &fields(csrf)).await.status, 403, "{path} with {csrf:?}");
            }
            let stolen = [("csrf", another.as_str()), ("reason", "x"), ("action", "save")];
            assert_eq!(huw.post_bare(&path, &stolen).await.status, 403, "{path} with the token of a colleague");
            assert_eq!(huw.post_bare(&path, &[("reason", "x")]).await.status, 403, "{path} without the field");
            let nobody = desk.browser();
            assert_eq!(nobody.post_bare(&path, &stolen).await.status, 403, "{path} from a stranger");
        }
        assert_eq!(db.store.audit(0, 10_000).await.unwrap().len(), lines, "nothing happened");
        assert_eq!(huw.get("/incidents").await.status, 200);
    }
}

on_both! {
    async fn a_token_opens_the_calls_of_its_scope_alone(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let description = desk.call(None, ("GET", "/openapi.json"), None, &[]).await.body;
        let operator: Caller = crate::authoring::desk::operator();
        let documented = authoring::documented_routes();
        let mut tried = 0;
        for held in ["incidents:read", "incidents:write", "revisions:approve", "revisions:publish", "broadcasts:manage"] {
            let scopes = Some(vec![held.to_owned()]);
            let token = desk.authoring.add_token_for(&operator, &email("huw"), held, scopes).await.unwrap();
            for (method, path) in &documented {
                let path = path.trim_start_matches("/api/v1");
                let call = &description["paths"][path][method.to_lowercase()];
                let Some(wanted) = call["security"][0]["token"][0].as_str() else { continue };
                let path = path.replace("{id}", &revision);
                let body = (method != "GET").then(|| json!({}));
                let answer = desk.call(Some(&token), (method, &path), body.as_ref(), &[("if-match", "x")]).await;
                let is_shut = answer.status == 403 && answer.body["code"] == "scope";
                assert_eq!(is_shut, held != wanted, "{method} {path} with {held}: {answer:?}");
                for (nobody, token) in [("absent", None), ("stranger's", Some("hysbys_x")), ("odd", Some("\u{e9}"))] {
                    let answer = desk.call(token, (method, &path), body.as_ref(), &[("if-match", "x")]).await;
                    assert_eq!(answer.status, 401, "{method} {path} with a token that is {nobody}");
                }
                tried += 1;
            }
        }
        assert!(tried >= 5 * 19, "every documented call: {tried}");
    }
}

on_both! {
    async fn a_publication_whose_button_is_pressed_twice_is_one_broadcast(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.approved(&revision).await;
        let mari = desk.signed_in("mari").await;
        let path = format!("/revisions/{revision}");
        let hash = crate::authoring::desk::field(&mari.get(&path).await.body, "hash").unwrap();
        let publish = format!("{path}/publish");
        let fields = [("hash", hash.as_str())];
        let (first, second) = tokio::join!(mari.post(&publish, &fields), mari.post(&publish, &fields));
        assert_eq!((first.status, second.status), (303, 303), "{} {}", first.body, second.body);
        let third = mari.post(&publish, &fields).await;
        assert_eq!((third.status, third.location), (303, first.location));
        assert_eq!(db.number("SELECT COUNT(*) FROM broadcast").await, 1);
        assert_eq!(db.number("SELECT CAST(SUM(audience) AS BIGINT) FROM chunk").await, 3, "three mailboxes");
    }
}
