//! How sending stands, for those who operate it.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::ChannelKind;
use domain::delivery::Progress;

/// Everything that is under way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// What waits. Of broadcasts only those lanes that have something to send.
    pub queues: Vec<Queue>,
    /// The counts of all broadcasts that are being sent or are held, per channel.
    pub people: BTreeMap<ChannelKind, Progress>,
    /// Ranges whose holder let the lease run out: it died or slept, and nobody has taken them over yet.
    pub leases_run_out: i64,
}

/// What waits in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// `urgent` and `ordinary` broadcasts, `direct` messages, `retries`, `posts`, and `receipts` to be counted.
    pub name: &'static str,
    /// How many: ranges of a broadcast, single ones elsewhere.
    pub waiting: i64,
    /// How long the oldest of them has waited since it could have left; since it was published, for broadcasts.
    pub waited: Duration,
}
