//! The counters on the chunks, which spare anybody from counting millions of rows.

use domain::delivery::OutcomeState;
use sea_orm::Value;

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

impl Tx {
    /// Changes the counters of one chunk.
    pub(crate) async fn count_on_chunk(&self, chunk: i64, tally: Tally) -> Result<(), StoreError> {
        if tally != Tally::default() {
            let sql = format!("UPDATE chunk SET {} WHERE id = $9", Tally::assignments(1));
            self.run(sql, tally.values().chain([chunk.into()])).await?;
        }
        Ok(())
    }
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
