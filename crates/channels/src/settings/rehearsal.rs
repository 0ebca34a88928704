//! `[rehearsal]`: everything is real, but for what would reach people.

use serde::{Deserialize, Serialize};

use super::{Problems, SettingsProblem};

/// `[rehearsal]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rehearsal {
    /// Sends nothing to anybody: every provider, relay and account is replaced by one that takes all and does nothing.
    pub send_nothing: bool,
    /// How long such a provider pretends to need for a message, in milliseconds.
    pub latency_ms: u32,
    /// How many messages it takes in a second.
    pub rate: u32,
}

impl Default for Rehearsal {
    fn default() -> Self {
        Self { send_nothing: false, latency_ms: 0, rate: 1_000_000 }
    }
}

impl Rehearsal {
    /// Everything that is wrong, to be reported together.
    #[must_use]
    pub fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Problems::below("rehearsal");
        problems.unless(self.rate > 0, "rate", "must be at least 1 message per second");
        problems.found
    }
}
