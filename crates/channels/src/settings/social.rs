//! `[[social.mastodon]]`: accounts on servers that speak Mastodon's API.

use std::path::PathBuf;

use domain::Language;
use serde::{Deserialize, Serialize};

use super::{Problems, SecretSlot, SettingsProblem};
use crate::Secret;

/// `[social]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SocialSettings {
    /// One account for each language; never both languages in one post.
    pub mastodon: Vec<MastodonAccount>,
}

/// One `[[social.mastodon]]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MastodonAccount {
    /// Our name for it; `mastodon-` and the language when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// The server.
    pub base_url: String,
    /// The access token, with the scope `write:statuses`.
    #[serde(default)]
    pub token: Option<Secret>,
    /// The file that holds the token.
    #[serde(default)]
    pub token_file: Option<PathBuf>,
    /// The language whose posts go to this account.
    pub language: Language,
    /// Seconds that one request may take in all.
    #[serde(default = "ten")]
    pub timeout_seconds: u32,
}

const fn ten() -> u32 {
    10
}

impl SocialSettings {
    /// The secrets that may come from files.
    pub fn secrets(&mut self) -> Vec<SecretSlot<'_>> {
        self.mastodon.iter_mut().map(MastodonAccount::secret).collect()
    }

    /// Everything that is wrong, to be reported together.
    #[must_use]
    pub fn problems(&self) -> Vec<SettingsProblem> {
        self.mastodon.iter().flat_map(MastodonAccount::problems).collect()
    }
}

impl MastodonAccount {
    /// The configured name, or the one made from the language.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("mastodon-{}", self.language))
    }

    fn secret(&mut self) -> SecretSlot<'_> {
        let key = format!("social.mastodon.{}.token", self.name());
        SecretSlot { key, value: &mut self.token, file: &mut self.token_file }
    }

    /// Everything that is wrong with this account.
    #[must_use]
    pub fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Problems::below(format!("social.mastodon.{}", self.name()));
        problems.unless_safe_url(&self.base_url, "base_url");
        problems.unless(self.timeout_seconds > 0, "timeout_seconds", "must be at least 1");
        let has_token = self.token.as_ref().is_some_and(|token| !token.is_empty());
        problems.unless(has_token, "token", "is missing");
        problems.found
    }
}
