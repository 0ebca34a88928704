//! How far a broadcast has come: sums over its chunks, never a count over its messages.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::ChannelKind;
use domain::delivery::Progress;
use sea_orm::QueryResult;

use super::state::{POST_DROPPED, POST_EXPIRED, POST_FAILED, POST_PUBLIC};
use crate::column::{channel, get, maybe_time};
use crate::{Reads, StoreError};

// PostgreSQL sums bigints as numeric; the cast makes it a bigint on both.
const CHUNKS: &str = "SELECT channel,
        CAST(SUM(audience) AS bigint) AS audience, CAST(SUM(n_sent) AS bigint) AS sent,
        CAST(SUM(n_delivered) AS bigint) AS delivered, CAST(SUM(n_failed) AS bigint) AS failed,
        CAST(SUM(n_skipped) AS bigint) AS skipped, CAST(SUM(n_expired) AS bigint) AS expired,
        CAST(SUM(n_superseded) AS bigint) AS superseded, CAST(SUM(n_unknown) AS bigint) AS unknown,
        CAST(MAX(estimated) AS smallint) AS estimated,
        MIN(first_sent_at) AS first_sent_at, MAX(last_sent_at) AS last_sent_at
    FROM chunk WHERE broadcast = $1 GROUP BY channel";

/// The parts of broadcast `$1`. A post is public or it is not: none is skipped or in doubt.
fn posts() -> String {
    let count = |state: i16| format!("COUNT(CASE WHEN state = {state} THEN 1 END)");
    let none = "CAST(0 AS bigint)";
    format!(
        "SELECT COUNT(*) AS audience, {public} AS sent, {public} AS delivered, {failed} AS failed, {none} AS skipped,
             {expired} AS expired, {dropped} AS superseded, {none} AS unknown,
             CAST(0 AS smallint) AS estimated,
             MIN(CASE WHEN state = {POST_PUBLIC} THEN done_at END) AS first_sent_at,
             MAX(CASE WHEN state = {POST_PUBLIC} THEN done_at END) AS last_sent_at
         FROM post WHERE broadcast = $1",
        public = count(POST_PUBLIC),
        failed = count(POST_FAILED),
        dropped = count(POST_DROPPED),
        expired = count(POST_EXPIRED),
    )
}

impl Reads {
    /// The counts of a broadcast per channel; a channel that it does not use is absent. Posts count in parts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn progress(&self, broadcast: i64) -> Result<BTreeMap<ChannelKind, Progress>, StoreError> {
        let Some(whole) = self.broadcast(broadcast).await? else { return Ok(BTreeMap::new()) };
        let mut progress = BTreeMap::new();
        for row in self.rows(CHUNKS, [broadcast.into()]).await? {
            progress.insert(channel(get(&row, "channel")?)?, progress_of(&row, Some(whole.created_at))?);
        }
        if let Some(row) = self.row(posts(), [broadcast.into()]).await? {
            let posts = progress_of(&row, Some(whole.created_at))?;
            if posts.audience > 0 {
                progress.insert(ChannelKind::Mastodon, posts);
            }
        }
        Ok(progress)
    }
}

/// The counts of one row; what is not counted in it remains.
pub(super) fn progress_of(row: &QueryResult, started_at: Option<DateTime<Utc>>) -> Result<Progress, StoreError> {
    let mut progress = Progress {
        audience: get(row, "audience")?,
        sent: get(row, "sent")?,
        delivered: get(row, "delivered")?,
        failed: get(row, "failed")?,
        skipped: get(row, "skipped")?,
        expired: get(row, "expired")?,
        superseded: get(row, "superseded")?,
        unknown: get(row, "unknown")?,
        remaining: 0,
        started_at,
        estimated: get::<i16>(row, "estimated")? == 1,
        first_sent_at: maybe_time(get(row, "first_sent_at")?)?,
        last_sent_at: maybe_time(get(row, "last_sent_at")?)?,
    };
    let settled =
        progress.sent + progress.failed + progress.skipped + progress.expired + progress.superseded + progress.unknown;
    progress.remaining = (progress.audience - settled).max(0);
    Ok(progress)
}
