//! Carries every update to phones, inboxes and social accounts, knows what became of each message, and hears what
//! providers and people send back.

mod alarms;
mod arrivals;
mod broadcast;
mod crew;
mod cuts;
mod direct;
mod expiry;
mod group;
mod health;
pub mod hooks;
pub mod judge;
mod keeper;
mod lookout;
mod only_one;
pub mod pace;
mod permit;
mod posts;
pub mod prepared;
mod purse;
mod quiet;
mod reach;
mod receipts;
mod retries;
mod rounds;
pub mod settings;
pub mod truth;
mod upkeep;
pub mod ways;
mod window;
mod work;

use std::sync::Arc;
use std::time::Duration;

use edge::Lifecycle;
use tokio_util::sync::CancellationToken;

pub use hooks::{Caller, Hooks, MailHook};
pub use only_one::SecondNotifier;
pub use prepared::Stationery;
pub use quiet::{Hours, Quiet};
pub use settings::{Settings, SettingsProblem};
pub use ways::{Way, Ways};
pub use work::Work;

/// How long a worker sleeps at most when nobody wakes it: another process may have left work.
pub(crate) const FLOOR: Duration = Duration::from_secs(1);

/// Starts every worker. They end, with what is under way finished, when the lifecycle stops.
///
/// # Errors
/// [`SecondNotifier`] when another process already sends from the same SQLite file.
pub fn start(work: Work, lifecycle: &Lifecycle) -> Result<(), SecondNotifier> {
    let place = only_one::take(work.store.sqlite_file())?;
    let work = Arc::new(work);
    let ready = CancellationToken::new();
    lifecycle.spawn("leases", upkeep::run(work.clone(), place, ready.clone(), lifecycle.stop.clone()));
    let spawn = Spawn { work, ready, lifecycle };
    spawn.worker("broadcasts", broadcast::run);
    spawn.worker("lookout", lookout::run);
    spawn.worker("retries", retries::run);
    spawn.worker("direct messages", direct::run);
    spawn.worker("posts", posts::run);
    spawn.worker("receipts", receipts::run);
    spawn.worker("expiry", expiry::run);
    spawn.worker("providers", keeper::run);
    spawn.worker("alarms", alarms::run);
    spawn.worker("reach", reach::run);
    spawn.worker("cuts", cuts::keep);
    spawn.worker("counts", cuts::count);
    Ok(())
}

struct Spawn<'a> {
    work: Arc<Work>,
    ready: CancellationToken,
    lifecycle: &'a Lifecycle,
}

impl Spawn<'_> {
    /// Starts a worker that begins when the leases of a dead predecessor are free.
    fn worker<F>(&self, name: &'static str, run: fn(Arc<Work>, CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (work, ready, stop) = (self.work.clone(), self.ready.clone(), self.lifecycle.stop.clone());
        self.lifecycle.spawn(name, async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = ready.cancelled() => run(work, stop.clone()).await,
            }
        });
    }
}
