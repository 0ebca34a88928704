//! A pocket outside world: phones, inboxes and social accounts for the demo, the tests and the benchmarks.
//!
//! It speaks the protocols of the real providers (Twilio's Messages API, SMTP, Mastodon's and Bluesky's APIs), keeps
//! what it accepted, can answer back, and can be told to misbehave. Nothing here ever reaches a real person.

mod bluesky;
mod callbacks;
mod delivery;
mod faults;
mod handset;
mod ledger;
mod mails;
mod mastodon;
mod order;
mod pages;
mod phones;
mod posts;
mod readout;
mod router;
mod settings;
mod smtp;
mod texts;
mod trouble;
mod twilio;
mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Env;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use faults::{Channel, Fault, FaultKind};
pub use handset::ReplyRefused;
pub use ledger::{Ledger, LedgerEntry, Totals};
pub use mails::{Mail, MailContent};
pub use pages::samples;
pub use phones::Phone;
pub use posts::Post;
pub use readout::Filter;
pub use settings::Settings;
pub use texts::{Direction, Status, Text};
pub use twilio::signature::sign;

use callbacks::Queue;
use world::World;

/// A handle to one pocket world. Cheap to clone; all clones share the same phones, inboxes and posts.
#[derive(Clone)]
pub struct Simulator {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    env: Env,
    world: Mutex<World>,
    queue: Queue,
    inbound_url: Mutex<Option<String>>,
    changes: watch::Sender<u64>,
    closing: CancellationToken,
}

impl Simulator {
    /// An empty world.
    #[must_use]
    pub fn new(settings: Settings, env: Env) -> Self {
        let world = World::new(&settings, env.id());
        let inbound_url = Mutex::new(settings.inbound_url.clone());
        Self {
            shared: Arc::new(Shared {
                queue: Queue::new(settings.keep.saturating_mul(2)),
                inbound_url,
                settings,
                env,
                world: Mutex::new(world),
                changes: watch::Sender::new(0),
                closing: CancellationToken::new(),
            }),
        }
    }

    /// Everything that speaks HTTP: the providers' APIs, the JSON read-outs and the web page.
    pub fn router(&self) -> axum::Router {
        router::build(self.clone())
    }

    /// Answers SMTP on `listener` until `stop`; connections still open then are closed.
    ///
    /// # Errors
    /// When the listener itself fails; trouble with one connection ends only that connection.
    pub async fn serve_smtp(self, listener: tokio::net::TcpListener, stop: CancellationToken) -> std::io::Result<()> {
        let result = smtp::serve(&self, listener, &stop).await;
        self.close();
        result
    }

    /// Delivers status callbacks and the texts that phones send, until `stop`.
    ///
    /// At most [`Settings::callback_concurrency`] requests are under way at once; failed ones are tried again a few
    /// times, further and further apart.
    pub async fn run_callbacks(self, stop: CancellationToken) {
        delivery::run(&self, &stop).await;
        self.close();
    }

    /// Ends the streams and held answers of the web side, so that a server that shuts down need not wait for them.
    /// Happens by itself when [`Simulator::run_callbacks`] or [`Simulator::serve_smtp`] is stopped.
    pub fn close(&self) {
        self.shared.closing.cancel();
    }

    /// Where texts from phones are posted to; `None` keeps them in the simulator.
    pub fn set_inbound_url(&self, url: Option<String>) {
        *self.shared.inbound_url.lock().unwrap_or_else(PoisonError::into_inner) = url;
    }

    /// Switches a fault on, or off with [`FaultKind::None`].
    pub fn set_fault(&self, fault: Fault) {
        self.world().faults.set(fault);
        self.changed();
    }

    /// A counter that moves whenever anything arrives or changes: wait on it instead of sleeping.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    /// Waits until `wanted` holds, looking again after every change. Wrap it in a timeout.
    pub async fn wait_until(&self, wanted: impl Fn(&Self) -> bool) {
        let mut changes = self.changes();
        while !wanted(self) && changes.changed().await.is_ok() {}
    }

    fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    fn env(&self) -> &Env {
        &self.shared.env
    }

    fn queue(&self) -> &Queue {
        &self.shared.queue
    }

    fn closing(&self) -> &CancellationToken {
        &self.shared.closing
    }

    fn inbound_url(&self) -> Option<String> {
        self.shared.inbound_url.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A panic elsewhere while the lock was held leaves at worst one message half counted; the rest stays readable.
    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.shared.changes.send_modify(|version| *version = version.wrapping_add(1));
    }

    fn moment(&self) -> world::Moment {
        world::Moment::of(self.env())
    }
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator").finish_non_exhaustive()
    }
}
