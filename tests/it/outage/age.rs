//! However the database is lost, the page goes on and says how old its information is, also after a restart without it.

use chrono::Duration;
use domain::Env;
use edge::Lifecycle;
use hysbys::config::Config;
use hysbys::wiring::{self, Listeners, Parts, Roles};
use scenarios::databases::Database;
use scenarios::installation::free_address;
use scenarios::process::client;
use scenarios::waiting::until;

use super::blackout::{Blackout, Loss};
use super::crowd::Crowd;
use super::ground::{Ground, INCIDENT};

const STAMP: &str = "Confirmed at ";
const DOUBT: &str = "We have not been able to make sure of this information since";

/// A page on a clock that the scenario moves.
struct Clocked {
    page: String,
    lifecycle: Lifecycle,
}

impl Clocked {
    async fn start(config: &Config, env: &Env) -> Self {
        let listeners = Listeners::bind(config, Roles::PAGE).await.unwrap();
        let parts = Parts::join(config.clone(), env.clone(), Roles::PAGE, None).unwrap();
        let lifecycle = Lifecycle::new();
        wiring::start(&parts, listeners, &lifecycle).unwrap();
        Self { page: format!("http://{}", config.page.listen), lifecycle }
    }

    async fn home(&self) -> String {
        client().get(format!("{}/en/", self.page)).send().await.unwrap().text().await.unwrap()
    }

    /// The time at which the page says that it was confirmed.
    async fn stamp(&self) -> Option<String> {
        let home = self.home().await;
        let (_, rest) = home.split_once(STAMP)?;
        rest.split('<').next().map(str::to_owned)
    }

    async fn stop(self) {
        self.lifecycle.stop.cancel();
        assert!(self.lifecycle.drain(std::time::Duration::from_secs(30)).await);
    }
}

async fn the_age_is_said(database: &Database, loss: Loss) {
    let ground = Ground::prepare(database).await;
    let env = &database.env;
    env.advance(Duration::hours(4));
    let mut config = ground.config.clone();
    (config.page.listen, config.ops.listen) = (free_address(), free_address());
    config.page.data_dir = database.folder.path().join("edition-on-a-clock");
    let page = Clocked::start(&config, env).await;
    until("it shows the incident", async || page.home().await.contains(INCIDENT)).await;
    until("its edition is on disk", async || config.page.data_dir.join("edition.hysbys").exists()).await;
    let stamp = page.stamp().await.expect("it always says when it was confirmed");

    let crowd = Crowd::gathers(&page.page);
    let blackout = Blackout::begin(&ground, loss).await;
    env.advance(Duration::seconds(61));
    until("readers are told", async || page.home().await.contains(DOUBT)).await;
    crowd.reads_on(200).await;
    let answered = crowd.was_always_answered().await;
    page.stop().await;

    let page = Clocked::start(&config, env).await;
    assert_eq!(page.stamp().await, Some(stamp), "from disk, with the time of the last confirmation");
    let crowd = Crowd::gathers(&page.page);
    env.advance(Duration::seconds(61));
    until("readers are told again", async || page.home().await.contains(DOUBT)).await;
    assert!(page.home().await.contains(INCIDENT));
    blackout.end().await;
    until("the doubt is over", async || !page.home().await.contains(DOUBT)).await;
    let again = crowd.was_always_answered().await;
    println!("{loss:?}: the age was said to readers; {} answers, 0 refused", answered + again);
    page.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_file_is_gone() {
    the_age_is_said(&Database::sqlite().await, Loss::Gone).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_file_is_garbage() {
    the_age_is_said(&Database::sqlite().await, Loss::Garbage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_server_lets_nobody_in() {
    if let Some(database) = Database::postgres().await {
        the_age_is_said(&database, Loss::Closed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_server_knows_the_database_no_more() {
    if let Some(database) = Database::postgres().await {
        the_age_is_said(&database, Loss::Gone).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_is_said_when_the_server_never_answers() {
    if let Some(database) = Database::postgres().await {
        the_age_is_said(&database, Loss::Stalled).await;
    }
}
