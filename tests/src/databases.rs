//! A fresh database for each test, on SQLite and on PostgreSQL, so that no query is trusted on one of them alone.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Env;
use sqlx::{ConnectOptions, Connection, Row};
use store::{Durability, Key, Settings, Store};

/// The variable that names a PostgreSQL server on which databases may be made, as a URL.
pub const POSTGRES: &str = "HYSBYS_TEST_POSTGRES";
/// The variable that says `1` where there is no PostgreSQL and that is known.
pub const SQLITE_ONLY: &str = "HYSBYS_TEST_SQLITE_ONLY";

/// Makes two tests of one async function that takes a [`Database`].
#[macro_export]
macro_rules! on_both {
    (async fn $name:ident($db:ident: $database:ty) $body:block) => {
        async fn $name($db: &$database) $body

        mod $name {
            use $crate::databases::Database;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(&Database::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(db) = Database::postgres().await {
                    super::$name(&db).await;
                }
            }
        }
    };
}

/// A migrated database of one test. It is gone when the test ends, however it ends.
pub struct Database {
    /// The store, on a clock that stands still at noon on 24 January 2018.
    pub store: Store,
    /// Its clock.
    pub env: Env,
    /// Its settings.
    pub settings: Settings,
    /// The server and the name of a database that must be dropped.
    server: Option<(String, String)>,
    /// The folder of the SQLite file.
    pub folder: tempfile::TempDir,
}

impl Database {
    /// A SQLite file in a folder of its own.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/test.db", folder.path().display());
        Self::migrated(url, None, folder).await
    }

    /// A database of its own on the server of [`POSTGRES`]. None only where [`SQLITE_ONLY`] says so.
    ///
    /// # Panics
    /// When no server is named, because a test that silently does nothing is worse than one that fails.
    pub async fn postgres() -> Option<Self> {
        if std::env::var(SQLITE_ONLY).is_ok_and(|value| value == "1") {
            return None;
        }
        let server =
            std::env::var(POSTGRES).unwrap_or_else(|_| panic!("set {POSTGRES} to a server, or {SQLITE_ONLY}=1"));
        let name = unique_name();
        let mut url = url_of(&server);
        run_on(&server, &format!("CREATE DATABASE {name}")).await.expect("a new database");
        url.set_path(&name);
        let folder = tempfile::tempdir().expect("a temporary folder");
        Some(Self::migrated(url.to_string(), Some((server, name)), folder).await)
    }

    /// The database at this address, which is left to its owner at the end.
    ///
    /// # Panics
    /// When it does not take our schema.
    pub async fn at(url: String) -> Self {
        Self::migrated(url, None, tempfile::tempdir().expect("a temporary folder")).await
    }

    async fn migrated(url: String, server: Option<(String, String)>, folder: tempfile::TempDir) -> Self {
        let env = Env::fixed(noon(), 7);
        let settings = Settings {
            url,
            // A machine that runs many scenarios at once may take seconds to open a connection.
            acquire_timeout: Duration::from_secs(30),
            durability: Durability::Normal,
            ..Settings::default()
        };
        let store = Store::connect_lazy(&settings, &key(), env.clone()).expect("a readable address");
        let database = Self { store, env, settings, server, folder };
        database.store.migrate().await.expect("the schema applies");
        database
    }

    /// What another process would have: its own connections to the same database.
    ///
    /// # Panics
    /// When the address is not readable.
    #[must_use]
    pub fn other_process(&self) -> Store {
        Store::connect_lazy(&self.settings, &key(), self.env.clone()).expect("a readable address")
    }

    /// Runs SQL that the product would never run, such as tampering.
    ///
    /// # Panics
    /// When the database does not take it.
    pub async fn sql(&self, sql: &str) {
        self.try_sql(sql).await.expect("the statement runs");
    }

    /// As [`Database::sql`], for a statement that may be refused.
    ///
    /// # Errors
    /// What the database says.
    pub async fn try_sql(&self, sql: &str) -> Result<(), String> {
        run_on(&self.settings.url, sql).await.map_err(|error| error.to_string())
    }

    /// The first column of the first row, a number.
    ///
    /// # Panics
    /// When there is none.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        if self.store.is_sqlite() {
            let mut connection = sqlite_options(&self.settings.url).connect().await.expect("a connection");
            return sqlx::query(sql).fetch_one(&mut connection).await.expect("a row").get(0);
        }
        let mut connection = sqlx::PgConnection::connect(&self.settings.url).await.expect("a connection");
        sqlx::query(sql).fetch_one(&mut connection).await.expect("a row").get(0)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.server.take() else { return };
        // A runtime of its own on a thread of its own: this also runs when the test has panicked.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let _ = runtime.block_on(run_on(&server, &format!("DROP DATABASE {name} WITH (FORCE)")));
        });
        let _ = dropping.join();
    }
}

/// The moment at which the clock of every test stands.
///
/// # Panics
/// Never.
#[must_use]
pub fn noon() -> DateTime<Utc> {
    "2018-01-24T12:00:00Z".parse().expect("a time")
}

/// The key of every test.
#[must_use]
pub fn key() -> Key {
    Key::from_bytes([42; 32])
}

fn unique_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    format!("hysbys_test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

fn url_of(server: &str) -> url::Url {
    url::Url::parse(server).expect("HYSBYS_TEST_POSTGRES is a URL")
}

fn sqlite_options(url: &str) -> sqlx::sqlite::SqliteConnectOptions {
    url.parse().expect("a SQLite address")
}

async fn run_on(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite") {
        let options = sqlite_options(url).busy_timeout(Duration::from_secs(5));
        let mut connection = options.connect().await?;
        sqlx::raw_sql(sql).execute(&mut connection).await?;
        return connection.close().await;
    }
    let mut connection = sqlx::PgConnection::connect(url).await?;
    sqlx::raw_sql(sql).execute(&mut connection).await?;
    connection.close().await
}
