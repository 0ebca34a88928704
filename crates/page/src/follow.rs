//! Keeps the edition up to date: with every publication, and when the clock alone changes what is true. It never dies:
//! while the database does not answer, the last edition stays, and says since when nobody could make sure of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::WithCauses;
use store::{StoreError, Watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::Page;
use crate::edition::Edition;
use crate::model::now::Now;
use crate::model::read::stories;
use crate::model::{Model, Story};
use crate::view::frame::stamp;

/// The longest wait between two looks at the database, whatever was announced.
const FLOOR: Duration = Duration::from_secs(1);

/// How long the database may take to answer before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the database may be gone before readers are told; in machine time.
const DOUBT_AFTER: chrono::Duration = chrono::Duration::seconds(60);

/// Why no new edition could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowError {
    #[error("the database does not answer")]
    Store(#[from] StoreError),
    #[error("the database takes too long to answer")]
    TooSlow,
    #[error("the edition could not be made")]
    Render(#[from] render::RenderError),
    #[error("the press stopped halfway")]
    Stopped(#[from] tokio::task::JoinError),
}

/// The one task that changes the edition.
pub(crate) struct Follower {
    page: Page,
    model: Option<Arc<Model>>,
    /// In machine time: when the database last answered, or this task began.
    last_answer: DateTime<Utc>,
    answers: bool,
    doubts: bool,
    stamped: Option<DateTime<Utc>>,
    writing: Option<JoinHandle<()>>,
    unwritten: bool,
}

impl Follower {
    pub(crate) fn new(page: Page) -> Self {
        let model = page.shared.model.load_full();
        let last_answer = page.shared.env.machine_now();
        Self { page, model, last_answer, answers: true, doubts: false, stamped: None, writing: None, unwritten: false }
    }

    /// Follows until told to stop, and then finishes what is being written.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        // The watch begins before the first look, so that nothing falls between the two.
        let mut watch = self.page.shared.published.watch();
        loop {
            self.look().await;
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.rest(&mut watch) => {}
            }
        }
        self.finish().await;
    }

    async fn rest(&self, watch: &mut Watch) {
        let until_next = self.page.edition().next_moment().map(|at| at - self.page.shared.env.now());
        let until_next =
            until_next.and_then(|wait| wait.to_std().ok()).map_or(FLOOR, |wait| wait.max(Duration::from_millis(5)));
        watch.next(FLOOR.min(until_next)).await;
    }

    /// One look at the database and the clock.
    pub(crate) async fn look(&mut self) {
        let version = self.version().await;
        // Before the edition, so that whoever waits for a version knows that staff read it too.
        self.page.shared.staff.look(&self.page.shared.env, version.as_ref().ok().copied()).await;
        let outcome = match version {
            Ok(version) => {
                self.last_answer = self.page.shared.env.machine_now();
                self.answered(version).await
            }
            Err(error) => {
                self.note(false, Some(&error));
                self.unanswered().await
            }
        };
        if let Err(error) = outcome {
            self.note(false, Some(&error));
        }
        self.write();
    }

    async fn version(&self) -> Result<i64, FollowError> {
        let version = self.page.shared.published.version();
        Ok(tokio::time::timeout(PATIENCE, version).await.map_err(|_| FollowError::TooSlow)??)
    }

    /// The database is there: a new edition when anything was published, or when the clock says so.
    async fn answered(&mut self, version: i64) -> Result<(), FollowError> {
        let edition = self.page.edition();
        // What was kept on disk is always compared with the database once: it may be another one.
        let known = self.model.as_ref().filter(|model| self.stamped.is_some() && model.version == version);
        let now = self.page.shared.env.now();
        let (model, is_news) = match known {
            Some(model) => (Arc::clone(model), false),
            None => (Arc::new(self.read(version, now).await?), true),
        };
        let moment = self.doubts || edition.next_moment().is_some_and(|at| at <= now);
        if is_news || moment || self.stamped != Some(stamp(now)) {
            let now = Now { model: Arc::clone(&model), at: now, unconfirmed_since: None };
            let missing = self.page.shared.press.lacking(&now, &edition);
            let more = self.in_time(stories(&self.page.shared.published, &missing)).await?;
            self.print(now, more).await?;
            self.unwritten |= is_news || moment;
            self.doubts = false;
        }
        self.model = Some(model);
        self.note(true, None);
        Ok(())
    }

    async fn read(&self, version: i64, now: DateTime<Utc>) -> Result<Model, FollowError> {
        let remembered = self.model.as_deref().cloned().unwrap_or_default();
        self.in_time(remembered.refreshed(&self.page.shared.published, version, now)).await
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, FollowError> {
        // Reading everything for the first time may take longer than a look.
        Ok(tokio::time::timeout(PATIENCE * 12, work).await.map_err(|_| FollowError::TooSlow)??)
    }

    /// The database is gone: what the clock changes still changes, and after a minute readers are told.
    async fn unanswered(&mut self) -> Result<(), FollowError> {
        let Some(model) = self.model.clone() else { return Ok(()) };
        let env = &self.page.shared.env;
        let doubtful = env.machine_now() - self.last_answer >= DOUBT_AFTER;
        let (edition, now) = (self.page.edition(), env.now());
        if doubtful == self.doubts && edition.next_moment().is_none_or(|at| at > now) {
            return Ok(());
        }
        let unconfirmed_since = doubtful.then_some(model.confirmed_at);
        self.print(Now { model, at: now, unconfirmed_since }, Vec::new()).await?;
        self.doubts = doubtful;
        Ok(())
    }

    /// Makes the next edition off the threads that answer requests, and puts it in place of the last.
    async fn print(&mut self, now: Now, more: Vec<Story>) -> Result<(), FollowError> {
        let (press, previous) = (self.page.shared.press.clone(), self.page.edition());
        let (model, at) = (Arc::clone(&now.model), now.at);
        let made = tokio::task::spawn_blocking(move || press.print(&now, &previous, &more)).await??;
        tracing::debug!(edition.id = made.id(), documents = made.documents().count(), "a new edition is out");
        self.page.shared.model.store(Some(model));
        let version = made.published_version();
        self.page.shared.edition.store(Arc::new(made));
        self.page.shared.shown.send_replace(version);
        self.stamped = Some(stamp(at));
        Ok(())
    }

    /// Writes the newest edition to disk beside everything else; at most one at a time.
    fn write(&mut self) {
        let busy = self.writing.as_ref().is_some_and(|writing| !writing.is_finished());
        let Some(model) = self.model.clone().filter(|_| self.unwritten && !busy) else { return };
        self.unwritten = false;
        let (shelf, edition) = (self.page.shared.shelf.clone(), self.page.edition());
        let common = Arc::clone(&self.page.shared.press.common);
        self.writing = Some(tokio::task::spawn_blocking(move || keep(&shelf, &edition, &model, &common)));
    }

    async fn finish(mut self) {
        loop {
            if let Some(writing) = self.writing.take() {
                let _ = writing.await;
            }
            if !self.unwritten {
                break;
            }
            self.write();
        }
    }

    /// Says once that the database went away, and once that it came back.
    fn note(&mut self, answers: bool, error: Option<&FollowError>) {
        if self.answers == answers {
            return;
        }
        self.answers = answers;
        match error {
            Some(error) => {
                tracing::warn!(error = %WithCauses(error), "the page cannot be brought up to date; the last edition stays")
            }
            None => tracing::info!("the page is up to date again"),
        }
    }
}

fn keep(shelf: &crate::edition::shelf::Shelf, edition: &Edition, model: &Model, common: &http::HeaderMap) {
    if let Err(error) = shelf.put(edition, model, common) {
        tracing::error!(error = %WithCauses(&error), "the edition could not be kept on disk; a restart without the database would have none");
    }
}
