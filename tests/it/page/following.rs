//! A page without a database follows another one over TLS, and outlives it.

use std::path::Path;

use channels::Secret;
use hysbys::config::Config;
use page::{FollowSettings, LeadSettings};
use reqwest::StatusCode;
use scenarios::databases::Database;
use scenarios::installation::{Installation, free_address};
use scenarios::process::{Program, client};
use scenarios::update::Update;
use scenarios::waiting::until;

use super::load_tls::{renewed, with_tls};

const SECRET: &str = "known on two hosts";
const INCIDENT: &str = "2018-01-24-";
const PATHS: [&str; 6] = ["/en/", "/cy/", "/en/services", "/en/feed.atom", "/api/v2/summary.json", "/sitemap.xml"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_a_database_follows_another_and_outlives_it() {
    let database = Database::sqlite().await;
    let app = Installation::with(&database).without_notifier().start().await;
    let (there, here) = (folder(), folder());
    let leading = leader(&app, there.path());
    let leader = Program::new("page", &leading, there.path());
    let led = leader.start();
    led.until_ready().await;
    let config = follower(&leading, there.path(), here.path());
    let follower = Program::new("page", &config, here.path());
    let process = follower.start();
    process.until_ready().await;

    app.publish(&Update::first()).await;
    until("it is public on both", async || text(&config, "/en/").await.contains(INCIDENT)).await;
    until("both serve the same", async || same(&leading, &config, there.path()).await).await;

    led.kill();
    assert!(text(&config, "/en/").await.contains(INCIDENT), "the leader is gone, and nobody notices");
    // The disk stands behind the readers: what is shown already may still be on its way there.
    let kept = config.page.data_dir.join("edition.hysbys");
    let is_kept =
        || std::fs::read(&kept).is_ok_and(|bytes| bytes.windows(INCIDENT.len()).any(|one| one == INCIDENT.as_bytes()));
    until("it is on disk", async || is_kept()).await;
    process.kill();
    let process = follower.start();
    process.until_ready().await;
    assert!(text(&config, "/cy/").await.contains(INCIDENT), "from disk, with neither leader nor database");
    let answer = client().get(url(&config, "/en/alerts")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().await.unwrap().contains("This is a copy of the page"));

    let led = leader.start();
    led.until_ready().await;
    app.publish(&Update::first()).await;
    until("both serve the same again", async || same(&leading, &config, there.path()).await).await;
    process.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_another_secret_there_is_nothing_to_follow() {
    let database = Database::sqlite().await;
    let app = Installation::with(&database).without_notifier().start().await;
    app.publish(&Update::first()).await;
    let (there, here) = (folder(), folder());
    let leading = leader(&app, there.path());
    let led = Program::new("page", &leading, there.path()).start();
    led.until_ready().await;
    let mut config = follower(&leading, there.path(), here.path());
    config.page.follow.as_mut().unwrap().secret = Some(Secret::new("known on one host only"));
    let _process = Program::new("page", &config, here.path()).start();
    until("it answers", async || client().get(url(&config, "/en/")).send().await.is_ok()).await;
    let answer = client().get(url(&config, "/en/")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_page_alone_can_follow() {
    let folder = folder();
    let mut config = Config::default();
    config.page.follow = Some(following("https://status.example"));
    let output = Program::new("serve", &config, folder.path()).run().await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("only `hysbys page` can follow"), "{said}");
    config.page.follow = Some(following("http://status.example"));
    let output = Program::new("page", &config, folder.path()).run().await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("page.follow.url must be an https URL"), "{said}");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A page with a database that may be followed, over TLS.
fn leader(app: &Installation<'_>, folder: &Path) -> Config {
    renewed(folder);
    let mut config = with_tls(app.other_program(), folder, free_address());
    config.page.data_dir = folder.join("edition");
    config.page.lead = Some(LeadSettings { secret: Some(Secret::new(SECRET)), secret_file: None });
    config
}

/// A page without one: neither database nor key is named.
fn follower(leader: &Config, there: &Path, here: &Path) -> Config {
    let mut config = Config { site: leader.site.clone(), ..Config::default() };
    config.page.listen = free_address();
    config.ops.listen = free_address();
    config.page.data_dir = here.join("edition");
    let follow = following(&format!("https://localhost:{}", leader.page.listen.port()));
    config.page.follow = Some(FollowSettings { ca_file: Some(there.join("certificate.pem")), ..follow });
    config
}

fn following(url: &str) -> FollowSettings {
    FollowSettings { url: url.to_owned(), secret: Some(Secret::new(SECRET)), ..FollowSettings::default() }
}

fn url(config: &Config, path: &str) -> String {
    format!("http://{}{path}", config.page.listen)
}

async fn text(config: &Config, path: &str) -> String {
    client().get(url(config, path)).send().await.expect("an answer").text().await.expect("a page")
}

/// Whether both pages answer with the same edition and the same bytes.
async fn same(leader: &Config, follower: &Config, there: &Path) -> bool {
    let pem = std::fs::read(there.join("certificate.pem")).expect("a certificate");
    let trusted = reqwest::Certificate::from_pem(&pem).expect("a certificate");
    let reader = reqwest::Client::builder().tls_certs_only([trusted]).no_proxy().build().expect("a client");
    for path in PATHS {
        let one = reader.get(format!("https://localhost:{}{path}", leader.page.listen.port())).send().await;
        let (one, other) =
            (one.expect("an answer"), client().get(url(follower, path)).send().await.expect("an answer"));
        if one.status() != StatusCode::OK || one.headers().get("x-edition") != other.headers().get("x-edition") {
            return false;
        }
        if one.bytes().await.expect("a page") != other.bytes().await.expect("a page") {
            return false;
        }
    }
    true
}
