//! A whole installation in one process for a benchmark: real listeners, a fresh database, the sample lists and staff,
//! and the simulator as its outside world.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context;
use channels::settings::Rehearsal;
use domain::Env;
use edge::Lifecycle;
use simulator::Simulator;
use tempfile::TempDir;

use super::databases::{Database, Kind};
use super::http::Client;
use crate::config::Config;
use crate::demo::outside::Outside;
use crate::demo::ready::Ready;
use crate::demo::story::Story;
use crate::wiring::{self, Listeners, Parts, Roles};

/// Any free port of this machine.
const FREE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// How long the first edition may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An installation.
pub(super) struct Site {
    pub(super) parts: Parts,
    pub(super) simulator: Simulator,
    pub(super) story: Story,
    pub(super) ready: Ready,
    pub(super) folder: TempDir,
    lifecycle: Lifecycle,
    waiting: Option<(Listeners, Outside)>,
    database: Database,
}

impl Site {
    /// Makes one with its lists and staff, nobody signed up, and nothing started yet. The provider and the relay are
    /// agreed to take `rate` segments and mails per second.
    ///
    /// # Errors
    /// When the database or the sample data cannot be used.
    pub(super) async fn open(kind: &Kind, rate: u32) -> anyhow::Result<Self> {
        Self::make(kind, rate, Rehearsal::default()).await
    }

    /// The same with providers that send nothing to anybody.
    ///
    /// # Errors
    /// As [`Site::open`].
    pub(super) async fn rehearse(kind: &Kind, rehearsal: Rehearsal) -> anyhow::Result<Self> {
        Self::make(kind, rehearsal.rate, rehearsal).await
    }

    async fn make(kind: &Kind, rate: u32, rehearsal: Rehearsal) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("hysbys-bench-").tempdir()?;
        let database = kind.fresh().await?;
        let samples = crate::demo::samples()?;
        let mut story = Story::read(&samples.join("2018-01-24/story.toml"))?;
        story.subscribers.count = 0;

        let env = Env::real();
        let mut config = Config::for_demo(folder.path())?;
        config.database.url = database.url(folder.path());
        config.rehearsal = rehearsal;
        let listeners = listen(&mut config).await?;
        let outside = Outside::open_at_rate(rate, &mut config, &env).await?;
        let simulator = outside.simulator();
        let parts = Parts::join(config, env, Roles::ALL, None)?;
        let ready = Ready::make(&parts, &samples, &story).await?;
        let waiting = Some((listeners, outside));
        Ok(Self { parts, simulator, story, ready, folder, lifecycle: Lifecycle::new(), waiting, database })
    }

    /// Starts everything, and waits until the page has its first edition.
    ///
    /// # Errors
    /// When a part cannot start.
    pub(super) async fn start(&mut self) -> anyhow::Result<()> {
        let (listeners, outside) = self.waiting.take().context("it has been started already")?;
        outside.start(&self.lifecycle);
        wiring::start(&self.parts, listeners, &self.lifecycle)?;
        wait_for_page(self.parts.config.page.listen).await
    }

    /// Ends everything; the database and the folder stay.
    pub(super) async fn stop(&self) {
        self.lifecycle.stop.cancel();
        self.lifecycle.drain(Duration::from_secs(10)).await;
    }

    /// Ends everything, and removes the database.
    ///
    /// # Errors
    /// When a part ended on its own, which makes the figures worthless.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        let failed = self.lifecycle.has_failed();
        self.lifecycle.stop.cancel();
        self.lifecycle.drain(Duration::from_secs(10)).await;
        self.database.remove().await?;
        anyhow::ensure!(!failed, "a part of the installation ended on its own");
        Ok(())
    }
}

/// Binds free ports, and writes them into the configuration, so that every address in it is true.
async fn listen(config: &mut Config) -> anyhow::Result<Listeners> {
    for listen in [&mut config.page.listen, &mut config.authoring.listen, &mut config.notifier.listen] {
        *listen = FREE;
    }
    config.ops.listen = FREE;
    config.simulator.listen = FREE;
    let listeners = Listeners::bind(config, Roles::ALL).await?;
    let bound = |listener: &Option<tokio::net::TcpListener>| listener.as_ref().and_then(|one| one.local_addr().ok());
    config.page.listen = bound(&listeners.page).context("the page listens")?;
    config.authoring.listen = bound(&listeners.authoring).context("the staff side listens")?;
    config.notifier.listen = bound(&listeners.hooks).context("the hooks listen")?;
    for (language, url) in &mut config.site.url {
        *url = format!("http://{}/{language}", config.page.listen);
    }
    Ok(listeners)
}

/// Waits until the home page is there.
///
/// # Errors
/// When it is not there in time.
pub(super) async fn wait_for_page(address: SocketAddr) -> anyhow::Result<()> {
    let there = async {
        loop {
            let asked = async { Client::connect(address).await?.get("/en/", &[]).await };
            if asked.await.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, there).await.context("the page has nothing to show")
}
