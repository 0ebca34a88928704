//! How the listeners listen: how many connections they take and for how long, and TLS where no proxy does it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use edge::{Certificates, Lifecycle, Limits, Listener, Served, TrustedProxies};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::config::Config;

/// `[connections]`: the same for each listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Connections {
    /// The most at one listener. When there are more, those that have been idle for longest make room.
    pub most: usize,
    /// The most of one client address; proxies and this machine are not counted.
    pub per_client: usize,
    /// How long a client may take to send the head of a request, in milliseconds.
    pub head_ms: u64,
    /// How long a connection is kept for the next request, in milliseconds.
    pub idle_ms: u64,
    /// How long a reader may take nothing of an answer, in milliseconds.
    pub stall_ms: u64,
}

impl Default for Connections {
    fn default() -> Self {
        let limits = Limits::default();
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            most: limits.connections,
            per_client: limits.per_client,
            head_ms: milliseconds(limits.head),
            idle_ms: milliseconds(limits.idle),
            stall_ms: milliseconds(limits.stall),
        }
    }
}

impl Connections {
    fn limits(&self) -> Limits {
        Limits {
            head: Duration::from_millis(self.head_ms),
            idle: Duration::from_millis(self.idle_ms),
            stall: Duration::from_millis(self.stall_ms),
            connections: self.most,
            per_client: self.per_client,
            ..Limits::default()
        }
    }
}

/// A listener that TLS can be spoken at. Health and metrics stay plain: they are for this network only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Name {
    /// The public page.
    Page,
    /// The staff side.
    Authoring,
    /// The notifier's hooks.
    Hooks,
}

/// `[tls]`: for those who have no proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The chain of certificates in PEM, the server's own first.
    pub certificate: PathBuf,
    /// Its private key in PEM.
    pub key: PathBuf,
    /// The listeners that speak TLS.
    #[serde(default = "everywhere")]
    pub listeners: Vec<Name>,
    /// A plain address that leads readers to the site, such as `0.0.0.0:80`.
    #[serde(default)]
    pub redirect_listen: Option<SocketAddr>,
    /// How often the files are looked at for a change, in milliseconds.
    #[serde(default = "ten_seconds")]
    pub look_ms: u64,
}

fn everywhere() -> Vec<Name> {
    vec![Name::Page, Name::Authoring, Name::Hooks]
}

const fn ten_seconds() -> u64 {
    10_000
}

impl Tls {
    /// What in the rest of the configuration does not fit.
    pub(crate) fn problems(&self, config: &Config) -> Vec<String> {
        let site = config.site.url.iter().map(|(language, url)| (Name::Page, format!("site.url.{language}"), url));
        let staff = (Name::Authoring, "authoring.url".to_owned(), &config.authoring.url);
        let plain = site.chain([staff]).filter(|(name, _, url)| self.listeners.contains(name) && !is_tls(url));
        plain.map(|(_, key, url)| format!("{key} is {url}, but with [tls] it must begin with https://")).collect()
    }
}

fn is_tls(url: &str) -> bool {
    url.starts_with("https://")
}

/// What the listeners of one process have in common.
pub(crate) struct Listening {
    limits: Limits,
    proxies: TrustedProxies,
    tls: Option<(Tls, Arc<Certificates>)>,
}

impl Listening {
    /// Reads the certificate.
    ///
    /// # Errors
    /// When there is one that cannot be used.
    pub(crate) fn prepare(config: &Config, proxies: TrustedProxies) -> anyhow::Result<Self> {
        let tls = config.tls.as_ref().map(|tls| {
            let certificates = Certificates::read(&tls.certificate, &tls.key).context("[tls]")?;
            anyhow::Ok((tls.clone(), certificates))
        });
        Ok(Self { limits: config.connections.limits(), proxies, tls: tls.transpose()? })
    }

    /// Takes new certificates when there are some, for as long as the process lives.
    pub(crate) fn follow(&self, lifecycle: &Lifecycle) {
        let Some((tls, certificates)) = &self.tls else { return };
        let every = Duration::from_millis(tls.look_ms.max(10));
        lifecycle.spawn("certificates", Arc::clone(certificates).follow(every, lifecycle.stop.clone()));
    }

    /// Serves at a listener, over TLS if it has a name for which that is wanted.
    pub(crate) fn serve(
        &self,
        lifecycle: &Lifecycle,
        (task, name): (&'static str, Option<Name>),
        listener: TcpListener,
        served: impl Into<Served>,
    ) {
        let mut listener = Listener::from(listener).proxies(self.proxies.clone());
        if let Some((tls, certificates)) = &self.tls
            && name.is_some_and(|name| tls.listeners.contains(&name))
        {
            listener = listener.tls(certificates);
        }
        lifecycle.spawn(task, edge::serve(listener, served.into(), lifecycle.stop.clone(), self.limits));
    }
}

/// Lets this process have as many open files as it may: each connection is one, and many systems give a process 1,024
/// until it asks. Says how many connections that leaves room for, when it is fewer than wanted.
pub(crate) fn raise_file_limit(wanted: &Connections) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let most = if raised.is_ok() { limit.maximum } else { limit.current };
    if most.is_some_and(|most| most < wanted.most as u64) {
        tracing::warn!(
            files = most,
            connections.most = wanted.most,
            "the system allows fewer open files than connections; raise LimitNOFILE"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_with_tls_calls_itself_by_https() {
        let text = "certificate = 'c.pem'\nkey = 'k.pem'\nlisteners = ['page', 'hooks']";
        let tls: Tls = toml::from_str(text).unwrap();
        let mut config = Config::default();
        assert_eq!(tls.problems(&config).len(), 2, "one for each language");
        for url in config.site.url.values_mut() {
            *url = url.replace("http:", "https:");
        }
        assert!(tls.problems(&config).is_empty());
        assert!(toml::from_str::<Tls>(&text.replace("hooks", "ops")).is_err());
    }
}
