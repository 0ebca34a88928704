//! The ways in which a database goes away, and its return.

use std::path::{Path, PathBuf};

use scenarios::databases::{Database, POSTGRES};
use sqlx::Connection;

use super::ground::Ground;
use super::wire::Switch;

/// How the database is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// Something else stands where the SQLite file was: a volume that came back empty.
    Folder,
    /// The SQLite file and its write-ahead log are overwritten: a broken disk.
    Garbage,
    /// The SQLite file is gone: a volume that was not mounted. Or the PostgreSQL server knows no such database.
    Gone,
    /// Another program holds the SQLite file for itself, as a backup that hangs: whoever writes waits in vain.
    Locked,
    /// The PostgreSQL server lets nobody in, and has cut off everybody who was in.
    Closed,
    /// The PostgreSQL server takes every connection and question, and answers none.
    Stalled,
    /// The PostgreSQL server can be asked and takes no change: a fail-over to a copy that only follows.
    ReadOnly,
}

/// The parts of a SQLite database in WAL mode.
const FILES: [&str; 3] = ["test.db", "test.db-wal", "test.db-shm"];

/// A database that is away. [`Blackout::end`] brings it back.
pub(super) struct Blackout<'d> {
    database: &'d Database,
    switch: Option<Switch>,
    loss: Loss,
    /// Whoever holds the file.
    holder: Option<sqlx::SqliteConnection>,
}

impl<'d> Blackout<'d> {
    pub(super) async fn begin(ground: &Ground<'d>, loss: Loss) -> Self {
        let mut blackout = Self { database: ground.app.database, switch: ground.switch(), loss, holder: None };
        let name = blackout.name();
        match loss {
            Loss::Closed => blackout.close().await,
            Loss::Stalled => blackout.turn(false),
            Loss::Locked => blackout.lock().await,
            Loss::Gone if !blackout.database.store.is_sqlite() => {
                blackout.close().await;
                on_server(&format!("ALTER DATABASE {name} RENAME TO {name}_aside")).await;
            }
            Loss::ReadOnly => {
                on_server(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
                blackout.hang_up().await;
            }
            loss => blackout.lose_files(loss),
        }
        blackout
    }

    pub(super) async fn end(mut self) {
        let name = self.name();
        match self.loss {
            Loss::Closed => self.open().await,
            Loss::Stalled => self.turn(true),
            Loss::Locked => self.holder.take().expect("it is held").close().await.unwrap(),
            Loss::Gone if !self.database.store.is_sqlite() => {
                on_server(&format!("ALTER DATABASE {name}_aside RENAME TO {name}")).await;
                self.open().await;
            }
            Loss::ReadOnly => {
                on_server(&format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
                self.hang_up().await;
            }
            _ => self.bring_files_back(),
        }
    }

    fn turn(&self, carries: bool) {
        self.switch.as_ref().expect("a wire to the server").turn(carries);
    }

    fn bring_files_back(&self) {
        for name in FILES {
            let place = self.folder().join(name);
            if place.is_dir() {
                std::fs::remove_dir(&place).unwrap();
            } else if place.exists() {
                std::fs::remove_file(&place).unwrap();
            }
            let kept = self.aside().join(name);
            if kept.exists() {
                std::fs::rename(kept, place).unwrap();
            }
        }
    }

    fn lose_files(&self, loss: Loss) {
        std::fs::create_dir_all(self.aside()).unwrap();
        for name in FILES {
            let place = self.folder().join(name);
            if place.exists() {
                std::fs::rename(&place, self.aside().join(name)).unwrap();
            }
        }
        match loss {
            Loss::Folder => std::fs::create_dir(self.folder().join(FILES[0])).unwrap(),
            Loss::Garbage => {
                for name in &FILES[..2] {
                    std::fs::write(self.folder().join(name), vec![7; 100_000]).unwrap();
                }
            }
            _ => {}
        }
    }

    async fn lock(&mut self) {
        let url = format!("sqlite://{}", self.folder().join(FILES[0]).display());
        let mut holder = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("PRAGMA busy_timeout = 20000; BEGIN EXCLUSIVE").execute(&mut holder).await.unwrap();
        self.holder = Some(holder);
    }

    async fn close(&self) {
        on_server(&format!("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", self.name())).await;
        self.hang_up().await;
    }

    async fn open(&self) {
        on_server(&format!("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true", self.name())).await;
    }

    /// Ends every connection: a setting of the database is for those that begin.
    async fn hang_up(&self) {
        let name = self.name();
        on_server(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
    }

    fn name(&self) -> String {
        let url = url::Url::parse(&self.database.settings.url).unwrap();
        url.path().trim_start_matches('/').to_owned()
    }

    fn folder(&self) -> &Path {
        self.database.folder.path()
    }

    fn aside(&self) -> PathBuf {
        self.folder().join("aside")
    }
}

/// Runs SQL beside the database that is lost.
async fn on_server(sql: &str) {
    let server = std::env::var(POSTGRES).unwrap();
    let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
