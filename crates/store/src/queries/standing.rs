//! How sending stands, for those who operate it: what waits and since when, and what of the broadcasts under way is done.

use std::collections::BTreeMap;

use sea_orm::QueryResult;

use super::progress::progress_of;
use super::state::{BROADCAST_PAUSED, BROADCAST_SENDING, CHUNK_OPEN, MESSAGE_OPEN, POST_OPEN, RECEIPT_WAITING};
use crate::column::{channel, get, ms};
use crate::{Queue, Reads, Standing, StoreError};

impl Reads {
    /// How sending stands now. Looks at what is under way, never at what is over, so that it may be asked often.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn standing(&self) -> Result<Standing, StoreError> {
        let (people_read, machines) = (ms(self.core.env.now()), ms(self.core.env.machine_now()));
        let mut queues = Vec::new();
        for lane in self.rows(lanes(), []).await? {
            let name = if get::<i16>(&lane, "lane")? == 1 { "urgent" } else { "ordinary" };
            queues.push(queue(name, &lane, people_read)?);
        }
        for (name, sql) in due() {
            let row = self.row(sql, [machines.into()]).await?;
            queues.extend(row.map(|row| queue(name, &row, machines)).transpose()?);
        }
        let mut people = BTreeMap::new();
        for row in self.rows(people_under_way(), []).await? {
            people.insert(channel(get(&row, "channel")?)?, progress_of(&row, None)?);
        }
        let lost =
            format!("SELECT COUNT(*) AS n FROM chunk WHERE state = {CHUNK_OPEN} AND lease <> 0 AND lease_until < $1");
        let leases_run_out = self.row(lost, [machines.into()]).await?.map_or(Ok(0), |row| get(&row, "n"))?;
        Ok(Standing { queues, people, leases_run_out })
    }
}

/// What is left of each lane of broadcasts: ranges, and since when the oldest of them waits.
fn lanes() -> String {
    format!(
        "SELECT chunk.lane, COUNT(*) AS n, MIN(broadcast.created_at) AS since
         FROM chunk JOIN broadcast ON broadcast.id = chunk.broadcast
         WHERE chunk.state = {CHUNK_OPEN} AND broadcast.state = {BROADCAST_SENDING}
         GROUP BY chunk.lane ORDER BY chunk.lane"
    )
}

/// What was due by `$1` and is still here.
fn due() -> [(&'static str, String); 4] {
    let messages = format!(
        "SELECT COUNT(*) AS n, MIN(next_at) AS since FROM message WHERE state = {MESSAGE_OPEN} AND next_at <= $1"
    );
    let retries = "SELECT COUNT(*) AS n, MIN(next_at) AS since FROM retry WHERE next_at <= $1".to_owned();
    let posts =
        format!("SELECT COUNT(*) AS n, MIN(next_at) AS since FROM post WHERE state = {POST_OPEN} AND next_at <= $1");
    let receipts = format!(
        "SELECT COUNT(*) AS n, MIN(received_at) AS since FROM receipt WHERE state = {RECEIPT_WAITING} AND next_at <= $1"
    );
    [("direct", messages), ("retries", retries), ("posts", posts), ("receipts", receipts)]
}

fn people_under_way() -> String {
    let sum = |column: &str| format!("CAST(SUM({column}) AS bigint)");
    format!(
        "SELECT channel, {audience} AS audience, {sent} AS sent, {delivered} AS delivered, {failed} AS failed,
             {skipped} AS skipped, {expired} AS expired, {superseded} AS superseded, {unknown} AS unknown,
             CAST(MAX(estimated) AS smallint) AS estimated,
             MIN(first_sent_at) AS first_sent_at, MAX(last_sent_at) AS last_sent_at
         FROM chunk WHERE broadcast IN
             (SELECT id FROM broadcast WHERE state = {BROADCAST_SENDING} OR state = {BROADCAST_PAUSED})
         GROUP BY channel",
        audience = sum("audience"),
        sent = sum("n_sent"),
        delivered = sum("n_delivered"),
        failed = sum("n_failed"),
        skipped = sum("n_skipped"),
        expired = sum("n_expired"),
        superseded = sum("n_superseded"),
        unknown = sum("n_unknown"),
    )
}

fn queue(name: &'static str, row: &QueryResult, now: i64) -> Result<Queue, StoreError> {
    let since: Option<i64> = get(row, "since")?;
    let waited = std::time::Duration::from_millis(since.map_or(0, |since| u64::try_from(now - since).unwrap_or(0)));
    Ok(Queue { name, waiting: get(row, "n")?, waited })
}
