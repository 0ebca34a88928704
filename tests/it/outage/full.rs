//! The disk has no room for the next edition: readers get it from memory, and what was kept before stays whole.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hysbys::config::Config;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::process::{Program, binary, client};
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::json;

use super::crowd::{Crowd, PATHS};

/// Bytes that no edition needs.
const PLENTY: u64 = 1 << 30;

/// A page that may write no file longer than this, as on a disk that is full. It is killed when dropped.
struct Cramped(Child);

impl Cramped {
    fn start(config_file: &Path, longest: u64, log: &Path) -> Self {
        // A write beyond the limit is then an error and no signal. A block is 512 bytes; in shells where it is 1024,
        // the limit is the length of the edition before, and the next one is longer.
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", longest / 512);
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg(binary()).args(["page", "--config"]).arg(config_file);
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(log).unwrap());
        Self(command.spawn().unwrap())
    }
}

impl Drop for Cramped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn titled(english: &str, welsh: &str) -> Update {
    Update::first().on(&[]).with("title", json!({"en": english, "cy": welsh}))
}

async fn home(config: &Config) -> Option<String> {
    let answer = client().get(format!("http://{}/en/", config.page.listen)).send().await.ok()?;
    answer.text().await.ok()
}

async fn until_shown(config: &Config, title: &str) {
    until(title, async || home(config).await.is_some_and(|home| home.contains(title))).await;
}

fn holds(file: &Path, words: &str) -> bool {
    let bytes = std::fs::read(file).unwrap_or_default();
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edition_that_finds_no_room_on_disk_leaves_the_one_before_whole() {
    let db = Database::sqlite().await;
    let app = Installation::with(&db).writing_only().start().await;
    let config = app.other_program();
    let kept = config.page.data_dir.join("edition.hysbys");
    let program = Program::new("page", &config, db.folder.path());
    app.publish(&titled("The first trouble", "Yr helynt cyntaf")).await;
    let process = program.start();
    until("the first edition is on disk", async || holds(&kept, "The first trouble")).await;
    process.kill();
    let before = std::fs::read(&kept).unwrap();

    let log = db.folder.path().join("log");
    // Room for what SQLite itself writes, which is less than half of an edition.
    let cramped = Cramped::start(&db.folder.path().join("page.toml"), before.len() as u64 / 2, &log);
    until_shown(&config, "The first trouble").await;
    let crowd = Crowd::gathers(&format!("http://{}", config.page.listen));
    app.publish(&titled("The second trouble", "Yr ail helynt")).await;
    until_shown(&config, "The second trouble").await;
    until("the operator is told", async || holds(&log, "could not be kept on disk")).await;
    crowd.reads_on(100).await;
    let answered = crowd.was_always_answered().await;
    assert!(std::fs::read(&kept).unwrap() == before, "what was kept is not touched");
    let mut beside = std::fs::read_dir(&config.page.data_dir).unwrap().map(|entry| entry.unwrap().path());
    assert!(beside.all(|path| path.extension().is_none_or(|end| end != "part")), "nothing half-written lies beside it");
    drop(cramped);

    let elsewhere = tempfile::tempdir().unwrap();
    let mut blind = config.clone();
    blind.database.url = "postgres://nobody@127.0.0.1:1/away".to_owned();
    let process = Program::new("page", &blind, elsewhere.path()).start();
    until_shown(&config, "The first trouble").await;
    let mut editions = std::collections::BTreeSet::new();
    for path in PATHS.into_iter().filter(|path| *path != "/en/alerts") {
        let answer = client().get(format!("http://{}{path}", config.page.listen)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}, from disk");
        editions.insert(answer.headers()["x-edition"].clone());
        assert!(!answer.text().await.unwrap().contains("The second trouble"), "{path}");
    }
    assert_eq!(editions.len(), 1, "one whole edition: {editions:?}");
    process.kill();

    let process = program.start();
    until("with room again, the newest is on disk", async || holds(&kept, "The second trouble")).await;
    process.kill();
    println!("full disk: {answered} answers, 0 refused; the edition before was whole after a restart");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edition_that_could_not_be_kept_is_kept_when_the_disk_takes_it_again() {
    let db = Database::sqlite().await;
    let app = Installation::with(&db).writing_only().start().await;
    let (mut config, blocked) = (app.other_program(), db.folder.path().join("blocked"));
    // A file where a folder should be: nothing can be written below it, whoever we are.
    std::fs::write(&blocked, "in the way").unwrap();
    config.page.data_dir = blocked.join("edition");
    let log = db.folder.path().join("log-of-the-blocked");
    let _ = Program::new("page", &config, db.folder.path());
    app.publish(&titled("The only trouble", "Yr unig helynt")).await;
    let process = Cramped::start(&db.folder.path().join("page.toml"), PLENTY, &log);
    until_shown(&config, "The only trouble").await;
    until("the operator is told", async || holds(&log, "could not be kept on disk")).await;
    std::fs::remove_file(&blocked).unwrap();
    let kept = config.page.data_dir.join("edition.hysbys");
    until("it is on disk without another publication", async || holds(&kept, "The only trouble")).await;
    drop(process);
}
