//! The shared rate of a provider, and what happened to providers.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What a process asks for before it sends.
#[derive(Clone, Copy, Debug)]
pub struct RateRequest<'a> {
    /// The provider, with its kind: names are unique within a kind only.
    pub provider: &'a str,
    /// Text segments, or messages elsewhere. With 0 nothing is taken: a complaint is passed on.
    pub units: f64,
    /// The rate by contract, in units per second.
    pub per_second: f64,
    /// Whether somebody waits with a phone in hand: then a tenth of the rate goes ahead of broadcasts.
    pub is_direct: bool,
    /// Whether the provider said "too fast" since the last request.
    pub is_eased: bool,
}

/// What a process was granted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateGrant {
    /// How much of the agreed rate is used now, by all processes.
    pub factor: f64,
    /// How long to wait before asking again; none when everything asked for was granted.
    pub wait: Option<Duration>,
}

/// Something that happened to a provider, for operators to read later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderEvent {
    /// When, by the machine's clock.
    pub at: DateTime<Utc>,
    /// The provider, with its kind, such as `sms/primary`.
    pub provider: String,
    /// `rests`, `works` or `eased`.
    pub what: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The provider's code, or 0.
    pub code: i32,
}
