//! Organisations come and go: they are offered while they exist, and what they said keeps their name.

use chrono::Duration;
use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

/// An incident of one body.
fn of(key: &str) -> serde_json::Value {
    let mut incident = serious();
    incident["organisations"] = json!([key]);
    incident
}

on_both! {
    async fn a_body_is_offered_from_its_first_day_to_its_last(db: Database) {
        let desk = Desk::open(db).await;
        let offers = async |name: &str, path: &str, key: &str| {
            let page = desk.signed_in(name).await.get(path).await;
            assert_eq!(page.status, 200, "{}", page.body);
            page.body.contains(&format!("value=\"{key}\""))
        };
        // It is 2018: Abertawe Bro Morgannwg ends in 2019, Digital Health and Care begins in 2021.
        assert!(offers("mari", "/incidents/new", "abmu18").await && offers("ann", "/staff", "abmu18").await);
        assert!(!offers("nia", "/incidents/new", "dhcw").await);
        let refused = desk.post("mari", "/incidents", of("dhcw")).await;
        assert_eq!(codes(&refused), [("/organisations".to_owned(), "organisation-absent".to_owned())]);
        let old = desk.post("mari", "/incidents", of("abmu18")).await;
        assert_eq!(old.status, 201, "{old:?}");
        let old = old.body["id"].as_str().unwrap().to_owned();

        db.env.advance(Duration::days(365 * 4));
        assert!(offers("mari", "/incidents/new", "dhcw").await && !offers("huw", "/incidents/new", "abmu18").await);
        assert!(!offers("ann", "/staff", "abmu18").await);
        assert_eq!(desk.post("mari", "/incidents", of("abmu18")).await.status, 422);
        let page = desk.signed_in("nia").await.get(&format!("/incidents/{old}")).await;
        assert!(page.body.contains("Abertawe Bro Morgannwg"), "what was keeps its name");
        let next = desk.post("mari", &format!("/incidents/{old}/revisions"), json!({})).await;
        assert_eq!(next.status, 201, "and can be told to its end: {next:?}");
    }
}
