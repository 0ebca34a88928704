//! Keeps copies of the page elsewhere: each edition is written to other places, so that a second host is current when
//! the first one is gone. None of it is ever waited for where readers are answered.

mod bucket;
mod folder;
mod leader;
mod ledger;
mod push;
mod standing;
mod target;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::Env;
use page::{Page, PushSettings};

use bucket::Bucket;
use folder::Folder;
pub use leader::Leader;
use ledger::Ledger;
use push::Push;
pub use standing::Standing;
use target::Target;

/// The name of the file that says which edition is there. It is written after everything else.
pub const MARKER: &str = "edition.json";

/// Why a place cannot be written to at all.
#[derive(Debug, thiserror::Error)]
pub enum MirrorProblem {
    /// It is neither a folder nor a bucket.
    #[error("it has neither a folder nor a bucket")]
    Nowhere,
    /// The settings of a bucket do not fit together.
    #[error("the bucket cannot be used")]
    Bucket(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn target(settings: &PushSettings) -> Result<Box<dyn Target>, MirrorProblem> {
    match (&settings.folder, &settings.bucket) {
        (Some(folder), _) => Ok(Box::new(Folder::at(folder))),
        (None, Some(bucket)) => {
            let bucket = Bucket::of(settings, bucket).map_err(|error| MirrorProblem::Bucket(Box::new(error)))?;
            Ok(Box::new(bucket))
        }
        (None, None) => Err(MirrorProblem::Nowhere),
    }
}

/// One place that each edition is written to.
pub struct Mirror {
    push: Push,
    standing: Arc<Standing>,
}

impl Mirror {
    /// The place of these settings; what it holds is remembered in `data_dir`.
    ///
    /// # Errors
    /// When they name no place, or a bucket whose address cannot work.
    pub fn new(settings: &PushSettings, page: Page, env: Env, data_dir: &Path) -> Result<Self, MirrorProblem> {
        let target = target(settings)?;
        let standing = Arc::new(Standing::of(&settings.name, env.clone()));
        let ledger = Ledger::in_folder(&data_dir.join("push"), &settings.name);
        let patience = Duration::from_millis(settings.timeout_ms);
        let push = Push { page, env, target, patience, ledger, standing: Arc::clone(&standing) };
        Ok(Self { push, standing })
    }

    /// How current it is, for whoever watches.
    #[must_use]
    pub fn standing(&self) -> Arc<Standing> {
        Arc::clone(&self.standing)
    }

    /// Writes each edition until told to stop. Run it once, as a task of the process.
    pub async fn run(self, stop: tokio_util::sync::CancellationToken) {
        self.push.run(stop).await;
    }
}
