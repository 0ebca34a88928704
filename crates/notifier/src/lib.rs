//! Carries every update to phones, inboxes and social accounts, knows what became of each message, and hears what
//! providers and people send back.

mod broadcast;
mod direct;
pub mod hooks;
pub mod judge;
pub mod pace;
mod posts;
pub mod prepared;
mod receipts;
mod retries;
pub mod settings;
pub mod ways;
mod work;

use std::sync::Arc;
use std::time::Duration;

use edge::Lifecycle;

pub use hooks::{Caller, Hooks};
pub use prepared::Stationery;
pub use settings::{Settings, SettingsProblem};
pub use ways::{Way, Ways};
pub use work::Work;

/// How long a worker sleeps at most when nobody wakes it: another process may have left work.
pub(crate) const FLOOR: Duration = Duration::from_secs(1);

/// Starts every worker. They end, with their groups in hand finished, when the lifecycle stops.
pub fn start(work: Work, lifecycle: &Lifecycle) {
    let work = Arc::new(work);
    let stop = &lifecycle.stop;
    lifecycle.spawn("broadcasts", broadcast::run(work.clone(), stop.clone()));
    lifecycle.spawn("retries", retries::run(work.clone(), stop.clone()));
    lifecycle.spawn("direct messages", direct::run(work.clone(), stop.clone()));
    lifecycle.spawn("posts", posts::run(work.clone(), stop.clone()));
    lifecycle.spawn("receipts", receipts::run(work, stop.clone()));
}
