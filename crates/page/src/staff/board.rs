//! Reads what staff are told whenever anything was published or the key was changed, and remembers since when nobody
//! could make sure that it is still so.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use domain::{Env, StaffKey, WithCauses};
use serde::{Deserialize, Serialize};
use store::StaffBoard;
use tokio_util::sync::CancellationToken;

use super::Staff;
use crate::Page;
use crate::follow::{DOUBT_AFTER, FLOOR, PATIENCE};

/// How long what is over is still told, as on the home page.
const JUST_OVER: chrono::Duration = chrono::Duration::hours(48);

/// The board as last read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Known {
    /// The publication counter that it was read at.
    pub(crate) version: i64,
    pub(crate) board: StaffBoard,
    /// Up to when it was certainly true, by the clock that people read.
    pub(crate) confirmed_at: DateTime<Utc>,
    /// The same in machine time; none for what came from disk, which may be another database's.
    #[serde(skip)]
    confirmed_by_machine: Option<DateTime<Utc>>,
}

impl Known {
    /// The key that was typed, if it opens the staff view; what cannot be a key is as wrong as any other.
    pub(crate) fn right_key(&self, typed: &str) -> Option<StaffKey> {
        let lock = self.board.lock.as_ref()?;
        StaffKey::typed(typed).filter(|key| lock.opens_with(key))
    }

    /// Since when nobody could make sure of it, once that is worth saying.
    pub(crate) fn doubted_since(&self, env: &Env) -> Option<DateTime<Utc>> {
        let recent = self.confirmed_by_machine.is_some_and(|at| env.machine_now() - at < DOUBT_AFTER);
        (!recent).then_some(self.confirmed_at)
    }
}

/// Follows the database until told to stop, beside the edition: neither waits for the other, and what goes wrong here
/// never touches the public page.
pub(crate) async fn follow(page: &Page, stop: CancellationToken) {
    page.shared.own().staff.followed.store(true, Ordering::Release);
    // The watch begins before the first look, so that nothing falls between the two.
    let mut watch = page.shared.own().published.watch();
    while !stop.is_cancelled() {
        // A database that is away is in the log already: the edition follows it too.
        if let Ok(Ok(version)) = tokio::time::timeout(PATIENCE, page.shared.own().published.version()).await {
            page.shared.own().staff.look(&page.shared.env, version).await;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            _ = watch.next(FLOOR) => {}
        }
    }
}

impl Staff {
    /// Takes the board of the last run from disk, so that it is there before the database is.
    pub(crate) fn load(&self) {
        match self.keep.take() {
            Ok(Some(known)) => self.known.store(known.into()),
            Ok(None) => {}
            Err(error) => {
                let error = WithCauses(&error);
                tracing::warn!(%error, "the kept board for staff cannot be used; waiting for the database");
            }
        }
    }

    /// Brings the board up to date with the publication counter.
    async fn look(&self, env: &Env, version: i64) {
        let known = self.known.load_full();
        let is_new = known.confirmed_by_machine.is_none() || known.version != version;
        let board = if is_new { self.read(env.now()).await } else { Some(known.board.clone()) };
        let Some(board) = board else { return };
        let changed = board != known.board;
        let confirmed_by_machine = Some(env.machine_now());
        let known = Known { version, board, confirmed_at: env.now(), confirmed_by_machine };
        if changed {
            self.keep(known.clone()).await;
        }
        self.known.store(known.into());
        self.read.send_replace(version);
    }

    async fn read(&self, now: DateTime<Utc>) -> Option<StaffBoard> {
        let board = tokio::time::timeout(PATIENCE, self.briefings.board(now - JUST_OVER)).await;
        match board {
            Ok(Ok(board)) => Some(board),
            Ok(Err(error)) => {
                tracing::warn!(error = %WithCauses(&error), "the board for staff cannot be read; the last one stays");
                None
            }
            Err(_) => {
                tracing::warn!("the board for staff takes too long to read; the last one stays");
                None
            }
        }
    }

    /// Before it is shown: a key that was changed must not come back with the next start.
    async fn keep(&self, known: Known) {
        let keep = self.keep.clone();
        let kept = tokio::task::spawn_blocking(move || keep.put(&known)).await;
        if let Ok(Err(error)) = kept {
            // A restart without the database would have none, or an old one.
            tracing::error!(error = %WithCauses(&error), "the board for staff could not be kept on disk");
        }
    }
}
