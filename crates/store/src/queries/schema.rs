//! The schema itself: what is applied, what is missing, and whether database and key belong together.

use sea_orm::DatabaseTransaction;

use crate::handles::Store;
use crate::{StoreError, Tx};

impl Store {
    /// Applies pending migrations, all of them or none, and returns their names. Another process that migrates at
    /// the same time waits and then finds nothing to do.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer; [`StoreError::Broken`] when it was made with
    /// another key.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.core.place.create_if_missing().await?;
        let tx = self.begin().await?;
        tx.wait_for_other_migrators().await?;
        let names = migrations::apply(tx.transaction()).await?;
        tx.keep_key_check().await?;
        tx.keep_installation().await?;
        tx.commit().await?;
        self.check_key().await?;
        Ok(names)
    }

    /// The names of migrations that are missing. Needs no right to change the schema.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        Ok(migrations::pending(&self.db()).await?)
    }

    /// Makes sure that this is the key with which the database was made: with another one, every contact would look
    /// damaged and every stop list empty.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when it is not.
    pub async fn check_key(&self) -> Result<(), StoreError> {
        let row = self.row("SELECT value FROM setting WHERE name = 'key-check'", []).await?;
        let kept: Option<Vec<u8>> = row.map(|row| crate::column::get(&row, "value")).transpose()?;
        match kept {
            Some(kept) if kept != self.core.vault.check() => {
                Err(StoreError::broken("the database was made with another key than secrets.key_file"))
            }
            _ => Ok(()),
        }
    }

    /// What this database was named when its tables were first made. A copy of it has the same name, and one that was
    /// emptied and made again has another. None before the first migration that gives names.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub(crate) async fn installation(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self.row("SELECT value FROM setting WHERE name = 'installation'", []).await?;
        row.map(|row| crate::column::get(&row, "value")).transpose()
    }

    /// Makes sure that the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.row("SELECT 1 AS one", []).await.map(|_| ())
    }
}

impl Tx {
    async fn wait_for_other_migrators(&self) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            self.row("SELECT pg_advisory_xact_lock(7498239471)", []).await?;
        }
        Ok(())
    }

    async fn keep_key_check(&self) -> Result<(), StoreError> {
        let sql = "INSERT INTO setting (name, value) VALUES ('key-check', $1) ON CONFLICT (name) DO NOTHING";
        self.run(sql, [self.core.vault.check().to_vec().into()]).await?;
        Ok(())
    }

    async fn keep_installation(&self) -> Result<(), StoreError> {
        let sql = "INSERT INTO setting (name, value) VALUES ('installation', $1) ON CONFLICT (name) DO NOTHING";
        self.run(sql, [self.core.env.bytes::<16>().to_vec().into()]).await?;
        Ok(())
    }

    fn transaction(&self) -> &DatabaseTransaction {
        self.as_transaction().expect("a Tx holds a transaction")
    }
}
