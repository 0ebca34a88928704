//! A server in a process of its own, held to the first core, so that both are measured under the same conditions.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use tokio::process::{Child, Command};

use crate::bench::processor::processor_seconds;
use crate::config::Config;

/// The core that servers run on.
const CORE: &str = "0";

/// A running server; it ends when this is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) paths: Paths,
    process: Child,
}

/// Where a server has the answer to each question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paths {
    /// The page in brotli.
    pub(super) whole: &'static str,
    /// Whether the page that a browser has is still right.
    pub(super) unchanged: &'static str,
}

impl Server {
    /// The public page as an operator would run it: its own process, with its own configuration file, on the database
    /// that is there.
    ///
    /// # Errors
    /// When the files cannot be written, or the program cannot be started.
    pub(super) async fn ours(config: &Config, folder: &Path) -> anyhow::Result<Self> {
        let (address, ops) = (free_address().await?, free_address().await?);
        let file = folder.join("page.toml");
        tokio::fs::write(&file, configuration(config, (address, ops), folder)?).await?;
        let program = std::env::current_exe()?;
        let program = program.to_str().context("the path of the program is text")?;
        let file = file.to_str().context("the path of the configuration is text")?;
        Self::run(&[program, "page", "--config", file], address, Paths { whole: super::HOME, unchanged: super::HOME })
    }

    /// Any other one.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn run(command: &[&str], address: SocketAddr, paths: Paths) -> anyhow::Result<Self> {
        let mut process = Command::new("taskset");
        process.args(["-c", CORE]).args(command).stdin(Stdio::null()).kill_on_drop(true);
        let process = process.spawn().context("cannot start taskset; install util-linux")?;
        Ok(Self { address, paths, process })
    }

    /// Processor time that it has used so far, in seconds.
    ///
    /// # Errors
    /// When it is not there any more.
    pub(super) fn processor_seconds(&self) -> anyhow::Result<f64> {
        processor_seconds(self.process.id().context("a server ended on its own")?)
    }
}

/// The page needs no channels, so their secrets stay where they are.
fn configuration(config: &Config, (page, ops): (SocketAddr, SocketAddr), folder: &Path) -> anyhow::Result<String> {
    let mut config = Config {
        database: config.database.clone(),
        site: config.site.clone(),
        secrets: config.secrets.clone(),
        ..Config::default()
    };
    config.page.listen = page;
    config.page.data_dir = folder.join("edition");
    config.ops.listen = ops;
    config.log.filter = "error".to_owned();
    Ok(toml::to_string(&config)?)
}

/// An address that nobody uses now.
///
/// # Errors
/// When there is none.
pub(super) async fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = edge::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    Ok(listener.local_addr()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_can_read_the_configuration_that_is_written_for_it() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        let text = configuration(&Config::default(), (address, address), Path::new("/tmp/x")).unwrap();
        let read: Config = toml::from_str(&text).unwrap();
        assert_eq!((read.page.listen, read.log.filter.as_str()), (address, "error"));
    }
}
