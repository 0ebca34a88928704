//! A migration as a list of statements that both databases read, but for three words.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

/// A named list of statements.
pub(crate) struct Statements {
    /// The name under which it is remembered. Never changed.
    pub(crate) name: &'static str,
    /// For both databases. `{id}` is the type of a number that leads to its row, `{bytes}` the type of raw bytes, and
    /// `{clustered}` keeps the rows in the order of the primary key where the database can.
    pub(crate) both: &'static [&'static str],
    /// For SQLite only.
    pub(crate) sqlite: &'static [&'static str],
    /// For PostgreSQL only.
    pub(crate) postgres: &'static [&'static str],
}

impl MigrationName for Statements {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Statements {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let own = if sqlite { self.sqlite } else { self.postgres };
        for statement in self.both.iter().chain(own) {
            manager.get_connection().execute_unprepared(&spell(statement, sqlite)).await?;
        }
        Ok(())
    }

    /// SQLite would otherwise keep the first half of a migration that failed.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn spell(statement: &str, sqlite: bool) -> String {
    // Only the exact words "INTEGER PRIMARY KEY" make SQLite use the number itself as the place of the row.
    let words = if sqlite { ["INTEGER", "blob", "WITHOUT ROWID"] } else { ["bigint", "bytea", ""] };
    ["{id}", "{bytes}", "{clustered}"]
        .iter()
        .zip(words)
        .fold(statement.to_owned(), |text, (from, to)| text.replace(from, to))
}
