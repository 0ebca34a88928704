//! `[[sms.providers]]`: accounts at providers that speak Twilio's Messages API.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Problems, SecretSlot, SettingsProblem};
use crate::Secret;
use crate::signature::Keys;

/// `[sms]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmsSettings {
    /// Text messages are shared out among them by weight.
    pub providers: Vec<SmsProvider>,
}

/// One `[[sms.providers]]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SmsProvider {
    /// Our name for it; letters, digits and `-`, because it is part of the callback's path.
    pub name: String,
    /// Where its API is, without `/2010-04-01`.
    #[serde(default = "twilio")]
    pub base_url: String,
    /// The account id in the API's path: `AC…`, or a UUID at other providers.
    pub account_sid: String,
    /// Signs in, unless there is an API key, and checks the signatures of callbacks.
    #[serde(default)]
    pub auth_token: Option<Secret>,
    /// The file that holds the auth token.
    #[serde(default)]
    pub auth_token_file: Option<PathBuf>,
    /// The id of an API key (`SK…`), which signs in instead of the account.
    #[serde(default)]
    pub api_key: Option<String>,
    /// The secret of the API key.
    #[serde(default)]
    pub api_secret: Option<Secret>,
    /// The file that holds the secret of the API key.
    #[serde(default)]
    pub api_secret_file: Option<PathBuf>,
    /// The sender: a number, a short code or a name of up to 11 letters.
    #[serde(default)]
    pub from: Option<String>,
    /// The messaging service that chooses the sender.
    #[serde(default)]
    pub messaging_service_sid: Option<String>,
    /// Text segments per second by contract.
    #[serde(default = "ten")]
    pub rate: u32,
    /// The share of this provider among all.
    #[serde(default = "ten")]
    pub weight: u32,
    /// Requests under way at once; by default as many as the rate keeps busy when an answer takes a quarter of a second.
    #[serde(default)]
    pub concurrency: Option<u32>,
    /// The public URL of our hooks for this provider, without `/status` or `/inbound`.
    #[serde(default)]
    pub callback_url: Option<String>,
    /// Asks the provider to skip its fraud checks, which can hold back an emergency broadcast.
    #[serde(default)]
    pub skip_risk_check: bool,
    /// Earlier auth tokens whose signatures are still taken while a token is being changed.
    #[serde(default)]
    pub former_auth_tokens: Vec<Secret>,
    /// Shared keys for HMAC-SHA256 signatures, by key id.
    #[serde(default)]
    pub shared_keys: BTreeMap<String, Secret>,
    /// Seconds that one request may take in all.
    #[serde(default = "ten")]
    pub timeout_seconds: u32,
}

fn twilio() -> String {
    "https://api.twilio.com".to_owned()
}

const fn ten() -> u32 {
    10
}

impl SmsSettings {
    /// The secrets that may come from files.
    pub fn secrets(&mut self) -> Vec<SecretSlot<'_>> {
        self.providers.iter_mut().flat_map(SmsProvider::secrets).collect()
    }

    /// Everything that is wrong, to be reported together.
    #[must_use]
    pub fn problems(&self) -> Vec<SettingsProblem> {
        self.providers.iter().flat_map(SmsProvider::problems).collect()
    }

    /// The longest that one request to any of the providers may take; nothing without providers.
    #[must_use]
    pub fn longest_request(&self) -> Duration {
        let seconds = self.providers.iter().map(|provider| provider.timeout_seconds).max().unwrap_or_default();
        Duration::from_secs(u64::from(seconds))
    }
}

impl SmsProvider {
    fn secrets(&mut self) -> [SecretSlot<'_>; 2] {
        let key = |field: &str| format!("sms.providers.{}.{field}", self.name);
        let keys = [key("auth_token"), key("api_secret")];
        let [token, secret] = keys;
        [
            SecretSlot { key: token, value: &mut self.auth_token, file: &mut self.auth_token_file },
            SecretSlot { key: secret, value: &mut self.api_secret, file: &mut self.api_secret_file },
        ]
    }

    /// How many requests may be under way at once.
    #[must_use]
    pub fn requests_at_once(&self) -> usize {
        self.concurrency.unwrap_or_else(|| self.rate.div_ceil(4).max(10)) as usize
    }

    /// What callbacks from this provider may be signed with.
    #[must_use]
    pub fn signature_keys(&self) -> Keys {
        let tokens = self.auth_token.iter().chain(&self.former_auth_tokens).cloned().collect();
        Keys { tokens, shared: self.shared_keys.clone() }
    }

    /// Everything that is wrong with this provider, secrets read from files included.
    #[must_use]
    pub fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Problems::below(format!("sms.providers.{}", self.name));
        let is_plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        problems.unless(is_plain(&self.name), "name", "must be letters, digits and hyphens");
        problems.unless(is_plain(&self.account_sid), "account_sid", "must be the id that the provider shows");
        problems.unless_safe_url(&self.base_url, "base_url");
        problems.unless(self.rate > 0, "rate", "must be at least 1 segment per second");
        problems.unless(self.concurrency != Some(0), "concurrency", "must be at least 1");
        problems.unless(self.timeout_seconds > 0, "timeout_seconds", "must be at least 1");
        let has_token = self.auth_token.as_ref().is_some_and(|token| !token.is_empty());
        problems.unless(has_token, "auth_token", "is missing; callbacks are signed with it");
        let sender = self.from.is_some() || self.messaging_service_sid.is_some();
        problems.unless(sender, "from", "or messaging_service_sid must be given");
        problems.unless(
            self.api_key.is_some() == self.api_secret.is_some(),
            "api_key",
            "and api_secret belong together",
        );
        if let Some(url) = &self.callback_url {
            problems.unless_safe_url(url, "callback_url");
            let has_underscore = Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(|host| host.contains('_')));
            problems.unless(
                !has_underscore,
                "callback_url",
                "must not have an underscore in its host; Twilio refuses it",
            );
        }
        problems.found
    }
}
