//! What a broadcast came to, as the people who sent it are told. Numbers only.

use domain::delivery::Progress;
use domain::{ChannelKind, Language};

/// The counts of one channel in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The channel.
    pub channel: ChannelKind,
    /// The language that its readers asked for.
    pub language: Language,
    /// The counts.
    pub progress: Progress,
}

/// How far a channel had come in a language so many minutes after the broadcast was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Minutes since it was published.
    pub minute: i16,
    /// The channel.
    pub channel: ChannelKind,
    /// The language.
    pub language: Language,
    /// Whom it was for.
    pub audience: i64,
    /// Messages that a provider had taken.
    pub sent: i64,
    /// Of these with a proof of delivery.
    pub delivered: i64,
    /// Messages that had been given up.
    pub failed: i64,
}

/// How many messages failed for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// The channel.
    pub channel: ChannelKind,
    /// The provider's code; 0 where it gave none.
    pub code: i32,
    /// How many.
    pub people: i64,
}
