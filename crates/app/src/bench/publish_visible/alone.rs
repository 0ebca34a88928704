//! A page process of its own upon the edition that lies on disk: how soon it answers, and how much memory it takes.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde::Serialize;

use crate::bench::http::Client;
use crate::bench::site::Site;
use crate::config;

/// How long a process may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long it is left alone with its database before its memory is read: it compares everything once.
const SETTLES: Duration = Duration::from_secs(10);

/// How many old pages are read before its memory is looked at.
const READ: i32 = 500;

/// What a process of its own was measured to do.
pub(super) struct Alone {
    /// From the start of the process until the home page is answered, in milliseconds.
    pub(super) first_answer_ms: f64,
    /// Its resident memory after it has settled and old pages were read, in megabytes.
    pub(super) resident_mb: f64,
}

/// The configuration of the process.
#[derive(Serialize)]
struct Configuration<'a> {
    database: &'a config::Database,
    site: &'a config::SiteSettings,
    secrets: &'a config::Secrets,
    page: page::Settings,
    ops: config::Ops,
}

/// Starts `hysbys page` where an installation has stopped, and measures it.
///
/// # Errors
/// When it does not start, or does not answer.
pub(super) async fn measured(site: &Site, past: i32) -> anyhow::Result<Alone> {
    let (listen, ops) = (free_port()?, free_port()?);
    let file = site.folder.path().join("page.toml");
    let config = &site.parts.config;
    let configuration = Configuration {
        database: &config.database,
        site: &config.site,
        secrets: &config.secrets,
        page: page::Settings { listen, ..config.page.clone() },
        ops: config::Ops { listen: ops },
    };
    std::fs::write(&file, toml::to_string(&configuration)?)?;
    let start = Instant::now();
    let process = Running::start(&file)?;
    tokio::time::timeout(PATIENCE, answers(listen)).await.context("the page process does not answer")?;
    let first_answer_ms = start.elapsed().as_secs_f64() * 1_000.0;
    tokio::time::sleep(SETTLES).await;
    let mut reader = Client::connect(listen).await?;
    for day in 1..=READ.min(past) {
        let answer = reader.get(&format!("/en/incidents/past-{}", past + 1 - day), &[]).await?;
        ensure!(answer.status == 200, "an old page is not there");
    }
    Ok(Alone { first_answer_ms, resident_mb: process.resident_mb()? })
}

fn free_port() -> anyhow::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}

async fn answers(address: SocketAddr) {
    loop {
        let asked = async { Client::connect(address).await?.get("/en/", &[]).await };
        if asked.await.is_ok_and(|answer| answer.status == 200) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The process; it ends with this value.
struct Running(Child);

impl Running {
    fn start(config: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("page").arg("--config").arg(config).stdout(Stdio::null());
        Ok(Self(command.spawn().context("cannot start a page process")?))
    }

    /// Its resident memory, as Linux counts it.
    fn resident_mb(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS is told")?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes / 1_024.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
