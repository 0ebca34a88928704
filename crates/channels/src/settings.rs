//! The configuration of the channels: `[[sms.providers]]`, `[email]`, `[[social.mastodon]]` and
//! `[rehearsal]`.

mod email;
mod rehearsal;
mod sms;
mod social;

use std::path::PathBuf;

use url::Url;

pub use email::{EmailSettings, Relay, Security};
pub use rehearsal::Rehearsal;
pub use sms::{SmsProvider, SmsSettings};
pub use social::{MastodonAccount, SocialSettings};

use crate::Secret;

/// A secret that may be given in place or as the path of a file. The application reads the files.
pub struct SecretSlot<'a> {
    /// The key in the configuration, such as `sms.providers.primary.auth_token`.
    pub key: String,
    /// The secret, when it was given in place or has been read.
    pub value: &'a mut Option<Secret>,
    /// The file to read it from; relative to the configuration file.
    pub file: &'a mut Option<PathBuf>,
}

/// One thing wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct SettingsProblem {
    /// The key in the configuration.
    pub key: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Collects what is wrong below one key.
struct Problems {
    prefix: String,
    found: Vec<SettingsProblem>,
}

impl Problems {
    fn below(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), found: Vec::new() }
    }

    fn unless(&mut self, holds: bool, key: &str, reason: &'static str) {
        if !holds {
            self.found.push(SettingsProblem { key: format!("{}.{key}", self.prefix), reason });
        }
    }

    /// Credentials and personal data go to this address, so it must be `https`, save to a simulator on this machine.
    fn unless_safe_url(&mut self, text: &str, key: &str) {
        self.unless(
            is_safe_url(text),
            key,
            "must be an https URL (http only on this machine) without user, query or fragment",
        );
    }
}

fn is_safe(url: &Url) -> bool {
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    bare && match url.scheme() {
        "https" => url.has_host(),
        "http" => url.host_str().is_some_and(is_this_machine),
        _ => false,
    }
}

/// Whether something that counts may travel to and from this address: `https`, or a host that is this machine.
#[must_use]
pub fn is_safe_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| is_safe(&url))
}

/// Whether a host name or address literal is this machine's own.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
