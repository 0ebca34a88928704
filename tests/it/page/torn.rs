//! A page process that is killed at random moments of publishing: whatever is on disk afterwards is one whole edition,
//! in which pages, feeds and JSON tell the same newest update.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use domain::Env;
use hysbys::config::Config;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::process::{Program, client};
use scenarios::update::Update;
use scenarios::waiting::{lasts, until};
use serde_json::json;

/// On each of the two databases.
const KILLS: usize = 100;
/// Incidents that take turns, so that none has a page of two hundred updates.
const INCIDENTS: usize = 8;

/// One response set: what people, feed readers and programs ask for.
const PATHS: [&str; 12] = [
    "/en/",
    "/cy/",
    "/en/feed.atom",
    "/cy/feed.atom",
    "/en/feed.json",
    "/cy/feed.json",
    "/en/feed.rss",
    "/api/v2/summary.json",
    "/en/history/2018-01",
    "/cy/hanes/2018-01",
    "/history.atom",
    "/cap/feed.atom",
];

on_both! {
    async fn a_hundred_kills_leave_no_torn_and_no_mixed_edition(db: Database) {
        let app = Installation::with(db).writing_only().start().await;
        let config = app.other_program();
        let program = Program::new("page", &config, db.folder.path());
        let elsewhere = tempfile::tempdir().unwrap();
        let blind = Program::new("page", &without_database(&config), elsewhere.path());
        let mut press = Press::of(&app);
        let mut witness = Witness::of(&config);
        press.publishes().await;
        let mut process = program.start();
        witness.sees(press.number).await;
        let folder = config.page.data_dir.clone();
        let span = span_of_a_publication(&mut press, &folder).await;

        let random = Env::fixed(scenarios::databases::noon(), 2018);
        let begun = Instant::now();
        let (mut unfinished, mut behind) = (0, 0);
        for kill in 0..KILLS {
            press.publishes().await;
            lasts(random_part_of(span, &random)).await;
            process.kill();
            unfinished += usize::from(was_being_written(&config.page.data_dir));
            // Every second time the database is away when it comes back, so that only the disk can answer.
            if kill % 2 == 0 {
                let process = blind.start();
                behind += usize::from(witness.reads_what_is_kept().await < press.number);
                process.kill();
            }
            process = program.start();
            witness.reads().await;
            witness.sees(press.number).await;
            // What readers saw and the disk has not, a page that comes back without its database cannot show.
            is_kept(press.number, &folder).await;
        }
        println!(
            "{}: {KILLS} kills within {span:.1?} of a publication, in {:.0} s; {unfinished} while the edition was \
             written; of {} that only the disk answered for, {behind} showed the edition before; {} editions seen",
            if db.store.is_sqlite() { "SQLite" } else { "PostgreSQL" },
            begun.elapsed().as_secs_f64(),
            KILLS / 2,
            witness.told.len(),
        );
    }
}

/// How long it takes from a publication until its edition is on disk, which depends on the machine.
async fn span_of_a_publication(press: &mut Press<'_>, folder: &Path) -> Duration {
    press.publishes().await;
    let published = Instant::now();
    is_kept(press.number, folder).await;
    published.elapsed()
}

/// Waits until an edition that tells this update is on disk.
async fn is_kept(number: usize, folder: &Path) {
    let words = format!("Trouble number {number}.");
    let tells = |file: Vec<u8>| file.windows(words.len()).any(|part| part == words.as_bytes());
    until("its edition is on disk", async || std::fs::read(folder.join("edition.hysbys")).is_ok_and(tells)).await;
}

fn random_part_of(span: Duration, random: &Env) -> Duration {
    Duration::from_micros(random.below(u64::try_from(span.as_micros()).unwrap().max(1)))
}

/// The same page where no database can be reached.
fn without_database(config: &Config) -> Config {
    let mut config = config.clone();
    config.database.url = "postgres://nobody@127.0.0.1:1/away".to_owned();
    config
}

/// A kill left a file that was not finished.
fn was_being_written(folder: &Path) -> bool {
    let mut found = false;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "part") {
            std::fs::remove_file(path).unwrap();
            found = true;
        }
    }
    found
}

/// Publishes updates whose titles count.
struct Press<'a> {
    app: &'a Installation<'a>,
    incidents: Vec<i64>,
    number: usize,
}

impl<'a> Press<'a> {
    fn of(app: &'a Installation<'_>) -> Self {
        Self { app, incidents: Vec::new(), number: 0 }
    }

    async fn publishes(&mut self) {
        self.number += 1;
        let title = json!({
            "en": format!("Trouble number {}.", self.number),
            "cy": format!("Helynt rhif {}.", self.number),
        });
        let update = Update::first().on(&[]).with("title", title);
        if self.incidents.len() < INCIDENTS {
            self.incidents.push(self.app.publish(&update).await.incident);
        } else {
            self.app.publish_next(self.incidents[self.number % INCIDENTS], &update).await;
        }
    }
}

/// Reads whole response sets, and remembers what each edition said.
struct Witness {
    client: reqwest::Client,
    page: String,
    /// The newest update that an edition tells, by its id.
    told: BTreeMap<String, usize>,
    newest: usize,
    /// The editions that answered the last response set.
    editions: BTreeSet<String>,
}

impl Witness {
    fn of(config: &Config) -> Self {
        let page = format!("http://{}", config.page.listen);
        Self { client: client(), page, told: BTreeMap::new(), newest: 0, editions: BTreeSet::new() }
    }

    /// Waits until the page shows an update.
    async fn sees(&mut self, number: usize) {
        let (client, address) = (self.client.clone(), format!("{}/en/", self.page));
        until("the page shows the update", async || {
            let Ok(answer) = client.get(&address).send().await else { return false };
            number_in(&answer.text().await.unwrap_or_default()) == number
        })
        .await;
        assert_eq!(self.reads().await, number);
    }

    /// The same where nothing can come between: the whole set is one edition.
    async fn reads_what_is_kept(&mut self) -> usize {
        let newest = self.reads().await;
        assert_eq!(self.editions.len(), 1, "one edition answers everything: {:?}", self.editions);
        newest
    }

    /// Reads one response set as soon as the page answers, and gives back the newest update that it told.
    ///
    /// With the database there, the next edition may come out between two answers. Then each answer has to agree with
    /// every other one of its own edition.
    async fn reads(&mut self) -> usize {
        self.until_it_listens().await;
        let mut newest = 0;
        self.editions.clear();
        for path in PATHS {
            let answer = self.client.get(format!("{}{path}", self.page)).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            let edition = answer.headers()["x-edition"].to_str().unwrap().to_owned();
            let number = number_in(&answer.text().await.unwrap());
            self.editions.insert(edition.clone());
            let told = *self.told.entry(edition.clone()).or_insert(number);
            assert_eq!(number, told, "{path} of edition {edition}");
            newest = number;
        }
        assert!(newest >= self.newest, "it never goes back: {newest} after {}", self.newest);
        self.newest = newest;
        newest
    }

    async fn until_it_listens(&self) {
        let address = format!("{}/robots.txt", self.page);
        until("the page listens", async || self.client.get(&address).send().await.is_ok()).await;
    }
}

/// The highest number in the titles of a document; 0 where nothing was published yet.
fn number_in(document: &str) -> usize {
    let after = |words| document.split(words).skip(1).filter_map(|rest: &str| rest.split('.').next()?.parse().ok());
    after("Trouble number ").chain(after("Helynt rhif ")).max().unwrap_or_default()
}
