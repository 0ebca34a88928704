//! Reports of providers take effect: in batches, forward only, with the counters.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::delivery::OutcomeState;
use sea_orm::{QueryResult, Value};

use super::state::{RECEIPT_APPLIED, RECEIPT_DROPPED, RECEIPT_WAITING};
use super::tally::Tally;
use crate::column::{ROWS_AT_ONCE, get, meaningless, outcome_state, placeholders};
use crate::handles::Store;
use crate::{Consequence, DeliveryKey, StoreError, Tx};

/// A report can be faster than our own commit; it waits for its outcome so long.
const PARKED_FOR: Duration = Duration::from_secs(600);
/// How long a report without an outcome waits before the next look.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// The first `$2` reports that are due at the time `$1`.
fn due() -> String {
    format!(
        "SELECT id, broadcast, subscriber, code, becomes, consequence, received_at
         FROM receipt WHERE state = {RECEIPT_WAITING} AND next_at <= $1 ORDER BY next_at, id LIMIT $2"
    )
}

impl Store {
    /// Applies up to `limit` reports: outcomes move forward only, counters follow, and who is gone or opted out is
    /// sent nothing more. Returns how many were dealt with.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn apply_receipts(&self, limit: u64) -> Result<u64, StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        let values: [Value; 2] = [now.into(), limit.cast_signed().into()];
        if self.row(due(), values.clone()).await?.is_none() {
            return Ok(0);
        }
        let tx = self.begin().await?;
        let rows = tx.rows(due() + self.either("", " FOR UPDATE SKIP LOCKED"), values).await?;
        let receipts = rows.iter().map(Due::read).collect::<Result<Vec<_>, _>>()?;
        let broadcasts: BTreeSet<i64> =
            receipts.iter().filter_map(|one| one.delivery).map(|one| one.broadcast).collect();
        for broadcast in broadcasts {
            tx.lock_broadcast(broadcast).await?;
        }
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
    delivery: Option<DeliveryKey>,
    code: i32,
    becomes: Option<OutcomeState>,
    consequence: Consequence,
    received_at: i64,
}

impl Due {
    fn read(row: &QueryResult) -> Result<Self, StoreError> {
        let broadcast: Option<i64> = get(row, "broadcast")?;
        let subscriber: Option<i64> = get(row, "subscriber")?;
        Ok(Self {
            id: get(row, "id")?,
            delivery: broadcast.zip(subscriber).map(|(broadcast, subscriber)| DeliveryKey { broadcast, subscriber }),
            code: get(row, "code")?,
            becomes: get::<Option<i16>>(row, "becomes")?.map(outcome_state).transpose()?,
            consequence: Consequence::from_number(get(row, "consequence")?)
                .ok_or_else(|| meaningless("consequence of a report"))?,
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
    outcomes: BTreeMap<DeliveryKey, Standing>,
    applied: Vec<i64>,
    parked: Vec<i64>,
    dropped: Vec<i64>,
    /// Each with the people whom it concerns.
    consequences: BTreeMap<Consequence, BTreeSet<i64>>,
}

impl Work {
    const fn new(outcomes: BTreeMap<DeliveryKey, Standing>) -> Self {
        Self { outcomes, applied: Vec::new(), parked: Vec::new(), dropped: Vec::new(), consequences: BTreeMap::new() }
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
        let next = receipt.becomes.filter(|next| outcome.now.may_become(*next));
        if let Some(next) = next {
            outcome.now = next;
            outcome.code = receipt.code;
        }
        // A message that comes back twice failed once.
        if next.is_some() || receipt.consequence != Consequence::Soft {
            self.consequences.entry(receipt.consequence).or_default().insert(delivery.subscriber);
        }
        self.applied.push(receipt.id);
    }

    fn moved(&self) -> impl Iterator<Item = (&DeliveryKey, &Standing)> {
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
    async fn outcomes_of(&self, receipts: &[Due]) -> Result<BTreeMap<DeliveryKey, Standing>, StoreError> {
        let wanted: BTreeSet<DeliveryKey> = receipts.iter().filter_map(|receipt| receipt.delivery).collect();
        let mut outcomes = BTreeMap::new();
        for (broadcast, people) in by_broadcast(wanted.iter()) {
            for some in people.chunks(ROWS_AT_ONCE) {
                let sql = format!(
                    "SELECT subscriber, chunk, state, code FROM outcome
                     WHERE broadcast = $1 AND subscriber IN ({}) ORDER BY subscriber{}",
                    placeholders(some.len(), 2),
                    self.either("", " FOR UPDATE")
                );
                for row in self.rows(sql, values_of([broadcast.into()], some)).await? {
                    let state = outcome_state(get(&row, "state")?)?;
                    let (chunk, code) = (get(&row, "chunk")?, get(&row, "code")?);
                    let standing = Standing { chunk, was: state, now: state, code };
                    let subscriber = get(&row, "subscriber")?;
                    outcomes.insert(DeliveryKey { broadcast, subscriber }, standing);
                }
            }
        }
        Ok(outcomes)
    }

    async fn write_work(&self, work: &Work, now: i64) -> Result<(), StoreError> {
        let mut alike: BTreeMap<(i16, i32), Vec<&DeliveryKey>> = BTreeMap::new();
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
        for (consequence, people) in &work.consequences {
            let people: Vec<i64> = people.iter().copied().collect();
            self.follow_up(&people, *consequence).await?;
        }
        let look_again = now + i64::try_from(LOOK_AGAIN_AFTER.as_millis()).unwrap_or(0);
        self.mark_receipts(&work.applied, (RECEIPT_APPLIED, now)).await?;
        self.mark_receipts(&work.dropped, (RECEIPT_DROPPED, now)).await?;
        self.mark_receipts(&work.parked, (RECEIPT_WAITING, look_again)).await
    }

    async fn move_outcomes(&self, those: &[&DeliveryKey], state: i16, code: i32) -> Result<(), StoreError> {
        for (broadcast, people) in by_broadcast(those.iter().copied()) {
            for some in people.chunks(ROWS_AT_ONCE) {
                let people = placeholders(some.len(), 4);
                let sql = format!(
                    "UPDATE outcome SET state = $1, code = $2 WHERE broadcast = $3 AND subscriber IN ({people})"
                );
                self.run(sql, values_of([state.into(), code.into(), broadcast.into()], some)).await?;
            }
        }
        Ok(())
    }

    /// A message that turned out to have arrived is not sent again.
    async fn end_retries(&self, those: &[&DeliveryKey]) -> Result<(), StoreError> {
        for (broadcast, people) in by_broadcast(those.iter().copied()) {
            for some in people.chunks(ROWS_AT_ONCE) {
                let people = placeholders(some.len(), 2);
                let sql = format!("DELETE FROM retry WHERE broadcast = $1 AND subscriber IN ({people})");
                self.run(sql, values_of([broadcast.into()], some)).await?;
            }
            self.close_if_complete(broadcast).await?;
        }
        Ok(())
    }

    async fn mark_receipts(&self, ids: &[i64], (state, next_at): (i16, i64)) -> Result<(), StoreError> {
        for some in ids.chunks(ROWS_AT_ONCE) {
            let sql =
                format!("UPDATE receipt SET state = $1, next_at = $2 WHERE id IN ({})", placeholders(some.len(), 3));
            self.run(sql, values_of([state.into(), next_at.into()], some)).await?;
        }
        Ok(())
    }
}

/// SQLite reads the whole table for pairs in a list, but not for one number and a list.
fn by_broadcast<'a>(those: impl Iterator<Item = &'a DeliveryKey>) -> BTreeMap<i64, Vec<i64>> {
    let mut groups: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for one in those {
        groups.entry(one.broadcast).or_default().push(one.subscriber);
    }
    groups
}

fn values_of<const N: usize>(first: [Value; N], ids: &[i64]) -> impl Iterator<Item = Value> {
    first.into_iter().chain(ids.iter().map(|id| Value::from(*id)))
}
