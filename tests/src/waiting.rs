//! Waiting for something to become true, with a deadline: the only place where a scenario lets time pass.

use std::time::{Duration, Instant};

/// How long a scenario waits for what should take a moment. Generous, because the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until `is_so`, looking again and again, for as long as [`PATIENCE`].
///
/// # Panics
/// When the deadline passes; `what` says what did not come true.
pub async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    until_within(PATIENCE, what, is_so).await;
}

/// As [`until`], with another deadline.
///
/// # Panics
/// When the deadline passes.
pub async fn until_within(patience: Duration, what: &str, is_so: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + patience;
    while !is_so().await {
        assert!(Instant::now() < deadline, "still not so after {} s: {what}", patience.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Watches for a while that something stays true, where its opposite would be the mistake.
///
/// # Panics
/// As soon as it is not so.
pub async fn stays_so_for(span: Duration, what: &str, is_so: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + span;
    while Instant::now() < deadline {
        assert!(is_so().await, "no longer so: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Lets time pass where its passing is the story, such as an outage that outlasts a lease.
pub async fn lasts(span: Duration) {
    tokio::time::sleep(span).await;
}
