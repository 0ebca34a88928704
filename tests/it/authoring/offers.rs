//! What the page of decision offers: what would be accepted, and in words why the rest is not there.

use domain::Language;
use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

on_both! {
    async fn only_what_would_be_accepted_is_offered(db: Database) {
        let desk = Desk::open(db).await;
        let mari = desk.signed_in("mari").await;
        let publish = |revision: &str| format!("{revision}/publish\"");

        let holding = desk.draft("mari", mild()).await;
        let page = mari.get(&format!("/revisions/{holding}")).await;
        assert!(page.body.contains(&publish(&holding)) && !page.body.contains("may not publish this alone"));

        let grave = desk.draft("mari", serious()).await;
        let page = mari.get(&format!("/revisions/{grave}")).await;
        assert!(!page.body.contains(&publish(&grave)));
        assert!(page.body.contains("because it is more than a minor problem"), "{}", page.body);

        // Nobody makes a serious incident mild alone, however well approved the words are.
        let incident = desk.published(&grave).await.body["incident"].as_str().unwrap().to_owned();
        let milder = json!({"severity": "minor", "phase": "investigating", "channels": []});
        let milder = desk.post("mari", &format!("/incidents/{incident}/revisions"), milder).await;
        let milder = milder.body["id"].as_str().unwrap().to_owned();
        let page = mari.get(&format!("/revisions/{milder}")).await;
        assert!(!page.body.contains(&publish(&milder)), "it would be refused");
        assert!(page.body.contains("because the last public update was about more than a minor problem"));
        assert!(page.body.contains("A second person must approve"), "the checks say the same");

        desk.post("mari", &format!("/revisions/{milder}/submit"), json!({})).await;
        desk.post("huw", &format!("/revisions/{milder}/reject"), json!({"reason": "Not yet"})).await;
        let page = mari.get(&format!("/revisions/{milder}")).await;
        assert!(!page.body.contains(&publish(&milder)) && page.body.contains("because somebody sent it back"));
    }
}

on_both! {
    async fn an_emergency_is_offered_only_for_what_it_excuses(db: Database) {
        let desk = Desk::open(db).await;
        let huw = desk.signed_in("huw").await;
        let mut claim = serious();
        claim["revision"]["cyber"] = json!({"answer": "no"});
        let revision = desk.draft("huw", claim).await;
        let page = huw.get(&format!("/revisions/{revision}")).await;
        assert!(!page.body.contains("/publish-alone"), "it would be refused");
        assert!(page.body.contains("Even in an emergency this cannot be published yet"));
    }
}

on_both! {
    async fn what_was_approved_needs_no_second_person_any_more(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let mari = desk.signed_in("mari").await;
        let path = format!("/revisions/{revision}");
        assert!(mari.get(&path).await.body.contains("A second person must approve"));
        desk.approved(&revision).await;
        let page = mari.get(&path).await.body;
        assert!(!page.contains("A second person must approve") && page.contains("Another person has approved it"));
        assert!(!page.contains("LEAVE-LINK") && page.contains("each reader&#x27;s own link"), "{page}");
    }
}

on_both! {
    async fn the_log_reads_without_knowing_json(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("huw", serious()).await;
        let huw = desk.signed_in("huw").await;
        huw.get(&format!("/revisions/{revision}")).await;
        huw.post(&format!("/revisions/{revision}/publish-alone"), &[("reason", "Nobody answers")]).await;
        let log = huw.get("/audit").await.body;
        assert!(log.contains("<dt>Reason:</dt> <dd>Nobody answers</dd>"), "{log}");
        assert!(log.contains(&format!("<a href=\"/revisions/{revision}\">")), "{log}");
        assert!(log.contains("<dt>People:</dt>") && !log.contains("&quot;"), "{log}");
    }
}

on_both! {
    async fn a_stale_approval_offers_no_publication(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.approved(&revision).await;
        let mari = desk.signed_in("mari").await;
        let publish = format!("{revision}/publish\"");
        assert!(mari.get(&format!("/revisions/{revision}")).await.body.contains(&publish));
        let mut catalogue = samples();
        catalogue.advice[0].text.set(Language::En, "Something else.");
        let tx = db.store.begin().await.unwrap();
        tx.save_catalogue(&catalogue).await.unwrap();
        tx.commit().await.unwrap();
        let page = mari.get(&format!("/revisions/{revision}")).await;
        assert!(!page.body.contains(&publish), "it would be refused");
        assert!(page.body.contains("What would be shown or sent has changed since"));
    }
}
