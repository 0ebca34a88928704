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
}

impl Store {
    /// Writes every outcome that there is into a second table of the same shape, in the order of subscribers and with
    /// `at_once` rows in a transaction, and returns how many that were. Nothing travels to or from the database but
    /// the statements. Only for a database of a benchmark: the second table stays.
    ///
    /// # Errors
    /// When the database does not answer, or there is such a table already.
    pub async fn copy_outcomes_by_bare_sql(&self, at_once: i64) -> Result<u64, StoreError> {
        self.make_bare_table().await?;
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

    async fn make_bare_table(&self) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        let sql = if self.is_sqlite() {
            let row = tx.row("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'outcome'", []).await?;
            let sql: String = row.map_or(Ok(String::new()), |row| get(&row, "sql"))?;
            sql.replacen("outcome", "bare_outcome", 1)
        } else {
            "CREATE TABLE bare_outcome (LIKE outcome INCLUDING ALL)".to_owned()
        };
        tx.run(sql, []).await?;
        tx.commit().await
    }
}
