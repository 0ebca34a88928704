//! What a pocket world can be told before it starts: who may send, how quickly it answers, how much it remembers.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How the simulator behaves. The defaults suit the demo.
#[derive(Clone)]
pub struct Settings {
    /// The account that may send texts, `AC` and 32 hexadecimal digits at Twilio.
    pub account_sid: String,
    /// Its password, which also signs callbacks.
    pub auth_token: String,
    /// Further SMS accounts, SID to token: a second provider to fail over to.
    pub other_accounts: BTreeMap<String, String>,
    /// Mastodon access token to account name.
    pub mastodon_tokens: BTreeMap<String, String>,
    /// Bluesky handle to app password.
    pub bluesky_passwords: BTreeMap<String, String>,
    /// Where this simulator's web page is, without a slash at the end. The addresses of posts start with it.
    pub public_url: String,
    /// Where texts from phones are posted to at first; see [`crate::Simulator::set_inbound_url`].
    pub inbound_url: Option<String>,
    /// The number a messaging service sends from, and the one a phone texts that has not heard from us yet.
    pub sender: String,
    /// From acceptance of a text until it is `sent`.
    pub sent_after: Duration,
    /// From `sent` until `delivered`.
    pub delivered_after: Duration,
    /// The wait before the first repeat of a failed callback; it doubles each time.
    pub callback_retry: Duration,
    /// How many callbacks may be under way at once.
    pub callback_concurrency: usize,
    /// How many texts, mails and posts are remembered, each; the oldest are forgotten first.
    pub keep: usize,
    /// How many mails are remembered with their text, HTML and headers; older ones keep a summary.
    pub keep_mail_contents: usize,
    /// The largest mail taken, in bytes.
    pub max_mail_size: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account_sid: format!("AC{}", "5".repeat(32)),
            auth_token: "simulator".into(),
            other_accounts: BTreeMap::new(),
            mastodon_tokens: BTreeMap::new(),
            bluesky_passwords: BTreeMap::new(),
            public_url: "http://127.0.0.1:8082".into(),
            inbound_url: None,
            sender: "+447700900999".into(),
            sent_after: Duration::from_millis(50),
            delivered_after: Duration::from_millis(300),
            callback_retry: Duration::from_secs(1),
            callback_concurrency: 32,
            keep: 200_000,
            keep_mail_contents: 5_000,
            max_mail_size: 10 * 1024 * 1024,
        }
    }
}

impl Settings {
    /// The token of an SMS account, if there is such an account.
    pub(crate) fn token_of(&self, account: &str) -> Option<&str> {
        if account == self.account_sid {
            return Some(&self.auth_token);
        }
        self.other_accounts.get(account).map(String::as_str)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("account_sid", &self.account_sid)
            .field("auth_token", &"***")
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}
