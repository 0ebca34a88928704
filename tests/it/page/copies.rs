//! Each edition is written to other places too: whole, only what changed, and without anybody waiting for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::{Language, Secret};
use hysbys::config::Config;
use page::PushSettings;
use scenarios::bucket_server::{ACCESS_KEY, BucketServer, Mood, SECRET_KEY};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::process::{Program, client};
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::Value;

const MARKER: &str = "edition.json";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_byte_for_byte_what_the_export_writes() {
    let (database, copy, export) = (Database::sqlite().await, folder(), folder());
    let app = Installation::with(&database).without_notifier().configured(pushing_to(copy.path())).start().await;
    let first = app.publish(&Update::first()).await;
    app.publish_next(first.incident, &Update::next()).await;
    // The clock may stamp the home page anew between the two.
    until("the copy is what would be exported", async || {
        app.parts.page.export(export.path()).is_ok() && without_marker(copy.path()) == contents(export.path())
    })
    .await;
    let marker: Value = serde_json::from_slice(&std::fs::read(copy.path().join(MARKER)).unwrap()).unwrap();
    assert_eq!(marker["files"], contents(export.path()).len());
    let names = contents(copy.path()).into_keys().collect::<Vec<_>>();
    assert!(names.iter().any(|name| name.starts_with("cap/")) && names.len() > 100, "{} files", names.len());
    assert!(!names.iter().any(|name| name.ends_with(".part")), "no half-written file is left");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_writes_only_what_changed_and_takes_away_only_its_own() {
    let (database, copy) = (Database::sqlite().await, folder());
    let app = Installation::with(&database).without_notifier().start().await;
    app.publish(&Update::first()).await;
    let mut config = app.other_program();
    pushing_to(copy.path())(&mut config);
    let process = Program::new("page", &config, database.folder.path()).start();
    until("the copy is there", async || copy.path().join(MARKER).exists()).await;
    process.kill();
    std::fs::write(copy.path().join("CNAME"), "status.example").unwrap();
    let embed = copy.path().join("embed/en/nhs-wales.json");
    let before = std::fs::metadata(&embed).unwrap().modified().unwrap();

    config.site.languages = vec![Language::En];
    let _process = Program::new("page", &config, database.folder.path()).start();
    until("what is public no more is gone", async || !copy.path().join("cy").exists()).await;
    assert_eq!(std::fs::read(copy.path().join("CNAME")).unwrap(), b"status.example");
    assert_eq!(std::fs::metadata(&embed).unwrap().modified().unwrap(), before, "the same is not written again");
    assert!(copy.path().join("en/index.html").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_is_not_there_delays_nobody_and_catches_up_when_it_is() {
    let (database, parent) = (Database::sqlite().await, folder());
    let app = Installation::with(&database).without_notifier().start().await;
    let mut config = app.other_program();
    let copy = parent.path().join("disk");
    pushing_to(&copy)(&mut config);
    let process = Program::new("page", &config, database.folder.path()).start();
    process.until_ready().await;
    app.publish(&Update::first()).await;
    until("readers see it", async || text(&page(&config, "/en/")).await.contains("2018-01-24-")).await;
    until("who watches is told", async || behind(&config).await.is_some_and(|seconds| seconds > 0)).await;
    assert!(!copy.exists(), "a disk that is not mounted is not written beside");

    std::fs::create_dir(&copy).unwrap();
    until("the copy is current", async || behind(&config).await == Some(0)).await;
    let home = std::fs::read_to_string(copy.join("en/index.html")).unwrap();
    assert!(home.contains("2018-01-24-"), "the newest edition is there");
    assert!(text(&ops(&config, "/metrics")).await.contains("hysbys_push_built_at{copy=\"second-host\"}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_cannot_be_written_keeps_no_other_old() {
    let (database, copy) = (Database::sqlite().await, folder());
    // Somebody made a folder where a file belongs.
    std::fs::create_dir_all(copy.path().join("robots.txt/kept")).unwrap();
    let app = Installation::with(&database).without_notifier().configured(pushing_to(copy.path())).start().await;
    app.publish(&Update::first()).await;
    let home = || std::fs::read_to_string(copy.path().join("en/index.html")).unwrap_or_default();
    until("the home page is current", async || home().contains("2018-01-24-")).await;
    assert!(!copy.path().join(MARKER).exists(), "and who watches sees that something is amiss");

    std::fs::remove_dir_all(copy.path().join("robots.txt")).unwrap();
    until("the copy is whole", async || copy.path().join(MARKER).exists()).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_hangs_delays_nobody_and_does_not_keep_the_process_from_ending() {
    let (database, copy) = (Database::sqlite().await, folder());
    // Whoever opens this waits for somebody at the other end.
    let pipe = copy.path().join(MARKER);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let app = Installation::with(&database).without_notifier().configured(pushing_to(copy.path())).start().await;
    app.publish(&Update::first()).await;
    let home = page(&app.parts.config, "/en/");
    until("readers see it", async || text(&home).await.contains("2018-01-24-")).await;
    assert!(!copy.path().join("en").exists());
    app.stop().await;
    // Lets the threads go that wait.
    drop(std::fs::OpenOptions::new().read(true).write(true).open(&pipe));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_holds_each_plain_file_with_its_media_type() {
    let (database, server, export) = (Database::sqlite().await, BucketServer::start().await, folder());
    let app = Installation::with(&database).without_notifier().configured(pushing_into(&server)).start().await;
    app.publish(&Update::first()).await;
    until("the bucket has what would be exported", async || {
        app.parts.page.export(export.path()).is_ok() && plain(export.path()) == objects(&server)
    })
    .await;
    assert_eq!(server.refused(), 0, "every request was signed");
    let objects = server.objects();
    let home = &objects["/status/wales/en/index.html"].headers;
    assert_eq!(home["content-type"], "text/html; charset=utf-8");
    assert!(home["cache-control"].contains("max-age=10") && !home.contains_key("content-encoding"));
    assert_eq!(objects["/status/wales/en/feed.atom"].headers["content-type"], "application/atom+xml; charset=utf-8");

    // The marker comes last, and readers begin after what they are led to.
    let log = server.take_log();
    let place = |name: &str| log.iter().position(|line| line.ends_with(name)).expect(name);
    assert!(place("/api/v2/summary.json") < place("/wales/en/index.html"));
    assert!(place("/wales/en/index.html") < place("/wales/edition.json"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_refuses_or_hangs_delays_nobody_and_catches_up() {
    let (database, server) = (Database::sqlite().await, BucketServer::start().await);
    let app = Installation::with(&database).without_notifier().configured(pushing_into(&server)).start().await;
    let home = page(&app.parts.config, "/en/");
    let mut incident = app.publish(&Update::first()).await.incident;
    for mood in [Mood::Unavailable, Mood::Silent] {
        server.is(mood);
        incident = app.publish_next(incident, &Update::next()).await.incident;
        until("readers see it", async || text(&home).await.contains("2018-01-24-")).await;
        server.is(Mood::Fine);
        until("the copy is current", async || {
            let objects = server.objects();
            let there = objects.get("/status/wales/en/index.html").map(|object| object.body.clone());
            let edition = app.parts.page.edition();
            edition.document("/en/").is_some_and(|document| there.as_deref() == Some(&*document.bytes()))
        })
        .await;
    }
    app.stop().await;
}

fn pushing_into(server: &BucketServer) -> impl FnOnce(&mut Config) + Send + use<> {
    let endpoint = Some(server.url());
    let place = PushSettings {
        bucket: Some("status".to_owned()),
        prefix: "wales".to_owned(),
        endpoint,
        access_key_id: Some(ACCESS_KEY.to_owned()),
        secret_access_key: Some(Secret::new(SECRET_KEY)),
        ..second_host()
    };
    move |config| config.page.push = vec![place]
}

/// What the bucket holds, without the marker.
fn objects(server: &BucketServer) -> BTreeMap<String, Vec<u8>> {
    let names = server.objects().into_iter();
    let names = names.filter_map(|(path, object)| Some((path.strip_prefix("/status/wales/")?.to_owned(), object.body)));
    names.filter(|(name, _)| name != MARKER).collect()
}

/// The files of a folder without compressed twins.
fn plain(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = contents(folder);
    files.retain(|name, _| !name.ends_with(".gz") && !name.ends_with(".br"));
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_wrote_there_is_put_right() {
    let (database, copy) = (Database::sqlite().await, folder());
    let app = Installation::with(&database).without_notifier().configured(pushing_to(copy.path())).start().await;
    let first = app.publish(&Update::first()).await;
    until("the copy is there", async || copy.path().join(MARKER).exists()).await;
    let privacy = copy.path().join("en/privacy/index.html");
    std::fs::write(&privacy, "torn").unwrap();
    std::fs::write(copy.path().join(MARKER), "{}").unwrap();
    app.publish_next(first.incident, &Update::next()).await;
    until("everything is written again", async || std::fs::read(&privacy).unwrap() != b"torn").await;
}

fn pushing_to(folder: &Path) -> impl FnOnce(&mut Config) + Send + use<> {
    let folder = folder.to_owned();
    move |config| config.page.push = vec![PushSettings { folder: Some(folder), ..second_host() }]
}

fn second_host() -> PushSettings {
    PushSettings { name: "second-host".to_owned(), timeout_ms: 1_000, ..PushSettings::default() }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn page(config: &Config, path: &str) -> String {
    format!("http://{}{path}", config.page.listen)
}

fn ops(config: &Config, path: &str) -> String {
    format!("http://{}{path}", config.ops.listen)
}

async fn text(url: &str) -> String {
    client().get(url).send().await.expect("an answer").text().await.expect("a page")
}

/// For how many seconds the copy has been behind.
async fn behind(config: &Config) -> Option<i64> {
    let metrics = text(&ops(config, "/metrics")).await;
    let value = metrics.lines().find_map(|line| line.strip_prefix("hysbys_push_behind_seconds{copy=\"second-host\"} "));
    value?.parse().ok()
}

fn without_marker(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = contents(folder);
    files.remove(MARKER);
    files
}

/// Every file below a folder.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(one) = folders.pop() {
        for entry in std::fs::read_dir(&one).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(content) = std::fs::read(&path) {
                let name = path.strip_prefix(folder).expect("below").display().to_string();
                found.insert(name, content);
            }
        }
    }
    found
}
