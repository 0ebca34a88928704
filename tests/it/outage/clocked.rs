//! A page on a clock that the scenario moves: nobody waits a minute to read that the information is a minute old.

use domain::Env;
use edge::Lifecycle;
use hysbys::config::Config;
use hysbys::wiring::{self, Listeners, Parts, Roles};
use scenarios::databases::Database;
use scenarios::installation::free_address;
use scenarios::process::client;

use super::ground::Ground;

/// What stands before the time at which the page was confirmed.
const STAMP: &str = "Confirmed at ";

/// What readers are told when nobody could make sure of the edition for a minute.
pub(super) const DOUBT: &str = "We have not been able to make sure of this information since";

/// A page on a clock that the scenario moves.
pub(super) struct Clocked {
    pub(super) page: String,
    lifecycle: Lifecycle,
}

impl Clocked {
    pub(super) async fn start(config: &Config, env: &Env) -> Self {
        let listeners = Listeners::bind(config, Roles::PAGE).await.unwrap();
        let parts = Parts::join(config.clone(), env.clone(), Roles::PAGE, None).unwrap();
        let lifecycle = Lifecycle::new();
        wiring::start(&parts, listeners, &lifecycle).unwrap();
        Self { page: format!("http://{}", config.page.listen), lifecycle }
    }

    pub(super) async fn home(&self) -> String {
        client().get(format!("{}/en/", self.page)).send().await.unwrap().text().await.unwrap()
    }

    /// The time at which the page says that it was confirmed.
    pub(super) async fn stamp(&self) -> Option<String> {
        let home = self.home().await;
        let (_, rest) = home.split_once(STAMP)?;
        rest.split('<').next().map(str::to_owned)
    }

    pub(super) async fn stop(self) {
        self.lifecycle.stop.cancel();
        assert!(self.lifecycle.drain(std::time::Duration::from_secs(30)).await);
    }
}

/// What a page of its own beside the ground is told: the same database, other addresses, a folder of its own.
pub(super) fn config_beside(ground: &Ground<'_>, database: &Database) -> Config {
    let mut config = ground.config.clone();
    (config.page.listen, config.ops.listen) = (free_address(), free_address());
    config.page.data_dir = database.folder.path().join("edition-on-a-clock");
    config
}
