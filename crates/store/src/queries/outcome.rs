//! What became of each message, and the counters on the chunks that spare anybody from counting millions of rows.

use std::collections::BTreeMap;

use domain::delivery::{Outcome, OutcomeState};
use sea_orm::Value;

use crate::column::{ROWS_AT_ONCE, get, ms, outcome_state};
use crate::{StoreError, Tx};

/// How the counters of a chunk change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally([i64; 8]);

/// The counters, in the order of the tally.
const COUNTERS: [&str; 8] =
    ["n_sent", "n_delivered", "n_failed", "n_skipped", "n_expired", "n_superseded", "n_unknown", "n_waiting"];

/// The counter that grows with one more message in this state.
pub(crate) const fn counter(state: OutcomeState) -> &'static str {
    COUNTERS[place(state)]
}

/// Where the counter of a state stands.
const fn place(state: OutcomeState) -> usize {
    match state {
        OutcomeState::Sent => 0,
        OutcomeState::Delivered => 1,
        OutcomeState::Failed => 2,
        OutcomeState::Skipped => 3,
        OutcomeState::Expired => 4,
        OutcomeState::Superseded => 5,
        OutcomeState::Unknown => 6,
        OutcomeState::Waiting => 7,
    }
}

impl Tally {
    /// One message more in this state. A delivered message was also sent.
    pub(crate) const fn add(&mut self, state: OutcomeState) {
        self.change(state, 1);
    }

    /// One message moved from one state to another.
    pub(crate) const fn shift(&mut self, from: OutcomeState, to: OutcomeState) {
        self.change(from, -1);
        self.change(to, 1);
    }

    const fn change(&mut self, state: OutcomeState, by: i64) {
        self.0[place(state)] += by;
        if matches!(state, OutcomeState::Delivered) {
            self.0[place(OutcomeState::Sent)] += by;
        }
    }

    /// `n_sent = n_sent + $1, …` with placeholders counted on from `first`.
    pub(crate) fn assignments(first: usize) -> String {
        let one = |(place, name): (usize, &&str)| format!("{name} = {name} + ${}", first + place);
        COUNTERS.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
    }

    /// The values of those placeholders.
    pub(crate) fn values(self) -> impl Iterator<Item = Value> {
        self.0.into_iter().map(Value::from)
    }
}

/// What was new among some outcomes.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) tally: Tally,
    pub(crate) count: i64,
    pub(crate) first_sent_at: Option<i64>,
    pub(crate) last_sent_at: Option<i64>,
}

/// The chunk that outcomes belong to.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) chunk: i64,
    pub(crate) broadcast: i64,
    pub(crate) channel: i16,
    pub(crate) language: i16,
}

impl Tx {
    /// Writes outcomes that are not there yet, and a retry for each that waits. Whoever has an outcome keeps it.
    pub(crate) async fn write_outcomes(&self, owner: Owner, outcomes: &[Outcome]) -> Result<Written, StoreError> {
        let mut written = Written::default();
        for some in outcomes.chunks(ROWS_AT_ONCE) {
            let new = self.insert_outcomes(owner, some).await?;
            let inserted = || some.iter().filter(|outcome| new.contains_key(&outcome.subscriber));
            for outcome in inserted() {
                written.tally.add(outcome.state);
                written.count += 1;
                if matches!(outcome.state, OutcomeState::Sent | OutcomeState::Delivered) {
                    let at = ms(outcome.at);
                    written.first_sent_at = Some(written.first_sent_at.map_or(at, |first| first.min(at)));
                    written.last_sent_at = Some(written.last_sent_at.map_or(at, |last| last.max(at)));
                }
            }
            let waiting: Vec<&Outcome> = inserted().filter(|one| one.state == OutcomeState::Waiting).collect();
            self.insert_retries(owner, &waiting).await?;
        }
        Ok(written)
    }

    async fn insert_outcomes(
        &self,
        owner: Owner,
        outcomes: &[Outcome],
    ) -> Result<BTreeMap<i64, OutcomeState>, StoreError> {
        let sql = format!(
            "INSERT INTO outcome (broadcast, subscriber, chunk, state, code, attempt, at, provider, reference)
             VALUES {} ON CONFLICT (broadcast, subscriber) DO NOTHING RETURNING subscriber, state",
            self.tuples(outcomes.len(), 9)
        );
        let row = |one: &Outcome| -> [Value; 9] {
            [
                owner.broadcast.into(),
                one.subscriber.into(),
                owner.chunk.into(),
                one.state.number().into(),
                one.code.into(),
                attempt_number(one.attempt).into(),
                ms(one.at).into(),
                one.provider.clone().into(),
                one.reference.clone().into(),
            ]
        };
        let rows = self.rows(sql, outcomes.iter().flat_map(row)).await?;
        rows.iter().map(|row| Ok((get(row, "subscriber")?, outcome_state(get(row, "state")?)?))).collect()
    }

    async fn insert_retries(&self, owner: Owner, waiting: &[&Outcome]) -> Result<(), StoreError> {
        if waiting.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO retry (broadcast, subscriber, chunk, channel, language, attempt, next_at, lease, lease_until)
             VALUES {} ON CONFLICT (broadcast, subscriber) DO NOTHING",
            self.tuples(waiting.len(), 9)
        );
        let row = |one: &&Outcome| -> [Value; 9] {
            [
                owner.broadcast.into(),
                one.subscriber.into(),
                owner.chunk.into(),
                owner.channel.into(),
                owner.language.into(),
                attempt_number(one.attempt).saturating_add(1).into(),
                ms(one.retry_at.unwrap_or(one.at)).into(),
                0_i64.into(),
                0_i64.into(),
            ]
        };
        self.run(sql, waiting.iter().flat_map(row)).await?;
        Ok(())
    }

    /// Changes the counters of one chunk.
    pub(crate) async fn count_on_chunk(&self, chunk: i64, tally: Tally) -> Result<(), StoreError> {
        if tally != Tally::default() {
            let sql = format!("UPDATE chunk SET {} WHERE id = $9", Tally::assignments(1));
            self.run(sql, tally.values().chain([chunk.into()])).await?;
        }
        Ok(())
    }
}

/// Attempts beyond what the column holds all count as the last.
pub(crate) fn attempt_number(attempt: i32) -> i16 {
    i16::try_from(attempt).unwrap_or(i16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivered_message_counts_as_sent_too() {
        let mut tally = Tally::default();
        tally.add(OutcomeState::Sent);
        tally.shift(OutcomeState::Sent, OutcomeState::Delivered);
        assert_eq!(tally, Tally([1, 1, 0, 0, 0, 0, 0, 0]));
        tally.shift(OutcomeState::Delivered, OutcomeState::Failed);
        assert_eq!(tally, Tally([0, 0, 1, 0, 0, 0, 0, 0]));
    }
}
