//! Keeps the edition up to date: with every publication, and when the clock alone changes what is true. It never dies:
//! while the database does not answer, the last edition stays, and says since when nobody could make sure of it.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::WithCauses;
use store::{StoreError, Watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::Page;
use crate::aside::{Crowd, Manner, aside};
use crate::backlog::queue;
use crate::edition::Edition;
use crate::edition::archive::filing::{Filed, Filing};
use crate::edition::archive::pack::PackError;
use crate::model::now::Now;
use crate::model::read::{Extent, ReadError, stories};
use crate::model::{Model, Story};
use crate::view::frame::step;

/// The longest wait between two looks at the database, whatever was announced.
pub(crate) const FLOOR: Duration = Duration::from_secs(1);

/// How long the database may take to answer before it counts as gone.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// How long the database may be gone before readers are told; in machine time.
pub(crate) const DOUBT_AFTER: chrono::Duration = chrono::Duration::seconds(60);

/// How long only news are read, before everything is compared with the database once more; in machine time.
const COMPARE_AFTER: chrono::Duration = chrono::Duration::minutes(10);

/// So many old pages are made before an edition goes out; more are made after it, while it is read.
const BEFORE_OTHERS: usize = 50;

/// How many old incidents are made again and put away together.
const TOGETHER: usize = 250;

/// How long nothing was published when packs are put in order; in machine time.
const QUIET_AFTER: chrono::Duration = chrono::Duration::seconds(10);

/// How long after an edition could not be written it is tried again; in machine time.
const WRITE_AGAIN_AFTER: chrono::Duration = chrono::Duration::seconds(5);

/// Why no new edition could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowError {
    #[error("the database does not answer")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the database takes too long to answer")]
    TooSlow,
    #[error("the edition could not be made")]
    Render(#[from] render::RenderError),
    #[error("the press stopped halfway")]
    Stopped(#[from] tokio::task::JoinError),
    #[error("old pages could not be put away")]
    Pack(#[from] PackError),
}

/// The one task that changes the edition.
pub(crate) struct Follower {
    page: Page,
    model: Option<Arc<Model>>,
    /// In machine time: when the edition was last made sure of, or this task began.
    last_answer: DateTime<Utc>,
    answers: bool,
    doubts: bool,
    stamped: Option<DateTime<Utc>>,
    writing: Option<JoinHandle<()>>,
    /// The last writing failed: a disk that was full may have room again.
    unkept: Arc<AtomicBool>,
    /// In machine time: when a failed writing is tried again.
    write_again_at: DateTime<Utc>,
    unwritten: bool,
    /// In machine time: when everything was last compared with the database.
    compared: Option<DateTime<Utc>>,
    /// In machine time: when something was last published, as far as this task knows.
    last_news: DateTime<Utc>,
    /// Old incidents whose pages are still to be made, the newest first.
    backlog: Vec<i64>,
    /// Behind a lock that nobody waits for, so that the follower can be looked at from any thread.
    filing: Mutex<Option<UnderWay>>,
    /// Whether readers are so many that all this stands back.
    crowd: Crowd,
    stop: CancellationToken,
}

/// Old pages being put away. It goes on only while the follower rests: what is new goes first.
type UnderWay = Pin<Box<dyn Future<Output = Result<Filed, FollowError>> + Send>>;

impl Follower {
    pub(crate) fn new(page: Page) -> Self {
        let model = page.shared.model.load_full();
        let last_answer = page.shared.env.machine_now();
        Self {
            page,
            model,
            last_answer,
            answers: true,
            doubts: false,
            stamped: None,
            writing: None,
            unkept: Arc::default(),
            write_again_at: last_answer,
            unwritten: false,
            compared: None,
            last_news: last_answer,
            backlog: Vec::new(),
            filing: Mutex::default(),
            crowd: Crowd::none(last_answer),
            stop: CancellationToken::new(),
        }
    }

    /// Follows until told to stop, and then finishes what is being written.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        self.stop = stop.clone();
        self.page.shared.shelf.sweep_strays();
        // The watch begins before the first look, so that nothing falls between the two.
        let mut watch = self.page.shared.own().published.watch();
        loop {
            self.look().await;
            let is_quiet = self.page.shared.env.machine_now() - self.last_news >= QUIET_AFTER;
            self.file(|edition| Filing::due(edition, is_quiet));
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.rest(&mut watch) => {}
            }
        }
        self.finish().await;
    }

    /// Looks once, and makes all that is old.
    pub(crate) async fn look_once(&mut self) {
        self.look().await;
        while !self.backlog.is_empty() && self.answers {
            self.file(|_| None);
            if let Some(filing) = self.under_way().take() {
                let outcome = filing.await;
                self.filed(outcome).await;
            }
        }
        self.write();
    }

    async fn rest(&mut self, watch: &mut Watch) {
        let until_next = self.page.edition().next_moment().map(|at| at - self.page.shared.env.now());
        let until_next =
            until_next.and_then(|wait| wait.to_std().ok()).map_or(FLOOR, |wait| wait.max(Duration::from_millis(5)));
        let news = watch.next(FLOOR.min(until_next));
        let Some(filing) = self.under_way() else {
            news.await;
            return;
        };
        let outcome = tokio::select! {
            _ = news => return,
            outcome = filing => outcome,
        };
        *self.under_way() = None;
        self.filed(outcome).await;
    }

    fn under_way(&mut self) -> &mut Option<UnderWay> {
        self.filing.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// One look at the database and the clock.
    pub(crate) async fn look(&mut self) {
        self.crowd.look(&self.page.shared.answers, self.page.shared.env.machine_now());
        if let Err(error) = self.news().await {
            self.note(false, Some(&error));
            if let Err(error) = self.unanswered().await {
                tracing::warn!(error = %WithCauses(&error), "readers cannot be told how old the edition is");
            }
        }
        self.write();
    }

    async fn news(&mut self) -> Result<(), FollowError> {
        let version = self.version().await?;
        let asked_at = self.page.shared.env.machine_now();
        self.answered(version).await?;
        self.last_answer = asked_at;
        Ok(())
    }

    async fn version(&self) -> Result<i64, FollowError> {
        let version = self.page.shared.own().published.version();
        Ok(tokio::time::timeout(PATIENCE, version).await.map_err(|_| FollowError::TooSlow)??)
    }

    /// The database is there: a new edition when anything was published, or when the clock says so.
    async fn answered(&mut self, version: i64) -> Result<(), FollowError> {
        let edition = self.page.edition();
        // What was kept on disk is always compared with the database once: it may be another one.
        let machine_now = self.page.shared.env.machine_now();
        if edition.published_version() != version {
            self.last_news = machine_now;
        }
        let damaged = self.page.shared.recall.take_damaged();
        let due = self.compared.is_none_or(|at| machine_now - at >= COMPARE_AFTER) || !damaged.is_empty();
        let edition = if damaged.is_empty() { edition } else { Arc::new(edition.without(damaged)) };
        let extent = if due { Extent::All } else { Extent::News };
        let known = self.model.as_ref().filter(|model| !due && self.stamped.is_some() && model.version == version);
        let now = self.page.shared.env.now();
        let (model, is_news) = match known {
            Some(model) => (Arc::clone(model), false),
            None => (Arc::new(self.read((version, extent), now).await?), true),
        };
        let moment = self.doubts || edition.next_moment().is_some_and(|at| at <= now);
        if is_news || moment || self.stamped != Some(step(now)) {
            let now = Now { model: Arc::clone(&model), at: now, unconfirmed_since: None };
            let more = self.missing(&now, &edition, due).await?;
            let more = in_time(stories(&self.page.shared.own().published, &more)).await?;
            self.print(now, edition, more).await?;
            self.unwritten |= is_news || moment;
            self.doubts = false;
        }
        self.compared = if due { Some(machine_now) } else { self.compared };
        self.page.confirm_ms(now.timestamp_millis());
        self.model = Some(model);
        self.note(true, None);
        Ok(())
    }

    /// The old incidents whose pages are needed for the next edition. When they are many, what is new goes first, and
    /// they are made after it.
    async fn missing(&mut self, now: &Now, edition: &Arc<Edition>, all: bool) -> Result<Vec<i64>, FollowError> {
        let (press, now, edition) = (self.page.shared.press.clone(), now.clone(), Arc::clone(edition));
        let missing = aside(self.crowd.manner, move || press.lacking(&now, &edition, all)).await?;
        if missing.len() <= BEFORE_OTHERS {
            return Ok(missing);
        }
        tracing::info!(incidents = missing.len(), "old pages are made again, beside everything else");
        queue(&mut self.backlog, missing);
        Ok(Vec::new())
    }

    /// Begins to put away what is old, unless that is going on: first what is missing, then what else is due.
    fn file(&mut self, due: impl FnOnce(&Edition) -> Option<Filing>) {
        if self.answers {
            self.page.shared.catching_up.store(!self.backlog.is_empty(), Ordering::Relaxed);
        }
        let is_busy = self.under_way().is_some();
        let Some(model) = self.model.clone().filter(|_| !is_busy) else { return };
        let edition = self.page.edition();
        let (page, stop) = (self.page.clone(), self.stop.clone());
        if !self.backlog.is_empty() {
            let ids: Vec<i64> = self.backlog.iter().take(TOGETHER).copied().collect();
            let now = Now { model, at: self.page.shared.env.now(), unconfirmed_since: None };
            *self.under_way() = Some(Box::pin(remade(page, (now, edition), ids, stop)));
        } else if let Some(filing) = due(&edition) {
            let (press, shelf) = (self.page.shared.press.clone(), Arc::clone(&self.page.shared.shelf));
            let write = aside(Manner::Humble, move || filing.write(shelf.archive(), &model, &|| press.stand_back()));
            *self.under_way() = Some(Box::pin(async { Ok(write.await??) }));
        }
    }

    /// Puts the edition in place that has what was put away.
    async fn filed(&mut self, outcome: Result<Filed, FollowError>) {
        let filed = match outcome {
            Ok(filed) => filed,
            Err(error) => {
                tracing::warn!(error = %WithCauses(&error), "old pages could not be put away; they are tried again");
                self.compared = None;
                self.backlog.clear();
                return;
            }
        };
        self.backlog.retain(|id| !filed.remade.contains(id));
        let edition = self.page.edition();
        let next = aside(self.crowd.manner, move || edition.filed(filed)).await;
        if let Ok(next) = next {
            self.page.shared.show(next);
            self.unwritten = true;
        }
        self.page.shared.catching_up.store(!self.backlog.is_empty(), Ordering::Relaxed);
    }

    async fn read(&self, version: (i64, Extent), now: DateTime<Utc>) -> Result<Model, FollowError> {
        let remembered = self.model.as_deref().cloned().unwrap_or_default();
        in_time(remembered.refreshed(&self.page.shared.own().published, version, now)).await
    }

    /// The database is gone, or of no use: what the clock changes still changes, and after a minute readers are told.
    async fn unanswered(&mut self) -> Result<(), FollowError> {
        let Some(model) = self.model.clone() else { return Ok(()) };
        let env = &self.page.shared.env;
        let doubtful = env.machine_now() - self.last_answer >= DOUBT_AFTER;
        let (edition, now) = (self.page.edition(), env.now());
        if doubtful == self.doubts && edition.next_moment().is_none_or(|at| at > now) {
            return Ok(());
        }
        let unconfirmed_since = doubtful.then_some(model.confirmed_at);
        self.print(Now { model, at: now, unconfirmed_since }, edition, Vec::new()).await?;
        self.doubts = doubtful;
        Ok(())
    }

    /// Makes the next edition off the threads that answer requests, and puts it in place of the last.
    async fn print(&mut self, now: Now, previous: Arc<Edition>, more: Vec<Story>) -> Result<(), FollowError> {
        let press = self.page.shared.press.clone();
        let (model, at) = (Arc::clone(&now.model), now.at);
        let made = aside(self.crowd.manner, move || press.print(&now, &previous, &more)).await??;
        tracing::debug!(edition.id = made.id(), documents = made.size(), "a new edition is out");
        self.page.shared.model.store(Some(model));
        let version = made.published_version();
        self.page.shared.show(made);
        self.page.shared.shown.send_replace(version);
        self.stamped = Some(step(at));
        Ok(())
    }

    /// Writes the newest edition to disk beside everything else; at most one at a time.
    fn write(&mut self) {
        let busy = self.writing.as_ref().is_some_and(|writing| !writing.is_finished());
        let machine_now = self.page.shared.env.machine_now();
        self.unwritten |= machine_now >= self.write_again_at && self.unkept.load(Ordering::Relaxed);
        let Some(model) = self.model.clone().filter(|_| self.unwritten && !busy) else { return };
        self.unwritten = false;
        self.write_again_at = machine_now + WRITE_AGAIN_AFTER;
        let (shelf, edition) = (Arc::clone(&self.page.shared.shelf), self.page.edition());
        let (common, unkept) = (Arc::clone(&self.page.shared.press.common), Arc::clone(&self.unkept));
        // What only a restart needs does not keep the next publication back.
        self.writing = Some(aside(Manner::Humble, move || {
            unkept.store(!shelf.keep(&edition, &model, &common), Ordering::Relaxed);
        }));
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
                let error = WithCauses(error);
                tracing::warn!(%error, "the page cannot be brought up to date; the last edition stays")
            }
            None => tracing::info!("the page is up to date again"),
        }
    }
}

async fn in_time<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<T, FollowError>
where
    FollowError: From<E>,
{
    // Reading everything for the first time may take longer than a look.
    Ok(tokio::time::timeout(PATIENCE * 12, work).await.map_err(|_| FollowError::TooSlow)??)
}

/// Makes the pages of these old incidents, and puts them away.
async fn remade(
    page: Page,
    (now, edition): (Now, Arc<Edition>),
    ids: Vec<i64>,
    stop: CancellationToken,
) -> Result<Filed, FollowError> {
    let stories = in_time(stories(&page.shared.own().published, &ids)).await?;
    let work = move || {
        let documents = page.shared.press.remake((&now, &edition), &stories, &stop)?;
        let stand_back = || page.shared.press.stand_back();
        let filed = Filing::of(documents).write(page.shared.shelf.archive(), &now.model, &stand_back)?;
        Ok(Filed { basis: Some(edition.basis()), remade: ids.into_iter().collect(), ..filed })
    };
    aside(Manner::Humble, work).await?
}
