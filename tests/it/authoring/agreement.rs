//! An update agrees with itself: its words say no more than is known of the cause, its phase and its advice no more than
//! its services can keep.

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::{Value, json};

use super::desk::*;

const PARTS: [&str; 8] = ["title", "know", "unknown", "doing", "should", "more", "sms", "post"];

/// An incident in this phase whose cause stands like this.
fn caused(phase: &str, cause: &Value) -> Value {
    let mut body = serious();
    body["revision"]["phase"] = phase.into();
    body["revision"]["cause"] = cause.clone();
    body
}

on_both! {
    async fn a_suspected_cause_is_told_as_a_suspicion_in_both_languages(db: Database) {
        let desk = Desk::open(db).await;
        let certainties = [Some("suspected"), Some("unknown"), None];
        for (phase, certainty) in certainties.map(|one| ("identified", one)).into_iter().chain([("fixing", Some("suspected"))]) {
            let mut cause = json!({"key": "network"});
            if let Some(certainty) = certainty {
                cause["certainty"] = certainty.into();
            }
            let revision = desk.draft("mari", caused(phase, &cause)).await;
            let kept = desk.get("mari", &format!("/revisions/{revision}")).await.body;
            for (language, cause, hedge, fact) in [
                ("en", "Network problem", "Suspected cause", "We have found"),
                ("cy", "Problem rhwydwaith", "Achos a amheuir", "wedi dod o hyd i'r broblem."),
            ] {
                for part in PARTS {
                    let words = kept[part][language].as_str().unwrap_or_default();
                    assert!(!words.contains(cause) || words.contains(hedge), "{phase} {part}: {words}");
                    let found = words.contains(fact) && !words.contains("credu") || words.contains("cafwyd hyd");
                    assert!(!found, "{phase} {part} states it as a fact: {words}");
                }
            }
            let preview = desk.get("mari", &format!("/revisions/{revision}/preview")).await.body;
            for shown in ["page", "mail"] {
                let text = preview["languages"]["en"][shown].to_string();
                assert!(text.contains("Network problem (suspected)"), "{shown}: {text}");
                assert!(!text.contains("We have found the problem"), "{shown}: {text}");
            }
        }
    }
}

on_both! {
    async fn a_cause_that_nobody_knows_is_not_found_and_a_confirmed_one_is(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", caused("identified", &json!({"key": "unknown"}))).await;
        let preview = desk.get("mari", &format!("/revisions/{revision}/preview")).await.body;
        let (page, sms) = (&preview["languages"]["en"]["page"], &preview["languages"]["en"]["sms"]["text"]);
        assert!(page.as_str().unwrap().contains("Not known yet.") && !page.as_str().unwrap().contains("not certain yet"), "{page}");
        assert!(sms.as_str().unwrap().contains("do not know its cause"), "{sms}");
        let confirmed = json!({"key": "network", "certainty": "confirmed", "stated_by": "DHCW"});
        let revision = desk.draft("mari", caused("identified", &confirmed)).await;
        let kept = desk.get("mari", &format!("/revisions/{revision}")).await.body;
        assert!(kept["know"]["en"].as_str().unwrap().starts_with("We have found the problem. Cause: Network problem."));
        // Who becomes less sure in the draft does not leave the old words behind.
        let doubt = json!({"cause": {"key": "network", "certainty": "suspected"}});
        let (token, at) = (Some(desk.token("mari")), format!("/revisions/{revision}"));
        let hash = desk.hash(&revision).await;
        let edited = desk.call(token, ("PATCH", &at), Some(&doubt), &[("if-match", &hash)]).await;
        assert!(edited.body["know"]["en"].as_str().unwrap().starts_with("We think that"), "{edited:?}");
        assert!(edited.body["title"]["cy"].as_str().unwrap().starts_with("Rydym yn credu"), "{edited:?}");
    }
}

on_both! {
    async fn nobody_says_that_it_works_again_while_it_does_not(db: Database) {
        let desk = Desk::open(db).await;
        let first = desk.draft("mari", serious()).await;
        let incident = desk.published(&first).await.body["incident"].as_str().unwrap().to_owned();
        let next = async |body: Value| {
            let draft = desk.post("mari", &format!("/incidents/{incident}/revisions"), body).await;
            let id = draft.body["id"].as_str().unwrap_or_else(|| panic!("{draft:?}")).to_owned();
            (desk.post("mari", &format!("/revisions/{id}/submit"), json!({})).await, id)
        };
        let (refused, id) = next(json!({"phase": "monitoring"})).await;
        assert_eq!((refused.status, codes(&refused)), (422, vec![("/services".to_owned(), "service-still-down".to_owned())]));
        let alone = desk.post("huw", &format!("/revisions/{id}/publish"), json!({"break_glass": "Now"})).await;
        assert_eq!(alone.status, 422, "no emergency makes it work");
        let mari = desk.signed_in("mari").await;
        let page = mari.get(&format!("/revisions/{id}")).await.body;
        assert!(page.contains("a service is still marked as not working"), "{page}");
        let (sent, id) = next(json!({"phase": "monitoring", "services": working()})).await;
        assert_eq!(sent.status, 200, "{sent:?}");
        let hash = desk.hash(&id).await;
        desk.post("huw", &format!("/revisions/{id}/approve"), json!({"hash": hash})).await;
        desk.post("mari", &format!("/revisions/{id}/publish"), json!({})).await;
        db.env.advance(chrono::Duration::minutes(61));
        let slow = json!([{"key": "gp_appt", "system": "operational", "care": "recovering"}]);
        let (refused, _) = next(json!({"phase": "resolved", "services": slow})).await;
        assert_eq!(codes(&refused), [("/services".to_owned(), "service-not-normal".to_owned())]);
    }
}

on_both! {
    async fn a_withdrawal_says_that_services_work(db: Database) {
        let desk = Desk::open(db).await;
        let first = desk.draft("mari", serious()).await;
        let incident = desk.published(&first).await.body["incident"].as_str().unwrap().to_owned();
        let withdrawal = desk.post("mari", &format!("/incidents/{incident}/withdraw"), json!({"reason": "False"})).await;
        assert_eq!(withdrawal.body["services"][0]["system"], "operational");
        desk.published(withdrawal.body["id"].as_str().unwrap()).await;
    }
}

/// People are sent to 111, which does not work.
fn dead_line() -> Value {
    let mut body = serious();
    body["services"] = json!([{"key": "nhs111", "system": "outage", "care": "unavailable"}]);
    body["revision"]["advice"] = json!(["call_999", "use_111"]);
    body
}

on_both! {
    async fn advice_that_leads_nowhere_must_be_confirmed(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", dead_line()).await;
        let path = format!("/revisions/{revision}");
        let refused = desk.post("mari", &format!("{path}/submit"), json!({})).await;
        assert_eq!((refused.status, codes(&refused)), (422, vec![("/advice".to_owned(), "advice-service-down".to_owned())]));
        let mari = desk.signed_in("mari").await;
        let page = mari.get(&path).await.body;
        assert!(page.contains("sends people to “NHS 111 Wales phone line”, which is marked as not working"), "{page}");
        let hash = desk.hash(&revision).await;
        let stands = json!({"advice_stands": ["use_111"]});
        let edit = desk.call(Some(desk.token("mari")), ("PATCH", &path), Some(&stands), &[("if-match", &hash)]).await;
        assert_eq!(edit.status, 200, "{edit:?}");
        assert_ne!(desk.hash(&revision).await, hash, "whoever approves, approves that too");
        assert_eq!(desk.post("mari", &format!("{path}/submit"), json!({})).await.status, 200);
        let huw = desk.signed_in("huw").await;
        assert!(huw.get(&path).await.body.contains("The author has confirmed that it stands"));
    }
}

on_both! {
    async fn the_form_asks_whether_such_advice_stands(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", dead_line()).await;
        let mari = desk.signed_in("mari").await;
        let edit = format!("/revisions/{revision}/edit");
        let page = mari.get(&edit).await.body;
        assert!(page.contains("name=\"advice_stands\"") && page.contains("is marked as not working"), "{page}");
        let (form_id, version) = (field(&page, "form_id").unwrap(), field(&page, "version").unwrap());
        let fields = [
            ("form_id", form_id.as_str()),
            ("version", version.as_str()),
            ("speaker", "nhs-wales"),
            ("severity", "serious"),
            ("phase", "investigating"),
            ("services", "nhs111"),
            ("system", "outage"),
            ("care", "unavailable"),
            ("advice", "use_111"),
            ("advice_stands", "use_111"),
            ("next", "2018-01-24T13:00:00.000Z"),
            ("channels", "page"),
            ("title.en", "Title"),
            ("title.cy", "Teitl"),
            ("action", "submit"),
        ];
        let sent = mari.post(&edit, &fields).await;
        assert_eq!(sent.location, format!("/revisions/{revision}?done=submitted"), "{}", sent.body);
    }
}

on_both! {
    async fn what_nobody_can_see_is_not_written(db: Database) {
        let desk = Desk::open(db).await;
        for (part, unseen) in [("title", "\u{200b}"), ("know", "\u{3164}"), ("sms", "\u{2060}\u{feff}")] {
            let mut body = serious();
            body["revision"][part] = json!({"en": "Words", "cy": unseen});
            let revision = desk.draft("mari", body).await;
            let refused = desk.post("mari", &format!("/revisions/{revision}/submit"), json!({})).await;
            assert!(codes(&refused).contains(&(format!("/{part}/cy"), "language-missing".to_owned())), "{part} {refused:?}");
        }
    }
}
