//! Sets the scene by the API, where the clicking is not what is looked at: planned work, an incident with two updates,
//! and a third that waits for approval.

use std::path::Path;

use scenarios::update::samples;
use serde_json::{Map, Value, json};

use crate::demo::child::Demo;

/// What is on stage.
pub(super) struct Stage {
    /// The public addresses of the incident, `en` and `cy`.
    pub(super) incident: Value,
    /// The path of the incident among the staff screens.
    pub(super) desk: String,
    /// The path of the update that waits.
    pub(super) review: String,
}

/// An incident with its first update.
pub(super) struct First {
    opened: Value,
    published: Value,
}

impl First {
    /// The broadcast of the update, as its address names it.
    pub(super) fn broadcast(&self) -> &str {
        self.opened["revision"]["id"].as_str().expect("an id")
    }

    /// Has the approver give the broadcast an order.
    pub(super) async fn order(&self, demo: &Demo, order: &str) {
        Api { demo }.post("approver", &format!("/broadcasts/{}/{order}", self.broadcast()), Value::Null).await;
    }
}

impl Stage {
    /// Sets the scene in a paused demo.
    pub(super) async fn set(demo: &Demo) -> Self {
        let first = Self::open_one(demo).await;
        Self::set_after(first, demo).await
    }

    /// Publishes the first update of the incident, and nothing else.
    pub(super) async fn open_one(demo: &Demo) -> First {
        let (api, story) = (Api { demo }, story());
        let opened = api.open(&story, "data-centres", updates(&story, "data-centres").remove(0)).await;
        let published = api.publish(&opened["revision"]["id"]).await;
        First { opened, published }
    }

    /// Sets the rest of the scene.
    pub(super) async fn set_after(First { opened, published }: First, demo: &Demo) -> Self {
        let (api, story) = (Api { demo }, story());
        let app = api.open(&story, "nhs-wales-app", updates(&story, "nhs-wales-app").remove(0)).await;
        api.publish(&app["revision"]["id"]).await;
        let mut updates = updates(&story, "data-centres").into_iter().skip(1);
        let mut next = || updates.next().expect("three updates");
        let incident = opened["id"].as_str().expect("an id").to_owned();
        let second = api.author(&format!("/incidents/{incident}/revisions"), next()).await;
        api.publish(&second["id"]).await;
        let third = api.author(&format!("/incidents/{incident}/revisions"), next()).await;
        let third = third["id"].as_str().expect("an id").to_owned();
        api.author(&format!("/revisions/{third}/submit"), Value::Null).await;
        Self {
            incident: published["urls"].clone(),
            desk: format!("/incidents/{incident}"),
            review: format!("/revisions/{third}"),
        }
    }
}

struct Api<'d> {
    demo: &'d Demo,
}

impl Api<'_> {
    async fn open(&self, story: &Value, key: &str, update: Value) -> Value {
        let incidents = story["incident"].as_array().expect("incidents");
        let incident = incidents.iter().find(|one| one["key"] == key).expect("an incident of this key");
        let Value::Object(mut revision) = update else { panic!("an update is a table") };
        let mut order = Map::new();
        for field in ["severity", "services", "organisations"] {
            order.insert(field.to_owned(), revision.remove(field).expect("a field"));
        }
        for field in ["kind", "starts_at", "ends_at"] {
            order.extend(incident.get(field).map(|value| (field.to_owned(), value.clone())));
        }
        order.insert("revision".to_owned(), Value::Object(revision));
        self.author("/incidents", Value::Object(order)).await
    }

    async fn publish(&self, revision: &Value) -> Value {
        let path = format!("/revisions/{}", revision.as_str().expect("an id"));
        let submitted = self.author(&format!("{path}/submit"), Value::Null).await;
        self.post("approver", &format!("{path}/approve"), json!({ "hash": submitted["hash"] })).await;
        self.post("approver", &format!("{path}/publish"), Value::Null).await
    }

    async fn author(&self, path: &str, body: Value) -> Value {
        self.post("author", path, body).await
    }

    async fn post(&self, role: &str, path: &str, body: Value) -> Value {
        let sheet = &self.demo.sheet;
        let mut request = self.demo.client.post(format!("{}{path}", sheet.api)).bearer_auth(&sheet.tokens[role]);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let body: Value = answer.json().await.expect("JSON");
        assert!(status.is_success(), "{path}: {body}");
        body
    }
}

fn story() -> Value {
    let file = samples().join(Path::new("2018-01-24/story.toml"));
    toml::from_str(&std::fs::read_to_string(file).expect("the story")).expect("TOML")
}

/// The updates of an incident as the API takes them.
fn updates(story: &Value, key: &str) -> Vec<Value> {
    let all = story["update"].as_array().expect("updates").iter().filter(|one| one["incident"] == key);
    let bare = |one: &Value| {
        let mut fields = one.as_object().expect("a table").clone();
        fields.retain(|name, _| !["incident", "at", "author", "approver"].contains(&name.as_str()));
        Value::Object(fields)
    };
    all.map(bare).collect()
}
