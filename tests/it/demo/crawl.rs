//! Follows every link of the live page, and asks a plain web server that has only the exported folder for the same.

use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::header::LOCATION;
use reqwest::{Client, redirect};
use scenarios::installation::free_address;
use scenarios::waiting::until;

/// Where forms are: they need a program behind them.
const FORMS: [&str; 2] = ["/en/alerts", "/cy/hysbysiadau"];

/// No link leads to these, but people and programs know them.
const KNOWN: [&str; 20] = [
    "/",
    "/en/",
    "/cy/",
    "/robots.txt",
    "/sitemap.xml",
    "/favicon.ico",
    "/api/v2/summary.json",
    "/api/v2/status.json",
    "/api/v2/components.json",
    "/api/v2/incidents.json",
    "/api/v2/incidents/unresolved.json",
    "/api/v2/scheduled-maintenances.json",
    "/api/v2/scheduled-maintenances/upcoming.json",
    "/api/v2/scheduled-maintenances/active.json",
    "/cy/api/v2/summary.json",
    "/history.atom",
    "/history.rss",
    "/cap/feed.atom",
    "/embed/status.js",
    "/embed/en/nhs-wales.json",
];

/// nginx upon a folder, as anybody would set it up, until dropped.
pub(super) struct StaticServer {
    child: Child,
    address: SocketAddr,
    _place: tempfile::TempDir,
}

impl StaticServer {
    pub(super) async fn of(folder: &Path) -> Self {
        let (place, address) = (tempfile::tempdir().unwrap(), free_address());
        let (root, own) = (folder.display(), place.path().display());
        let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary: String = kinds.iter().map(|kind| format!("{kind}_temp_path {own}/{kind};\n")).collect();
        let text = format!(
            "user root;\ndaemon off;\npid {own}/pid;\nerror_log {own}/log;\nevents {{}}\nhttp {{\naccess_log off;\n\
             {temporary}server {{ listen {address}; root {root}; index index.html; }}\n}}\n"
        );
        let file = place.path().join("nginx.conf");
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new("nginx");
        command
            .arg("-e")
            .arg(place.path().join("log"))
            .arg("-c")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().expect("nginx is installed; scripts/test does that");
        let server = Self { child, address, _place: place };
        let client = Client::builder().no_proxy().build().unwrap();
        until("nginx serves the folder", async || client.get(server.url()).send().await.is_ok()).await;
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a walk through all links found.
pub(super) struct Crawled {
    pub(super) visited: usize,
    /// The addresses at which a reader would notice who answers.
    pub(super) different: Vec<String>,
}

/// Visits whatever can be reached from the known addresses, on both.
pub(super) async fn crawl(live: &str, copy: &str) -> Crawled {
    let direct = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
    let following = Client::builder().no_proxy().build().unwrap();
    let mut due: VecDeque<String> = KNOWN.map(str::to_owned).into();
    let mut seen: BTreeSet<String> = due.iter().cloned().collect();
    let mut different = Vec::new();
    while let Some(path) = due.pop_front() {
        let answer = direct.get(format!("{live}{path}")).send().await.expect("the page answers");
        let (status, leads_to) = (answer.status(), answer.headers().get(LOCATION).cloned());
        let body = answer.bytes().await.expect("a body");
        let copied = following.get(format!("{copy}{path}")).send().await.expect("the copy answers");
        let (copied_status, copied_to) = (copied.status(), copied.url().path().to_owned());
        let copied = copied.bytes().await.expect("a body");
        let leads_to = leads_to.map(|place| place.to_str().expect("text").trim_start_matches(live).to_owned());
        let is_same = match &leads_to {
            // A file cannot be a redirect; it is a page that leads on, or the folder of that name.
            Some(place) => {
                let words = String::from_utf8_lossy(&copied).replace("&#x2f;", "/");
                words.contains(place.as_str()) || copied_to.trim_end_matches('/') == place.trim_end_matches('/')
            }
            None => status == copied_status && body == copied,
        };
        if !is_same {
            different.push(path.clone());
        }
        let links = links(&String::from_utf8_lossy(&body), live);
        for link in links.into_iter().chain(leads_to) {
            let is_form = FORMS.iter().any(|form| link.starts_with(form));
            if !is_form && seen.insert(link.clone()) {
                due.push_back(link);
            }
        }
    }
    if !different.is_empty() {
        println!("not the same: {different:?}");
    }
    Crawled { visited: seen.len(), different }
}

/// The addresses on this site that a document names: in links, in sitemaps and feeds.
fn links(document: &str, live: &str) -> Vec<String> {
    let document = document.replace("&#x2f;", "/").replace("&amp;", "&");
    let after = |mark: &str, ends: &[char]| -> Vec<String> {
        document.split(mark).skip(1).filter_map(|rest| rest.split(ends).next()).map(str::to_owned).collect()
    };
    let (quoted, element) = (&['"'][..], &['<'][..]);
    let (mut found, short) = (Vec::new(), format!("{live}/i/"));
    found.extend(after("href=\"", quoted));
    found.extend(after("src=\"", quoted));
    found.extend(after("<loc>", element));
    // Short addresses are there to be read out.
    found.extend(after(&short, &[' ', '<', '"', '\n']).into_iter().map(|number| format!("/i/{number}")));
    let local = |address: String| {
        let path = address.strip_prefix(live).unwrap_or(&address).to_owned();
        let path = path.split(['#', '?']).next().unwrap_or_default().to_owned();
        (path.starts_with('/') && !path.starts_with("//")).then_some(path)
    };
    found.into_iter().filter_map(local).collect()
}
