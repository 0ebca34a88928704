//! What benchmarks hold the sending of a broadcast against: the room that it takes, and how quickly the database takes
//! the same rows from bare SQL.

use crate::column::get;
use crate::handles::Store;
use crate::{Reads, StoreError};

impl Reads {
    /// Bytes of storage: of everything on SQLite, of ranges and outcomes on PostgreSQL. What it grows by during a
    /// broadcast is the broadcast's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn bytes_in_use(&self) -> Result<i64, StoreError> {
        let sqlite = "SELECT (page_count - freelist_count) * page_size AS n
            FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()";
        let postgres = "SELECT CAST(SUM(pg_total_relation_size(name)) AS bigint) AS n
            FROM (VALUES ('chunk'), ('outcome'), ('retry')) AS tables (name)";
        let row = self.row(self.either(sqlite, postgres), []).await?;
        row.map_or(Ok(0), |row| get(&row, "n"))
    }

    /// Everybody who was ever signed up, in the order of their sign-up. Only for a database of a benchmark.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscriber_ids(&self) -> Result<Vec<i64>, StoreError> {
        let rows = self.rows("SELECT id FROM subscriber ORDER BY id", []).await?;
        rows.iter().map(|row| get(row, "id")).collect()
    }
}

impl Store {
    /// Writes every outcome that there is into a second table of the same shape, in the order of subscribers and with
    /// `at_once` rows in a transaction, and returns how many that were. Nothing travels to or from the database but
    /// the statements. Only for a database of a benchmark: the second table stays.
    ///
    /// # Errors
    /// When the database does not answer, or there is such a table already.
    pub async fn copy_outcomes_by_bare_sql(&self, at_once: i64) -> Result<u64, StoreError> {
        self.make_bare_table("outcome").await?;
        let (mut copied, mut after) = (0, (0_i64, 0_i64));
        loop {
            let last = "SELECT broadcast, subscriber FROM outcome WHERE (broadcast, subscriber) > ($1, $2)
                ORDER BY broadcast, subscriber LIMIT $3";
            let last = format!(
                "SELECT CAST(broadcast AS bigint) AS broadcast, subscriber FROM ({last}) AS portion ORDER BY 1 DESC, 2 DESC LIMIT 1"
            );
            let Some(row) = self.row(last, [after.0.into(), after.1.into(), at_once.into()]).await? else {
                return Ok(copied);
            };
            let until: (i64, i64) = (get(&row, "broadcast")?, get(&row, "subscriber")?);
            let sql = "INSERT INTO bare_outcome SELECT * FROM outcome
                WHERE (broadcast, subscriber) > ($1, $2) AND (broadcast, subscriber) <= ($3, $4)
                ORDER BY broadcast, subscriber";
            let tx = self.begin().await?;
            copied += tx.run(sql, [after.0.into(), after.1.into(), until.0.into(), until.1.into()]).await?;
            tx.commit().await?;
            after = until;
        }
    }

    /// Writes every report that there is into a second table of the same shape, in the order in which they came and
    /// with `at_once` rows in a transaction, and returns how many that were. Only for a database of a benchmark.
    ///
    /// # Errors
    /// When the database does not answer, or there is such a table already.
    pub async fn copy_receipts_by_bare_sql(&self, at_once: i64) -> Result<u64, StoreError> {
        self.make_bare_table("receipt").await?;
        let (mut copied, mut after) = (0, i64::MIN);
        loop {
            let last =
                "SELECT MAX(id) AS id FROM (SELECT id FROM receipt WHERE id > $1 ORDER BY id LIMIT $2) AS portion";
            let row = self.row(last, [after.into(), at_once.into()]).await?;
            let Some(until) = row.map_or(Ok(None), |row| get::<Option<i64>>(&row, "id"))? else { return Ok(copied) };
            let tx = self.begin().await?;
            let sql = "INSERT INTO bare_receipt SELECT * FROM receipt WHERE id > $1 AND id <= $2 ORDER BY id";
            copied += tx.run(sql, [after.into(), until.into()]).await?;
            tx.commit().await?;
            after = until;
        }
    }

    /// Rewrites these ranges as they are, each in a transaction of its own: what the database takes of the least that a
    /// step of sending can be. Only for a database of a benchmark.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn touch_chunks_by_bare_sql(&self, chunks: &[i64]) -> Result<(), StoreError> {
        for chunk in chunks {
            let tx = self.begin().await?;
            tx.run("UPDATE chunk SET lease_until = lease_until WHERE id = $1", [(*chunk).into()]).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn make_bare_table(&self, table: &str) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        let sql = if self.is_sqlite() {
            let row =
                tx.row("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $1", [table.into()]).await?;
            let sql: String = row.map_or(Ok(String::new()), |row| get(&row, "sql"))?;
            sql.replacen(table, &format!("bare_{table}"), 1)
        } else {
            format!("CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
        };
        tx.run(sql, []).await?;
        tx.commit().await
    }
}
