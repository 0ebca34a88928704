//! Connection pools: what every connection is told, and how a lost database is noticed and found again.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, PgPool};

use crate::StoreError;
use crate::settings::{Durability, Settings};

/// How long a SQLite writer waits for another process's writer.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Where the database is, with everything that a new connection needs to know.
#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

impl Place {
    /// Reads the address of the settings.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, StoreError> {
        let url = settings.url.as_str();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::broken("unreadable database.url"))?;
            return Ok(Self::Postgres(Box::new(options.application_name("hysbys").disable_statement_logging())));
        }
        if !url.starts_with("sqlite:") || url.contains(":memory:") || url.contains("mode=memory") {
            return Err(StoreError::broken(
                "database.url must begin with sqlite:// and name a file, or with postgres://",
            ));
        }
        let options = SqliteConnectOptions::from_str(url).map_err(|_| StoreError::broken("unreadable database.url"))?;
        Ok(Self::Sqlite(Box::new(sqlite_options(options, settings.durability))))
    }

    /// A pool that connects when it is first used.
    pub(crate) fn open(&self, settings: &Settings) -> DatabaseConnection {
        match self {
            Self::Sqlite(options) => open_sqlite(options, settings),
            Self::Postgres(options) => open_postgres(options, settings),
        }
    }

    /// Makes an empty SQLite file where there is none. Nothing else ever does: after a lost disk an empty database
    /// would look like one without subscribers.
    pub(crate) async fn create_if_missing(&self) -> Result<(), StoreError> {
        if let Self::Sqlite(options) = self
            && !options.get_filename().exists()
        {
            close_to_others(options.get_filename())?;
            let connection = options.as_ref().clone().create_if_missing(true).connect().await?;
            connection.close().await?;
        }
        Ok(())
    }

    /// Few connections for taking shares of providers' rates, apart from the pool that queries wait for. A grant that a
    /// crash of the database forgets is a moment of the rate, so nobody waits for the disk.
    pub(crate) fn rate_pool(&self, settings: &Settings) -> Option<PgPool> {
        let Self::Postgres(options) = self else { return None };
        let options = options.as_ref().clone().options([("synchronous_commit", "off")]);
        let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(settings.acquire_timeout);
        Some(pool.connect_lazy_with(options))
    }

    /// One connection for listening, apart from the pool that queries wait for.
    pub(crate) fn listener_pool(&self) -> Option<PgPool> {
        let Self::Postgres(options) = self else { return None };
        let pool = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        Some(pool.connect_lazy_with(options.as_ref().clone()))
    }
}

/// Makes the file so that only its owner may read it; SQLite gives its log and its index the same rights. An empty file
/// is an empty database.
fn close_to_others(file: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(file);
    made.map(drop).map_err(|error| StoreError::unavailable(format!("the database file cannot be made: {error}")))
}

fn sqlite_options(options: SqliteConnectOptions, durability: Durability) -> SqliteConnectOptions {
    let synchronous = match durability {
        Durability::Full => SqliteSynchronous::Full,
        Durability::Normal => SqliteSynchronous::Normal,
    };
    options
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        // 4 MiB of pages per connection, and there are several: what is larger, the system's own cache holds once for
        // all. The sign in front of the number means KiB.
        .pragma("cache_size", "-4096")
        // A log that grew while somebody read for long is cut back to 64 MiB.
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging()
}

fn open_sqlite(options: &SqliteConnectOptions, settings: &Settings) -> DatabaseConnection {
    let file = Arc::new(FileWatch::new(options.get_filename()));
    let pool = SqlitePoolOptions::new()
        .max_connections(settings.max_connections)
        .acquire_timeout(settings.acquire_timeout)
        .before_acquire(move |_, connection| {
            let current = file.is_current(connection.age);
            Box::pin(async move { Ok(current) })
        });
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.connect_lazy_with(options.clone()))
}

fn open_postgres(options: &PgConnectOptions, settings: &Settings) -> DatabaseConnection {
    let pool = PgPoolOptions::new()
        .max_connections(settings.max_connections)
        .acquire_timeout(settings.acquire_timeout)
        // A process that was stopped in the middle of a transaction must not hold its locks for ever.
        .after_connect(|connection, _| {
            Box::pin(
                async move { connection.execute("SET idle_in_transaction_session_timeout = '15s'").await.map(|_| ()) },
            )
        });
    SqlxPostgresConnector::from_sqlx_postgres_pool(pool.connect_lazy_with(options.clone()))
}

/// Notices that the file at the path is another one than before: an open connection would go on reading a database
/// that was deleted or replaced by a restored copy.
struct FileWatch {
    path: PathBuf,
    known: Mutex<Known>,
}

struct Known {
    identity: Option<(u64, u64)>,
    since: Instant,
}

impl FileWatch {
    fn new(path: &Path) -> Self {
        let known = Known { identity: identity_of(path), since: Instant::now() };
        Self { path: path.to_owned(), known: Mutex::new(known) }
    }

    /// Whether a connection of this age speaks to the file that is at the path now.
    fn is_current(&self, age: Duration) -> bool {
        let Some(identity) = identity_of(&self.path) else { return false };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.identity != Some(identity) {
            *known = Known { identity: Some(identity), since: Instant::now() };
        }
        age <= known.since.elapsed()
    }
}

/// Device and inode.
fn identity_of(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    Some((metadata.dev(), metadata.ino()))
}
