//! Leases as a whole.

use std::path::Path;

use super::state::{CHUNK_OPEN, MESSAGE_OPEN, POST_OPEN};
use crate::StoreError;
use crate::connect::Place;
use crate::handles::Store;

impl Store {
    /// Ends every lease at once. Only for a notifier that knows that it is the only one: then each lease is of its
    /// dead predecessor, and waiting for it to run out would help nobody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn free_all_leases(&self) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        for (table, open) in [("chunk", CHUNK_OPEN), ("post", POST_OPEN), ("message", MESSAGE_OPEN)] {
            let sql = format!("UPDATE {table} SET lease_until = 0 WHERE state = {open} AND lease_until > 0");
            tx.run(sql, []).await?;
        }
        tx.run("UPDATE retry SET lease_until = 0 WHERE lease_until > 0", []).await?;
        tx.commit().await
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<&Path> {
        match &self.core.place {
            Place::Sqlite(options) => Some(options.get_filename()),
            Place::Postgres(_) => None,
        }
    }
}
