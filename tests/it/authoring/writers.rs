//! Whose words they are: nobody approves what they wrote any part of, however many have written since.

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

/// Changes the headline in somebody's name.
async fn edits(desk: &Desk<'_>, name: &str, revision: &str) {
    let path = format!("/revisions/{revision}");
    let hash = desk.hash(revision).await;
    let words = json!({"title": {"en": format!("In the words of {name}"), "cy": format!("Yng ngeiriau {name}")}});
    let edited = desk.call(Some(desk.token(name)), ("PATCH", &path), Some(&words), &[("if-match", &hash)]).await;
    assert_eq!(edited.status, 200, "{edited:?}");
}

/// Tries to approve in somebody's name: the status and the code.
async fn approves(desk: &Desk<'_>, name: &str, revision: &str) -> (u16, String) {
    let hash = desk.hash(revision).await;
    let answer = desk.post(name, &format!("/revisions/{revision}/approve"), json!({"hash": hash})).await;
    (answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned())
}

on_both! {
    async fn whoever_wrote_any_of_it_may_not_approve_it(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        edits(&desk, "huw", &revision).await;
        edits(&desk, "mari", &revision).await;
        desk.post("mari", &format!("/revisions/{revision}/submit"), json!({})).await;
        assert_eq!(approves(&desk, "huw", &revision).await, (403, "own-text".to_owned()), "some words are huw's");
        let huw = desk.signed_in("huw").await;
        let page = huw.get(&format!("/revisions/{revision}")).await;
        assert!(page.body.contains("You wrote this or sent it") && page.body.contains("Written by mari, huw"));
        assert!(!page.body.contains("/approve\""), "what would be refused is not offered");
        assert_eq!(approves(&desk, "nia", &revision).await.0, 200);
    }
}

on_both! {
    async fn what_begins_with_a_draft_has_its_writers_too(db: Database) {
        let desk = Desk::open(db).await;
        let first = desk.draft("huw", serious()).await;
        let incident = desk.get("huw", &format!("/revisions/{first}")).await.body["incident"].as_str().unwrap().to_owned();
        let path = format!("/incidents/{incident}/revisions");
        let next = async || desk.post("mari", &path, json!({})).await.body["id"].as_str().unwrap().to_owned();
        let second = next().await;
        desk.post("mari", &format!("/revisions/{second}/submit"), json!({})).await;
        assert_eq!(approves(&desk, "huw", &second).await, (403, "own-text".to_owned()), "what was picked is huw's");
        assert_eq!(approves(&desk, "nia", &second).await.0, 200);
        assert_eq!(desk.post("mari", &format!("/revisions/{second}/publish"), json!({})).await.status, 200);
        // What is public was approved: it counts as nobody's, so huw may approve what follows.
        let third = next().await;
        desk.post("mari", &format!("/revisions/{third}/submit"), json!({})).await;
        assert_eq!(approves(&desk, "huw", &third).await.0, 200);
    }
}
