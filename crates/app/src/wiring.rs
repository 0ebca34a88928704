//! The one place where the parts are joined: `run` serves the asked roles until it is told to stop. The demo and the
//! tests run the same.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, bail};
use authoring::{Authoring, PageSeen, SocialAccount};
use channels::settings::EmailSettings;
use channels::{Channel, Email, MailIdentity, Mastodon, Metered, Null, Sms, Verp};
use domain::link::KEY_LABEL;
use domain::site::Site;
use domain::{ChannelKind, Env, Localized};
use edge::{Lifecycle, TrustedProxies};
use mirror::{Mirror, Standing};
use notifier::{Caller, Hooks, MailHook, Stationery, Way, Ways, Work};
use page::{Page, PushSettings, Records};
use render::{RenderSettings, Renderer};
use store::{Key, Store};
use tokio::net::TcpListener;

use crate::config::Config;
use crate::copy;
use crate::listening::{self, Listening, Name};
use crate::ops::{self, Ops};
use crate::prepare;
use crate::seen::Seen;

/// What one process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Serves the public page.
    pub page: bool,
    /// Serves staff and the API.
    pub authoring: bool,
    /// Sends, and hears callbacks.
    pub notifier: bool,
}

impl Roles {
    /// Everything in one process.
    pub const ALL: Self = Self { page: true, authoring: true, notifier: true };
    /// The public page alone.
    pub const PAGE: Self = Self { page: true, authoring: false, notifier: false };
    /// The staff side alone.
    pub const AUTHORING: Self = Self { page: false, authoring: true, notifier: false };
    /// The notifier alone.
    pub const NOTIFIER: Self = Self { page: false, authoring: false, notifier: true };
}

/// The parts of one process, joined and not yet serving.
pub struct Parts {
    /// The configuration that they were made from.
    pub config: Config,
    /// Time, ids and randomness.
    pub env: Env,
    /// The key of the installation.
    pub key: Key,
    /// The database.
    pub store: Store,
    /// Templates and texts.
    pub renderer: Renderer,
    /// The public site.
    pub site: Site,
    /// The public page.
    pub page: Page,
    /// The staff side.
    pub authoring: Authoring,
    /// What the process does.
    pub roles: Roles,
    /// The ways out, from when the notifier has begun.
    pub ways: Arc<OnceLock<Vec<Arc<Way>>>>,
}

/// What the demo and exercises change: every page says so, and numbers kept free for drama are taken.
#[derive(Clone, Debug, Default)]
pub struct Exercise {
    /// Said on every page.
    pub notice: Option<Localized>,
}

impl Parts {
    /// Joins the parts. Nothing is connected and nothing listens yet.
    ///
    /// # Errors
    /// When the key cannot be read, or a setting cannot work.
    pub fn join(config: Config, env: Env, roles: Roles, exercise: Option<Exercise>) -> anyhow::Result<Self> {
        let key = config.key()?;
        let mut site = config.site()?;
        let mut config = config;
        let sample_data = exercise.is_some();
        if let Some(exercise) = exercise {
            site.notice = exercise.notice;
            config.page.signup.accept_drama_numbers = true;
        }
        let renderer = Renderer::new(RenderSettings {
            time_zone: config.time_zone()?,
            languages: site.languages.clone(),
            site_name: site.name.clone(),
            sample_data,
        })?;
        let store = crate::commands::store_of(&config, &env)?;
        let page = Page::new(page::Parts {
            records: Some(Records {
                published: store.published(),
                briefings: store.briefings(),
                subscriptions: store.subscriptions(),
                key: key.clone(),
            }),
            renderer: renderer.clone(),
            env: env.clone(),
            site: site.clone(),
            settings: config.page.clone(),
            proxies: proxies(&config)?,
        })?;
        let authoring = Authoring::new(authoring::Parts {
            store: store.clone(),
            key: key.clone(),
            renderer: renderer.clone(),
            env: env.clone(),
            site: site.clone(),
            settings: config.authoring.clone(),
            accounts: accounts(&config),
            page_seen: roles.page.then(|| Arc::new(Seen(page.clone())) as Arc<dyn PageSeen>),
            proxies: proxies(&config)?,
        });
        Ok(Self { config, env, key, store, renderer, site, page, authoring, roles, ways: Arc::default() })
    }

    fn work(&self, ways: Arc<Ways>) -> anyhow::Result<Work> {
        let stationery = Stationery {
            site: self.site.clone(),
            mail: self.config.email.as_ref().map(MailIdentity::new).transpose()?,
            link_key: self.key.derive(KEY_LABEL),
        };
        let work = Work::new(self.store.clone(), self.env.clone(), ways, stationery, self.config.notifier.clone());
        Ok(work.in_zone(self.config.time_zone()?))
    }

    fn hooks(&self, ways: Arc<Ways>) -> Hooks {
        let callers = self.config.sms.providers.iter().filter_map(|provider| {
            let callback_url = provider.callback_url.clone()?;
            Some((provider.name.clone(), Caller { callback_url, keys: provider.signature_keys() }))
        });
        let hooks =
            Hooks::new(self.store.clone(), self.env.clone(), self.renderer.clone(), callers.collect()).easing(ways);
        let hooks = match self.mail_hook() {
            Some(mail) => hooks.hearing_of_mails(mail),
            None => hooks,
        };
        if self.config.page.signup.accept_drama_numbers { hooks.accepting_drama_numbers() } else { hooks }
    }

    fn mail_hook(&self) -> Option<MailHook> {
        let email = self.config.email.as_ref()?;
        let token = email.hook_token.clone()?;
        Some(MailHook { token, verp: verp(email, &self.key)?, link_key: self.key.derive(KEY_LABEL) })
    }
}

/// The ways out of the configuration.
///
/// # Errors
/// When a setting of a channel cannot work.
pub fn ways(config: &Config, key: &Key, env: &Env) -> anyhow::Result<Ways> {
    if config.rehearsal.send_nothing {
        return Ok(rehearsed(config));
    }
    let mut ways = Ways::default();
    for provider in &config.sms.providers {
        ways.add(counted(Sms::new(provider, env.clone())?, provider.rate, provider.weight));
    }
    if let Some(email) = &config.email {
        ways.add(counted(Email::new(email, verp(email, key))?, email.rate, 1));
    }
    for account in &config.social.mastodon {
        // A server allows 300 requests in five minutes for each account.
        ways.add(counted(Mastodon::new(account, env.clone())?, 1, 1));
    }
    Ok(ways)
}

/// A way out whose messages are counted for the metrics.
fn counted(channel: impl Channel + 'static, rate: u32, weight: u32) -> Way {
    Way::new(Arc::new(Metered::new(channel, rate)), f64::from(rate), weight)
}

/// In place of every provider, relay and account one that sends nothing; in place of none for texts, one all the same.
fn rehearsed(config: &Config) -> Ways {
    let mut ways = Ways::default();
    let mut add = |kind, name: &str, weight| {
        let null = Null::new(kind, name, &config.rehearsal);
        ways.add(counted(null, config.rehearsal.rate, weight));
    };
    for provider in &config.sms.providers {
        add(ChannelKind::Sms, &provider.name, provider.weight);
    }
    if config.sms.providers.is_empty() {
        add(ChannelKind::Sms, "nobody", 1);
    }
    if config.email.is_some() {
        add(ChannelKind::Email, "nobody", 1);
    }
    for account in &config.social.mastodon {
        add(ChannelKind::Mastodon, &account.name(), 1);
    }
    ways
}

fn verp(email: &EmailSettings, key: &Key) -> Option<Verp> {
    email.bounce_domain.as_ref().map(|domain| Verp::new(&key.derive("verp"), domain))
}

fn accounts(config: &Config) -> Vec<SocialAccount> {
    let account =
        |one: &channels::settings::MastodonAccount| SocialAccount { name: one.name(), language: one.language };
    config.social.mastodon.iter().map(account).collect()
}

pub(crate) fn proxies(config: &Config) -> anyhow::Result<TrustedProxies> {
    TrustedProxies::parse(&config.site.trusted_proxies)
        .map_err(|problem| anyhow::anyhow!("site.trusted_proxies: {problem}"))
}

/// The open listeners of one process: bound before anything else, so that a taken address is known at once.
#[derive(Default)]
pub struct Listeners {
    /// Of the page.
    pub page: Option<TcpListener>,
    /// Of the staff side.
    pub authoring: Option<TcpListener>,
    /// Of the notifier's hooks.
    pub hooks: Option<TcpListener>,
    /// Of health and metrics.
    pub ops: Option<TcpListener>,
    /// Of the plain port that leads to the page.
    pub redirect: Option<TcpListener>,
}

impl Listeners {
    /// Binds what the roles need.
    ///
    /// # Errors
    /// When an address is taken; the message names it.
    pub async fn bind(config: &Config, roles: Roles) -> anyhow::Result<Self> {
        let mut listeners = Self { ops: Some(edge::bind(config.ops.listen).await?), ..Self::default() };
        if roles.page {
            listeners.page = Some(edge::bind(config.page.listen).await?);
            if let Some(plain) = config.tls.as_ref().and_then(|tls| tls.redirect_listen) {
                listeners.redirect = Some(edge::bind(plain).await?);
            }
        }
        if roles.authoring {
            listeners.authoring = Some(edge::bind(config.authoring.listen).await?);
        }
        if roles.notifier {
            listeners.hooks = Some(edge::bind(config.notifier.listen).await?);
        }
        Ok(listeners)
    }
}

/// Serves on the open listeners, and starts the workers of their roles, under one lifecycle.
///
/// # Errors
/// When a channel's setting or the certificate cannot work, or another process already sends from this SQLite file.
pub fn start(parts: &Parts, mut listeners: Listeners, lifecycle: &Lifecycle) -> anyhow::Result<()> {
    let listening = start_without_database(parts, &mut listeners, lifecycle)?;
    start_with_database(parts, listeners, (&listening, lifecycle))
}

fn start_with_database(
    parts: &Parts,
    listeners: Listeners,
    (listening, lifecycle): (&Listening, &Lifecycle),
) -> anyhow::Result<()> {
    if parts.roles.page {
        lifecycle.spawn("edition", parts.page.clone().follow(lifecycle.stop.clone()));
    }
    if let Some(listener) = listeners.authoring {
        listening.serve(lifecycle, ("authoring", Some(Name::Authoring)), listener, parts.authoring.router());
    }
    if let Some(listener) = listeners.hooks {
        if parts.config.rehearsal.send_nothing {
            tracing::error!("THIS IS A REHEARSAL: nothing is sent to anybody, by rehearsal.send_nothing");
        }
        let mut ways = ways(&parts.config, &parts.key, &parts.env)?;
        ways.share_rates(&parts.store);
        let ways = Arc::new(ways);
        parts.ways.get_or_init(|| ways.all().cloned().collect());
        notifier::start(parts.work(ways.clone())?, lifecycle)?;
        listening.serve(lifecycle, ("hooks", Some(Name::Hooks)), listener, parts.hooks(ways).router());
    }
    Ok(())
}

/// Serves what needs no database: the page, with the last edition from disk, and health. A database that is away, or
/// that hangs, must not keep readers waiting for the rest of the program.
fn start_without_database(
    parts: &Parts,
    listeners: &mut Listeners,
    lifecycle: &Lifecycle,
) -> anyhow::Result<Listening> {
    let listening = Listening::prepare(&parts.config, proxies(&parts.config)?)?;
    listening.follow(lifecycle);
    if let Some(listener) = listeners.page.take() {
        parts.page.load_from_disk();
        listening.serve(lifecycle, ("page", Some(Name::Page)), listener, parts.page.served());
    }
    let copies = if parts.roles.page { push(&parts.config, (&parts.page, &parts.env), lifecycle)? } else { Vec::new() };
    if let Some(listener) = listeners.redirect.take() {
        listening.serve(lifecycle, ("redirect", None), listener, edge::redirect_to_tls(parts.site.clone()));
    }
    if let Some(listener) = listeners.ops.take() {
        let page = parts.roles.page.then(|| parts.page.clone());
        let ops = Ops { store: Some(parts.store.clone()), page, copies, ways: Arc::clone(&parts.ways) };
        listening.serve(lifecycle, ("ops", None), listener, ops::router(ops));
    }
    Ok(listening)
}

/// Starts to write each edition to every other place, and gives what there is to say of them.
///
/// # Errors
/// When the settings of a place cannot work.
pub(crate) fn push(
    config: &Config,
    (page, env): (&Page, &Env),
    lifecycle: &Lifecycle,
) -> anyhow::Result<Vec<Arc<Standing>>> {
    let start = |settings: &PushSettings| {
        let mirror = Mirror::new(settings, page.clone(), env.clone(), &config.page.data_dir);
        let mirror = mirror.with_context(|| format!("page.push: {}", settings.name))?;
        let standing = mirror.standing();
        lifecycle.spawn("push", mirror.run(lifecycle.stop.clone()));
        Ok(standing)
    };
    config.page.push.iter().map(start).collect()
}

/// How long work in hand may take after the signal to stop.
const DRAIN: Duration = Duration::from_secs(25);

/// Runs the roles until a signal, or until a part fails.
///
/// # Errors
/// When an address is taken, a setting cannot work, migrations are pending, or a part failed.
pub async fn run(config: Config, roles: Roles) -> anyhow::Result<()> {
    if config.page.follow.is_some() {
        anyhow::ensure!(roles == Roles::PAGE, "page.follow is set: only `hysbys page` can follow another page");
        return copy::run(config).await;
    }
    listening::raise_file_limit(&config.connections);
    let mut listeners = Listeners::bind(&config, roles).await?;
    let parts = Parts::join(config, Env::real(), roles, None)?;
    let lifecycle = Lifecycle::new();
    let listening = start_without_database(&parts, &mut listeners, &lifecycle)?;
    prepare::database(&parts, &lifecycle).await?;
    start_with_database(&parts, listeners, (&listening, &lifecycle))?;
    until_stopped(&lifecycle).await
}

/// Waits for a signal or a failed part, and ends everything within the deadline.
///
/// # Errors
/// When a part ended on its own.
pub async fn until_stopped(lifecycle: &Lifecycle) -> anyhow::Result<()> {
    tokio::select! {
        () = signal() => tracing::info!("stopping: finishing the work in hand"),
        () = lifecycle.stop.cancelled() => {}
    }
    lifecycle.stop.cancel();
    lifecycle.drain(DRAIN).await;
    if lifecycle.has_failed() { bail!("a part of the program ended on its own; see the log") } else { Ok(()) }
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
