//! How current a place is: for metrics, and for the one line in the log that says that it fell behind.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};
use domain::Env;

/// What is known of a place.
#[derive(Debug)]
pub struct Standing {
    name: String,
    env: Env,
    known: Mutex<Known>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// When the edition that it holds was made, by the clock that people read.
    built_at: Option<DateTime<Utc>>,
    /// In machine time: since when there is a newer one.
    behind_since: Option<DateTime<Utc>>,
    is_failing: bool,
}

impl Standing {
    pub(crate) fn of(name: &str, env: Env) -> Self {
        Self { name: name.to_owned(), env, known: Mutex::default() }
    }

    /// Our name for the place.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When the edition was made that it holds; none as long as this process has written none.
    #[must_use]
    pub fn built_at(&self) -> Option<DateTime<Utc>> {
        self.lock().built_at
    }

    /// For how long there has been an edition that it does not hold; zero when it is current.
    #[must_use]
    pub fn behind(&self) -> Duration {
        self.lock().behind_since.map_or(Duration::zero(), |since| self.env.machine_now() - since)
    }

    /// There is an edition to be written.
    pub(crate) fn has_news(&self) {
        let now = self.env.machine_now();
        self.lock().behind_since.get_or_insert(now);
    }

    /// An edition is there whole.
    pub(crate) fn is_current(&self, built_at: DateTime<Utc>) {
        let behind = self.behind().num_milliseconds();
        let before = std::mem::replace(
            &mut *self.lock(),
            Known { built_at: Some(built_at), behind_since: None, is_failing: false },
        );
        if before.is_failing {
            tracing::info!(push.name = self.name, behind_ms = behind, "the copy of the page is current again");
        }
    }

    /// An edition could not be written. Only the first time is worth a line.
    pub(crate) fn has_failed(&self, error: &(dyn std::error::Error + 'static)) {
        let error = domain::WithCauses(error);
        if std::mem::replace(&mut self.lock().is_failing, true) {
            tracing::debug!(push.name = self.name, %error, "the copy of the page is still behind");
        } else {
            tracing::warn!(push.name = self.name, %error, "the copy of the page falls behind; it is tried again");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
