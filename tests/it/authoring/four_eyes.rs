//! Nothing of weight goes out on one person's word, and what goes out is what was approved.

use domain::Language;
use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

on_both! {
    async fn another_person_must_approve(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("huw", serious()).await;
        let path = |verb: &str| format!("/revisions/{revision}/{verb}");
        assert_eq!(desk.post("huw", &path("publish"), json!({})).await.body["code"], "not-approved");
        assert_eq!(desk.post("huw", &path("submit"), json!({})).await.status, 200);
        let hash = desk.hash(&revision).await;
        let own = desk.post("huw", &path("approve"), json!({"hash": hash})).await;
        assert_eq!((own.status, own.body["code"].as_str()), (403, Some("own-text")));
        assert_eq!(desk.post("mari", &path("approve"), json!({"hash": hash})).await.status, 403, "an author may not approve");
        assert_eq!(desk.post("nia", &path("approve"), json!({"hash": hash})).await.status, 200);
        let published = desk.post("huw", &path("publish"), json!({})).await;
        assert_eq!((published.status, published.body["update"].as_i64()), (200, Some(1)));
        let broadcast = desk.get("huw", &format!("/broadcasts/{revision}")).await;
        assert_eq!(broadcast.body["channels"]["email"]["audience"], 3);
        assert_eq!(db.store.due_posts(10, std::time::Duration::from_secs(5)).await.unwrap().len(), 2);
    }
}

on_both! {
    async fn whoever_sent_it_may_not_approve_it_either(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.post("huw", &format!("/revisions/{revision}/submit"), json!({})).await;
        let hash = desk.hash(&revision).await;
        let path = format!("/revisions/{revision}/approve");
        assert_eq!(desk.post("huw", &path, json!({"hash": hash})).await.status, 403);
        assert_eq!(desk.post("nia", &path, json!({"hash": hash})).await.status, 200);
    }
}

on_both! {
    async fn an_edit_voids_the_approval(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.approved(&revision).await;
        let old = desk.hash(&revision).await;
        let edit = json!({"title": {"en": "Other words", "cy": "Geiriau eraill"}});
        let path = format!("/revisions/{revision}");
        let mari = Some(desk.token("mari"));
        let blind = desk.call(mari, ("PATCH", &path), Some(&edit), &[]).await;
        assert_eq!(blind.body["code"], "if-match-missing");
        let edited = desk.call(mari, ("PATCH", &path), Some(&edit), &[("if-match", &format!("\"{old}\""))]).await;
        assert_eq!((edited.status, edited.body["state"].as_str()), (200, Some("draft")), "{edited:?}");
        let again = desk.call(mari, ("PATCH", &path), Some(&edit), &[("if-match", &old)]).await;
        assert_eq!(again.status, 409, "an edit of what somebody else has changed");
        let publish = desk.post("mari", &format!("{path}/publish"), json!({})).await;
        assert_eq!((publish.status, publish.body["code"].as_str()), (409, Some("not-approved")));
        desk.post("mari", &format!("{path}/submit"), json!({})).await;
        let stale = desk.post("huw", &format!("{path}/approve"), json!({"hash": old})).await;
        assert_eq!((stale.status, stale.body["code"].as_str()), (409, Some("approval-stale")));
    }
}

on_both! {
    async fn advice_that_is_reworded_after_the_approval_voids_it(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.approved(&revision).await;
        let mut catalogue = samples();
        catalogue.advice[0].text.set(Language::En, "Something else.");
        let tx = db.store.begin().await.unwrap();
        tx.save_catalogue(&catalogue).await.unwrap();
        tx.commit().await.unwrap();
        let publish = desk.post("mari", &format!("/revisions/{revision}/publish"), json!({})).await;
        assert_eq!((publish.status, publish.body["code"].as_str()), (409, Some("approval-stale")));
    }
}

on_both! {
    async fn the_approval_does_not_depend_on_the_hour(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.approved(&revision).await;
        db.env.advance(chrono::Duration::minutes(50));
        let publish = desk.post("mari", &format!("/revisions/{revision}/publish"), json!({})).await;
        assert_eq!(publish.status, 200, "{publish:?}");
    }
}

on_both! {
    async fn a_holding_statement_needs_one_person(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", mild()).await;
        let published = desk.post("mari", &format!("/revisions/{revision}/publish"), json!({})).await;
        assert_eq!(published.status, 200, "{published:?}");
        let audit = db.store.audit_newest(None, 1).await.unwrap();
        assert_eq!(audit[0].action, "revision.published-holding");
    }
}

on_both! {
    async fn a_statement_with_own_words_or_of_weight_needs_two(db: Database) {
        let desk = Desk::open(db).await;
        let mut own_words = mild();
        own_words["revision"]["know"] = json!({"en": "The lab is slow.", "cy": "Mae'r labordy yn araf."});
        let mut claims = mild();
        claims["revision"]["cyber"] = json!({"answer": "no", "stated_by": "Somebody"});
        let mut cause = mild();
        cause["revision"]["cause"] = json!({"key": "network", "certainty": "confirmed"});
        for body in [own_words, claims, cause, serious()] {
            let revision = desk.draft("mari", body).await;
            let publish = desk.post("mari", &format!("/revisions/{revision}/publish"), json!({})).await;
            assert_eq!((publish.status, publish.body["code"].as_str()), (409, Some("not-approved")));
        }
    }
}

on_both! {
    async fn nobody_types_the_subject_of_a_holding_statement_alone(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = mild();
        body["revision"]["channels"] = json!(["email"]);
        body["revision"]["subject"] = json!({"en": "Pay at evil.example", "cy": "Talwch yn evil.example"});
        let revision = desk.draft("mari", body).await;
        let publish = desk.post("mari", &format!("/revisions/{revision}/publish"), json!({})).await;
        assert_eq!((publish.status, publish.body["code"].as_str()), (409, Some("not-approved")));
    }
}

on_both! {
    async fn nobody_makes_a_serious_incident_mild_alone(db: Database) {
        let desk = Desk::open(db).await;
        let first = desk.draft("mari", serious()).await;
        desk.approved(&first).await;
        let published = desk.post("mari", &format!("/revisions/{first}/publish"), json!({})).await;
        let incident = published.body["incident"].as_str().unwrap().to_owned();
        let next = json!({"severity": "minor", "phase": "investigating", "channels": [], "title": {}, "know": {},
            "unknown": {}, "doing": {}, "should": {}, "more": {}, "sms": {}, "post": {}});
        let draft = desk.post("mari", &format!("/incidents/{incident}/revisions"), next).await;
        let id = draft.body["id"].as_str().unwrap_or_else(|| panic!("{draft:?}"));
        let publish = desk.post("mari", &format!("/revisions/{id}/publish"), json!({})).await;
        assert_eq!((publish.status, publish.body["code"].as_str()), (409, Some("not-approved")));
    }
}

on_both! {
    async fn one_language_alone_is_not_published(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        body["revision"]["know"] = json!({"en": "Some systems are not working."});
        let revision = desk.draft("mari", body).await;
        let refused = desk.post("mari", &format!("/revisions/{revision}/submit"), json!({})).await;
        assert_eq!(refused.status, 422);
        assert_eq!(codes(&refused), [("/know/cy".to_owned(), "language-missing".to_owned())]);
    }
}

on_both! {
    async fn different_advice_or_numbers_are_not_published(db: Database) {
        let desk = Desk::open(db).await;
        let mut advice = serious();
        advice["revision"]["advice"] = json!({"en": ["call_999"], "cy": ["call_999", "keep_appointment"]});
        let mut numbers = serious();
        numbers["revision"]["know"] = json!({"en": "Since 10:15.", "cy": "Ers 10:50."});
        for (body, code) in [(advice, "advice-differs"), (numbers, "numbers-differ")] {
            let revision = desk.draft("mari", body).await;
            let refused = desk.post("mari", &format!("/revisions/{revision}/submit"), json!({})).await;
            assert_eq!(refused.status, 422);
            assert!(codes(&refused).iter().any(|(_, found)| found == code), "{code}: {refused:?}");
        }
    }
}

on_both! {
    async fn breaking_the_glass_needs_an_approver_and_a_reason(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        for part in ["title", "know", "unknown", "doing", "should", "more", "sms", "post"] {
            body["revision"][part] = json!({"en": format!("Only English in {part}.")});
        }
        let revision = desk.draft("huw", body).await;
        let path = format!("/revisions/{revision}/publish");
        assert_eq!(desk.post("mari", &path, json!({"break_glass": "Lives at risk"})).await.status, 403);
        assert_eq!(desk.post("huw", &path, json!({"break_glass": "  "})).await.status, 422);
        let published = desk.post("huw", &path, json!({"break_glass": "Nobody else can be reached"})).await;
        assert_eq!(published.status, 200, "{published:?}");
        let id: i64 = revision.parse().unwrap();
        let announcement = db.store.announcement(id).await.unwrap().unwrap();
        assert_eq!(announcement.sms.keys().collect::<Vec<_>>(), [&Language::En]);
        let public = db.store.published().open().await.unwrap();
        assert_eq!(public[0].updates[0].missing, [Language::Cy], "Welsh to follow");
        let line = &db.store.audit_newest(None, 1).await.unwrap()[0];
        assert_eq!(line.action, "revision.published-alone");
        assert!(line.details.contains("Nobody else can be reached"));
    }
}

on_both! {
    async fn no_emergency_excuses_a_claim_without_a_source(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        body["revision"]["cyber"] = json!({"answer": "no"});
        let revision = desk.draft("huw", body).await;
        let refused = desk.post("huw", &format!("/revisions/{revision}/publish"), json!({"break_glass": "Now"})).await;
        assert_eq!(codes(&refused), [("/cyber".to_owned(), "source-missing".to_owned())]);
    }
}

on_both! {
    async fn what_was_sent_back_does_not_go_out(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", mild()).await;
        let path = |verb: &str| format!("/revisions/{revision}/{verb}");
        desk.post("mari", &path("submit"), json!({})).await;
        assert_eq!(desk.post("huw", &path("reject"), json!({"reason": " "})).await.status, 422);
        let rejected = desk.post("huw", &path("reject"), json!({"reason": "Name the areas"})).await;
        assert_eq!((rejected.status, rejected.body["rejection"].as_str()), (200, Some("Name the areas")));
        assert_eq!(desk.post("mari", &path("publish"), json!({})).await.status, 409);
        assert_eq!(desk.post("mari", &path("submit"), json!({})).await.status, 200);
    }
}

on_both! {
    async fn no_emergency_overrules_whoever_sent_it_back(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let path = |verb: &str| format!("/revisions/{revision}/{verb}");
        let alone = async || desk.post("huw", &path("publish"), json!({"break_glass": "Nobody answers"})).await;
        desk.post("mari", &path("submit"), json!({})).await;
        desk.post("nia", &path("reject"), json!({"reason": "The wrong area"})).await;
        assert_eq!(alone().await.body["code"], "sent-back");
        let huw = desk.signed_in("huw").await;
        let page = huw.get(&format!("/revisions/{revision}")).await.body;
        assert!(!page.contains("/publish-alone") && page.contains("change it first"), "{page}");
        // The same words sent again are the same words.
        assert_eq!(desk.post("mari", &path("submit"), json!({})).await.status, 200);
        assert_eq!(alone().await.body["code"], "sent-back");
        assert!(huw.get(&format!("/revisions/{revision}")).await.body.contains("Sent back: The wrong area"));
        // Changed, they are a new draft.
        let hash = desk.hash(&revision).await;
        let edit = json!({"know": {"en": "Only in Powys.", "cy": "Ym Mhowys yn unig."}});
        let (token, at) = (Some(desk.token("mari")), format!("/revisions/{revision}"));
        assert_eq!(desk.call(token, ("PATCH", &at), Some(&edit), &[("if-match", &hash)]).await.status, 200);
        assert_eq!(alone().await.status, 200);
    }
}

on_both! {
    async fn an_incident_is_led_to_its_end_and_work_on_paper_is_not_forgotten(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        body["revision"]["on_paper"] = true.into();
        let revision = desk.draft("mari", body).await;
        let incident = desk.published(&revision).await.body["incident"].as_str().unwrap().to_owned();
        let path = format!("/incidents/{incident}/revisions");
        let next = async |phase: &str| desk.post("mari", &path, json!({"phase": phase, "services": working()})).await.body["id"].as_str().unwrap().to_owned();
        desk.published(&next("monitoring").await).await;
        let early = desk.post("mari", &format!("/revisions/{}/submit", next("resolved").await), json!({})).await;
        assert_eq!(codes(&early), [("/phase".to_owned(), "backlog-unspoken".to_owned())]);
        desk.published(&next("recovering").await).await;
        desk.published(&next("resolved").await).await;
        let shown = desk.get("mari", &format!("/incidents/{incident}")).await;
        assert!(shown.body["resolved_at"].is_string());
        let subjects: std::collections::BTreeSet<String> =
            shown.body["revisions"].as_array().unwrap().iter().map(|one| one["subject"]["en"].to_string()).collect();
        assert_eq!(subjects.len(), 1, "mail programs thread by the subject: {subjects:?}");
    }
}

on_both! {
    async fn a_correction_and_a_withdrawal_stay_visible(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let incident = desk.published(&revision).await.body["incident"].as_str().unwrap().to_owned();
        let words = json!({"know": {"en": "Clinics are not cancelled.", "cy": "Nid yw clinigau wedi'u canslo."}});
        let correction = desk.post("mari", &format!("/revisions/{revision}/correct"), words).await;
        assert_eq!((correction.status, correction.body["purpose"].as_str()), (201, Some("correction")));
        desk.published(correction.body["id"].as_str().unwrap()).await;
        let late = desk.post("mari", &format!("/revisions/{revision}/correct"), json!({})).await;
        assert_eq!(late.body["code"], "not-newest");
        let path = format!("/incidents/{incident}/withdraw");
        assert_eq!(desk.post("mari", &path, json!({})).await.status, 422, "a withdrawal needs a reason");
        let withdrawal = desk.post("mari", &path, json!({"reason": "A false alarm"})).await;
        assert_eq!((withdrawal.status, withdrawal.body["phase"].as_str()), (201, Some("withdrawn")));
        desk.published(withdrawal.body["id"].as_str().unwrap()).await;
        let public = db.store.published().incident(incident.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(public.updates.len(), 3, "nothing public is ever deleted");
    }
}

on_both! {
    async fn a_correction_says_that_it_is_one_in_every_message(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.published(&revision).await;
        let texts = json!({
            "know": {"en": "Clinics are not cancelled.", "cy": "Nid yw clinigau wedi'u canslo."},
            "post": {"en": "CORRECTION: all is open. {link}", "cy": "Mae popeth ar agor. {link}"},
        });
        let correction = desk.post("mari", &format!("/revisions/{revision}/correct"), texts).await;
        let id = correction.body["id"].as_str().unwrap().to_owned();
        let preview = desk.get("mari", &format!("/revisions/{id}/preview")).await.body;
        let sms = &preview["languages"]["cy"]["sms"];
        assert!(sms["text"].as_str().unwrap().starts_with("Cywiriad: "), "the author sees it: {sms}");
        desk.published(&id).await;

        let first = db.store.announcement(revision.parse().unwrap()).await.unwrap().unwrap();
        let sent = db.store.announcement(id.parse().unwrap()).await.unwrap().unwrap();
        let [cy, en] = [Language::Cy, Language::En];
        assert_eq!(sent.sms[&en], format!("Correction: {}", first.sms[&en]));
        assert_eq!(sent.sms[&cy], format!("Cywiriad: {}", first.sms[&cy]));
        assert!(sent.posts[&en].parts[0].starts_with("CORRECTION: all is open."), "who wrote the word has it once");
        assert!(sent.posts[&cy].parts[0].starts_with("Cywiriad: Mae popeth"));
        assert!(sent.mail[&en].text.contains("CORRECTION. This corrects the update before it.\n"));
        assert!(sent.mail[&cy].html.contains("<strong>Cywiriad.</strong>"));
        assert_eq!(sent.mail[&en].subject, first.mail[&en].subject, "mail programs thread by the subject");
        assert!(sent.page[&en].contains("This corrects the update before it"));
    }
}

on_both! {
    async fn the_word_for_a_correction_counts_as_part_of_its_text(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.published(&revision).await;
        // Three parts of 153 letters, to the last one.
        let full = "a".repeat(3 * 153);
        let texts = json!({"sms": {"en": full, "cy": "Mae'r clinigau ar agor."}});
        let correction = desk.post("mari", &format!("/revisions/{revision}/correct"), texts).await;
        let id = correction.body["id"].as_str().unwrap().to_owned();
        let refused = desk.post("mari", &format!("/revisions/{id}/submit"), json!({})).await;
        assert_eq!(codes(&refused), [("/sms/en".to_owned(), "too-many-parts".to_owned())]);
    }
}

on_both! {
    async fn a_time_that_no_page_can_write_is_kept_nowhere(db: Database) {
        let desk = Desk::open(db).await;
        for never in ["+262000-01-01T00:00:00Z", "-200000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            let mut body = mild();
            body["kind"] = "planned".into();
            body["revision"]["phase"] = "scheduled".into();
            for field in ["starts_at", "ends_at"] {
                let mut work = body.clone();
                work[field] = never.into();
                let refused = desk.post("mari", "/incidents", work).await;
                assert_eq!(codes(&refused), [(format!("/{field}"), "unusable".to_owned())], "{never}");
            }
            let mut promise = mild();
            promise["revision"]["next_update_by"] = never.into();
            let refused = desk.post("mari", "/incidents", promise).await;
            assert_eq!(codes(&refused), [("/next_update_by".to_owned(), "unusable".to_owned())], "{never}");
            let mut stated = mild();
            stated["revision"]["cyber"] = json!({"answer": "no", "stated_by": "Somebody", "stated_at": never});
            assert_eq!(desk.post("mari", "/incidents", stated).await.status, 422, "{never}");
        }
    }
}

on_both! {
    async fn an_incident_has_begun_or_is_planned_work(db: Database) {
        let desk = Desk::open(db).await;
        let mut tomorrow = mild();
        tomorrow["starts_at"] = "2018-01-25T12:00:00Z".into();
        let refused = desk.post("mari", "/incidents", tomorrow).await;
        assert_eq!(codes(&refused), [("/starts_at".to_owned(), "unusable".to_owned())]);
        let mut in_a_moment = mild();
        in_a_moment["starts_at"] = "2018-01-24T12:05:00Z".into();
        assert_eq!(desk.post("mari", "/incidents", in_a_moment).await.status, 201, "clocks of people differ a little");
    }
}
