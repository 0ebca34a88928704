//! Messages that are tried again: only exceptions have a row here, so it stays small.

use std::time::Duration;

use domain::ChannelKind;
use domain::delivery::{Outcome, OutcomeState};
use sea_orm::{QueryResult, Value};

use super::outcome::Row;
use super::poison::POISONED;
use super::state::{
    BROADCAST_CANCELLED, BROADCAST_DONE, BROADCAST_SENDING, OUTCOME_EXPIRED, OUTCOME_FAILED, OUTCOME_SENT,
    OUTCOME_SKIPPED, OUTCOME_SUPERSEDED, OUTCOME_WAITING, POST_FAILED, POST_OPEN, SUBSCRIBER_ACTIVE,
};
use super::tally::Tally;
use crate::column::{channel, get, language, ms, outcome_state, short_time};
use crate::handles::Store;
use crate::journal::{Step, Taken};
use crate::watch::Wake;
use crate::{Recipient, Retry, StoreError, Tx};

/// That a newer update of the incident is on its way to the subscriber of a retry by the same channel.
fn overtaken() -> String {
    format!(
        "EXISTS (SELECT 1
             FROM broadcast AS newer JOIN broadcast AS this ON this.incident = newer.incident AND this.id < newer.id
             WHERE this.id = retry.broadcast AND newer.state <> {BROADCAST_CANCELLED}
               AND (newer.areas & subscriber.areas) <> 0 AND newer.severity >= subscriber.min_severity
               AND EXISTS (SELECT 1 FROM chunk WHERE chunk.broadcast = newer.id AND chunk.channel = retry.channel))"
    )
}

/// The first `$2` retries that are due and free at the time `$1`; without a contact where somebody has left.
fn due() -> String {
    let overtaken = overtaken();
    // The plus keeps SQLite on the index of what is due, instead of all retries of the broadcasts under way.
    format!(
        "SELECT retry.broadcast, retry.subscriber, retry.chunk, retry.channel, retry.attempt,
             retry.language AS text_language, subscriber.id, subscriber.blind, subscriber.language,
             CASE WHEN subscriber.state = {SUBSCRIBER_ACTIVE} THEN subscriber.contact END AS contact,
             CASE WHEN {overtaken} THEN 1 ELSE 0 END AS overtaken
         FROM retry LEFT JOIN subscriber ON subscriber.id = retry.subscriber
         WHERE retry.next_at <= $1 AND retry.lease_until <= $1
           AND +retry.broadcast IN (SELECT id FROM broadcast WHERE state = {BROADCAST_SENDING})
         ORDER BY retry.next_at LIMIT $2"
    )
}

/// What became of a repeated attempt.
#[derive(Clone, Debug)]
pub(crate) struct Settlement {
    pub(crate) broadcast: i64,
    pub(crate) lease: i64,
    pub(crate) row: Row,
}

impl Settlement {
    fn key(&self) -> [Value; 2] {
        [self.broadcast.into(), self.row.subscriber.into()]
    }
}

impl Store {
    /// Leases messages whose next attempt is due. Who has left in the meantime is settled as skipped; who is overtaken
    /// by a newer update is marked as such.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due_retries(&self, limit: u64, lease_for: Duration) -> Result<Vec<Retry>, StoreError> {
        let (now, until) = self.lease_times(lease_for);
        let values: [Value; 2] = [now.into(), limit.cast_signed().into()];
        if self.row(due(), values.clone()).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.begin().await?;
        let lock = self.either("", " FOR UPDATE OF retry SKIP LOCKED");
        let rows = tx.rows(due() + lock, values).await?;
        let lease = self.new_lease();
        let mut due = Vec::new();
        for row in rows {
            let key: [Value; 2] = [get::<i64>(&row, "broadcast")?.into(), get::<i64>(&row, "subscriber")?.into()];
            if get::<Option<Vec<u8>>>(&row, "contact")?.is_none() {
                tx.skip_retry(&row, key).await?;
                continue;
            }
            let sql = "UPDATE retry SET lease = $3, lease_until = $4 WHERE broadcast = $1 AND subscriber = $2";
            tx.run(sql, key.into_iter().chain([lease.into(), until.into()])).await?;
            due.push(self.retry_of(&row, lease));
        }
        tx.commit().await?;
        self.readable(due.into_iter())
    }

    /// Writes what became of a repeated attempt: it ended, or it waits once more. False when the lease was lost.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle_retry(&self, retry: &Retry, outcome: &Outcome) -> Result<bool, StoreError> {
        let row = self.row_of(outcome).await?;
        let Retry { broadcast, lease, .. } = *retry;
        self.take_step(Step::Settle(Settlement { broadcast, lease, row })).await
    }

    /// Whether a leased message may still leave: nobody paused, cancelled or overtook its broadcast in the meantime.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn may_try_again(&self, retry: &Retry) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT 1 AS one FROM retry JOIN subscriber ON subscriber.id = retry.subscriber
             WHERE retry.broadcast = $1 AND retry.subscriber = $2 AND retry.lease = $3 AND NOT {}
               AND EXISTS (SELECT 1 FROM broadcast WHERE id = retry.broadcast AND state = {BROADCAST_SENDING})",
            overtaken()
        );
        let row = self.row(sql, [retry.broadcast.into(), retry.subscriber.id.into(), retry.lease.into()]).await?;
        Ok(row.is_some())
    }

    fn retry_of(&self, row: &QueryResult, lease: i64) -> Result<Retry, StoreError> {
        let kind: ChannelKind = channel(get(row, "channel")?)?;
        Ok(Retry {
            broadcast: get(row, "broadcast")?,
            subscriber: Recipient { is_overtaken: get::<i32>(row, "overtaken")? == 1, ..self.recipient(row, kind)? },
            channel: kind,
            language: language(get(row, "text_language")?)?,
            attempt: get::<i16>(row, "attempt")?.into(),
            lease,
        })
    }
}

impl Tx {
    async fn skip_retry(&self, row: &QueryResult, key: [Value; 2]) -> Result<(), StoreError> {
        let broadcast: i64 = get(row, "broadcast")?;
        self.run("DELETE FROM retry WHERE broadcast = $1 AND subscriber = $2", key.clone()).await?;
        let sql = format!(
            "UPDATE outcome SET state = {OUTCOME_SKIPPED}
             WHERE broadcast = $1 AND subscriber = $2 AND state = {OUTCOME_WAITING}"
        );
        if self.run(sql, key).await? == 1 {
            let mut tally = Tally::default();
            tally.shift(OutcomeState::Waiting, OutcomeState::Skipped);
            self.count_on_chunk(get(row, "chunk")?, tally).await?;
        }
        self.close_if_complete(broadcast).await.map(|_| ())
    }

    pub(crate) async fn settle(&self, settlement: &Settlement) -> Result<Taken, StoreError> {
        let settled = match settlement.row.state {
            OutcomeState::Waiting => self.wait_again(settlement).await?,
            _ => self.end_retry(settlement).await?,
        };
        Ok(if settled { Taken::Yes } else { Taken::No })
    }

    async fn wait_again(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        let Settlement { lease, row, .. } = settlement;
        let sql = "UPDATE retry SET attempt = $4, next_at = $5, lease = 0, lease_until = 0
            WHERE broadcast = $1 AND subscriber = $2 AND lease = $3";
        let rest: [Value; 3] =
            [(*lease).into(), row.attempt.saturating_add(1).into(), ms(row.retry_at.unwrap_or(row.at)).into()];
        Ok(self.run(sql, settlement.key().into_iter().chain(rest)).await? == 1)
    }

    async fn end_retry(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        let sql = "DELETE FROM retry WHERE broadcast = $1 AND subscriber = $2 AND lease = $3 RETURNING chunk";
        let values = settlement.key().into_iter().chain([settlement.lease.into()]);
        let Some(row) = self.row(sql, values).await? else { return self.note_sent_after_all(settlement).await };
        let chunk: i64 = get(&row, "chunk")?;
        // A receipt of an earlier attempt may have moved the outcome on in the meantime; that stands.
        if self.replace_waiting(settlement).await? {
            let mut tally = Tally::default();
            tally.shift(OutcomeState::Waiting, settlement.row.state);
            self.count_on_chunk(chunk, tally).await?;
            self.note_time_of_sending(chunk, &settlement.row).await?;
        }
        self.close_if_complete(settlement.broadcast).await?;
        Ok(true)
    }

    /// While the message was under way, its retry ended: the broadcast was cancelled, overtaken, or too late. It was
    /// sent all the same, and that is what counts. A process that lost its lease to another one writes nothing.
    async fn note_sent_after_all(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT chunk, state FROM outcome
             WHERE broadcast = $1 AND subscriber = $2
               AND state IN ({OUTCOME_WAITING}, {OUTCOME_SUPERSEDED}, {OUTCOME_EXPIRED})
               AND NOT EXISTS (SELECT 1 FROM retry WHERE retry.broadcast = $1 AND retry.subscriber = $2)"
        );
        let is_sent = settlement.row.state == OutcomeState::Sent;
        let row = if is_sent { self.row(sql, settlement.key()).await? } else { None };
        let Some(row) = row else { return Ok(false) };
        let sql = format!("UPDATE outcome SET state = {OUTCOME_SENT} WHERE broadcast = $1 AND subscriber = $2");
        self.run(sql, settlement.key()).await?;
        let mut tally = Tally::default();
        tally.shift(outcome_state(get(&row, "state")?)?, OutcomeState::Sent);
        self.count_on_chunk(get(&row, "chunk")?, tally).await?;
        self.note_time_of_sending(get(&row, "chunk")?, &settlement.row).await?;
        Ok(true)
    }

    async fn replace_waiting(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE outcome SET state = $3, code = $4, attempt = $5, at = $6, provider = $7, reference = $8
             WHERE broadcast = $1 AND subscriber = $2 AND state = {OUTCOME_WAITING}"
        );
        let row = &settlement.row;
        let rest: [Value; 6] = [
            row.state.number().into(),
            row.code.into(),
            row.attempt.into(),
            short_time(row.at).into(),
            row.provider.into(),
            row.reference.clone().into(),
        ];
        Ok(self.run(sql, settlement.key().into_iter().chain(rest)).await? == 1)
    }

    async fn note_time_of_sending(&self, chunk: i64, row: &Row) -> Result<(), StoreError> {
        if matches!(row.state, OutcomeState::Sent | OutcomeState::Delivered) {
            let sql = "UPDATE chunk SET first_sent_at = COALESCE(first_sent_at, $2), last_sent_at = $2 WHERE id = $1";
            self.run(sql, [chunk.into(), ms(row.at).into()]).await?;
        }
        Ok(())
    }

    /// Lets everything of a broadcast that failed be tried again, posts included. Returns how many that are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn retry_failed(&self, broadcast: i64) -> Result<i64, StoreError> {
        let (now, _) = self.lease_times(Duration::ZERO);
        self.lock_broadcast(broadcast).await?;
        let cancelled = format!("SELECT 1 AS one FROM broadcast WHERE id = $1 AND state = {BROADCAST_CANCELLED}");
        if self.row(cancelled, [broadcast.into()]).await?.is_some() {
            return Ok(0);
        }
        let again = self.retry_failed_people(broadcast, now).await? + self.retry_failed_posts(broadcast, now).await?;
        if again > 0 {
            let sql =
                format!("UPDATE broadcast SET state = {BROADCAST_SENDING} WHERE id = $1 AND state = {BROADCAST_DONE}");
            self.run(sql, [broadcast.into()]).await?;
            self.announce(Wake::Work);
        }
        Ok(again.cast_signed())
    }

    async fn retry_failed_people(&self, broadcast: i64, now: i64) -> Result<u64, StoreError> {
        // No index names what failed: it would have to change with every proof of delivery. The chunks know where to
        // look, and reading the outcomes of one broadcast in their order takes a second for millions.
        let failed = format!(
            "outcome.broadcast = $1 AND outcome.state = {OUTCOME_FAILED} AND outcome.code <> {POISONED}
             AND outcome.chunk IN (SELECT id FROM chunk WHERE broadcast = $1 AND n_failed > 0)"
        );
        let retries = format!(
            "INSERT INTO retry (broadcast, subscriber, chunk, channel, language, attempt, next_at, lease, lease_until)
             SELECT outcome.broadcast, outcome.subscriber, outcome.chunk, chunk.channel, chunk.language,
                 outcome.attempt + 1, $2, 0, 0
             FROM outcome JOIN chunk ON chunk.id = outcome.chunk
             WHERE {failed}
             ON CONFLICT (broadcast, subscriber) DO NOTHING"
        );
        let people = self.run(retries, [broadcast.into(), now.into()]).await?;
        let outcomes = format!("UPDATE outcome SET state = {OUTCOME_WAITING} WHERE {failed}");
        let counters =
            "UPDATE chunk SET n_waiting = n_waiting + n_failed, n_failed = 0 WHERE broadcast = $1 AND n_failed > 0";
        // Who was given up here would fail again, and before anybody is asked.
        let given_up = format!(
            "UPDATE chunk SET n_failed = given_up.n, n_waiting = n_waiting - given_up.n
             FROM (SELECT chunk, COUNT(*) AS n FROM outcome
                 WHERE broadcast = $1 AND state = {OUTCOME_FAILED} AND code = {POISONED} GROUP BY chunk) AS given_up
             WHERE chunk.id = given_up.chunk"
        );
        for sql in [outcomes.as_str(), counters, given_up.as_str()] {
            self.run(sql, [broadcast.into()]).await?;
        }
        Ok(people)
    }

    async fn retry_failed_posts(&self, broadcast: i64, now: i64) -> Result<u64, StoreError> {
        let sql = format!(
            "UPDATE post SET state = {POST_OPEN}, next_at = $2, lease = 0, lease_until = 0
             WHERE broadcast = $1 AND state = {POST_FAILED}"
        );
        self.run(sql, [broadcast.into(), now.into()]).await
    }
}
