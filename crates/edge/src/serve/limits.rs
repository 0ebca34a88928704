//! How much one listener takes on, and how long it waits for whom.

use std::time::Duration;

/// The limits of one listener. Those of time are kept by one clock for all connections, and are exact to an eighth of
/// the shortest of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte of a request, or from the connection itself, until the head of the request is whole. An
    /// agreement on TLS is part of it.
    pub head: Duration,
    /// How long a connection is kept after an answer, for the next request.
    pub idle: Duration,
    /// How long a reader may take nothing of an answer that waits for them.
    pub stall: Duration,
    /// Open connections. When there are more, those that have waited longest between two requests make room.
    pub connections: usize,
    /// Open connections of one client address; trusted proxies and this machine are not counted.
    pub per_client: usize,
    /// How long requests in hand may take after the signal to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            connections: 16_384,
            per_client: 1_024,
            drain: Duration::from_secs(20),
        }
    }
}

/// A request that is in hand for longer than this, with nothing read or written, is a defect or an attack: handlers
/// have shorter limits of their own.
const IN_HAND: Duration = Duration::from_secs(300);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Its next request has begun, or its first one is awaited.
    Head,
    /// It has had its answers and may ask again.
    Idle,
    /// It has asked and is not answered yet.
    Busy,
    /// Its answer is there and it does not take it.
    Stalled,
}

impl Limits {
    /// How long a phase may last without progress.
    pub(crate) const fn patience(&self, phase: Phase) -> Duration {
        match phase {
            Phase::Head => self.head,
            Phase::Idle => self.idle,
            Phase::Busy => IN_HAND,
            Phase::Stalled => self.stall,
        }
    }

    /// How often the clock is read and everybody is looked at.
    pub(crate) fn beat(&self) -> Duration {
        let shortest = self.head.min(self.idle).min(self.stall);
        (shortest / 8).clamp(Duration::from_millis(5), Duration::from_secs(1))
    }
}
