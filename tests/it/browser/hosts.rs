//! The page as browsers fetch it, and other people's sites that carry a piece of ours: a hospital's page reads as
//! before while we are dead, slow or talk nonsense.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use scenarios::waiting::until;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use super::driver::{Driver, Scripts};
use super::stage::Stage;
use crate::demo::child::Demo;

/// What stands in the element until there is an answer.
const BEFORE: &str = "Ring 111 to ask.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_home_page_is_one_request() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    Stage::set(&demo).await;
    let relay = Relay::before(&demo.sheet.page).await;
    let reader = driver.open(Scripts::Allowed).await;
    for (language, words) in [("en", "NHS Wales"), ("cy", "GIG Cymru")] {
        let before = relay.requests.load(Ordering::SeqCst);
        reader.open(&format!("{}/{language}/", relay.url)).await;
        assert!(reader.page().await.contains(words), "{}", reader.page().await);
        let fetched = reader.run("return performance.getEntriesByType('resource').map(one => one.name)").await;
        assert_eq!(fetched, serde_json::json!([]), "{language}");
        assert_eq!(relay.requests.load(Ordering::SeqCst) - before, 1, "{language}: no icon, no style sheet, no script");
    }
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hospitals_site_reads_as_before_whatever_becomes_of_us() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let hospital = Hospital::open().await;
    let reader = driver.open(Scripts::Allowed).await;
    let page = &demo.sheet.page;
    let dead = format!("http://{}", scenarios::installation::free_address());
    let (module, json) = (format!("{page}/embed/status.js"), format!("{page}/embed/en/nhs-wales.json"));
    let here = |path: &str| format!("{}{path}", hospital.url);

    // The module comes late, or never: the hospital's own page is ready without it.
    for module in [format!("{dead}/embed/status.js"), here("/late.js")] {
        reader.open(&hospital.page(&module, &json)).await;
        let said = reader.page().await;
        assert!(said.contains("Visiting hours") && said.contains(BEFORE), "{module}: {said}");
        assert_eq!(reader.run("return window.isReady").await, true, "{module}");
    }
    // The module is there, and what it asks for is not: dead, silent, broken, or of another form.
    for json in [format!("{dead}/x.json"), here("/silence"), here("/html"), here("/other")] {
        let asked = hospital.asked.load(Ordering::SeqCst);
        reader.open(&hospital.page(&module, &json)).await;
        if json.starts_with(&hospital.url) {
            until("the module has asked", async || hospital.asked.load(Ordering::SeqCst) > asked).await;
        }
        let said = reader.page().await;
        assert!(said.contains("Visiting hours") && said.contains(BEFORE), "{json}: {said}");
        assert_eq!(reader.run("return window.problems").await, serde_json::json!([]), "{json}: nothing is thrown");
    }
    // All is well: it takes no room. Then something is wrong.
    reader.open(&hospital.page(&module, &json)).await;
    until("nothing is wrong", async || !reader.page().await.contains(BEFORE)).await;
    Stage::open_one(&demo).await;
    until("the news is out", async || demo.text(&json).await.contains("Computer problem")).await;
    // Another address, since what a browser fetched a moment ago it may show again.
    reader.open(&hospital.page(&module, &format!("{json}?now"))).await;
    reader.until_it_says("Computer problem").await;
    assert!(reader.page().await.contains("Visiting hours"));
    demo.stop().await;
}

/// Hands connections on, and counts what is asked on them.
struct Relay {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl Relay {
    async fn before(page: &str) -> Self {
        let to = page.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = requests.clone();
        TaskTracker::new().spawn(async move {
            while let Ok((mut browser, _)) = listener.accept().await {
                let (to, counted) = (to.clone(), counted.clone());
                TaskTracker::new().spawn(async move {
                    let mut page = TcpStream::connect(to).await.expect("the page listens");
                    let (mut from_browser, mut to_browser) = browser.split();
                    let (mut from_page, mut to_page) = page.split();
                    let asked = async {
                        let mut bytes = [0; 16 * 1024];
                        while let Ok(length @ 1..) = from_browser.read(&mut bytes).await {
                            let asks = bytes[..length].windows(5).filter(|one| *one == b"GET /").count();
                            counted.fetch_add(asks, Ordering::SeqCst);
                            to_page.write_all(&bytes[..length]).await?;
                        }
                        Ok(())
                    };
                    let _ = tokio::try_join!(asked, tokio::io::copy(&mut from_page, &mut to_browser));
                });
            }
        });
        Self { url, requests }
    }
}

/// The site of a hospital, with what it may get instead of our JSON.
struct Hospital {
    url: String,
    /// How often something was asked for in place of our JSON.
    asked: Arc<AtomicUsize>,
}

impl Hospital {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(AtomicUsize::new(0));
        // Our module, which the hospital's page gets only when it is ready.
        let released = Arc::new(Notify::new());
        let counted = asked.clone();
        TaskTracker::new().spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let visit = Visit { stream, counted: counted.clone(), released: released.clone() };
                TaskTracker::new().spawn(visit.answer());
            }
        });
        Self { url, asked }
    }

    /// The address of its page with this module and this source.
    fn page(&self, module: &str, json: &str) -> String {
        format!("{}/?{module}|{json}", self.url)
    }
}

struct Visit {
    stream: TcpStream,
    counted: Arc<AtomicUsize>,
    released: Arc<Notify>,
}

impl Visit {
    async fn answer(mut self) {
        let mut bytes = [0; 8 * 1024];
        let length = self.stream.read(&mut bytes).await.unwrap_or_default();
        let request = String::from_utf8_lossy(&bytes[..length]).into_owned();
        let target = request.split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let html = "200 OK\r\ncontent-type: text/html";
        let json = "200 OK\r\naccess-control-allow-origin: *\r\ncontent-type: application/json";
        if !["/", "/ready", "/late.js", "/favicon.ico"].contains(&path) {
            self.counted.fetch_add(1, Ordering::SeqCst);
        }
        match path {
            "/" => self.says(html, &host(query)).await,
            "/ready" => {
                self.released.notify_one();
                self.says(html, "").await;
            }
            "/late.js" => {
                self.released.notified().await;
                self.says("200 OK\r\ncontent-type: text/javascript", "").await;
            }
            "/html" => self.says(json, "<!doctype html><title>Maintenance</title>").await,
            "/other" => self.says(json, "{\"language\": \"en\", \"problems\": {\"0\": null}}").await,
            "/silence" => std::future::pending().await,
            _ => self.says("404 Not Found\r\ncontent-type: text/plain", "").await,
        }
    }

    async fn says(&mut self, head: &str, body: &str) {
        let answer = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        let _ = self.stream.write_all(answer.as_bytes()).await;
    }
}

/// The hospital's page, as `docs/formats.md` says that it carries the list.
fn host(query: &str) -> String {
    let query = query.replace("%7C", "|");
    let (module, json) = query.split_once('|').unwrap_or_default();
    format!(
        "<!doctype html><html lang=\"en\"><title>A hospital</title><script>
           window.problems = [];
           addEventListener('error', one => problems.push(one.message));
           addEventListener('unhandledrejection', one => problems.push(String(one.reason)));
           addEventListener('DOMContentLoaded', () => {{ window.isReady = true; fetch('/ready'); }});
         </script>
         <h1>Visiting hours</h1><div data-hysbys=\"{json}\">{BEFORE}</div>
         <script type=\"module\" async src=\"{module}\"></script>"
    )
}
