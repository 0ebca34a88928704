//! Reports of providers: appended at once, applied in batches, and each only once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::delivery::OutcomeState;
use sea_orm::{QueryResult, Value};

use super::outcome::Tally;
use crate::batch::Entry;
use crate::column::{ROWS_AT_ONCE, get, outcome_state, placeholders, tuples};
use crate::handles::Store;
use crate::{ReceiptIn, StoreError, Tx};

/// A report can be faster than our own commit; it waits for its outcome so long.
const PARKED_FOR: Duration = Duration::from_secs(600);
/// How long a report without an outcome waits before the next look.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);

const DUE: &str = "SELECT id, broadcast, subscriber, code, becomes, gone, opted_out, received_at
    FROM receipt WHERE state = 1 AND next_at <= $1 ORDER BY next_at, id LIMIT $2";

impl Store {
    /// Keeps a report. False when the same one was kept before. Reports that come at once share a commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn append_receipt(&self, receipt: &ReceiptIn) -> Result<bool, StoreError> {
        let mut answer = self.core.receipts.add(receipt.clone());
        let tx = self.begin().await?;
        // While this caller waited for its turn, another may have written the report along with its own.
        if let Ok(is_new) = answer.try_recv() {
            return Ok(is_new);
        }
        let batch = self.core.receipts.take(ROWS_AT_ONCE);
        let new = tx.insert_receipts(&batch).await?;
        tx.commit().await?;
        for (entry, is_new) in batch.into_iter().zip(new) {
            entry.tell(is_new);
        }
        // On PostgreSQL another caller may have taken it and not committed yet. If that caller fails, it is gone.
        answer.await.map_err(|_| StoreError::unavailable("the receipt could not be written together with others"))
    }

    /// Applies up to `limit` reports: outcomes move forward only, counters follow, and who is gone or opted out is
    /// sent nothing more. Returns how many were dealt with.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn apply_receipts(&self, limit: u64) -> Result<u64, StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        let values: [Value; 2] = [now.into(), limit.cast_signed().into()];
        if self.row(DUE, values.clone()).await?.is_none() {
            return Ok(0);
        }
        let tx = self.begin().await?;
        let lock = self.either("", " FOR UPDATE SKIP LOCKED");
        let rows = tx.rows(format!("{DUE}{lock}"), values).await?;
        let receipts = rows.iter().map(Due::read).collect::<Result<Vec<_>, _>>()?;
        let mut work = Work::new(tx.outcomes_of(&receipts).await?);
        receipts.iter().for_each(|receipt| work.apply(receipt, now));
        tx.write_work(&work, now).await?;
        tx.commit().await?;
        Ok((work.applied.len() + work.dropped.len()) as u64)
    }
}

/// A report that waits to be applied.
struct Due {
    id: i64,
    delivery: Option<(i64, i64)>,
    code: i32,
    becomes: Option<OutcomeState>,
    gone: bool,
    opted_out: bool,
    received_at: i64,
}

impl Due {
    fn read(row: &QueryResult) -> Result<Self, StoreError> {
        let broadcast: Option<i64> = get(row, "broadcast")?;
        let subscriber: Option<i64> = get(row, "subscriber")?;
        Ok(Self {
            id: get(row, "id")?,
            delivery: broadcast.zip(subscriber),
            code: get(row, "code")?,
            becomes: get::<Option<i16>>(row, "becomes")?.map(outcome_state).transpose()?,
            gone: get(row, "gone")?,
            opted_out: get(row, "opted_out")?,
            received_at: get(row, "received_at")?,
        })
    }
}

/// Where an outcome stands while reports are applied to it.
struct Standing {
    chunk: i64,
    was: OutcomeState,
    now: OutcomeState,
    code: i32,
}

/// What a batch of reports comes to.
struct Work {
    outcomes: BTreeMap<(i64, i64), Standing>,
    applied: Vec<i64>,
    parked: Vec<i64>,
    dropped: Vec<i64>,
    gone: BTreeSet<i64>,
    opted_out: BTreeSet<i64>,
}

impl Work {
    const fn new(outcomes: BTreeMap<(i64, i64), Standing>) -> Self {
        Self {
            outcomes,
            applied: Vec::new(),
            parked: Vec::new(),
            dropped: Vec::new(),
            gone: BTreeSet::new(),
            opted_out: BTreeSet::new(),
        }
    }

    fn apply(&mut self, receipt: &Due, now: i64) {
        let Some(delivery) = receipt.delivery else {
            self.applied.push(receipt.id);
            return;
        };
        let Some(outcome) = self.outcomes.get_mut(&delivery) else {
            let parked_for = i64::try_from(PARKED_FOR.as_millis()).unwrap_or(i64::MAX);
            let list = if now - receipt.received_at < parked_for { &mut self.parked } else { &mut self.dropped };
            list.push(receipt.id);
            return;
        };
        if let Some(next) = receipt.becomes.filter(|next| outcome.now.may_become(*next)) {
            outcome.now = next;
            outcome.code = receipt.code;
        }
        if receipt.gone {
            self.gone.insert(delivery.1);
        }
        if receipt.opted_out {
            self.opted_out.insert(delivery.1);
        }
        self.applied.push(receipt.id);
    }

    fn moved(&self) -> impl Iterator<Item = (&(i64, i64), &Standing)> {
        self.outcomes.iter().filter(|(_, standing)| standing.was != standing.now)
    }

    /// The changes of the counters, by chunk in rising order: two appliers at once then cannot wait in a circle.
    fn tallies(&self) -> BTreeMap<i64, Tally> {
        let mut tallies: BTreeMap<i64, Tally> = BTreeMap::new();
        for (_, standing) in self.moved() {
            tallies.entry(standing.chunk).or_default().shift(standing.was, standing.now);
        }
        tallies
    }
}

impl Tx {
    async fn insert_receipts(&self, batch: &[Entry<ReceiptIn>]) -> Result<Vec<bool>, StoreError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let (now, _) = self.lease_times(Duration::ZERO);
        let ids: Vec<i64> = batch.iter().map(|_| self.core.env.id()).collect();
        let row = |(id, entry): (&i64, &Entry<ReceiptIn>)| receipt_values(*id, &entry.item, now);
        let sql = format!(
            "INSERT INTO receipt (id, provider, broadcast, subscriber, provider_ref, status, code, becomes, gone,
                 opted_out, received_at, next_at, state)
             VALUES {} ON CONFLICT (provider_ref, status, code) DO NOTHING RETURNING id",
            tuples(batch.len(), 13, 1)
        );
        let rows = self.rows(sql, ids.iter().zip(batch).flat_map(row)).await?;
        let new = rows.iter().map(|row| get::<i64>(row, "id")).collect::<Result<BTreeSet<_>, _>>()?;
        Ok(ids.iter().map(|id| new.contains(id)).collect())
    }

    async fn outcomes_of(&self, receipts: &[Due]) -> Result<BTreeMap<(i64, i64), Standing>, StoreError> {
        let wanted: BTreeSet<(i64, i64)> = receipts.iter().filter_map(|receipt| receipt.delivery).collect();
        let wanted: Vec<(i64, i64)> = wanted.into_iter().collect();
        let mut outcomes = BTreeMap::new();
        for some in wanted.chunks(ROWS_AT_ONCE) {
            let sql = format!(
                "SELECT broadcast, subscriber, chunk, state, code FROM outcome
                 WHERE (broadcast, subscriber) IN (VALUES {}) ORDER BY broadcast, subscriber{}",
                tuples(some.len(), 2, 1),
                self.either("", " FOR UPDATE")
            );
            for row in self.rows(sql, keys(some.iter())).await? {
                let state = outcome_state(get(&row, "state")?)?;
                let standing =
                    Standing { chunk: get(&row, "chunk")?, was: state, now: state, code: get(&row, "code")? };
                outcomes.insert((get(&row, "broadcast")?, get(&row, "subscriber")?), standing);
            }
        }
        Ok(outcomes)
    }

    async fn write_work(&self, work: &Work, now: i64) -> Result<(), StoreError> {
        let mut alike: BTreeMap<(i16, i32), Vec<&(i64, i64)>> = BTreeMap::new();
        for (key, standing) in work.moved() {
            alike.entry((standing.now.number(), standing.code)).or_default().push(key);
        }
        for ((state, code), those) in alike {
            self.move_outcomes(&those, state, code).await?;
        }
        let waited: Vec<_> =
            work.moved().filter(|(_, one)| one.was == OutcomeState::Waiting).map(|(key, _)| key).collect();
        self.end_retries(&waited).await?;
        for (chunk, tally) in work.tallies() {
            self.count_on_chunk(chunk, tally).await?;
        }
        self.end_subscriptions(&work.gone, 3).await?;
        self.end_subscriptions(&work.opted_out, 2).await?;
        let look_again = now + i64::try_from(LOOK_AGAIN_AFTER.as_millis()).unwrap_or(0);
        self.mark_receipts(&work.applied, (2, now)).await?;
        self.mark_receipts(&work.dropped, (3, now)).await?;
        self.mark_receipts(&work.parked, (1, look_again)).await
    }

    async fn move_outcomes(&self, those: &[&(i64, i64)], state: i16, code: i32) -> Result<(), StoreError> {
        for some in those.chunks(ROWS_AT_ONCE) {
            let sql = format!(
                "UPDATE outcome SET state = $1, code = $2 WHERE (broadcast, subscriber) IN (VALUES {})",
                tuples(some.len(), 2, 3)
            );
            let first: [Value; 2] = [state.into(), code.into()];
            self.run(sql, first.into_iter().chain(keys(some.iter().copied()))).await?;
        }
        Ok(())
    }

    /// A message that turned out to have arrived is not sent again.
    async fn end_retries(&self, those: &[&(i64, i64)]) -> Result<(), StoreError> {
        for some in those.chunks(ROWS_AT_ONCE) {
            let sql =
                format!("DELETE FROM retry WHERE (broadcast, subscriber) IN (VALUES {})", tuples(some.len(), 2, 1));
            self.run(sql, keys(some.iter().copied())).await?;
        }
        let broadcasts: BTreeSet<i64> = those.iter().map(|key| key.0).collect();
        for broadcast in broadcasts {
            self.close_if_complete(broadcast).await?;
        }
        Ok(())
    }

    async fn end_subscriptions(&self, people: &BTreeSet<i64>, state: i16) -> Result<(), StoreError> {
        let people: Vec<i64> = people.iter().copied().collect();
        let now = self.core.env.now().timestamp_millis();
        for some in people.chunks(ROWS_AT_ONCE) {
            let sql = format!(
                "UPDATE subscriber SET state = $1, contact = NULL, changed_at = $2, reason = 'provider'
                 WHERE state = 1 AND id IN ({})",
                placeholders(some.len(), 3)
            );
            let first: [Value; 2] = [state.into(), now.into()];
            self.run(sql, first.into_iter().chain(some.iter().map(|id| (*id).into()))).await?;
        }
        Ok(())
    }

    async fn mark_receipts(&self, ids: &[i64], (state, next_at): (i16, i64)) -> Result<(), StoreError> {
        for some in ids.chunks(ROWS_AT_ONCE) {
            let sql =
                format!("UPDATE receipt SET state = $1, next_at = $2 WHERE id IN ({})", placeholders(some.len(), 3));
            let first: [Value; 2] = [state.into(), next_at.into()];
            self.run(sql, first.into_iter().chain(some.iter().map(|id| (*id).into()))).await?;
        }
        Ok(())
    }
}

fn keys<'a>(those: impl Iterator<Item = &'a (i64, i64)>) -> impl Iterator<Item = Value> {
    those.flat_map(|(broadcast, subscriber)| [Value::from(*broadcast), Value::from(*subscriber)])
}

fn receipt_values(id: i64, receipt: &ReceiptIn, now: i64) -> [Value; 13] {
    [
        id.into(),
        receipt.provider.clone().into(),
        receipt.delivery.map(|(broadcast, _)| broadcast).into(),
        receipt.delivery.map(|(_, subscriber)| subscriber).into(),
        receipt.provider_ref.clone().into(),
        receipt.status.clone().into(),
        receipt.code.into(),
        receipt.becomes.map(OutcomeState::number).into(),
        receipt.gone.into(),
        receipt.opted_out.into(),
        now.into(),
        now.into(),
        1_i16.into(),
    ]
}
