//! A reader with a browser: follows no redirect by itself, keeps no cookie, and sends forms as a browser would.

use std::net::SocketAddr;

use reqwest::{Client, StatusCode, redirect};
use scenarios::installation::Installation;

/// Somebody who reads the public page of an installation.
pub(super) struct Reader {
    client: Client,
    host: String,
}

/// What came back.
pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) body: String,
}

impl Reader {
    pub(super) fn of(app: &Installation<'_>) -> Self {
        Self::at(app.parts.config.page.listen)
    }

    /// Somebody who reads the page that listens here.
    pub(super) fn at(address: SocketAddr) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().expect("a client");
        Self { client, host: format!("http://{address}") }
    }

    /// Opens a path, or a whole address out of a message.
    pub(super) async fn open(&self, path: &str) -> Seen {
        seen(self.client.get(self.address(path))).await
    }

    /// Sends a form.
    pub(super) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        seen(self.client.post(self.address(path)).form(fields)).await
    }

    /// Sends a form from a network of the reader's own, as the proxy in front of the page tells.
    pub(super) async fn send_from(&self, client: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        seen(self.client.post(self.address(path)).header("x-forwarded-for", client).form(fields)).await
    }

    /// Sends JSON, as a program does.
    pub(super) async fn call(&self, path: &str, body: &serde_json::Value) -> Seen {
        seen(self.client.post(self.address(path)).json(body)).await
    }

    /// Takes something away, as a program does.
    pub(super) async fn delete(&self, path: &str) -> Seen {
        seen(self.client.delete(self.address(path))).await
    }

    /// Sends a form that stands on a page of another site.
    pub(super) async fn send_from_elsewhere(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        seen(self.client.post(self.address(path)).header("origin", "https://elsewhere.example").form(fields)).await
    }

    fn address(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.host) }
    }
}

impl Seen {
    /// Whether a reader could not tell it from the other.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        const HEADERS: [&str; 5] = ["etag", "x-edition", "content-type", "content-security-policy", "cache-control"];
        let is_same = |name: &&str| self.headers.get(*name) == other.headers.get(*name);
        self.status == other.status && self.body == other.body && HEADERS.iter().all(is_same)
    }

    /// The value of the hidden field that stands for a sign-up.
    pub(super) fn token(&self) -> String {
        let (_, rest) = self.body.split_once("name=\"token\" value=\"").expect("a form for a code");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// The address of the first link or form whose address holds these letters.
    pub(super) fn link(&self, part: &str) -> String {
        let mut addresses = self.body.split(['"', '\n', ' ']).map(|text| text.replace("&#x2f;", "/"));
        addresses.find(|text| text.contains(part)).unwrap_or_else(|| panic!("no link with {part}: {}", self.body))
    }
}

async fn seen(request: reqwest::RequestBuilder) -> Seen {
    let response = request.send().await.expect("the page answers");
    let (status, headers) = (response.status(), response.headers().clone());
    Seen { status, headers, body: response.text().await.expect("a text") }
}
