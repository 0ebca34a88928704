//! A browser without scripts: keeps its cookies, follows no redirect by itself, and sends back the hidden token of the
//! page before.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder, redirect};
use scenarios::cookies::Cookies;

/// See the module.
pub(super) struct Browser {
    client: Client,
    base: String,
    language: &'static str,
    cookies: Cookies,
    csrf: Mutex<String>,
}

/// A page that came back.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) location: String,
    pub(super) took: Duration,
}

impl Browser {
    pub(super) fn at(base: &str, language: &'static str) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        Self { client, base: base.to_owned(), language, cookies: Cookies::default(), csrf: Mutex::default() }
    }

    pub(super) async fn open(&self, path: &str) -> Shown {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Sends fields together with the token of the page before.
    pub(super) async fn fill_in(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let csrf = self.csrf.lock().unwrap().clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.send(self.client.post(format!("{}{path}", self.base)).form(&all)).await
    }

    async fn send(&self, request: RequestBuilder) -> Shown {
        let begun = Instant::now();
        let request = request.header("cookie", self.cookies.header()).header("accept-language", self.language);
        let response = request.send().await.unwrap();
        self.cookies.keep(response.headers());
        let status = response.status().as_u16();
        let location = response.headers().get("location").map_or("", |value| value.to_str().unwrap()).to_owned();
        let body = response.text().await.unwrap();
        let shown = Shown { status, body, location, took: begun.elapsed() };
        if let Some(token) = shown.value("csrf") {
            *self.csrf.lock().unwrap() = token;
        }
        shown
    }
}

impl Shown {
    /// The value of the first input of a name.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.inputs(name).next().and_then(|tag| attribute(tag, "value"))
    }

    /// The values of every ticked box or chosen radio of a name.
    pub(super) fn ticked(&self, name: &str) -> Vec<String> {
        self.inputs(name).filter(|tag| tag.contains(" checked")).filter_map(|tag| attribute(tag, "value")).collect()
    }

    /// The value of the chosen option of a select.
    pub(super) fn chosen(&self, name: &str) -> Option<String> {
        let (_, list) = self.body.split_once(&format!("<select class=\"nhsuk-select\" id=\"{name}\""))?;
        let (list, _) = list.split_once("</select>")?;
        list.split('<').find(|tag| tag.contains(" selected")).and_then(|tag| attribute(tag, "value"))
    }

    /// What a text area holds.
    pub(super) fn typed(&self, name: &str) -> String {
        let (_, area) = self.body.split_once(&format!("name=\"{name}\"")).unwrap_or_default();
        let (_, inside) = area.split_once('>').unwrap_or_default();
        plain(inside.split("</textarea>").next().unwrap_or_default().trim())
    }

    fn inputs(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = format!("name=\"{name}\"");
        self.body.split('<').filter(move |tag| tag.starts_with("input") && tag.contains(&named))
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, value) = tag.split_once(&format!("{name}=\""))?;
    value.split('"').next().map(plain)
}

/// The letters behind the references that our templates write.
fn plain(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (reference, letter)| text.replace(reference, letter))
}
