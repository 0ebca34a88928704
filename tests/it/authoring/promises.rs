//! A promise that has passed is not made: neither by whoever writes it, nor by waiting until it has passed.

use chrono::Duration;
use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

fn passed() -> Vec<(String, String)> {
    vec![("/next_update_by".to_owned(), "next-update-passed".to_owned())]
}

on_both! {
    async fn a_time_that_has_passed_is_not_sent_for_approval(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        body["revision"]["next_update_by"] = "2018-01-24T11:30:00Z".into();
        let revision = desk.draft("mari", body).await;
        let refused = desk.post("mari", &format!("/revisions/{revision}/submit"), json!({})).await;
        assert_eq!((refused.status, codes(&refused)), (422, passed()), "{refused:?}");
        let mari = desk.signed_in("mari").await;
        let page = mari.get(&format!("/revisions/{revision}")).await.body;
        assert!(!page.contains("app-yes\"><span class=\"nhsuk-u-visually-hidden\">Done: </span>The time of the next update"));
        assert!(page.contains("The promised time has passed. Choose a new one"), "{page}");
    }
}

on_both! {
    async fn the_form_says_what_to_do_and_loses_nothing(db: Database) {
        let desk = Desk::open(db).await;
        let mari = desk.signed_in("mari").await;
        let form_id = field(&mari.get("/incidents/new").await.body, "form_id").unwrap();
        let fields = [
            ("form_id", form_id.as_str()),
            ("speaker", "nhs-wales"),
            ("severity", "serious"),
            ("phase", "investigating"),
            ("services", "gp_appt"),
            ("system", "outage"),
            ("care", "degraded"),
            ("next", "at"),
            ("next_at", "2018-01-24T11:30"),
            ("channels", "email"),
            ("know.en", "Typed by hand"),
            ("know.cy", "Wedi'i deipio"),
            ("title.en", "Title"),
            ("title.cy", "Teitl"),
            ("action", "submit"),
        ];
        let kept = mari.post("/incidents/new", &fields).await;
        assert!(kept.location.ends_with("/edit?checks=1"), "{}", kept.body);
        let page = mari.get(&kept.location).await.body;
        assert!(page.contains("href=\"#next\">The promised time has passed"), "the summary leads to the field: {page}");
        assert!(page.contains("id=\"next-error\""), "and the field says it too");
        assert!(page.contains("11:30am (has passed)"), "what was chosen is still there");
        assert_eq!(typed(&page, "know.cy"), "Wedi&#x27;i deipio");
    }
}

on_both! {
    async fn what_waited_too_long_is_neither_approved_nor_published(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let path = |verb: &str| format!("/revisions/{revision}/{verb}");
        desk.post("mari", &path("submit"), json!({})).await;
        let hash = desk.hash(&revision).await;
        db.env.advance(Duration::minutes(60));
        let late = desk.post("huw", &path("approve"), json!({"hash": hash})).await;
        assert_eq!((late.status, codes(&late)), (422, passed()));
        db.env.advance(-Duration::minutes(30));
        assert_eq!(desk.post("huw", &path("approve"), json!({"hash": hash})).await.status, 200);
        db.env.advance(Duration::minutes(30));
        let late = desk.post("mari", &path("publish"), json!({})).await;
        assert_eq!((late.status, codes(&late)), (422, passed()));
        let alone = desk.post("huw", &path("publish"), json!({"break_glass": "The author is at the other site"})).await;
        assert_eq!(alone.status, 200, "an emergency does not wait for another approval: {alone:?}");
    }
}

on_both! {
    async fn one_step_sets_a_new_time_and_asks_for_another_approval(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        desk.approved(&revision).await;
        db.env.advance(Duration::minutes(60));
        let (mari, path) = (desk.signed_in("mari").await, format!("/revisions/{revision}"));
        let page = mari.get(&path).await.body;
        assert!(!page.contains(&format!("{path}/publish\"")), "it would be refused");
        assert!(page.contains("The time promised for the next update has passed"), "{page}");
        let (form_id, hash) = (field(&page, "form_id").unwrap(), field(&page, "hash").unwrap());
        let at = "2018-01-24T13:45:00.000Z";
        assert!(page.contains(&format!("value=\"{at}\"")), "a round time ahead is offered");
        let fields = [("form_id", form_id.as_str()), ("hash", &hash), ("next", at)];
        let set = mari.post(&format!("{path}/time"), &fields).await;
        assert_eq!(set.location, format!("{path}?done=submitted"), "{}", set.body);
        let now = desk.get("mari", &path).await.body;
        assert_eq!((now["state"].as_str(), now["next_update_by"].as_str()), (Some("submitted"), Some("2018-01-24T13:45:00Z")));
        for (part, language) in [("more", "en"), ("more", "cy"), ("sms", "en"), ("post", "cy")] {
            let words = now[part][language].as_str().unwrap();
            assert!(words.contains("1:45pm") && !words.contains("erbyn 1pm") && !words.contains("by 1pm"), "{words}");
        }
        let huw = desk.signed_in("huw").await;
        let page = huw.get(&path).await.body;
        let approved = huw.post(&format!("{path}/approve"), &[("hash", &field(&page, "hash").unwrap())]).await;
        assert_eq!(approved.location, format!("{path}?done=approved"));
        assert_eq!(desk.post("mari", &format!("{path}/publish"), json!({})).await.status, 200);
    }
}

on_both! {
    async fn words_typed_by_hand_are_not_guessed_at(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        body["revision"]["more"] = json!({"en": "By 1pm on the radio.", "cy": "Erbyn 1pm ar y radio."});
        let revision = desk.draft("mari", body).await;
        db.env.advance(Duration::minutes(60));
        let (mari, path) = (desk.signed_in("mari").await, format!("/revisions/{revision}"));
        let page = mari.get(&path).await.body;
        let (form_id, hash) = (field(&page, "form_id").unwrap(), field(&page, "hash").unwrap());
        let fields = [("form_id", form_id.as_str()), ("hash", &hash), ("next", "2018-01-24T13:45:00.000Z")];
        let set = mari.post(&format!("{path}/time"), &fields).await;
        assert!(set.location.starts_with(&format!("{path}/edit?")), "{} {}", set.location, set.body);
        let page = mari.get(&set.location).await.body;
        assert!(page.contains("href=\"#more.en\">These words still name the old time, 1pm"), "{page}");
        assert!(page.contains("href=\"#more.cy\""));
        assert!(!page.contains("href=\"#sms.en\""), "words of the template went along");
        assert_eq!(desk.get("mari", &path).await.body["state"], "draft");
    }
}
