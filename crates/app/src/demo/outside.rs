//! The simulated outside world of the demo, and the configuration that points every provider at it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use channels::Secret;
use channels::settings::{EmailSettings, MastodonAccount, SmsProvider};
use domain::{Env, Language, WithCauses};
use edge::{Lifecycle, Limits};
use simulator::{Settings, Simulator};
use tokio::net::TcpListener;

use crate::config::Config;

/// What our number is in the demo: kept free for drama.
const SENDER: &str = "+447700900999";
/// Text segments per second: quick enough for an impatient newcomer, slow enough to see phones ring one by one.
const RATE: u32 = 300;

/// The simulator with its open listeners.
pub(crate) struct Outside {
    simulator: Simulator,
    web: TcpListener,
    smtp: TcpListener,
}

impl Outside {
    /// Opens the listeners, and points the providers of the configuration at them.
    ///
    /// # Errors
    /// When an address is taken, or a provider's settings cannot be written.
    pub(crate) async fn open(config: &mut Config, env: &Env) -> anyhow::Result<Self> {
        Self::open_at_rate(RATE, config, env).await
    }

    /// The same with other agreed rates: segments of texts and mails per second.
    ///
    /// # Errors
    /// As [`Outside::open`].
    pub(crate) async fn open_at_rate(rate: u32, config: &mut Config, env: &Env) -> anyhow::Result<Self> {
        let web = edge::bind(config.simulator.listen).await?;
        let public_url = format!("http://{}", web.local_addr()?);
        let smtp = edge::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let accounts = BTreeMap::from([(Language::Cy, env.token()), (Language::En, env.token())]);
        let settings = Settings {
            auth_token: env.token(),
            mastodon_tokens: accounts
                .iter()
                .map(|(language, token)| (token.clone(), format!("nhs-{language}")))
                .collect(),
            public_url: public_url.clone(),
            sender: SENDER.to_owned(),
            ..Settings::default()
        };
        let callback = format!("http://{}/hooks/sms/primary", config.notifier.listen);
        config.sms.providers = vec![provider(&settings, &callback, rate)?];
        config.email = Some(relay(smtp.local_addr()?, rate)?);
        config.social.mastodon =
            accounts.into_iter().map(|one| account(one, &public_url)).collect::<anyhow::Result<_>>()?;
        config.site.sms_number = Some(SENDER.to_owned());
        let simulator = Simulator::new(settings, env.clone());
        simulator.set_inbound_url(Some(format!("{callback}/inbound")));
        Ok(Self { simulator, web, smtp })
    }

    /// What the phones, inboxes and accounts got.
    #[must_use]
    pub(crate) fn simulator(&self) -> Simulator {
        self.simulator.clone()
    }

    /// Serves the simulator.
    pub(crate) fn start(self, lifecycle: &Lifecycle) {
        let stop = &lifecycle.stop;
        let router = self.simulator.router();
        lifecycle.spawn("simulator callbacks", self.simulator.clone().run_callbacks(stop.clone()));
        let smtp = self.simulator.serve_smtp(self.smtp, stop.clone());
        lifecycle.spawn("simulator mail", async {
            if let Err(error) = smtp.await {
                tracing::error!(error = %WithCauses(&error), "the simulated mail server failed");
            }
        });
        lifecycle.spawn("simulator", edge::serve(self.web, router, stop.clone(), Limits::default()));
    }
}

/// Settings are made from their file form, so that every default is the one an operator gets.
fn provider(settings: &Settings, callback: &str, rate: u32) -> anyhow::Result<SmsProvider> {
    let mut provider: SmsProvider = serde_json::from_value(serde_json::json!({
        "name": "primary",
        "base_url": settings.public_url,
        "account_sid": settings.account_sid,
        "from": SENDER,
        "rate": rate,
        "concurrency": 32,
        "callback_url": callback,
    }))?;
    provider.auth_token = Some(Secret::new(&settings.auth_token));
    Ok(provider)
}

fn relay(address: SocketAddr, rate: u32) -> anyhow::Result<EmailSettings> {
    Ok(serde_json::from_value(serde_json::json!({
        "relay": format!("smtp://{address}"),
        "from": "NHS Wales alerts <alerts@status.example>",
        "bounce_domain": "bounce.status.example",
        "rate": rate,
    }))?)
}

fn account((language, token): (Language, String), base_url: &str) -> anyhow::Result<MastodonAccount> {
    let mut account: MastodonAccount = serde_json::from_value(serde_json::json!({
        "name": format!("nhs-{language}"),
        "base_url": base_url,
        "language": language,
    }))?;
    account.token = Some(Secret::new(token));
    Ok(account)
}
