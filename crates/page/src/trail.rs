//! Follows the editions of another page, and needs no database: asks it again and again, believes only what is sealed
//! for the very question, never goes back to what is older, and keeps what it got. While the leader does not answer, the
//! last edition stays, and says since when nobody could make sure of it.

mod taking;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{Secret, WithCauses};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio_util::sync::CancellationToken;

use crate::Page;
use crate::edition::archive::pack::PackError;
use crate::edition::shelf::ShelfError;
use crate::follow::DOUBT_AFTER;
use crate::model::now::Now;
use crate::trail::taking::Fetching;
use crate::wire::{self, CONFIRMED, HAS, LARGEST_EDITION, LONGEST_WAIT, NAMED, NONCE, SEAL, Statement, WAIT, Wire};

/// How long a whole answer may take: the wait at the leader, and an edition over a slow line.
const PATIENCE: Duration = Duration::from_secs(60);

/// The rest between two questions; and after an unanswered one, doubled each time.
const REST: Duration = Duration::from_millis(200);
const LONGEST_REST: Duration = Duration::from_secs(15);

/// Why there is nothing new.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrailError {
    #[error("the leader does not answer")]
    Wire(#[from] wire::WireError),
    #[error("the leader takes too long to answer")]
    TooSlow,
    #[error("the leader answers with {0}; is the secret the same, and may it be followed?")]
    Status(StatusCode),
    #[error("the answer has no seal that we believe")]
    Unsealed,
    #[error("the leader shows an edition that is older than ours")]
    Older,
    #[error("the edition cannot be understood; both pages have to be of one version")]
    Parcel(#[from] ShelfError),
    #[error("old pages cannot be used")]
    Pack(#[from] PackError),
    #[error("what was fetched cannot be kept")]
    Io(#[from] std::io::Error),
    #[error("the work stopped halfway")]
    Stopped(#[from] tokio::task::JoinError),
    #[error("the edition could not be made")]
    Render(#[from] render::RenderError),
}

/// The one task that changes the edition of a page that follows another.
pub(crate) struct Trail {
    page: Page,
    wire: Arc<dyn Wire>,
    secret: Secret,
    /// The leader's edition that is served; none when it is not exactly that.
    named: Option<String>,
    /// Its publication counter, and when it was made.
    accepted: Option<(i64, DateTime<Utc>)>,
    /// The same while some of its packs are not here yet, and their names.
    parcel: Option<Bytes>,
    missing: VecDeque<String>,
    /// The pack that is being fetched. Behind a lock that nobody waits for, so that all this can be looked at from any
    /// thread.
    fetching: Mutex<Option<Fetching>>,
    /// In machine time: when the leader last answered, or this task began.
    last_answer: DateTime<Utc>,
    answers: bool,
    doubts: bool,
    failures: u32,
}

/// What the leader said.
enum Told {
    Same,
    New { named: String, parcel: Bytes },
}

impl Page {
    /// Follows another page until told to stop. Run it once, as a task of the process, in place of [`Page::follow`].
    pub fn trail(
        self,
        wire: Arc<dyn Wire>,
        secret: Secret,
        stop: CancellationToken,
    ) -> impl Future<Output = ()> + Send {
        Trail::new(self, wire, secret).run(stop)
    }
}

impl Trail {
    pub(crate) fn new(page: Page, wire: Arc<dyn Wire>, secret: Secret) -> Self {
        let edition = page.edition();
        let kept = page.is_ready().then_some(&edition);
        Self {
            named: kept.map(|edition| edition.id().to_owned()),
            accepted: kept.map(|edition| (edition.published_version(), edition.built_at())),
            parcel: None,
            missing: VecDeque::new(),
            fetching: Mutex::default(),
            last_answer: page.shared.env.machine_now(),
            answers: true,
            doubts: false,
            failures: 0,
            page,
            wire,
            secret,
        }
    }

    /// Follows until told to stop.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        self.page.shared.shelf.sweep_strays();
        while !stop.is_cancelled() {
            let look = async {
                self.look().await;
                tokio::time::sleep(self.rest()).await;
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = look => {}
            }
        }
    }

    pub(crate) async fn look(&mut self) {
        let outcome = self.turn().await;
        self.failures = if outcome.is_ok() { 0 } else { self.failures.saturating_add(1) };
        self.note(outcome.as_ref().err());
        if let Err(error) = self.by_the_clock().await {
            tracing::error!(error = %WithCauses(&error), "the last edition cannot say how old it is");
        }
    }

    /// Never the same for two that lost the same leader.
    fn rest(&self) -> Duration {
        if self.failures == 0 {
            return REST;
        }
        let longest = REST.saturating_mul(1 << self.failures.min(7)).min(LONGEST_REST);
        let half = longest / 2;
        half + Duration::from_millis(self.page.shared.env.below(u64::try_from(half.as_millis()).unwrap_or(1).max(1)))
    }

    /// Asks once, and takes what there is; then goes on with fetching the packs that are not here.
    async fn turn(&mut self) -> Result<(), TrailError> {
        let damaged = self.page.shared.recall.take_damaged();
        if !damaged.is_empty() {
            // The edition is put together again, with what has to be fetched for it.
            self.forget(damaged).await?;
        }
        let told = tokio::time::timeout(PATIENCE, self.ask()).await;
        let (confirmed_ms, told) = told.map_err(|_| TrailError::TooSlow)??;
        if let Told::New { named, parcel } = told {
            self.take(named, parcel).await?;
        }
        // A leader that shows what is older than ours has nothing to say about ours.
        self.page.confirm_ms(confirmed_ms);
        self.last_answer = self.page.shared.env.machine_now();
        self.doubts = false;
        self.fetch().await
    }

    /// Asks for what is new, and up to when the leader is sure of it.
    async fn ask(&self) -> Result<(i64, Told), TrailError> {
        let nonce = self.page.shared.env.token();
        let has = self.named.as_deref().unwrap_or_default();
        let wait = if self.missing.is_empty() { LONGEST_WAIT.as_secs() } else { 0 };
        let headers = [(NONCE, nonce.clone()), (HAS, has.to_owned()), (WAIT, wait.to_string())];
        let mut reply = self.wire.get(wire::EDITION, self.headers(headers)).await?;
        let status = reply.status();
        if !matches!(status, StatusCode::OK | StatusCode::NOT_MODIFIED) {
            return Err(TrailError::Status(status));
        }
        let said = [NAMED, CONFIRMED, SEAL].map(|name| reply.headers().get(name)?.to_str().ok().map(str::to_owned));
        let [Some(named), Some(confirmed_ms), Some(seal)] = said else { return Err(TrailError::Unsealed) };
        let parcel = wire::body_of(&mut *reply, LARGEST_EDITION).await?;
        let digest = domain::seal::digest(&parcel);
        let statement = Statement { nonce: &nonce, status, edition: &named, confirmed_ms: &confirmed_ms, digest };
        if !statement.is_sealed(&self.secret, &seal) || (status == StatusCode::NOT_MODIFIED && named != has) {
            return Err(TrailError::Unsealed);
        }
        let confirmed_ms = confirmed_ms.parse().map_err(|_| TrailError::Unsealed)?;
        Ok((confirmed_ms, if status == StatusCode::OK { Told::New { named, parcel } } else { Told::Same }))
    }

    fn headers<const N: usize>(&self, more: [(HeaderName, String); N]) -> HeaderMap {
        let pass = (AUTHORIZATION, format!("Bearer {}", wire::pass(&self.secret)));
        let mut headers = HeaderMap::new();
        for (name, value) in more.into_iter().chain([pass]) {
            if let Ok(mut value) = HeaderValue::try_from(value) {
                value.set_sensitive(name == AUTHORIZATION);
                headers.insert(name, value);
            }
        }
        headers
    }

    /// While the leader is silent, what the clock changes still changes, and after a minute readers are told.
    async fn by_the_clock(&mut self) -> Result<(), TrailError> {
        let shared = &self.page.shared;
        let silent_for = shared.env.machine_now() - self.last_answer;
        let (edition, now) = (self.page.edition(), shared.env.now());
        let Some(model) = shared.model.load_full().filter(|_| self.failures > 0) else { return Ok(()) };
        let doubtful = silent_for >= DOUBT_AFTER;
        if doubtful == self.doubts && edition.next_moment().is_none_or(|at| at > now) {
            return Ok(());
        }
        let unconfirmed_since = doubtful.then(|| self.page.confirmed_at().max(model.confirmed_at));
        let (press, now) = (shared.press.clone(), Now { model, at: now, unconfirmed_since });
        let made = tokio::task::spawn_blocking(move || press.print(&now, &edition, &[])).await??;
        shared.show(made);
        // It is not the leader's any more, so the next answer has to bring that again.
        self.named = None;
        self.doubts = doubtful;
        Ok(())
    }

    /// Says once that the leader went away, and once that it came back.
    fn note(&mut self, error: Option<&TrailError>) {
        let answers = error.is_none();
        if self.answers == answers {
            return;
        }
        self.answers = answers;
        match error {
            Some(error) => {
                let error = WithCauses(error);
                tracing::warn!(%error, "the page that we follow cannot be followed; its last edition stays");
            }
            None => tracing::info!("the page that we follow is followed again"),
        }
    }
}
