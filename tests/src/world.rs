//! The simulated outside world of one installation: phones, inboxes and accounts behind real sockets.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use channels::Secret;
use channels::settings::{EmailSettings, MastodonAccount, SmsProvider};
use domain::{Env, Language};
use edge::{Lifecycle, Limits};
use hysbys::config::Config;
use serde_json::json;
use simulator::{Settings, Simulator};

/// The number that texts come from.
pub const SENDER: &str = "+447700900999";
/// Signs in at the SMS provider, and signs its callbacks.
pub const TOKEN: &str = "scenario-token";
/// The secret last word of the hook that reports about mails are posted to.
pub const HOOK_TOKEN: &str = "scenario-hook-of-the-mail-relay";
/// The account at a second SMS provider, for the scenarios that have two: `AC` and 32 digits.
#[must_use]
pub fn second_account() -> String {
    format!("AC{}", "6".repeat(32))
}
/// Text segments and mails per second, where the story is not about pace: more than this machine can do.
pub const QUICK: u32 = 20_000;

/// A pocket world that listens until it is dropped.
pub struct World {
    /// What it holds and how it is told to misbehave.
    pub simulator: Simulator,
    web: SocketAddr,
    smtp: SocketAddr,
    lifecycle: Lifecycle,
}

impl World {
    /// A world whose SMS provider reports what became of each text, and passes on what phones answer.
    pub async fn open() -> Self {
        let world = Self::silent().await;
        world.lifecycle.spawn("callbacks", world.simulator.clone().run_callbacks(world.lifecycle.stop.clone()));
        world
    }

    /// A world that takes everything and never says a word.
    ///
    /// # Panics
    /// When no listener can be opened.
    pub async fn silent() -> Self {
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = edge::bind(here).await.expect("a free port");
        let mail = edge::bind(here).await.expect("a free port");
        let (web, smtp) = (listener.local_addr().expect("an address"), mail.local_addr().expect("an address"));
        let simulator = Simulator::new(settings(web), Env::real());
        let lifecycle = Lifecycle::new();
        let stop = &lifecycle.stop;
        let limits = Limits { connections: 4_000, ..Limits::default() };
        lifecycle.spawn("web", edge::serve(listener, simulator.router(), stop.clone(), limits));
        let serve_mail = simulator.clone().serve_smtp(mail, stop.clone());
        lifecycle.spawn("mail", async move { serve_mail.await.expect("mail is served") });
        Self { simulator, web, smtp, lifecycle }
    }

    /// Where the providers that speak HTTP listen.
    #[must_use]
    pub fn web(&self) -> SocketAddr {
        self.web
    }

    /// Where the mail relay listens.
    #[must_use]
    pub fn mail(&self) -> SocketAddr {
        self.smtp
    }

    /// Points every provider of a configuration here, with callbacks to the configured listener of the notifier.
    ///
    /// # Panics
    /// When the settings of a provider are not as expected.
    pub fn set_up(&self, config: &mut Config, rate: u32) {
        let callback = format!("http://{}/hooks/sms/primary", config.notifier.listen);
        self.simulator.set_inbound_url(Some(format!("{callback}/inbound")));
        config.sms.providers = vec![self.provider(&callback, rate)];
        config.email = Some(self.relay(rate));
        config.social.mastodon = Language::ALL.map(|language| self.account(language)).to_vec();
        config.site.sms_number = Some(SENDER.to_owned());
    }

    fn provider(&self, callback: &str, rate: u32) -> SmsProvider {
        let settings = json!({
            "name": "primary",
            "base_url": format!("http://{}", self.web),
            "account_sid": Settings::default().account_sid,
            "from": SENDER,
            "rate": rate,
            "concurrency": 20,
            "timeout_seconds": 1,
            "callback_url": callback,
        });
        let mut provider: SmsProvider = serde_json::from_value(settings).expect("settings of a provider");
        provider.auth_token = Some(Secret::new(TOKEN));
        provider
    }

    fn relay(&self, rate: u32) -> EmailSettings {
        let settings = json!({
            "relay": format!("smtp://{}", self.smtp),
            "from": "NHS Wales alerts <alerts@status.example>",
            "bounce_domain": "bounce.status.example",
            "hook_token": HOOK_TOKEN,
            "rate": rate,
            "timeout_seconds": 3,
        });
        serde_json::from_value(settings).expect("settings of a relay")
    }

    fn account(&self, language: Language) -> MastodonAccount {
        let settings = json!({
            "name": account_name(language),
            "base_url": format!("http://{}", self.web),
            "language": language,
            "timeout_seconds": 2,
        });
        let mut account: MastodonAccount = serde_json::from_value(settings).expect("settings of an account");
        account.token = Some(Secret::new(account_name(language)));
        account
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.lifecycle.stop.cancel();
    }
}

/// Adds a second SMS provider, in all else like the first.
///
/// # Panics
/// When there is no first one.
pub fn add_second_provider(config: &mut Config) {
    let first = config.sms.providers.first().expect("a first provider").clone();
    let callback_url = first.callback_url.as_ref().map(|url| url.replace("/primary", "/second"));
    let second = SmsProvider { name: "second".to_owned(), account_sid: second_account(), callback_url, ..first };
    config.sms.providers.push(second);
}

/// The account that posts in a language.
#[must_use]
pub fn account_name(language: Language) -> String {
    format!("nhs-{language}")
}

fn settings(web: SocketAddr) -> Settings {
    let tokens: BTreeMap<_, _> = Language::ALL.map(|language| (account_name(language), account_name(language))).into();
    Settings {
        auth_token: TOKEN.to_owned(),
        other_accounts: BTreeMap::from([(second_account(), TOKEN.to_owned())]),
        mastodon_tokens: tokens,
        public_url: format!("http://{web}"),
        sender: SENDER.to_owned(),
        sent_after: Duration::from_millis(20),
        delivered_after: Duration::from_millis(40),
        callback_retry: Duration::from_millis(300),
        callback_concurrency: 16,
        keep_mail_contents: 20_000,
        ..Settings::default()
    }
}
