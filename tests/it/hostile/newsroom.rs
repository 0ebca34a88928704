//! An author and an approver who use the API of a whole installation, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use authoring::{Caller, NewAccount, ReadyAccount};
use domain::staff::{Actor, Role};
use domain::{ChannelKind, Language};
use reqwest::Client;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::people::People;
use serde_json::{Map, Value, json};

/// The words of an author, field by field, and those that take their place when they are refused.
pub(super) type Fields = Map<String, Value>;

/// See the module.
pub(super) struct Newsroom<'d> {
    pub(super) app: Installation<'d>,
    tokens: BTreeMap<&'static str, String>,
    client: Client,
}

/// An answer of the API.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

/// What became of an author's words.
#[derive(Debug)]
pub(super) struct Out {
    /// The fields that were refused, each with its code.
    pub(super) refused: BTreeMap<String, String>,
    /// The id of the incident.
    pub(super) incident: String,
}

impl<'d> Newsroom<'d> {
    /// With a reader of each language at a phone and at an inbox.
    pub(super) async fn open(database: &'d Database) -> Self {
        let app = Installation::start(database).await;
        app.subscribe(People::phones(0, 1)).await;
        app.subscribe(People::phones(1, 1).reading(Language::Cy)).await;
        app.subscribe(People::inboxes(0, 1)).await;
        app.subscribe(People::inboxes(1, 1).reading(Language::Cy)).await;
        let mut tokens = BTreeMap::new();
        for (name, full_name, role) in [("mari", "Mari Zzleak", Role::Author), ("huw", "Huw Zzleak", Role::Approver)] {
            let email = format!("{name}.zzleak@staff.example");
            let who = NewAccount { email: email.clone(), name: full_name.to_owned(), role, organisation: None };
            let ready = ReadyAccount {
                who,
                password: "correct horse battery".to_owned(),
                totp_secret: name.bytes().cycle().take(20).collect(),
            };
            app.parts.authoring.create_ready_account(&operator(), ready).await.unwrap();
            tokens.insert(name, app.parts.authoring.add_token(&operator(), &email, "test").await.unwrap());
        }
        Self { app, tokens, client: Client::builder().no_proxy().build().unwrap() }
    }

    pub(super) async fn post(&self, name: &str, path: &str, body: &Value) -> Answer {
        self.call(name, ("POST", path), Some(body), &[]).await
    }

    pub(super) async fn call(
        &self,
        name: &str,
        (method, path): (&str, &str),
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = format!("http://{}/api/v1{path}", self.app.parts.config.authoring.listen);
        let mut request = self.client.request(method.parse().unwrap(), url).bearer_auth(&self.tokens[name]);
        for (header, value) in headers {
            request = request.header(*header, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        Answer { status, body: serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null) }
    }

    /// Gets these words out. A field that is refused, which must be said field by field, becomes a plain one.
    pub(super) async fn put_out(&self, mut words: Fields) -> Out {
        let mut refused = BTreeMap::new();
        let opened = loop {
            let answer = self.post("mari", "/incidents", &incident(&words)).await;
            if answer.status != 422 {
                break answer;
            }
            replace(&mut words, &mut refused, &answer);
        };
        assert_eq!(opened.status, 201, "{opened:?}");
        let id = opened.body["revision"]["id"].as_str().unwrap().to_owned();
        let path = format!("/revisions/{id}");
        loop {
            let answer = self.post("mari", &format!("{path}/submit"), &json!({})).await;
            if answer.status == 200 {
                break;
            }
            assert_eq!(answer.status, 422, "{answer:?}");
            let fields = replace(&mut words, &mut refused, &answer);
            let edit: Map<_, _> = fields.iter().map(|field| (field.clone(), words[field].clone())).collect();
            let hash = self.hash(&path).await;
            let edited = self.call("mari", ("PATCH", &path), Some(&edit.into()), &[("if-match", &hash)]).await;
            assert_eq!(edited.status, 200, "{edited:?}");
        }
        self.approve(&path).await;
        let published = self.post("mari", &format!("{path}/publish"), &json!({})).await;
        assert_eq!(published.status, 200, "{published:?}");
        let broadcast = id.parse().unwrap();
        self.app.until_done(broadcast).await;
        Out { refused, incident: published.body["incident"].as_str().unwrap().to_owned() }
    }

    pub(super) async fn approve(&self, path: &str) {
        let hash = self.hash(path).await;
        let approved = self.post("huw", &format!("{path}/approve"), &json!({"hash": hash})).await;
        assert_eq!(approved.status, 200, "{approved:?}");
    }

    async fn hash(&self, path: &str) -> String {
        let answer = self.call("mari", ("GET", path), None, &[]).await;
        answer.body["hash"].as_str().unwrap().to_owned()
    }
}

/// The fields of an author, all filled with the same words.
pub(super) fn every_field(words: &str) -> Fields {
    let both = json!({"en": words, "cy": words});
    let with_link = format!("{words} {{link}}");
    let texts = json!({"en": with_link, "cy": with_link});
    let mut fields = Fields::new();
    for name in ["title", "subject", "know", "unknown", "doing", "should", "more"] {
        fields.insert(name.to_owned(), both.clone());
    }
    // The other two words for staff would make the longest case larger than a body may be: see `staff_fields`.
    for name in ["staff_line", "staff_note"] {
        fields.insert(name.to_owned(), both.clone());
    }
    fields.insert("sms".to_owned(), texts.clone());
    fields.insert("post".to_owned(), texts);
    fields.insert("cause".to_owned(), json!({"key": "network", "certainty": "suspected", "stated_by": words}));
    fields.insert("cyber".to_owned(), json!({"answer": "no", "stated_by": words}));
    fields.insert("data".to_owned(), json!({"answer": "no_evidence", "stated_by": words}));
    fields
}

/// That the first incident is another one, in the name of these words.
pub(super) fn relations(words: &str) -> Value {
    json!([{"number": 1, "kind": "not_related", "stated_by": words}])
}

/// The fields that are for staff, all filled with the same words.
pub(super) fn staff_fields(words: &str) -> Fields {
    let names = ["staff_line", "staff_note", "staff_workaround", "staff_works"];
    names.into_iter().map(|name| (name.to_owned(), json!({"en": words, "cy": words}))).collect()
}

/// An incident with these words, about all of Wales, on every channel.
pub(super) fn incident(words: &Fields) -> Value {
    let mut revision = words.clone();
    revision.insert("phase".to_owned(), "investigating".into());
    revision.insert("next_update_by".to_owned(), "2018-01-24T16:00:00Z".into());
    revision.insert("advice".to_owned(), json!(["call_999", "keep_appointment"]));
    revision.insert("channels".to_owned(), json!(ChannelKind::ALL.map(ChannelKind::key)));
    json!({
        "severity": "serious",
        "organisations": ["nhs-wales"],
        "components": ["datacentre"],
        "services": [{"key": "gp_appt", "system": "outage", "care": "degraded"}],
        "revision": revision,
    })
}

/// Plain words in the place of what an answer refuses; the names of the fields.
fn replace(words: &mut Fields, refused: &mut BTreeMap<String, String>, answer: &Answer) -> BTreeSet<String> {
    let mut plain = every_field("Plain words.");
    plain.extend(staff_fields("Plain words."));
    plain.insert("relations".to_owned(), relations("Plain words."));
    let mut fields = BTreeSet::new();
    for error in answer.body["errors"].as_array().expect("the fields that are wrong") {
        let pointer = error["pointer"].as_str().unwrap();
        let field = pointer.trim_start_matches('/').trim_start_matches("revision/").split('/').next().unwrap();
        assert!(plain.contains_key(field), "not a field of the author: {error}");
        assert!(!error["detail"].as_str().unwrap().is_empty(), "said in words: {error}");
        words.insert(field.to_owned(), plain[field].clone());
        let code = error["code"].as_str().unwrap();
        assert!(
            refused.insert(field.to_owned(), code.to_owned()).is_none_or(|before| before == code),
            "plain words are refused: {error}"
        );
        fields.insert(field.to_owned());
    }
    fields
}

pub(super) fn operator() -> Caller {
    Caller::from(Actor { id: 0, name: "operator".to_owned(), role: Role::Admin, organisation: None })
}

/// The hidden token of a page's forms.
pub(super) fn token_of(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form");
    rest.split('"').next().unwrap_or_default().to_owned()
}
