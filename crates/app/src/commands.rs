//! The operator's commands, one file each.

pub mod audit;
pub mod check;
pub mod healthcheck;
pub mod load;
pub mod staff;
pub mod subscribers;

use std::io::Write;

use domain::Env;
use domain::staff::{Actor, Role};
use store::Store;

use crate::config::Config;

/// Opens the database of the configuration, with its key.
///
/// # Errors
/// When the key cannot be read, the database does not answer, or it was made with another key.
pub async fn open(config: &Config) -> anyhow::Result<Store> {
    let store = store_of(config, &Env::real())?;
    store.ping().await?;
    Ok(store)
}

/// The handle of the configured database; nothing is connected yet.
///
/// # Errors
/// When the key cannot be read or the address of the database cannot work.
pub fn store_of(config: &Config, env: &Env) -> anyhow::Result<Store> {
    let settings = store::Settings {
        url: config.database.url.clone(),
        max_connections: config.database.max_connections,
        acquire_timeout: std::time::Duration::from_millis(config.database.acquire_timeout_ms),
        ..store::Settings::default()
    };
    Ok(Store::connect_lazy(&settings, &config.key()?, env.clone())?)
}

/// Who acts from the command line, as the audit log names them.
#[must_use]
pub fn operator() -> Actor {
    Actor { id: 0, name: "operator".to_owned(), role: Role::Admin, organisation: None }
}

/// Writes a line to standard output, which is what these commands are for.
///
/// # Errors
/// When standard output is closed.
pub fn say(line: impl std::fmt::Display) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")
}
