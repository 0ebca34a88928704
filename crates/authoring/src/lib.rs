//! Where staff write, approve and publish: a web interface and a JSON API over the same actions.
//!
//! [`Authoring`] holds what the actions need. `actions` are the use cases, `ui` and `api` only translate between them
//! and HTTP.

mod accounts;
mod actions;
mod api;
mod caller;
mod compose;
mod content;
mod error;
mod judge;
mod preview;
mod samples;
mod settings;
mod ui;
mod wording;

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, NaiveDate, Utc};
use domain::{Env, Site};
use edge::{Cookies, Csrf, Dressing, Surface, TrustedProxies};
use render::Renderer;
use store::{Key, Store};

pub use accounts::{Invitation, NewAccount, ReadyAccount, SignedIn, totp_code};
pub use actions::{AddressChange, OpenIncident, Opened, Publication};
pub use api::{documented_routes, routes};
pub use caller::{Caller, Once};
pub use compose::Composer;
pub use content::{ContentInput, IncidentInput};
pub use error::ActionError;
pub use preview::Preview;
pub use samples::samples;
pub use settings::{Settings, SocialAccount};

/// Tells when readers see a publication.
pub trait PageSeen: Send + Sync {
    /// Ends when the page shows everything up to this value of the publication counter.
    fn shows(&self, version: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Ends when the staff view takes the key that was set at this value of the publication counter, and no other.
    fn locks(&self, version: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// What the staff side is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The key of the installation: form tokens are made with one derived from it.
    pub key: Key,
    /// Templates and texts.
    pub renderer: Renderer,
    /// Time, ids and randomness.
    pub env: Env,
    /// The public site.
    pub site: Site,
    /// As configured.
    pub settings: Settings,
    /// The accounts that updates are posted to.
    pub accounts: Vec<SocialAccount>,
    /// Lets `publish` wait until the page shows it; without it, it answers at once.
    pub page_seen: Option<Arc<dyn PageSeen>>,
    /// The proxies that may say where a request comes from.
    pub proxies: TrustedProxies,
}

/// The staff side. Cheap to clone.
#[derive(Clone)]
pub struct Authoring {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    csrf: Csrf,
    cookies: Cookies,
    memory: ui::Memory,
}

impl Authoring {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let cookies = Cookies::for_url(&parts.settings.url);
        let csrf = Csrf::new(parts.key.derive("staff-forms"), parts.env.clone(), cookies, ui::SESSION_COOKIE);
        Self { inner: Arc::new(Inner { parts, csrf, cookies, memory: ui::Memory::default() }) }
    }

    /// Everything that the listener serves, dressed.
    pub fn router(&self) -> Router {
        let parts = &self.inner.parts;
        let dressing = Dressing::new(parts.renderer.clone(), parts.env.clone(), Surface::Staff)
            .https(self.inner.cookies.is_secure())
            .proxies(parts.proxies.clone());
        edge::dress(ui::router(self).merge(api::router(self)), dressing)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.parts.store
    }

    pub(crate) fn env(&self) -> &Env {
        &self.inner.parts.env
    }

    pub(crate) fn key(&self) -> &Key {
        &self.inner.parts.key
    }

    /// The day that people read on the calendar.
    pub(crate) fn today(&self) -> NaiveDate {
        self.day_of(self.env().now())
    }

    /// The day of a time, as people read it on the calendar.
    pub(crate) fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.renderer().settings().time_zone).date_naive()
    }

    pub(crate) fn renderer(&self) -> &Renderer {
        &self.inner.parts.renderer
    }

    pub(crate) fn site(&self) -> &Site {
        &self.inner.parts.site
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.parts.settings
    }

    pub(crate) fn social_accounts(&self) -> &[SocialAccount] {
        &self.inner.parts.accounts
    }

    pub(crate) fn page_seen(&self) -> Option<&dyn PageSeen> {
        self.inner.parts.page_seen.as_deref()
    }

    pub(crate) fn csrf(&self) -> &Csrf {
        &self.inner.csrf
    }

    pub(crate) fn cookies(&self) -> Cookies {
        self.inner.cookies
    }

    pub(crate) fn memory(&self) -> &ui::Memory {
        &self.inner.memory
    }
}

impl std::fmt::Debug for Authoring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authoring").finish_non_exhaustive()
    }
}
