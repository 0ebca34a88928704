//! Keeps copies of the page elsewhere: each edition is written to other places, so that a second host is current when
//! the first one is gone. None of it is ever waited for where readers are answered.

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

use folder::Folder;
pub use leader::Leader;
use ledger::Ledger;
use push::Push;
pub use standing::Standing;

/// The name of the file that says which edition is there. It is written after everything else.
pub const MARKER: &str = "edition.json";

/// One place that each edition is written to.
pub struct Mirror {
    push: Push,
    standing: Arc<Standing>,
}

impl Mirror {
    /// The place of these settings; what it holds is remembered in `data_dir`.
    #[must_use]
    pub fn new(settings: &PushSettings, page: Page, env: Env, data_dir: &Path) -> Self {
        let target = Box::new(Folder::at(&settings.folder));
        let standing = Arc::new(Standing::of(&settings.name, env.clone()));
        let ledger = Ledger::in_folder(&data_dir.join("push"), &settings.name);
        let patience = Duration::from_millis(settings.timeout_ms);
        let push = Push { page, env, target, patience, ledger, standing: Arc::clone(&standing) };
        Self { push, standing }
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
