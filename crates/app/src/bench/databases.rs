//! Which databases are measured: SQLite always, PostgreSQL too where a server is named; each run has a fresh one.

use std::path::Path;

use anyhow::{Context, ensure};
use domain::Env;
use tokio::process::Command;

/// The variable that names a PostgreSQL server on which databases may be made, as a URL.
const POSTGRES: &str = "HYSBYS_BENCH_POSTGRES";

/// A database that was made for one run.
#[derive(Clone, Debug)]
pub(super) enum Database {
    /// A file in the folder of the run.
    Sqlite,
    /// A database of its own on a server.
    Postgres {
        /// The server's own database, from which others are made.
        server: String,
        /// The name of ours.
        name: String,
    },
}

/// A sort of database.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Sqlite,
    Postgres(String),
}

impl Kind {
    /// The sorts that are measured in this run.
    pub(super) fn all() -> Vec<Self> {
        let server = std::env::var(POSTGRES).ok().map(Self::Postgres);
        [Self::Sqlite].into_iter().chain(server).collect()
    }

    /// The name in figures.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres(_) => "postgresql",
        }
    }

    /// Makes a fresh one.
    ///
    /// # Errors
    /// When the server does not answer or `psql` is not installed.
    pub(super) async fn fresh(&self) -> anyhow::Result<Database> {
        let Self::Postgres(server) = self else { return Ok(Database::Sqlite) };
        let name = format!("hysbys_bench_{}", Env::real().id());
        psql(server, &format!("CREATE DATABASE {name}")).await?;
        Ok(Database::Postgres { server: server.clone(), name })
    }
}

impl Database {
    /// Its address for the configuration.
    pub(super) fn url(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite://{}", folder.join("hysbys.db").display()),
            Self::Postgres { server, name } => with_database(server, name),
        }
    }

    /// Removes it; a file goes with its folder.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(super) async fn remove(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres { server, name } => psql(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await,
        }
    }
}

async fn psql(server: &str, statement: &str) -> anyhow::Result<()> {
    let mut run = Command::new("psql");
    run.args(["--quiet", "--no-psqlrc", "--dbname", server, "--command", statement]);
    let status = run.status().await.context("cannot start psql; install the PostgreSQL client")?;
    ensure!(status.success(), "psql failed on the server of {POSTGRES}");
    Ok(())
}

/// The same URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (place, options) =
        url.split_once('?').map_or((url, String::new()), |(place, rest)| (place, format!("?{rest}")));
    let host = place.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    format!("{host}/{name}{options}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_keeps_the_server_and_its_options() {
        let cases = [
            ("postgres://a@h:1/postgres", "postgres://a@h:1/b"),
            ("postgres://a@h:1", "postgres://a@h:1/b"),
            ("postgres://h/x?sslmode=require", "postgres://h/b?sslmode=require"),
        ];
        for (url, expected) in cases {
            assert_eq!(with_database(url, "b"), expected);
        }
    }
}
