//! The operator's commands, one file each.

pub mod audit;
pub mod check;
pub mod healthcheck;
pub mod load;
pub mod staff;
pub mod subscribers;

use std::io::{ErrorKind, Write};

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
    write_out(format!("{line}\n").as_bytes())
}

/// Writes bytes to standard output.
///
/// # Errors
/// When standard output is closed; see [`was_read_enough`].
pub fn write_out(bytes: &[u8]) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(bytes).and_then(|()| output.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => std::io::Error::new(ErrorKind::BrokenPipe, ReadEnough),
        _ => error,
    })
}

/// Whoever read standard output has stopped, as `head` does. The mark tells it from a database that hung up.
#[derive(Clone, Copy, Debug)]
struct ReadEnough;

impl std::fmt::Display for ReadEnough {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("nobody reads on")
    }
}

impl std::error::Error for ReadEnough {}

/// Whether a command ended because its reader had read enough: that is no failure.
#[must_use]
pub fn was_read_enough(error: &anyhow::Error) -> bool {
    let is_mark = |cause: &(dyn std::error::Error + 'static)| {
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        inner.is_some_and(|inner| inner.is::<ReadEnough>())
    };
    error.chain().any(is_mark)
}
