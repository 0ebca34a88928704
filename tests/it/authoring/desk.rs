//! A staff side with people in it, a program that calls its API, and a browser without scripts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use authoring::{Authoring, Caller, NewAccount, Parts, ReadyAccount, Settings, SocialAccount, totp_code};
use domain::audience::Areas;
use domain::staff::{Actor, Role};
use domain::subscriber::{ConsentSource, Wishes};
use domain::{Catalogue, Contact, EmailAddress, Language, Localized, Severity, Site};
use edge::{Limits, TrustedProxies};
use render::{RenderSettings, Renderer};
use reqwest::{Client, Method, redirect};
use scenarios::cookies::Cookies;
use scenarios::databases::{Database, key};
use serde_json::{Value, json};
use store::NewSubscriber;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Who works here: name, role, organisation.
pub(crate) const PEOPLE: [(&str, Role, Option<&str>); 7] = [
    ("mari", Role::Author, None),
    ("huw", Role::Approver, None),
    ("nia", Role::Approver, None),
    ("twm", Role::Translator, None),
    ("ann", Role::Admin, None),
    ("powys", Role::Author, Some("pthb")),
    ("national", Role::Author, Some("nhs-wales")),
];

/// A staff side at work.
pub(crate) struct Desk<'d> {
    pub(crate) db: &'d Database,
    pub(crate) authoring: Authoring,
    pub(crate) url: String,
    tokens: BTreeMap<&'static str, String>,
    client: Client,
    _stop: DropGuard,
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl<'d> Desk<'d> {
    pub(crate) async fn open(db: &'d Database) -> Self {
        let listener = edge::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let authoring = Authoring::new(parts(db, &url));
        let stop = CancellationToken::new();
        let served = edge::serve(listener, authoring.router(), stop.clone(), Limits::default());
        TaskTracker::new().spawn(served);
        let catalogue = samples();
        let tx = db.store.begin().await.unwrap();
        tx.save_catalogue(&catalogue).await.unwrap();
        tx.commit().await.unwrap();
        listeners(db, &catalogue).await;
        let mut tokens = BTreeMap::new();
        for (name, role, organisation) in PEOPLE {
            let who = account(name, role, organisation);
            let ready = ReadyAccount { who, password: PASSWORD.to_owned(), totp_secret: secret(name) };
            authoring.create_ready_account(&operator(), ready).await.unwrap();
            tokens.insert(name, authoring.add_token(&operator(), &email(name), "test").await.unwrap());
        }
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { db, authoring, url, tokens, client, _stop: stop.drop_guard() }
    }

    pub(crate) fn token(&self, name: &str) -> &str {
        &self.tokens[name]
    }

    /// A call of the API in somebody's name, with headers of its own.
    pub(crate) async fn call(
        &self,
        token: Option<&str>,
        (method, path): (&str, &str),
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let method: Method = method.parse().unwrap();
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body = response.text().await.unwrap();
        Answer { status, body: serde_json::from_str(&body).unwrap_or(Value::Null) }
    }

    pub(crate) async fn get(&self, name: &str, path: &str) -> Answer {
        self.call(Some(self.token(name)), ("GET", path), None, &[]).await
    }

    pub(crate) async fn post(&self, name: &str, path: &str, body: Value) -> Answer {
        self.call(Some(self.token(name)), ("POST", path), Some(&body), &[]).await
    }

    /// Opens an incident and returns its first revision's id.
    pub(crate) async fn draft(&self, name: &str, body: Value) -> String {
        let answer = self.post(name, "/incidents", body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["revision"]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn hash(&self, revision: &str) -> String {
        let answer = self.get("huw", &format!("/revisions/{revision}")).await;
        answer.body["hash"].as_str().unwrap().to_owned()
    }

    /// Submits as mari and approves as huw.
    pub(crate) async fn approved(&self, revision: &str) {
        let submitted = self.post("mari", &format!("/revisions/{revision}/submit"), json!({})).await;
        assert_eq!(submitted.status, 200, "{submitted:?}");
        let hash = self.hash(revision).await;
        let approved = self.post("huw", &format!("/revisions/{revision}/approve"), json!({"hash": hash})).await;
        assert_eq!(approved.status, 200, "{approved:?}");
    }

    /// Submits, approves and publishes.
    pub(crate) async fn published(&self, revision: &str) -> Answer {
        self.approved(revision).await;
        let published = self.post("mari", &format!("/revisions/{revision}/publish"), json!({})).await;
        assert_eq!(published.status, 200, "{published:?}");
        published
    }

    /// A browser with nobody signed in.
    pub(crate) fn browser(&self) -> Browser<'_> {
        self.browser_at(0)
    }

    /// The same, in a network of its own.
    pub(crate) fn browser_at(&self, network: u8) -> Browser<'_> {
        Browser { desk: self, network, cookies: Cookies::default(), csrf: Mutex::default() }
    }

    /// A browser in which somebody has signed in.
    pub(crate) async fn signed_in(&self, name: &str) -> Browser<'_> {
        let browser = self.browser();
        let page = browser.sign_in(name, &self.code(name)).await;
        assert_eq!(page.status, 303, "{}", page.body);
        browser
    }

    /// The code that somebody's app shows now.
    pub(crate) fn code(&self, name: &str) -> String {
        totp_code(&secret(name), self.db.env.machine_now()).unwrap()
    }
}

/// A page that a browser got.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) location: String,
}

/// A browser without scripts that keeps its cookies and sends the hidden fields of the page before.
pub(crate) struct Browser<'d> {
    desk: &'d Desk<'d>,
    network: u8,
    cookies: Cookies,
    csrf: Mutex<String>,
}

impl Browser<'_> {
    pub(crate) async fn sign_in(&self, name: &str, code: &str) -> Page {
        self.get("/sign-in").await;
        self.post("/sign-in", &[("email", &email(name)), ("password", PASSWORD), ("code", code)]).await
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send(self.desk.client.get(format!("{}{path}", self.desk.url))).await
    }

    /// Posts fields together with the token of the page before.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.lock().unwrap().clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(path, &all).await
    }

    /// Posts exactly these fields.
    pub(crate) async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(self.desk.client.post(format!("{}{path}", self.desk.url)).form(fields)).await
    }

    /// Opens a stream and leaves it open.
    pub(crate) async fn listen(&self, path: &str) -> reqwest::Response {
        self.answer(self.desk.client.get(format!("{}{path}", self.desk.url))).await
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let request = request.header("x-forwarded-for", format!("198.51.{}.7", self.network));
        let response =
            request.header("cookie", self.cookies.header()).header("accept-language", "en").send().await.unwrap();
        self.cookies.keep(response.headers());
        response
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let response = self.answer(request).await;
        let status = response.status().as_u16();
        let location = response.headers().get("location").map_or("", |value| value.to_str().unwrap()).to_owned();
        let body = response.text().await.unwrap();
        if let Some(token) = field(&body, "csrf") {
            *self.csrf.lock().unwrap() = token;
        }
        Page { status, body, location }
    }
}

/// The value of a hidden or filled-in field of a page.
pub(crate) fn field(body: &str, name: &str) -> Option<String> {
    let tag = body.split('<').find(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")))?;
    tag.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

/// What a text area of a page holds.
pub(crate) fn typed(body: &str, name: &str) -> String {
    let after = body.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
    let inside = after.split_once('>').map_or("", |(_, rest)| rest);
    inside.split("</textarea>").next().unwrap_or_default().trim().to_owned()
}

/// An incident that can be published in both languages on every channel without a word typed.
pub(crate) fn serious() -> Value {
    json!({
        "severity": "serious",
        "organisations": ["nhs-wales"],
        "services": [{"key": "gp_appt", "system": "outage", "care": "degraded"}],
        "revision": {
            "phase": "investigating",
            "next_update_by": "2018-01-24T13:00:00Z",
            "advice": ["call_999", "keep_appointment"],
            "channels": ["sms", "email", "mastodon"],
        },
    })
}

/// The same, so mild that one person may publish it.
pub(crate) fn mild() -> Value {
    let mut incident = serious();
    incident["severity"] = "minor".into();
    incident["revision"]["channels"] = json!([]);
    incident
}

/// The services of [`serious`], all of which work again.
pub(crate) fn working() -> Value {
    json!([{"key": "gp_appt", "system": "operational", "care": "operational"}])
}

/// The codes of the fields that an answer complains about.
pub(crate) fn codes(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}

pub(crate) fn operator() -> Caller {
    let actor = Actor { id: 0, name: "operator".to_owned(), role: Role::Admin, organisation: None };
    Caller::from(actor)
}

pub(crate) fn account(name: &str, role: Role, organisation: Option<&str>) -> NewAccount {
    NewAccount { email: email(name), name: name.to_owned(), role, organisation: organisation.map(str::to_owned) }
}

pub(crate) fn email(name: &str) -> String {
    format!("{name}@staff.example")
}

pub(crate) fn secret(name: &str) -> Vec<u8> {
    name.bytes().cycle().take(20).collect()
}

pub(crate) fn samples() -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/nhs-wales");
    hysbys::catalogue_folder::read(&folder, Catalogue::default()).unwrap()
}

fn parts(db: &Database, url: &str) -> Parts {
    let urls = Language::ALL.map(|language| (language, format!("https://status.example/{language}")));
    let name = Localized::both("Service status", "Statws gwasanaethau");
    let social = |name: &str, language| SocialAccount { name: name.to_owned(), language };
    Parts {
        store: db.store.clone(),
        key: key(),
        renderer: Renderer::new(RenderSettings::default()).unwrap(),
        env: db.env.clone(),
        site: Site::new(name, Language::ALL.to_vec(), &BTreeMap::from(urls)).unwrap(),
        settings: Settings { url: url.to_owned(), ..Settings::default() },
        accounts: vec![social("cymraeg", Language::Cy), social("english", Language::En)],
        page_seen: None,
        proxies: TrustedProxies::parse(&["127.0.0.1"]).unwrap(),
    }
}

/// Three mailboxes: two read English, one reads Welsh.
async fn listeners(db: &Database, catalogue: &Catalogue) {
    let areas = Areas::chosen(catalogue, ["nhs-wales"]);
    let person = |place: usize| NewSubscriber {
        contact: Contact::Email(EmailAddress::parse(&format!("reader{place}@inbox.example")).unwrap()),
        wishes: Wishes {
            language: if place == 0 { Language::Cy } else { Language::En },
            areas,
            min_severity: Severity::Info,
        },
        source: ConsentSource::Sample,
        wording_version: "test".to_owned(),
    };
    let people: Vec<NewSubscriber> = (0..3).map(person).collect();
    db.store.import_subscribers(&people).await.unwrap();
}
