//! A broadcast becomes chunks: ranges of subscriber ids, so that three million messages are three thousand rows.

use std::collections::BTreeMap;

use domain::delivery::Broadcast;
use domain::{Audience, ChannelKind, Language, Severity};
use sea_orm::{QueryResult, Value};

use super::state::{CHUNK_OPEN, SUBSCRIBER_ACTIVE};
use crate::column::{ROWS_AT_ONCE, channel, get, language};
use crate::watch::Wake;
use crate::{Reads, StoreError, Tx};

/// The people of channel `$1` from severity `$2` in areas `$3`, cut into slices of `$4`.
fn slices() -> String {
    // One walk over the index of the sending order; the window gives each person their place in line.
    format!(
        "SELECT language, slice, MIN(id) AS low, MAX(id) AS high, COUNT(*) AS audience
         FROM (SELECT id, language, (ROW_NUMBER() OVER (PARTITION BY language ORDER BY id) - 1) / $4 AS slice
               FROM subscriber
               WHERE channel = $1 AND state = {SUBSCRIBER_ACTIVE} AND min_severity <= $2 AND (areas & $3) <> 0) AS line
         GROUP BY language, slice ORDER BY slice, language"
    )
}

impl Reads {
    /// How many people an update would reach, per channel and language.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reach(&self, audience: Audience) -> Result<BTreeMap<(ChannelKind, Language), i64>, StoreError> {
        let sql = format!(
            "SELECT channel, language, COUNT(*) AS n FROM subscriber
             WHERE state = {SUBSCRIBER_ACTIVE} AND min_severity <= $1 AND (areas & $2) <> 0
             GROUP BY channel, language"
        );
        let rows = self.rows(sql, [audience.severity.level().into(), audience.areas.0.into()]).await?;
        counts(&rows)
    }

    /// How many active subscribers there are, per channel and language.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscriber_counts(&self) -> Result<BTreeMap<(ChannelKind, Language), i64>, StoreError> {
        let sql = format!(
            "SELECT channel, language, COUNT(*) AS n FROM subscriber
             WHERE state = {SUBSCRIBER_ACTIVE} GROUP BY channel, language"
        );
        counts(&self.rows(sql, []).await?)
    }
}

impl Tx {
    /// Cuts the audience into chunks of `chunk_size` people, in the order of their sign-up, and returns how many
    /// people each channel reaches. Only texts and mails have subscribers; other channels are left out. Who signs up
    /// later is not in any chunk. At the commit the notifiers wake up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn plan_chunks(
        &self,
        broadcast: &Broadcast,
        channels: &[ChannelKind],
        chunk_size: u64,
    ) -> Result<BTreeMap<ChannelKind, i64>, StoreError> {
        let mut audience = BTreeMap::new();
        for kind in [ChannelKind::Sms, ChannelKind::Email] {
            if channels.contains(&kind) {
                let people = self.plan_channel(broadcast, kind, chunk_size.max(1).cast_signed()).await?;
                audience.insert(kind, people);
            }
        }
        self.announce(Wake::Work);
        Ok(audience)
    }

    async fn plan_channel(&self, broadcast: &Broadcast, kind: ChannelKind, size: i64) -> Result<i64, StoreError> {
        let Audience { areas, severity } = broadcast.audience;
        let values: [Value; 4] = [kind.number().into(), severity.level().into(), areas.0.into(), size.into()];
        let slices = self.rows(slices(), values).await?;
        let mut people = 0;
        for some in slices.chunks(ROWS_AT_ONCE) {
            let mut chunk_values = Vec::with_capacity(some.len() * 15);
            for slice in some {
                people += get::<i64>(slice, "audience")?;
                chunk_values.extend(self.chunk_values(broadcast, kind, slice)?);
            }
            let sql = format!(
                "INSERT INTO chunk (id, broadcast, channel, language, lane, priority, low, high, cursor_id,
                     group_start, state, lease, lease_until, attempts, audience)
                 VALUES {}",
                self.tuples(some.len(), 15)
            );
            self.run(sql, chunk_values).await?;
        }
        Ok(people)
    }

    fn chunk_values(
        &self,
        broadcast: &Broadcast,
        kind: ChannelKind,
        slice: &QueryResult,
    ) -> Result<[Value; 15], StoreError> {
        let low: i64 = get(slice, "low")?;
        Ok([
            self.core.env.id().into(),
            broadcast.id.into(),
            kind.number().into(),
            get::<i16>(slice, "language")?.into(),
            lane(broadcast.audience.severity).into(),
            // By the place in line, so that all languages and channels move on side by side.
            get::<i64>(slice, "slice")?.into(),
            low.into(),
            get::<i64>(slice, "high")?.into(),
            (low - 1).into(),
            (low - 1).into(),
            CHUNK_OPEN.into(),
            0_i64.into(),
            0_i64.into(),
            0_i32.into(),
            get::<i64>(slice, "audience")?.into(),
        ])
    }
}

/// Lane 0 belongs to direct messages.
const fn lane(severity: Severity) -> i16 {
    match severity {
        Severity::Critical | Severity::Serious => 1,
        Severity::Moderate | Severity::Minor | Severity::Info => 2,
    }
}

fn counts(rows: &[QueryResult]) -> Result<BTreeMap<(ChannelKind, Language), i64>, StoreError> {
    let one =
        |row: &QueryResult| Ok(((channel(get(row, "channel")?)?, language(get(row, "language")?)?), get(row, "n")?));
    rows.iter().map(one).collect()
}
