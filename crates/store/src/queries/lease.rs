//! Leases as a whole.

use std::path::Path;

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
        tx.run("UPDATE chunk SET lease_until = 0 WHERE state = 1 AND lease_until > 0", []).await?;
        tx.run("UPDATE post SET lease_until = 0 WHERE state = 1 AND lease_until > 0", []).await?;
        tx.run("UPDATE message SET lease_until = 0 WHERE state = 1 AND lease_until > 0", []).await?;
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
