//! Warnings to staff and operators.

use chrono::{DateTime, Utc};

/// Something that a person should look into, as long as it lasts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// `channel-down`, `rate-low`, `no-seed` or `held`.
    pub kind: String,
    /// The channel, the provider (`sms/primary`) or the id of the broadcast.
    pub subject: String,
    /// Since when, by the machine's clock; for a broadcast that holds itself, when it was published.
    pub since: DateTime<Utc>,
}

/// How the first people of a broadcast fared, per channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstPeople {
    /// The broadcast.
    pub broadcast: i64,
    /// Taken by a provider, and not failed since.
    pub sent: i64,
    /// Failed.
    pub failed: i64,
    /// Not sent to yet.
    pub remaining: i64,
    /// When the first was sent, in the time that people read.
    pub first_sent_at: DateTime<Utc>,
}
