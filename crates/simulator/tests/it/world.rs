//! A simulator on real sockets, and somebody who receives its callbacks.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Env;
use http::{HeaderMap, StatusCode};
use simulator::{Settings, Simulator};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Nothing here takes longer, unless it is broken.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const NEL: &str = "+447700900123";

pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) url: String,
    pub(crate) smtp: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) client: reqwest::Client,
    pub(crate) account: String,
    _tasks: JoinSet<()>,
}

pub(crate) fn settings() -> Settings {
    Settings {
        account_sid: format!("AC{}", "a".repeat(32)),
        auth_token: TOKEN.into(),
        mastodon_tokens: BTreeMap::from([("cy-token".into(), "statws".into()), ("en-token".into(), "status".into())]),
        bluesky_passwords: BTreeMap::from([("statws.example".into(), "app-password".into())]),
        sent_after: Duration::ZERO,
        delivered_after: Duration::ZERO,
        callback_retry: Duration::from_millis(1),
        ..Settings::default()
    }
}

pub(crate) async fn world() -> World {
    world_with(settings()).await
}

pub(crate) async fn world_with(settings: Settings) -> World {
    let account = settings.account_sid.clone();
    let simulator = Simulator::new(settings, Env::real());
    let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
    let web = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mail = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, smtp) = (format!("http://{}", web.local_addr().unwrap()), mail.local_addr().unwrap());
    let router = simulator.router();
    tasks.spawn(async move { axum::serve(web, router).await.unwrap() });
    let (own, own_stop) = (simulator.clone(), stop.clone());
    tasks.spawn(async move { own.serve_smtp(mail, own_stop).await.unwrap() });
    tasks.spawn(simulator.clone().run_callbacks(stop.clone()));
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let client = builder.timeout(PATIENCE).tls_certs_only([]).build().unwrap();
    World { simulator, url, smtp, stop, client, account, _tasks: tasks }
}

impl World {
    /// Sends one text with the extra form fields `more`.
    pub(crate) async fn send(&self, to: &str, body: &str, more: &[(&str, &str)]) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", self.url, self.account);
        let mut form = vec![("To", to), ("Body", body)];
        form.extend(more);
        if !more.iter().any(|(name, _)| *name == "MessagingServiceSid") {
            form.push(("From", "+447700900001"));
        }
        self.client.post(url).basic_auth(&self.account, Some(TOKEN)).form(&form).send().await
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        let request = self.client.get(format!("{}{path}", self.url));
        request.basic_auth(&self.account, Some(TOKEN)).send().await.unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> serde_json::Value {
        self.get(path).await.json().await.unwrap()
    }

    pub(crate) async fn until(&self, wanted: impl Fn(&Simulator) -> bool) {
        tokio::time::timeout(PATIENCE, self.simulator.wait_until(wanted)).await.expect("it happens in time");
    }
}

/// One request that the simulator posted to us.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) path: String,
    pub(crate) signature: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Call {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The signature that it ought to have, had we been given `base` and its path.
    pub(crate) fn expected_signature(&self, base: &str) -> String {
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        simulator::sign(TOKEN, &format!("{base}{}", self.path), &fields)
    }
}

/// A notifier that answers with what it is told to, in order, and then with 204.
pub(crate) struct Receiver {
    pub(crate) url: String,
    calls: watch::Receiver<Vec<Call>>,
    _tasks: JoinSet<()>,
}

type Answers = Arc<Mutex<Vec<(StatusCode, &'static str)>>>;

impl Receiver {
    pub(crate) async fn answering(answers: &[(StatusCode, &'static str)]) -> Self {
        let (sender, calls) = watch::channel(Vec::new());
        let answers: Answers = Arc::new(Mutex::new(answers.iter().rev().copied().collect()));
        let router = Router::new().fallback(take).with_state((Arc::new(sender), answers));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, calls, _tasks: tasks }
    }

    pub(crate) async fn calls(&self, count: usize) -> Vec<Call> {
        let mut calls = self.calls.clone();
        let wait = calls.wait_for(|calls| calls.len() >= count);
        tokio::time::timeout(PATIENCE, wait).await.expect("the calls come in time").unwrap().clone()
    }
}

async fn take(
    State((calls, answers)): State<(Arc<watch::Sender<Vec<Call>>>, Answers)>,
    uri: http::Uri,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Response {
    let signature = headers["x-twilio-signature"].to_str().unwrap().to_owned();
    let fields = serde_urlencoded::from_bytes(&body).unwrap();
    calls.send_modify(|calls| calls.push(Call { path: uri.to_string(), signature, fields }));
    let answer = answers.lock().unwrap().pop();
    match answer {
        Some((status, xml)) => (status, [("content-type", "text/xml")], xml).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}
