//! Whether two incidents are one: said by somebody with a name, approved by a second person, public on both sides.

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::{Value, json};

use super::desk::*;

const TRUST: &str = "Manchester University NHS Foundation Trust";

fn separate(number: &Value) -> Value {
    json!([{"number": number, "kind": "not_related", "stated_by": TRUST}])
}

/// An incident that says this of others.
fn saying(relations: &Value) -> Value {
    let mut body = serious();
    body["revision"]["relations"] = relations.clone();
    body
}

/// The number of the incident of a revision.
async fn number_of(desk: &Desk<'_>, revision: &str) -> Value {
    let incident = desk.get("mari", &format!("/revisions/{revision}")).await.body["incident"].clone();
    desk.get("mari", &format!("/incidents/{}", incident.as_str().unwrap())).await.body["number"].clone()
}

on_both! {
    async fn nothing_is_said_of_two_incidents_before_a_second_person_approved_it(db: Database) {
        let desk = Desk::open(db).await;
        let wales = desk.draft("mari", serious()).await;
        desk.published(&wales).await;
        let seven = number_of(&desk, &wales).await;
        let manchester = desk.draft("mari", saying(&separate(&seven))).await;
        let public = async || format!("{:?}", db.store.published().recent(10).await.unwrap());
        let draft = desk.get("mari", &format!("/revisions/{manchester}")).await.body;
        assert_eq!(draft["relations"][0]["stated_at"], "2018-01-24T12:00:00Z", "said now, where nobody says when: {draft}");
        desk.approved(&manchester).await;
        assert!(!public().await.contains(TRUST), "approved is not published");
        // A word of it changed after the approval makes it a draft again.
        let at = format!("/revisions/{manchester}");
        let related = json!({"relations": [{"number": seven, "kind": "related", "stated_by": TRUST}]});
        let hash = desk.hash(&manchester).await;
        let edited = desk.call(Some(desk.token("mari")), ("PATCH", &at), Some(&related), &[("if-match", &hash)]).await;
        assert_eq!((edited.status, &edited.body["state"]), (200, &json!("draft")), "{edited:?}");
        assert_ne!(edited.body["hash"], json!(hash));
        let early = desk.post("mari", &format!("{at}/publish"), json!({})).await;
        assert_eq!(early.status, 409, "{early:?}");
        desk.published(&manchester).await;
        let incidents = db.store.published().recent(10).await.unwrap();
        let said: Vec<_> = incidents.iter().map(|one| one.relations.first().unwrap_or_else(|| &one.told_by_others[0])).collect();
        let said: Vec<_> = said.iter().map(|one| (one.number, one.kind.key())).collect();
        let numbers: Vec<_> = incidents.iter().map(|one| one.incident.number).collect();
        assert_eq!(said, [(numbers[1], "related"), (numbers[0], "related")], "each side tells of the other");
    }
}

on_both! {
    async fn what_is_said_goes_on_with_its_time_until_an_update_drops_it(db: Database) {
        let desk = Desk::open(db).await;
        let wales = desk.draft("mari", serious()).await;
        desk.published(&wales).await;
        let seven = number_of(&desk, &wales).await;
        let first = desk.draft("mari", saying(&separate(&seven))).await;
        let incident = desk.published(&first).await.body["incident"].as_str().unwrap().to_owned();
        let next = async |body: Value| {
            let draft = desk.post("mari", &format!("/incidents/{incident}/revisions"), body).await;
            assert_eq!(draft.status, 201, "{draft:?}");
            let id = draft.body["id"].as_str().unwrap().to_owned();
            desk.published(&id).await;
            draft.body
        };
        let on = json!({"next_update_by": "2018-01-24T14:00:00Z", "relations": separate(&seven)});
        let later = json!({"next_update_by": "2018-01-24T14:00:00Z"});
        for body in [on, later] {
            let draft = next(body).await;
            assert_eq!(draft["relations"][0]["stated_at"], "2018-01-24T12:00:00Z", "{draft}");
        }
        let both = async || {
            let all = db.store.published().recent(10).await.unwrap();
            all.iter().map(|one| one.relations.len() + one.told_by_others.len()).collect::<Vec<_>>()
        };
        assert_eq!(both().await, [1, 1]);
        next(json!({"next_update_by": "2018-01-24T15:00:00Z", "relations": []})).await;
        assert_eq!(both().await, [0, 0], "both pages are free of it");
    }
}

on_both! {
    async fn nobody_says_anything_tomorrow_and_a_false_alarm_has_to_do_with_nothing(db: Database) {
        let desk = Desk::open(db).await;
        let wales = desk.draft("mari", serious()).await;
        desk.published(&wales).await;
        let mut said = separate(&number_of(&desk, &wales).await);
        said[0]["stated_at"] = json!("2018-01-25T09:00:00Z");
        let first = desk.draft("mari", saying(&said)).await;
        let draft = desk.get("mari", &format!("/revisions/{first}")).await.body;
        assert_eq!(draft["relations"][0]["stated_at"], "2018-01-24T12:00:00Z", "now at the latest: {draft}");
        let incident = desk.published(&first).await.body["incident"].as_str().unwrap().to_owned();
        let alarm = json!({"reason": "Nothing was wrong"});
        let withdrawal = desk.post("mari", &format!("/incidents/{incident}/withdraw"), alarm).await;
        assert_eq!(withdrawal.status, 201, "{withdrawal:?}");
        assert!(withdrawal.body["relations"].is_null(), "what never happened is related to nothing: {withdrawal:?}");
    }
}

on_both! {
    async fn a_claim_needs_a_name_and_another_incident_that_people_can_read(db: Database) {
        let desk = Desk::open(db).await;
        let hidden = desk.draft("mari", serious()).await;
        let (hidden, none) = (number_of(&desk, &hidden).await, json!(4711));
        let wales = desk.draft("mari", serious()).await;
        desk.published(&wales).await;
        let seven = number_of(&desk, &wales).await;
        let named = |number: &Value, by: &str| json!({"number": number, "kind": "not_related", "stated_by": by});
        let many: Vec<Value> = (0..9).map(|_| named(&seven, TRUST)).collect();
        let cases = [
            ("a draft of somebody", json!([named(&hidden, TRUST)]), "incident-not-public"),
            ("no incident at all", json!([named(&none, TRUST)]), "incident-not-public"),
            ("nobody says so", json!([{"number": seven, "kind": "not_related"}]), "source-missing"),
            ("a name of no letters", json!([named(&seven, "\u{2060}")]), "source-missing"),
            ("said twice", json!([named(&seven, TRUST), named(&seven, "BBC")]), "repeated-key"),
        ];
        for (case, relations, code) in cases {
            let revision = desk.draft("mari", saying(&relations)).await;
            let refused = desk.post("mari", &format!("/revisions/{revision}/submit"), json!({})).await;
            assert_eq!(codes(&refused), [("/relations".to_owned(), code.to_owned())], "{case}: {refused:?}");
            // Nobody is in such a hurry.
            let alone = desk.post("huw", &format!("/revisions/{revision}/publish"), json!({"break_glass": "now"})).await;
            assert_eq!(alone.status, 422, "{case}: {alone:?}");
        }
        for (case, relations) in [
            ("too many", json!(many)),
            ("no such kind", json!([{"number": seven, "kind": "maybe", "stated_by": TRUST}])),
            ("a year that no feed can write", json!([{"number": seven, "kind": "related", "stated_at": "9999-01-01T00:00:00Z"}])),
            ("a name of a thousand letters", json!([named(&seven, &"x".repeat(1_000))])),
        ] {
            let refused = desk.post("mari", "/incidents", saying(&relations)).await;
            assert_eq!(refused.status, 422, "{case}: {refused:?}");
        }
        // An incident is not related to itself.
        let own = json!([named(&seven, TRUST)]);
        let incident = desk.get("mari", &format!("/revisions/{wales}")).await.body["incident"].clone();
        let path = format!("/incidents/{}/revisions", incident.as_str().unwrap());
        let draft = desk.post("mari", &path, json!({"relations": own})).await;
        let problems = draft.body["problems"].to_string();
        assert!(problems.contains("incident-not-public"), "{draft:?}");
    }
}

on_both! {
    async fn nobody_says_it_alone(db: Database) {
        let desk = Desk::open(db).await;
        let wales = desk.draft("mari", serious()).await;
        desk.published(&wales).await;
        let seven = number_of(&desk, &wales).await;
        let mut body = mild();
        body["revision"]["relations"] = separate(&seven);
        let revision = desk.draft("mari", body).await;
        let refused = desk.post("mari", &format!("/revisions/{revision}/publish"), json!({})).await;
        assert_eq!(refused.status, 409, "{refused:?}");
        let mari = desk.signed_in("mari").await;
        let page = mari.get(&format!("/revisions/{revision}")).await.body;
        assert!(page.contains("because it names a source"), "{page}");
    }
}

on_both! {
    async fn it_is_said_in_the_form_and_read_by_whoever_approves(db: Database) {
        let desk = Desk::open(db).await;
        let wales = desk.draft("mari", serious()).await;
        desk.published(&wales).await;
        let seven = number_of(&desk, &wales).await.to_string();
        let mari = desk.signed_in("mari").await;
        let page = mari.get("/incidents/new").await;
        assert!(page.body.contains(&format!("<option value=\"{seven}\">Incident {seven}: ")), "{}", page.body);
        let form_id = field(&page.body, "form_id").unwrap();
        let picks = [
            ("form_id", form_id.as_str()),
            ("speaker", "nhs-wales"),
            ("severity", "serious"),
            ("phase", "investigating"),
            ("next", "2018-01-24T12:45:00.000Z"),
            ("services", "ed"),
            ("system", "outage"),
            ("care", "degraded"),
            ("channels", "page"),
            ("relation.0.number", seven.as_str()),
            ("relation.0.stated_by", "The <b>Trust</b>"),
        ];
        let unsaid = mari.post("/incidents/new", &[&picks[..], &[("action", "submit")]].concat()).await;
        assert_eq!(unsaid.status, 422, "whether or not must be said");
        assert!(unsaid.body.contains("href=\"#relation.0.kind\""), "{}", unsaid.body);
        assert!(unsaid.body.contains("value=\"The &lt;b&gt;Trust&lt;/b&gt;\""), "what was typed is kept");
        let said = [&picks[..], &[("relation.0.kind", "not_related"), ("action", "preview")]].concat();
        let preview = mari.post("/incidents/new", &said).await;
        assert!(preview.body.contains("name=\"relation.1.number\""), "there is room for another one");
        let said = [&picks[..], &[("relation.0.kind", "not_related"), ("action", "submit")]].concat();
        let sent = mari.post("/incidents/new", &said).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let path = sent.location.trim_end_matches("?done=submitted").to_owned();
        let huw = desk.signed_in("huw").await;
        let review = huw.get(&path).await.body;
        let told = format!("Not related: <a href=\"https://status.example/i/{seven}\">");
        let shown = review.replace("&#x2f;", "/");
        assert!(shown.contains(&told) && shown.contains("&lt;b&gt;Trust"), "{:?}", shown.split_once("Is it related"));
        let edit = mari.get(&format!("{path}/edit")).await.body;
        assert!(edit.contains(&format!("<option value=\"{seven}\" selected>")), "{edit}");
        let id = path.rsplit('/').next().unwrap();
        let hash = desk.hash(id).await;
        desk.post("huw", &format!("/revisions/{id}/approve"), json!({"hash": hash})).await;
        desk.post("mari", &format!("/revisions/{id}/publish"), json!({})).await;
        // The next update says the opposite: whoever approves sees that it does.
        let incident = desk.get("mari", &format!("/revisions/{id}")).await.body["incident"].as_str().unwrap().to_owned();
        let related = json!({"relations": [{"number": seven.parse::<i64>().unwrap(), "kind": "related", "stated_by": "BBC"}]});
        let next = desk.post("mari", &format!("/incidents/{incident}/revisions"), related).await;
        let review = huw.get(&format!("/revisions/{}", next.body["id"].as_str().unwrap())).await.body;
        let changed = review.split("What changed").nth(1).expect("what changed");
        assert!(changed.contains("Related: Incident") || changed.contains("Related:</ins>"), "{changed}");
    }
}
