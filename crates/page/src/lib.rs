//! The public status page: finished editions served from memory, kept on disk, and made anew with every publication;
//! and beside it the forms with which people sign up for messages and leave.

mod aside;
mod backlog;
mod calendar;
mod cap;
mod edition;
mod elsewhere;
mod embed;
mod export;
mod feed;
mod files;
mod follow;
mod inert;
mod lead;
mod model;
mod press;
mod routes;
mod samples;
mod serve;
mod settings;
mod signup;
mod sitemap;
mod staff;
mod statuspage;
#[cfg(test)]
mod tests;
mod trail;
mod view;
mod wire;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use axum::Router;
use chrono::{DateTime, Utc};
use domain::{Env, Site, WithCauses};
use edge::{Dressing, Served, Surface};
use render::{RenderError, Renderer};
use store::{Briefings, Key, Published, Subscriptions};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use edition::Edition;
pub use edition::document::{CACHE_CONTROL, Document, Encoded, MediaClass, Nature};
pub use export::{ExportError, write_file};
pub use files::{DamagedFile, EditionFile, FileTag, Rank};
pub use samples::samples;
pub use settings::{FollowSettings, LeadSettings, PushSettings, Settings, SignupLimits};
pub use wire::{Reply, Wire, WireError};

use edition::archive::recall::Recall;
use edition::press::Press;
use edition::shelf::Shelf;
use lead::Lead;
use model::Model;
use signup::Signup;
use staff::Staff;

/// What the page is made of.
#[derive(Clone)]
pub struct Parts {
    /// The `[page]` section.
    pub settings: Settings,
    /// Name, languages and addresses.
    pub site: Site,
    /// Templates and locales.
    pub renderer: Renderer,
    /// Clock, ids and randomness.
    pub env: Env,
    /// What only a page with a database has; none for one that follows another page.
    pub records: Option<Records>,
    /// The proxies that may say where a request comes from.
    pub proxies: edge::TrustedProxies,
}

/// What a page needs of a database.
#[derive(Clone)]
pub struct Records {
    /// What the public may see.
    pub published: Published,
    /// What staff at the unlisted address are told.
    pub briefings: Briefings,
    /// What a visitor may change.
    pub subscriptions: Subscriptions,
    /// What links and codes are signed with.
    pub key: Key,
}

/// The public page. Cheap to clone.
#[derive(Clone)]
pub struct Page {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) edition: ArcSwap<Edition>,
    /// How many plain questions were answered.
    pub(crate) answers: AtomicU64,
    /// What programs are told where there is nothing.
    pub(crate) problems: serve::Problems,
    /// What the edition was made from.
    pub(crate) model: ArcSwapOption<Model>,
    pub(crate) press: Press,
    pub(crate) shelf: Arc<Shelf>,
    /// Reads what is old.
    pub(crate) recall: Recall,
    /// While old pages are still to be made.
    pub(crate) catching_up: AtomicBool,
    pub(crate) site: Arc<Site>,
    pub(crate) env: Env,
    own: Option<Own>,
    /// Lets others follow.
    pub(crate) lead: Option<Lead>,
    /// Where the forms are, when they are not here.
    pub(crate) forms_url: Option<String>,
    /// In milliseconds since 1970, by the clock that people read: when nothing newer was known to exist.
    confirmed_ms: AtomicI64,
    /// Whoever waits for news need not wait any longer.
    closing: AtomicBool,
    /// The publication counter of the edition that is served.
    pub(crate) shown: watch::Sender<i64>,
    /// Counts the editions that were put in place.
    turns: watch::Sender<u64>,
    proxies: edge::TrustedProxies,
}

/// What a page has of a database: what it is made from, and what visitors and staff do there.
pub(crate) struct Own {
    pub(crate) published: Published,
    pub(crate) signup: Signup,
    pub(crate) staff: Staff,
}

impl Shared {
    /// What is there with a database. Only what is started or routed with one asks for it.
    pub(crate) fn own(&self) -> &Own {
        self.own.as_ref().expect("forms, the staff view and the follower are only there with a database")
    }

    /// Puts an edition in place of the last.
    pub(crate) fn show(&self, edition: Edition) {
        self.edition.store(Arc::new(edition));
        self.turns.send_modify(|count| *count += 1);
    }
}

impl Page {
    /// A page that has nothing to show yet: load the last edition, and follow the database.
    ///
    /// # Errors
    /// When the pages that say so cannot be rendered.
    pub fn new(parts: Parts) -> Result<Self, RenderError> {
        let site = Arc::new(parts.site);
        let https = site.home(site.default_language()).starts_with("https:");
        let common = edge::headers::security_headers(Surface::Public, &parts.renderer, https);
        let press = Press::new(parts.renderer.clone(), Arc::clone(&site), common, parts.env.clone());
        let first = press.first(parts.env.now())?;
        let settings = parts.settings;
        let own = parts.records.map(|records| Own {
            published: records.published,
            signup: Signup::new(settings.signup, records.subscriptions, &records.key),
            staff: Staff::new(records.briefings, &settings.data_dir),
        });
        let shared = Shared {
            edition: ArcSwap::from_pointee(first),
            answers: AtomicU64::new(0),
            problems: serve::Problems::default(),
            model: ArcSwapOption::empty(),
            press,
            shelf: Arc::new(Shelf::in_folder(&settings.data_dir)),
            recall: Recall::new(),
            catching_up: AtomicBool::new(false),
            site,
            env: parts.env,
            own,
            lead: settings.lead.and_then(|lead| lead.secret).map(Lead::new),
            forms_url: settings.follow.and_then(|follow| follow.forms_url),
            confirmed_ms: AtomicI64::new(0),
            closing: AtomicBool::new(false),
            shown: watch::Sender::new(-1),
            turns: watch::Sender::new(0),
            proxies: parts.proxies,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Takes the last edition from disk, before the database is touched; true when there was one. A file that is torn
    /// or not understood is left alone, with a line in the log.
    pub fn load_from_disk(&self) -> bool {
        if let Some(own) = &self.shared.own {
            own.staff.load();
        }
        match self.shared.shelf.take() {
            Ok(Some((edition, model))) => {
                tracing::info!(edition.id = edition.id(), "the last edition is back from disk");
                self.confirm_ms(model.confirmed_at.timestamp_millis());
                self.shared.model.store(Some(model));
                // Until they are made again, an old page that is missing is not gone.
                self.shared.catching_up.store(self.shared.shelf.lacks_packs(&edition), Ordering::Relaxed);
                self.shared.show(edition);
                true
            }
            Ok(None) => false,
            Err(error) => {
                let error = WithCauses(&error);
                tracing::warn!(%error, "the edition on disk cannot be used; waiting for the database");
                false
            }
        }
    }

    /// The edition that is served now.
    #[must_use]
    pub fn edition(&self) -> Arc<Edition> {
        self.shared.edition.load_full()
    }

    /// True once there is an edition to show.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.shared.edition.load().published_version() >= 0
    }

    /// Changes whenever another edition is put in place.
    #[must_use]
    pub fn turns(&self) -> watch::Receiver<u64> {
        self.shared.turns.subscribe()
    }

    /// Whether the edition has all that it should: while old pages are still being made, one that is missing is not gone.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_ready() && !self.shared.catching_up.load(Ordering::Relaxed)
    }

    /// An edition as files that any web server can serve, in no order. Takes a moment: never call it where requests are
    /// answered.
    #[must_use]
    pub fn files(&self, edition: &Edition) -> Vec<EditionFile> {
        files::files(edition, &self.shared.site)
    }

    /// Has an old page made again that was found damaged.
    pub fn note_damaged(&self, file: &DamagedFile) {
        self.shared.recall.note_damaged(Arc::clone(&file.page));
    }

    /// Ends when readers see everything up to this value of the publication counter.
    pub async fn shows(&self, version: i64) {
        // The sender lives as long as the page, so waiting cannot fail.
        let _ = self.shared.shown.subscribe().wait_for(|shown| *shown >= version).await;
    }

    /// Ends when the staff view takes the key that was set at this value of the publication counter, and no other.
    pub async fn locks(&self, version: i64) {
        self.shared.own().staff.locks(version).await;
    }

    /// Everything that may be asked for: the edition, and beside it the sign-up forms and the staff view. Reading is
    /// never touched by what goes wrong in a form.
    pub fn router(&self) -> Router {
        let renderer = self.shared.press.renderer.clone();
        let page = self.clone();
        let dressing = Dressing::new(renderer, self.shared.env.clone(), Surface::Public)
            .https(self.shared.site.home(self.shared.site.default_language()).starts_with("https:"))
            .proxies(self.shared.proxies.clone())
            .body_limit(32 * 1024)
            .error_frame(move |_, language| signup::frame(&page, language).unwrap_or_default());
        let forms = match self.shared.own {
            Some(_) => signup::router(self.clone()).merge(staff::router(self.clone())),
            None => elsewhere::router(self.clone()),
        };
        let forms = edge::dress(forms.merge(lead::router(self.clone())), dressing);
        Router::new().fallback(serve::answer).with_state(self.clone()).merge(forms)
    }

    /// The same with a shortcut before it to what the edition has, which needs no router: what a listener serves.
    pub fn served(&self) -> Served {
        Served::with_shortcut(self.router(), Arc::new(serve::Ready(self.clone())))
    }

    /// Follows the database and the clock until told to stop. Run it once, as a task of the process. The age of what
    /// nobody has made sure of counts from this call.
    pub fn follow(self, stop: CancellationToken) -> impl Future<Output = ()> + Send {
        let follower = follow::Follower::new(self.clone());
        async move {
            // A changed key must not wait until an edition is made.
            let closing = async {
                stop.cancelled().await;
                self.close();
            };
            tokio::join!(follower.run(stop.clone()), staff::board::follow(&self, stop.clone()), closing);
        }
    }

    /// Up to when nothing newer was known to exist, by the clock that people read.
    #[must_use]
    pub fn confirmed_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.shared.confirmed_ms.load(Ordering::Relaxed)).unwrap_or_default()
    }

    pub(crate) fn confirm_ms(&self, at: i64) {
        self.shared.confirmed_ms.store(at, Ordering::Relaxed);
    }

    /// Brings the edition up to date once, with all that is old, without following.
    pub async fn refresh(&self) {
        follow::Follower::new(self.clone()).look_once().await;
    }

    /// Writes the edition as files that any web server can serve.
    ///
    /// # Errors
    /// When there is no edition yet, or the folder cannot be written.
    pub fn export(&self, folder: &Path) -> Result<usize, ExportError> {
        export::export(&self.edition(), &self.shared.site, folder)
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("edition", &self.shared.edition.load().id()).finish_non_exhaustive()
    }
}
