//! The ways in which a database goes away, and its return.

use std::path::{Path, PathBuf};

use scenarios::databases::{Database, POSTGRES};
use sqlx::Connection;

/// How the database is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// Something else stands where the SQLite file was: a volume that came back empty.
    Folder,
    /// The SQLite file and its write-ahead log are overwritten: a broken disk.
    Garbage,
    /// The SQLite file is gone: a volume that was not mounted.
    Gone,
    /// The PostgreSQL server lets nobody in, and has cut off everybody who was in.
    Closed,
}

/// The parts of a SQLite database in WAL mode.
const FILES: [&str; 3] = ["test.db", "test.db-wal", "test.db-shm"];

/// A database that is away. [`Blackout::end`] brings it back.
pub(super) struct Blackout<'d> {
    database: &'d Database,
    loss: Loss,
}

impl<'d> Blackout<'d> {
    pub(super) async fn begin(database: &'d Database, loss: Loss) -> Self {
        let blackout = Self { database, loss };
        match loss {
            Loss::Closed => blackout.close().await,
            loss => blackout.lose_files(loss),
        }
        blackout
    }

    pub(super) async fn end(self) {
        if self.loss == Loss::Closed {
            on_server(&format!("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true", self.name())).await;
            return;
        }
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
            Loss::Gone | Loss::Closed => {}
        }
    }

    async fn close(&self) {
        let name = self.name();
        on_server(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
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
