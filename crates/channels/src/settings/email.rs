//! `[email]`: the relay that takes our mail, and who it comes from.

use std::path::PathBuf;

use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Problems, SecretSlot, SettingsProblem, is_this_machine};
use crate::Secret;

/// `[email]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EmailSettings {
    /// `smtp://`, `smtp+starttls://` or `smtps://`, host and port. Ports default to 25, 587 and 465.
    pub relay: String,
    /// Who mail comes from: `Name <address>`.
    pub from: String,
    /// Where answers go, when not to the sender.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// The domain whose mail is handed to our bounce hook; each mail then has its own envelope sender (VERP).
    #[serde(default)]
    pub bounce_domain: Option<String>,
    /// The secret last word of the address to which reports about our mail are posted. Without it there is no hook.
    #[serde(default)]
    pub hook_token: Option<Secret>,
    /// The file that holds that word.
    #[serde(default)]
    pub hook_token_file: Option<PathBuf>,
    /// Signs in at the relay.
    #[serde(default)]
    pub user: Option<String>,
    /// The password at the relay.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The file that holds the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// A PEM file with certificates to trust besides the operating system's, for a relay with a private CA.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The name we greet the relay with; the sender's domain when absent.
    #[serde(default)]
    pub hello_name: Option<String>,
    /// `List-Id`, stable for ever: `Name <incidents.status.example>`.
    #[serde(default)]
    pub list_id: Option<String>,
    /// Mails per second that the relay takes.
    #[serde(default = "hundred")]
    pub rate: u32,
    /// Connections at once.
    #[serde(default = "eight")]
    pub connections: u32,
    /// Seconds that one step of the conversation may take.
    #[serde(default = "thirty")]
    pub timeout_seconds: u32,
}

const fn eight() -> u32 {
    8
}

const fn thirty() -> u32 {
    30
}

const fn hundred() -> u32 {
    100
}

/// Where the relay is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Host name or address literal.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
}

/// How the connection to the relay is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all; for a relay on the same machine or network.
    Plain,
    /// STARTTLS, required: without it nothing is sent (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

impl EmailSettings {
    /// The relay, when the URL can be read.
    #[must_use]
    pub fn relay(&self) -> Option<Relay> {
        let url = Url::parse(&self.relay).ok()?;
        let (security, default_port) = match url.scheme() {
            "smtp" => (Security::Plain, 25),
            "smtp+starttls" => (Security::StartTls, 587),
            "smtps" => (Security::Tls, 465),
            _ => return None,
        };
        let bare = url.username().is_empty() && url.password().is_none() && matches!(url.path(), "" | "/");
        let host = url.host_str().filter(|host| bare && !host.is_empty())?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Relay { host, port: url.port().unwrap_or(default_port), security })
    }

    /// The secrets that may come from files.
    pub fn secrets(&mut self) -> Vec<SecretSlot<'_>> {
        let slot = |key: &str, value, file| SecretSlot { key: key.to_owned(), value, file };
        vec![
            slot("email.password", &mut self.password, &mut self.password_file),
            slot("email.hook_token", &mut self.hook_token, &mut self.hook_token_file),
        ]
    }

    /// Everything that is wrong, to be reported together.
    #[must_use]
    pub fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Problems::below("email");
        let is_mailbox = |text: &str| text.parse::<Mailbox>().is_ok();
        problems.unless(is_mailbox(&self.from), "from", "must be a mailbox: Name <address>");
        problems.unless(self.reply_to.as_deref().is_none_or(is_mailbox), "reply_to", "must be a mailbox");
        let bounce = self.bounce_domain.as_deref().is_none_or(is_domain);
        problems.unless(bounce, "bounce_domain", "must be a domain name in ASCII");
        let hook = self.hook_token.as_ref().is_none_or(|token| is_hard_to_guess(token.reveal()));
        problems.unless(hook, "hook_token", "must have 24 to 100 letters, digits, - or _");
        let is_useful = self.hook_token.is_none() || self.bounce_domain.is_some();
        problems.unless(is_useful, "hook_token", "needs bounce_domain: reports are known by their address in it");
        problems.unless(self.hello_name.as_deref().is_none_or(is_domain), "hello_name", "must be a host name");
        problems.unless(self.rate > 0, "rate", "must be at least 1 mail per second");
        problems.unless(self.connections > 0, "connections", "must be at least 1");
        problems.unless(self.timeout_seconds > 0, "timeout_seconds", "must be at least 1");
        problems.unless(self.user.is_some() == self.password.is_some(), "user", "and password belong together");
        match self.relay() {
            None => problems.unless(false, "relay", "must be smtp://, smtp+starttls:// or smtps:// with a host"),
            Some(relay) => {
                let hidden = relay.security != Security::Plain || is_this_machine(&relay.host);
                let safe = self.user.is_none() || hidden;
                problems.unless(safe, "relay", "must be smtps:// or smtp+starttls:// when there is a password");
            }
        }
        problems.found
    }
}

/// Such a word stands in an address as it is, and nobody finds it by trying.
fn is_hard_to_guess(token: &str) -> bool {
    (24..=100).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}
