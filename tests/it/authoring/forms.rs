//! The screens, used as a person uses them: without scripts, in one window, on a bad day.

use scenarios::databases::Database;
use scenarios::on_both;

use super::desk::*;

on_both! {
    async fn an_incident_is_published_by_picking_alone(db: Database) {
        let desk = Desk::open(db).await;
        let mari = desk.signed_in("mari").await;
        let page = mari.get("/incidents/new").await;
        assert_eq!(page.status, 200, "{}", page.body);
        let form_id = field(&page.body, "form_id").unwrap();
        let picks = [
            ("form_id", form_id.as_str()),
            ("components", "datacentre"),
            ("speaker", "nhs-wales"),
            ("severity", "serious"),
            ("phase", "investigating"),
            ("next", "2018-01-24T12:45:00.000Z"),
            ("system", "outage"),
            ("care", "degraded"),
            ("advice", "call_999"),
            ("advice", "keep_appointment"),
            ("channels", "sms"),
            ("channels", "email"),
        ];
        let proposed = mari.post("/incidents/new", &[&picks[..], &[("action", "propose")]].concat()).await;
        assert_eq!(proposed.status, 200);
        assert!(proposed.body.contains("Ticked: 14"), "the component map proposes fourteen services");
        let services = ["gp_appt", "gp_records", "outpatients"].map(|key| ("services", key));
        let all = [&picks[..], &services[..]].concat();
        let filled = mari.post("/incidents/new", &[&all[..], &[("action", "fill")]].concat()).await;
        assert!(typed(&filled.body, "know.cy").contains("Nid yw rhai gwasanaethau"), "{}", typed(&filled.body, "know.cy"));
        assert!(filled.body.contains("GSM-7"), "texts are counted");
        let sent = mari.post("/incidents/new", &[&all[..], &[("action", "submit")]].concat()).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let path = sent.location.trim_end_matches("?done=submitted").to_owned();
        let huw = desk.signed_in("huw").await;
        let id = path.rsplit('/').next().unwrap();
        assert!(huw.get("/approvals").await.body.contains(id));
        let review = huw.get(&path).await;
        let hash = field(&review.body, "hash").unwrap();
        let approved = huw.post(&format!("{path}/approve"), &[("hash", &hash)]).await;
        assert_eq!(approved.location, format!("{path}?done=approved"), "{}", approved.body);
        let published = mari.post(&format!("{path}/publish"), &[("hash", &hash)]).await;
        assert_eq!(published.location, format!("{path}?done=published"), "{}", published.body);
        let public = db.store.published().open().await.unwrap();
        assert_eq!(public.len(), 1);
        assert!(public[0].updates[0].missing.is_empty());
    }
}

on_both! {
    async fn a_form_from_another_site_changes_nothing(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let huw = desk.signed_in("huw").await;
        let page = huw.get(&format!("/revisions/{revision}")).await;
        assert_eq!(page.status, 200);
        let posts = [
            "/incidents/new".to_owned(),
            "/planned/new".to_owned(),
            format!("/revisions/{revision}/edit"),
            format!("/revisions/{revision}/submit"),
            format!("/revisions/{revision}/publish-alone"),
            format!("/broadcasts/{revision}/cancel"),
            "/account".to_owned(),
            "/staff".to_owned(),
            "/sign-out".to_owned(),
        ];
        let lines = db.store.audit(0, 1000).await.unwrap().len();
        for path in posts {
            for csrf in ["", "forged"] {
                let refused = huw.post_bare(&path, &[("csrf", csrf), ("reason", "x"), ("action", "save")]).await;
                assert_eq!(refused.status, 403, "{path}");
            }
        }
        assert_eq!(db.store.audit(0, 1000).await.unwrap().len(), lines, "nothing happened");
    }
}

on_both! {
    async fn a_refused_form_keeps_what_was_typed(db: Database) {
        let desk = Desk::open(db).await;
        let mari = desk.signed_in("mari").await;
        mari.get("/incidents/new").await;
        let fields = [("speaker", "nhs-wales"), ("know.en", "Typed <b>words</b>"), ("know.cy", "Geiriau"), ("action", "save")];
        let refused = mari.post("/incidents/new", &fields).await;
        assert_eq!(refused.status, 422, "the severity is missing");
        assert_eq!(typed(&refused.body, "know.en"), "Typed &lt;b&gt;words&lt;/b&gt;");
        assert!(refused.body.contains("href=\"#severity\""));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_database_loses_nothing_that_was_typed() {
    let db = Database::sqlite().await;
    let desk = Desk::open(&db).await;
    let mari = desk.signed_in("mari").await;
    let page = mari.get("/incidents/new").await;
    let form_id = field(&page.body, "form_id").unwrap();
    let fields = [
        ("form_id", form_id.as_str()),
        ("speaker", "nhs-wales"),
        ("severity", "serious"),
        ("phase", "investigating"),
        ("next", "2018-01-24T12:45:00.000Z"),
        ("know.en", "Words of ten minutes"),
        ("know.cy", "Geiriau deng munud"),
        ("action", "save"),
    ];
    let (file, aside) = (db.folder.path().join("test.db"), db.folder.path().join("aside.db"));
    std::fs::rename(&file, &aside).unwrap();
    let refused = mari.post("/incidents/new", &fields).await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.body.contains("We cannot save now"));
    assert_eq!(typed(&refused.body, "know.cy"), "Geiriau deng munud");
    std::fs::rename(&aside, &file).unwrap();
    let saved = mari.post("/incidents/new", &fields).await;
    assert_eq!(saved.status, 303, "it goes on by itself: {}", saved.body);
}

on_both! {
    async fn the_screens_speak_the_language_that_was_chosen(db: Database) {
        let desk = Desk::open(db).await;
        let mari = desk.signed_in("mari").await;
        assert!(mari.get("/incidents").await.body.contains("<html lang=\"en-GB\">"));
        let chosen = mari.get("/language/cy?back=/incidents").await;
        assert_eq!((chosen.status, chosen.location.as_str()), (303, "/incidents"));
        let page = mari.get("/incidents").await;
        assert!(page.body.contains("<html lang=\"cy\">") && page.body.contains("Adrodd am broblem"));
    }
}

on_both! {
    async fn the_next_update_begins_where_the_last_one_ended(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let incident = desk.published(&revision).await.body["incident"].as_str().unwrap().to_owned();
        let mari = desk.signed_in("mari").await;
        let page = mari.get(&format!("/incidents/{incident}/update")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains("value=\"keep_appointment\" checked"));
        let form_id = field(&page.body, "form_id").unwrap();
        let fields = [
            ("form_id", form_id.as_str()),
            ("speaker", "nhs-wales"),
            ("severity", "serious"),
            ("phase", "identified"),
            ("services", "gp_appt"),
            ("system", "degraded"),
            ("care", "degraded"),
            ("cause", "network"),
            ("certainty", "confirmed"),
            ("advice", "call_999"),
            ("next", "2018-01-24T14:00:00.000Z"),
            ("channels", "email"),
            ("action", "submit"),
        ];
        let sent = mari.post(&format!("/incidents/{incident}/update"), &fields).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let path = sent.location.split('?').next().unwrap().to_owned();
        let review = mari.get(&path).await;
        assert!(review.body.contains("<ins>") && review.body.contains("<del>"), "what changed stands out");
        let incident_page = mari.get(&format!("/incidents/{incident}")).await;
        assert_eq!(incident_page.status, 200);
        assert!(incident_page.body.contains("Waiting for approval"));
    }
}

on_both! {
    async fn one_person_alone_gives_a_reason_on_the_screen(db: Database) {
        let desk = Desk::open(db).await;
        let huw = desk.signed_in("huw").await;
        let revision = desk.draft("huw", serious()).await;
        let path = format!("/revisions/{revision}");
        let page = huw.get(&path).await;
        assert!(page.body.contains("Publish alone in an emergency"));
        assert_eq!(huw.post(&format!("{path}/publish-alone"), &[("reason", "")]).await.status, 422);
        let done = huw.post(&format!("{path}/publish-alone"), &[("reason", "Nobody answers")]).await;
        assert_eq!(done.location, format!("{path}?done=published"), "{}", done.body);
        assert!(huw.get("/audit").await.body.contains("revision.published-alone"));
    }
}

on_both! {
    async fn planned_work_is_called_off_and_is_no_false_alarm(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        body["kind"] = "planned".into();
        body["starts_at"] = "2018-03-03T22:00:00Z".into();
        body["ends_at"] = "2018-03-04T02:00:00Z".into();
        body["revision"] = serde_json::json!({"phase": "scheduled", "channels": []});
        let revision = desk.draft("mari", body).await;
        let incident = desk.published(&revision).await.body["incident"].as_str().unwrap().to_owned();
        let mari = desk.signed_in("mari").await;
        let page = mari.get(&format!("/incidents/{incident}")).await.body;
        assert!(page.contains("Planned work 1 · ") && page.contains("From <time"), "{page}");
        assert!(!page.contains("Started") && !page.contains("false alarm"), "{page}");
        assert_eq!(page.matches("Open the public page").count(), 1, "{page}");
        let path = format!("/incidents/{incident}/update?phase=cancelled");
        assert!(page.contains(&path) || page.contains(&path.replace('/', "&#x2f;")), "{page}");
        let form = mari.get(&path).await.body;
        assert!(form.contains("<option value=\"cancelled\" selected>"), "{form}");
        assert!(typed(&form, "title.cy").contains("ganslo") || !typed(&form, "title.cy").is_empty(), "{form}");
        // As it stands it can go: nothing that does not take place stops a service.
        assert!(form.contains("<option value=\"operational\" selected>"), "{form}");
        let open = form.split("app-no\"").skip(1).map(|rest| rest.split("</li>").next().unwrap()).collect::<Vec<_>>();
        assert!(open.len() == 1 && open[0].contains("second person"), "{open:?}");
        // What is nonsense in an address is no phase.
        let odd = mari.get(&format!("/incidents/{incident}/update?phase=<script>")).await;
        assert!(odd.status == 200 && odd.body.contains("<option value=\"scheduled\" selected>"), "{}", odd.body);
    }
}
