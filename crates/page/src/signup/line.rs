//! Who may keep the database busy with a form, and who waits. So many are served at a time, so many more may stand in
//! line, and whoever comes after them is told at once to try again later; what they typed stays in the form.
//!
//! There are three lines. Anybody may join the first. The other two open only to links that we have signed, and whoever
//! wants to leave stands behind nobody but others who leave.

use std::time::Duration;

use domain::Kind;
use edge::Failure;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Page;
use crate::settings::SignupLimits;

/// The code of a form that came when the line was full.
pub(super) const BUSY: &str = "busy";

/// How long somebody stands in line before they are told to come back.
const PATIENCE: Duration = Duration::from_secs(3);

/// For what somebody stands in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// To sign up, or to prove a contact.
    SignUp,
    /// To see or change what was chosen.
    Change,
    /// To leave.
    Leave,
}

/// The three lines.
pub(super) struct Lines {
    sign_up: Line,
    change: Line,
    leave: Line,
}

/// While this is kept somebody is being served.
pub(super) type Turn<'l> = SemaphorePermit<'l>;

struct Line {
    served: Semaphore,
    waiting: Semaphore,
    patience: Duration,
}

impl Lines {
    pub(super) fn new(limits: &SignupLimits) -> Self {
        Self::with_patience(limits, PATIENCE)
    }

    fn with_patience(limits: &SignupLimits, patience: Duration) -> Self {
        let waiting = || Semaphore::new(limits.waiting);
        let line = |at_once| Line { served: Semaphore::new(at_once), waiting: waiting(), patience };
        Self {
            sign_up: line(limits.at_once),
            change: line(limits.leaving_at_once),
            leave: line(limits.leaving_at_once),
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`BUSY`] when the line is full, or does not move.
    async fn turn(&self, errand: Errand) -> edge::Result<Turn<'_>> {
        let Line { served, waiting, patience } = match errand {
            Errand::SignUp => &self.sign_up,
            Errand::Change => &self.change,
            Errand::Leave => &self.leave,
        };
        if let Ok(turn) = served.try_acquire() {
            return Ok(turn);
        }
        let Ok(_place) = waiting.try_acquire() else { return Err(busy()) };
        match tokio::time::timeout(*patience, served.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(busy()),
        }
    }
}

fn busy() -> Failure {
    Failure::new(Kind::Unavailable, BUSY)
}

impl Page {
    /// Waits for a turn at the database. Nothing that a visitor sends may be awaited while it is kept, and nobody takes
    /// a second one.
    ///
    /// # Errors
    /// [`BUSY`] when too many wait already.
    pub(super) async fn turn(&self, errand: Errand) -> edge::Result<Turn<'_>> {
        self.shared.own().signup.lines.turn(errand).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(waiting: usize) -> Lines {
        let limits = SignupLimits { at_once: 1, waiting, leaving_at_once: 1, ..SignupLimits::default() };
        Lines::with_patience(&limits, Duration::from_millis(50))
    }

    #[tokio::test]
    async fn whoever_comes_when_the_line_is_full_is_told_at_once() {
        let lines = lines(1);
        let first = lines.turn(Errand::SignUp).await.unwrap();
        let (second, third) = tokio::join!(biased; lines.turn(Errand::SignUp), async {
            let third = lines.turn(Errand::SignUp).await.map(|_| ());
            drop(first);
            third.unwrap_err()
        });
        assert!(second.is_ok(), "who stood in line is served");
        assert_eq!((third.code(), third.status().as_u16()), (BUSY, 503));
    }

    #[tokio::test]
    async fn a_flood_of_strangers_keeps_nobody_from_leaving() {
        let lines = lines(0);
        let _flood = lines.turn(Errand::SignUp).await.unwrap();
        assert!(lines.turn(Errand::SignUp).await.is_err());
        let _changing = lines.turn(Errand::Change).await.unwrap();
        assert!(lines.turn(Errand::Change).await.is_err());
        assert!(lines.turn(Errand::Leave).await.is_ok());
    }

    #[tokio::test]
    async fn a_line_that_does_not_move_is_left() {
        let lines = lines(1);
        let _stuck = lines.turn(Errand::SignUp).await.unwrap();
        assert_eq!(lines.turn(Errand::SignUp).await.map(|_| ()).unwrap_err().code(), BUSY);
        assert!(lines.sign_up.waiting.available_permits() == 1, "and the place in it is free again");
    }
}
