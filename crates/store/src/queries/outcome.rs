//! What became of each message.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::delivery::{Outcome, OutcomeState, ProviderName};
use sea_orm::QueryResult;

use super::tally::Tally;
use crate::bulk::{Bulk, Cell, Sort};
use crate::column::{from_short_time, get, maybe_time, ms, outcome_state, short_time};
use crate::handles::Store;
use crate::{DeliveryKey, Reads, StoreError, Tx, reference};

/// One outcome as it stands in the database.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) subscriber: i64,
    pub(crate) state: OutcomeState,
    pub(crate) code: i32,
    pub(crate) attempt: i16,
    pub(crate) at: DateTime<Utc>,
    pub(crate) retry_at: Option<DateTime<Utc>>,
    pub(crate) provider: Option<i16>,
    pub(crate) reference: Option<Vec<u8>>,
}

/// What was new among some outcomes.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) tally: Tally,
    pub(crate) count: i64,
    pub(crate) first_sent_at: Option<i64>,
    pub(crate) last_sent_at: Option<i64>,
}

impl Written {
    /// What these come to.
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut written = Self::default();
        for row in rows {
            written.tally.add(row.state);
            written.count += 1;
            if matches!(row.state, OutcomeState::Sent | OutcomeState::Delivered) {
                let at = ms(row.at);
                written.first_sent_at = Some(written.first_sent_at.map_or(at, |first| first.min(at)));
                written.last_sent_at = Some(written.last_sent_at.map_or(at, |last| last.max(at)));
            }
        }
        written
    }
}

/// The chunk that outcomes belong to.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) chunk: i64,
    pub(crate) broadcast: i64,
    pub(crate) channel: i16,
    pub(crate) language: i16,
}

/// Who has an outcome keeps it.
const OUTCOMES: Bulk = Bulk {
    table: "outcome",
    columns: &[
        ("broadcast", Sort::Big),
        ("chunk", Sort::Big),
        ("subscriber", Sort::Big),
        ("at", Sort::Integer),
        ("code", Sort::Integer),
        ("state", Sort::Small),
        ("attempt", Sort::Small),
        ("provider", Sort::Small),
        ("reference", Sort::Bytes),
    ],
    fixed: 2,
    unique: "broadcast, subscriber",
};

const RETRIES: Bulk = Bulk {
    table: "retry",
    columns: &[
        ("broadcast", Sort::Big),
        ("chunk", Sort::Big),
        ("channel", Sort::Small),
        ("language", Sort::Small),
        ("lease", Sort::Big),
        ("lease_until", Sort::Big),
        ("subscriber", Sort::Big),
        ("attempt", Sort::Small),
        ("next_at", Sort::Big),
    ],
    fixed: 6,
    unique: "broadcast, subscriber",
};

impl Store {
    /// Outcomes as they stand in the database, in the order of their people: two who write outcomes of the same people
    /// then cannot wait in a circle.
    pub(crate) async fn rows_of(&self, outcomes: &[Outcome]) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            rows.push(self.row_of(outcome).await?);
        }
        rows.sort_unstable_by_key(|row| row.subscriber);
        Ok(rows)
    }

    pub(crate) async fn row_of(&self, outcome: &Outcome) -> Result<Row, StoreError> {
        let provider = match outcome.provider.filter(|name| !name.as_str().is_empty()) {
            Some(name) => Some(self.number_of(name).await?),
            None => None,
        };
        Ok(Row {
            subscriber: outcome.subscriber,
            state: outcome.state,
            code: outcome.code,
            attempt: attempt_number(outcome.attempt),
            at: outcome.at,
            retry_at: outcome.retry_at,
            provider,
            reference: outcome.reference.as_deref().map(reference::pack),
        })
    }
}

impl Reads {
    /// What became of one message; none when nothing did yet. The time is exact to the second.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outcome(&self, delivery: DeliveryKey) -> Result<Option<Outcome>, StoreError> {
        let sql = "SELECT outcome.subscriber, outcome.state, outcome.code, outcome.attempt, outcome.at,
                provider.name AS provider, outcome.reference, retry.next_at
            FROM outcome LEFT JOIN provider ON provider.id = outcome.provider
                LEFT JOIN retry ON retry.broadcast = outcome.broadcast AND retry.subscriber = outcome.subscriber
            WHERE outcome.broadcast = $1 AND outcome.subscriber = $2";
        let row = self.row(sql, [delivery.broadcast.into(), delivery.subscriber.into()]).await?;
        row.as_ref().map(outcome_of).transpose()
    }
}

fn outcome_of(row: &QueryResult) -> Result<Outcome, StoreError> {
    Ok(Outcome {
        subscriber: get(row, "subscriber")?,
        state: outcome_state(get(row, "state")?)?,
        provider: get::<Option<String>>(row, "provider")?.map(|name| ProviderName::of(&name)),
        reference: get::<Option<Vec<u8>>>(row, "reference")?.map(|bytes| reference::unpack(&bytes)).transpose()?,
        code: get(row, "code")?,
        attempt: get::<i16>(row, "attempt")?.into(),
        retry_at: maybe_time(get(row, "next_at")?)?,
        at: from_short_time(get(row, "at")?)?,
    })
}

impl Tx {
    /// Writes outcomes that are not there yet, and a retry for each that waits. Returns how many were not there.
    pub(crate) async fn write_outcomes(&self, owner: Owner, rows: &[Row]) -> Result<u64, StoreError> {
        let new = self.insert_all(&OUTCOMES, same(owner), cells(rows)).await?;
        if new == rows.len() as u64 {
            self.insert_retries(owner, rows.iter()).await?;
        }
        Ok(new)
    }

    /// As [`Tx::write_outcomes`] where some may be there already: looks which were not.
    pub(crate) async fn write_new_outcomes(&self, owner: Owner, rows: &[Row]) -> Result<Written, StoreError> {
        let new = self.insert_all_returning(&OUTCOMES, (same(owner), cells(rows)), "subscriber").await?;
        let new = new.iter().map(|row| get::<i64>(row, "subscriber")).collect::<Result<BTreeSet<_>, _>>()?;
        let inserted = || rows.iter().filter(|row| new.contains(&row.subscriber));
        self.insert_retries(owner, inserted()).await?;
        Ok(Written::of(inserted()))
    }

    async fn insert_retries(&self, owner: Owner, rows: impl Iterator<Item = &Row>) -> Result<(), StoreError> {
        let Owner { chunk, broadcast, channel, language } = owner;
        let same = vec![broadcast.into(), chunk.into(), channel.into(), language.into(), 0_i64.into(), 0_i64.into()];
        let waiting = rows.filter(|row| row.state == OutcomeState::Waiting);
        let cells = waiting.flat_map(|row| -> [Cell; 3] {
            [row.subscriber.into(), row.attempt.saturating_add(1).into(), ms(row.retry_at.unwrap_or(row.at)).into()]
        });
        self.insert_all(&RETRIES, same, cells.collect()).await?;
        Ok(())
    }
}

fn same(owner: Owner) -> Vec<Cell> {
    vec![owner.broadcast.into(), owner.chunk.into()]
}

fn cells(rows: &[Row]) -> Vec<Cell> {
    let row = |row: &Row| -> [Cell; 7] {
        [
            row.subscriber.into(),
            short_time(row.at).into(),
            row.code.into(),
            row.state.number().into(),
            row.attempt.into(),
            Cell::Number(row.provider.map(i64::from)),
            Cell::Bytes(row.reference.clone()),
        ]
    };
    rows.iter().flat_map(row).collect()
}

/// Attempts beyond what the column holds all count as the last.
pub(crate) fn attempt_number(attempt: i32) -> i16 {
    i16::try_from(attempt).unwrap_or(i16::MAX)
}
