//! A page process that follows another page: it has an edition, listeners and a leader, and neither database nor key.

use std::sync::Arc;

use anyhow::Context;
use channels::Secret;
use domain::{Env, Site};
use edge::Lifecycle;
use mirror::Leader;
use page::Page;
use render::{RenderSettings, Renderer};

use crate::config::Config;
use crate::listening::{self, Listening, Name};
use crate::ops::{self, Ops};
use crate::wiring::{Listeners, Roles, proxies, push, until_stopped};

/// The parts of such a process, joined and not yet serving.
pub struct Copy {
    config: Config,
    env: Env,
    site: Site,
    /// The page.
    pub page: Page,
    leader: Leader,
    secret: Secret,
}

impl Copy {
    /// Joins the parts. Nothing is connected and nothing listens yet.
    ///
    /// # Errors
    /// When a setting cannot work.
    pub fn join(config: Config, env: Env) -> anyhow::Result<Self> {
        let follow = config.page.follow.clone().context("page.follow is not set")?;
        let site = config.site()?;
        let renderer = Renderer::new(RenderSettings {
            time_zone: config.time_zone()?,
            languages: site.languages.clone(),
            site_name: site.name.clone(),
            sample_data: false,
        })?;
        let page = Page::new(page::Parts {
            settings: config.page.clone(),
            site: site.clone(),
            renderer,
            env: env.clone(),
            records: None,
            proxies: proxies(&config)?,
        })?;
        let authorities = follow.ca_file.as_ref().map(|file| {
            std::fs::read(file).with_context(|| format!("page.follow.ca_file: cannot read {}", file.display()))
        });
        let leader = Leader::at(&follow.url, authorities.transpose()?.as_deref()).context("page.follow")?;
        let secret = follow.secret.context("page.follow.secret is not set")?;
        Ok(Self { config, env, site, page, leader, secret })
    }

    /// Serves on the open listeners, first of all the last edition from disk, and follows.
    ///
    /// # Errors
    /// When the certificate or the settings of a copy cannot work.
    pub fn start(self, listeners: Listeners, lifecycle: &Lifecycle) -> anyhow::Result<()> {
        let Self { config, env, site, page, leader, secret } = self;
        let listening = Listening::prepare(&config, proxies(&config)?)?;
        listening.follow(lifecycle);
        page.load_from_disk();
        if let Some(listener) = listeners.page {
            listening.serve(lifecycle, ("page", Some(Name::Page)), listener, page.served());
        }
        if let Some(listener) = listeners.redirect {
            listening.serve(lifecycle, ("redirect", None), listener, edge::redirect_to_tls(site));
        }
        let copies = push(&config, (&page, &env), lifecycle)?;
        if let Some(listener) = listeners.ops {
            let ops = Ops { store: None, page: Some(page.clone()), copies, ways: Arc::default() };
            listening.serve(lifecycle, ("ops", None), listener, ops::router(ops));
        }
        lifecycle.spawn("edition", page.trail(Arc::new(leader), secret, lifecycle.stop.clone()));
        Ok(())
    }
}

/// Follows and serves until a signal, or until a part fails.
///
/// # Errors
/// When an address is taken, a setting cannot work, or a part failed.
pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    listening::raise_file_limit(&config.connections);
    let listeners = Listeners::bind(&config, Roles::PAGE).await?;
    let lifecycle = Lifecycle::new();
    Copy::join(config, Env::real())?.start(listeners, &lifecycle)?;
    until_stopped(&lifecycle).await
}
