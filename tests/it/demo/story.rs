//! The story of 24 January 2018, played fast to its end: what the page says then, and that everybody who asked heard
//! each update once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use scenarios::waiting::until_within;
use serde_json::Value;

use super::child::Demo;
use super::counted::{Heard, Person, Story};

/// Thirty seconds of story at this speed, and a busy machine.
const SPEED: &str = "900";
const PATIENCE: Duration = Duration::from_secs(240);
/// The incidents of the story, by their numbers.
const INCIDENTS: [(u64, &str); 3] = [(4, "nhs-wales-app"), (7, "data-centres"), (8, "manchester-network")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_ends_well_and_everybody_has_heard_each_update_once() {
    let told = Told::to_its_end().await;
    told.the_page_says_that_it_is_over().await;
    told.everybody_heard_each_update_once().await;
    told.broadcasts_say_what_the_world_counted().await;
    told.posts_are_threads().await;
    told.the_audit_log_shows_tampering().await;
    told.demo.stop().await;
}

/// A story that has been told.
struct Told {
    demo: Demo,
    story: Story,
    people: Vec<Person>,
    /// Of both organisations, with their revisions.
    incidents: Vec<Value>,
    /// The token that may read each incident.
    tokens: BTreeMap<u64, String>,
}

impl Told {
    async fn to_its_end() -> Self {
        let demo = Demo::start(&["--speed", SPEED]).await;
        let people = Person::all(&demo.installed().does(&["subscribers", "export"]).await);
        let welsh = demo.sheet.tokens["author"].clone();
        let priya = &demo.staff("author", "mft").email;
        let made = demo.installed().does(&["staff", "token", "--email", priya, "--name", "test"]).await;
        let manchester = made.trim().to_owned();
        let tokens = BTreeMap::from([(4, welsh.clone()), (7, welsh), (8, manchester)]);
        let mut told = Self { demo, story: Story::read(), people, incidents: Vec::new(), tokens };
        until_within(PATIENCE, "incident 7 is over", async || told.is_over(7).await).await;
        for (number, key) in INCIDENTS {
            let incident = told.incident(number).await.expect(key);
            told.incidents.push(incident);
        }
        until_within(PATIENCE, "every message is out and reported", async || told.is_quiet().await).await;
        told
    }

    async fn api(&self, number: u64, path: &str) -> Value {
        let request = self.demo.client.get(format!("{}{path}", self.demo.sheet.api)).bearer_auth(&self.tokens[&number]);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    async fn incident(&self, number: u64) -> Option<Value> {
        let list = self.api(number, "/incidents").await;
        let found = list["incidents"].as_array()?.iter().find(|one| one["number"] == number)?.clone();
        Some(self.api(number, &format!("/incidents/{}", found["id"].as_str()?)).await)
    }

    async fn is_over(&self, number: u64) -> bool {
        self.incident(number).await.is_some_and(|incident| !incident["resolved_at"].is_null())
    }

    /// Nothing is left to send, and the world has reported on every text.
    async fn is_quiet(&self) -> bool {
        for (_, _, channels) in self.broadcasts().await {
            let left = |channel: &Value| channel["remaining"] != 0;
            let unreported = channels.get("sms").is_some_and(|sms| sms["delivered"] != sms["sent"]);
            if unreported || channels.as_object().expect("channels").values().any(left) {
                return false;
            }
        }
        self.demo.outside("ledger.json").await["callbacks_waiting"] == 0
    }

    /// The place in the story, the number of its incident and the counts by channel, of every update.
    async fn broadcasts(&self) -> Vec<(usize, u64, Value)> {
        let mut found = Vec::new();
        for (incident, (number, key)) in self.incidents.iter().zip(INCIDENTS) {
            let revisions = incident["revisions"].as_array().expect("revisions");
            let places = self.story.of_incident(key);
            assert_eq!(revisions.len(), places.len(), "every update of {key} was published");
            for (revision, place) in revisions.iter().zip(places) {
                let id = revision["id"].as_str().expect("an id");
                let mut broadcast = self.api(number, &format!("/broadcasts/{id}")).await;
                found.push((place, number, broadcast["channels"].take()));
            }
        }
        found
    }

    async fn the_page_says_that_it_is_over(&self) {
        let last = *self.story.of_incident("data-centres").last().expect("updates");
        let incident = &self.incidents[1];
        assert_eq!(incident["revisions"].as_array().and_then(|all| all.last()).expect("the last")["phase"], "resolved");
        for (language, over) in [("en", "Over"), ("cy", "Ar ben")] {
            let url = incident["urls"][language].as_str().expect("an address");
            let page = plain(&self.demo.text(url).await);
            let title = self.story.words(last, "title", language);
            assert!(page.contains(title) && page.contains(over), "{url} says {title:?} and {over:?}:\n{page}");
        }
        for prefix in ["", "/cy"] {
            let url = format!("{}{prefix}/api/v2/incidents.json", self.demo.sheet.page);
            let text = self.demo.text(&url).await;
            let feed: Value = serde_json::from_str(&text).expect("JSON");
            let link = if prefix.is_empty() { "/i/7" } else { "/d/7" };
            let is_it = |one: &&Value| one["shortlink"].as_str().is_some_and(|short| short.ends_with(link));
            let found = feed["incidents"].as_array().and_then(|all| all.iter().find(is_it));
            assert_eq!(found.expect("incident 7")["status"], "resolved", "{url}");
        }
    }

    async fn everybody_heard_each_update_once(&self) {
        let (phones, mails) = (self.demo.outside("phones.json").await, self.demo.outside("mails.json").await);
        let ids = self.incidents.iter().map(|one| one["id"].as_str().expect("an id").to_owned());
        let ids = ids.zip(INCIDENTS.map(|(_, key)| key)).collect();
        let texts = self.story.texts(&self.people, &phones);
        assert_same(&texts, &self.story.expected(&self.people, "sms"), "texts");
        assert_same(&self.story.mails(&mails, &ids), &self.story.expected(&self.people, "email"), "mails");
        let ledger = self.demo.outside("ledger.json").await;
        for channel in ["sms", "email", "mastodon"] {
            let totals = &ledger["channels"][channel];
            assert_eq!((&totals["repeats"], &totals["rejected"]), (&0.into(), &0.into()), "{channel}: {totals}");
        }
    }

    async fn broadcasts_say_what_the_world_counted(&self) {
        let phones = self.story.texts(&self.people, &self.demo.outside("phones.json").await);
        let mails = self.story.expected(&self.people, "email");
        for (place, number, channels) in self.broadcasts().await {
            for (channel, heard) in [("sms", &phones), ("email", &mails)] {
                let Some(counts) = channels.get(channel) else {
                    assert!(!self.story.goes_by(place, channel), "update {place} goes out by {channel}");
                    continue;
                };
                let people = heard.keys().filter(|(_, update)| *update == place).count();
                assert_eq!(counts["sent"], people, "incident {number}, update {place} by {channel}: {counts}");
                assert_eq!(counts["audience"], people, "incident {number}, update {place} by {channel}: {counts}");
                for none in ["failed", "skipped", "expired", "superseded", "unknown", "remaining"] {
                    assert_eq!(counts[none], 0, "incident {number}, update {place} by {channel}: {counts}");
                }
            }
        }
    }

    async fn posts_are_threads(&self) {
        let posts = self.demo.outside("posts.json").await;
        let posts = posts["posts"].as_array().expect("posts");
        let places = self.story.of_incident("data-centres");
        for language in ["en", "cy"] {
            // The newest stands first.
            let mine: Vec<_> = posts.iter().filter(|post| post["language"] == language).rev().collect();
            let accounts: BTreeSet<_> = mine.iter().map(|post| post["account"].as_str()).collect();
            assert_eq!(accounts.len(), 1, "one account speaks {language}");
            assert_eq!(mine.len(), places.len(), "each update was posted once in {language}");
            for (post, place) in mine.iter().zip(&places) {
                let words = self.story.words(*place, "post", language).split("{link}").next().expect("words");
                assert!(post["text"].as_str().expect("words").starts_with(words), "the posts keep their order");
            }
            assert!(mine[0]["in_reply_to"].is_null(), "the first post begins the thread");
            for pair in mine.windows(2) {
                assert_eq!(pair[1]["in_reply_to"], pair[0]["id"], "each next post answers the one before");
            }
        }
    }

    async fn the_audit_log_shows_tampering(&self) {
        let installed = self.demo.installed();
        let said = installed.does(&["audit", "verify"]).await;
        assert!(said.contains("unbroken"), "{said}");
        let url = format!("sqlite://{}", installed.file("hysbys.db").display());
        let refused = sql(&url, "UPDATE audit_entry SET actor_name = 'nobody' WHERE number = 9").await;
        assert!(refused.expect_err("it is refused").contains("append-only"));
        sql(&url, "DROP TRIGGER audit_entry_unchanged").await.expect("whoever has the file can do this");
        sql(&url, "UPDATE audit_entry SET actor_name = 'nobody' WHERE number = 9").await.expect("and then this");
        let ended = installed.run(&["audit", "verify"]).await;
        assert_eq!(ended.code, 1, "{ended:?}");
        assert!(ended.complained.contains("line 9 of the audit log does not fit"), "{}", ended.complained);
    }
}

fn assert_same(heard: &Heard, expected: &Heard, what: &str) {
    assert!(!expected.is_empty(), "somebody should get {what}");
    let wrong = |one: &Heard, other: &Heard| -> Vec<_> {
        one.iter()
            .filter(|(key, count)| other.get(key) != Some(count))
            .map(|(key, count)| (key.clone(), *count))
            .collect()
    };
    let (too_many, missing) = (wrong(heard, expected), wrong(expected, heard));
    assert!(too_many.is_empty() && missing.is_empty(), "{what}: not expected {too_many:?}; missing {missing:?}");
}

/// The words of a page, without marks.
fn plain(html: &str) -> String {
    html.replace("&#x27;", "'")
}

async fn sql(url: &str, statement: &str) -> Result<(), String> {
    use sqlx::{ConnectOptions, Connection};
    let options: sqlx::sqlite::SqliteConnectOptions = url.parse().expect("a SQLite address");
    let mut connection = options.busy_timeout(Duration::from_secs(5)).connect().await.expect("a connection");
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await;
    connection.close().await.expect("it closes");
    done.map(|_| ()).map_err(|error| error.to_string())
}
