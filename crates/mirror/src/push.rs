//! Writes each edition to a place: only what changed, first what others lead to, then what leads there, then the marker,
//! and last of all takes away what is public no more. What goes wrong is tried again with the newest edition.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::Env;
use futures_util::{StreamExt, stream};
use page::{DamagedFile, Edition, EditionFile, FileTag, Page, Rank};
use tokio_util::sync::CancellationToken;

use crate::MARKER;
use crate::ledger::Ledger;
use crate::standing::Standing;
use crate::target::{Target, TargetError};

/// The shortest and the longest wait after something went wrong; doubled each time between them.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The wait between two editions: where many are made in a second, not each of them is worth the writing.
const REST: Duration = Duration::from_millis(500);

/// How many files are written at the same time.
const AT_ONCE: usize = 8;

/// Why an edition is not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PushError {
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("what was written there cannot be remembered")]
    Ledger(#[from] std::io::Error),
    #[error("the list of files could not be made")]
    Stopped(#[from] tokio::task::JoinError),
}

impl PushError {
    /// Whether it says nothing of any other file.
    const fn is_of_one_file(&self) -> bool {
        matches!(self, Self::Target(TargetError::File { .. }))
    }
}

/// So many files of one kind may fail before the place counts as failing.
const FAILURES: usize = 8;

/// The one task that writes to a place.
pub(crate) struct Push {
    pub(crate) page: Page,
    pub(crate) env: Env,
    pub(crate) target: Box<dyn Target>,
    /// How long one file may take.
    pub(crate) patience: Duration,
    pub(crate) ledger: Ledger,
    pub(crate) standing: Arc<Standing>,
}

impl Push {
    /// Writes until told to stop; what is half done then is finished after the next start.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut turns = self.page.turns();
        let mut failures = 0;
        loop {
            turns.borrow_and_update();
            let outcome = tokio::select! {
                () = stop.cancelled() => return,
                outcome = self.write_newest() => outcome,
            };
            failures = if outcome.is_ok() { 0 } else { failures + 1 };
            if let Err(error) = outcome {
                self.standing.has_failed(&error);
            } else if turns.has_changed().unwrap_or(false) {
                self.standing.has_news();
            }
            let rest = if failures == 0 { REST } else { self.wait_after(failures) };
            let next = async {
                tokio::time::sleep(rest).await;
                // After a failure the newest edition is tried, be it new or not.
                if failures == 0 && turns.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = next => {}
            }
        }
    }

    /// Twice as long each time, and never the same for two processes that were refused together.
    fn wait_after(&self, failures: u32) -> Duration {
        let longest = FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(6)).min(LONGEST_WAIT);
        let half = longest / 2;
        half + Duration::from_millis(self.env.below(u64::try_from(half.as_millis()).unwrap_or(1).max(1)))
    }

    async fn write_newest(&mut self) -> Result<(), PushError> {
        let edition = self.page.edition();
        if edition.published_version() < 0 {
            return Ok(());
        }
        self.standing.has_news();
        let written = self.write(&edition).await;
        // Also what was written halfway need not be written again.
        let kept = self.keep().await;
        written?;
        kept?;
        self.standing.is_current(edition.built_at());
        Ok(())
    }

    async fn write(&mut self, edition: &Arc<Edition>) -> Result<(), PushError> {
        let is_whole = self.page.is_whole();
        let (page, listed) = (self.page.clone(), Arc::clone(edition));
        let mut files = tokio::task::spawn_blocking(move || page.files(&listed)).await?;
        files.retain(|file| self.target.takes(file));
        let marker = marker(edition, files.len());
        self.in_time(self.target.rest()).await?;
        self.look_for_the_marker().await?;
        let names: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let book = &self.ledger.book;
        let gone: Vec<String> =
            book.files.keys().filter(|name| is_whole && !names.contains(name.as_str())).cloned().collect();
        let mut changed: Vec<&EditionFile> =
            files.iter().filter(|file| !self.ledger.has(&file.name, file.tag)).collect();
        if changed.is_empty() && gone.is_empty() && book.marker == marker {
            return Ok(());
        }
        changed.sort_by_key(|file| file.rank);
        // The names are kept before anything is written: what is there must one day be taken away.
        let known = changed.iter().map(|file| (file.name.clone(), None));
        self.ledger.book.files.extend(known);
        self.keep().await?;
        let mut failed = None;
        for rank in [Rank::Leaf, Rank::List, Rank::Front] {
            let files: Vec<&EditionFile> = changed.iter().filter(|file| file.rank == rank).copied().collect();
            match self.write_files(&files).await {
                // One page that cannot be written must not keep the home page old.
                Err(error) if error.is_of_one_file() => failed = Some(error),
                outcome => outcome?,
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        if self.ledger.book.marker != marker {
            self.in_time(self.target.write(MARKER, "application/json", marker.clone().into())).await?;
            self.ledger.book.marker = marker;
        }
        for name in gone {
            self.in_time(self.target.remove(&name)).await?;
            self.ledger.book.files.remove(&name);
        }
        tracing::debug!(push.name = self.standing.name(), edition.id = edition.id(), files = changed.len(), "pushed");
        Ok(())
    }

    /// When the marker is not the one that was written last, nobody knows what is there.
    async fn look_for_the_marker(&mut self) -> Result<(), PushError> {
        let there = self.in_time(self.target.read(MARKER)).await?;
        let book = &self.ledger.book;
        if !book.files.is_empty() && there.as_deref() != Some(&*book.marker) {
            let name = self.standing.name();
            tracing::info!(push.name = name, "the copy is not as it was left; everything is written again");
            self.ledger.doubt_all();
        }
        Ok(())
    }

    /// Writes some files beside each other, and notes each that is there. Ends when the place itself fails, or with
    /// the last of [`FAILURES`] files.
    async fn write_files(&mut self, files: &[&EditionFile]) -> Result<(), PushError> {
        let writes: Vec<_> = files.iter().map(|file| self.write_file(file)).collect();
        let mut outcomes = stream::iter(writes).buffer_unordered(AT_ONCE);
        let (mut written, mut outcome, mut failures) = (Vec::new(), Ok(()), 0);
        while let Some(one) = outcomes.next().await {
            match one {
                Ok(noted) => written.extend(noted),
                Err(error) => {
                    failures += 1;
                    let is_last = !error.is_of_one_file() || failures == FAILURES;
                    outcome = Err(error);
                    if is_last {
                        break;
                    }
                }
            }
        }
        drop(outcomes);
        self.ledger.book.files.extend(written.into_iter().map(|(name, tag)| (name, Some(tag))));
        outcome
    }

    /// Writes a file, and says what is there now. One that is damaged is left as it is.
    async fn write_file(&self, file: &EditionFile) -> Result<Option<(String, FileTag)>, PushError> {
        let Some(content) = content_of(&self.page, file).await? else { return Ok(None) };
        self.in_time(self.target.write(&file.name, file.media_type, content)).await?;
        Ok(Some((file.name.clone(), file.tag)))
    }

    async fn in_time<T>(&self, step: impl Future<Output = Result<T, TargetError>>) -> Result<T, TargetError> {
        tokio::time::timeout(self.patience, step).await.unwrap_or(Err(TargetError::TooSlow))
    }

    async fn keep(&self) -> Result<(), PushError> {
        let (path, bytes) = self.ledger.written()?;
        Ok(tokio::task::spawn_blocking(move || page::write_file(&path, &bytes)).await??)
    }
}

/// The bytes of a file. None when it is damaged: it is made again, and what is there stays until then.
async fn content_of(page: &Page, file: &EditionFile) -> Result<Option<Bytes>, PushError> {
    let asked = file.clone();
    let read: Result<Bytes, DamagedFile> = tokio::task::spawn_blocking(move || asked.read()).await?;
    Ok(match read {
        Ok(content) => Some(content),
        Err(damaged) => {
            let error = domain::WithCauses(&damaged);
            tracing::error!(%error, "an old page is damaged and cannot be pushed; it is made again");
            page.note_damaged(&damaged);
            None
        }
    })
}

/// What stands in the marker: anybody can see from it how current a copy is.
fn marker(edition: &Edition, files: usize) -> Vec<u8> {
    let marker = serde_json::json!({
        "edition": edition.id(),
        "built_at": edition.built_at().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "files": files,
    });
    format!("{marker}\n").into_bytes()
}
