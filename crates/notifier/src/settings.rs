//! What an operator may set about sending; the defaults are safe for one small machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a lease must last besides two requests: the database answers late, and clocks run apart.
const MARGIN: Duration = Duration::from_secs(5);

/// `[notifier]` of the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The address that provider callbacks reach.
    pub listen: SocketAddr,
    /// How many ranges of recipients are worked on at once.
    pub parallel_chunks: usize,
    /// How many texts are under way between two checkpoints of one range. After a `kill -9` at most this many times
    /// `parallel_chunks` people can get a text twice.
    pub text_group: u64,
    /// The same for mails.
    pub mail_group: u64,
    /// How long a range stays leased without a checkpoint, in seconds. It must outlast a text and the question whether
    /// it was taken.
    pub lease_seconds: u64,
    /// The waits between attempts, in seconds; after the last one a message counts as failed.
    pub retry_seconds: Vec<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8083)),
            parallel_chunks: 4,
            text_group: 20,
            mail_group: 50,
            lease_seconds: 60,
            retry_seconds: vec![5, 30, 120, 600, 1_800],
        }
    }
}

/// A setting that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsProblem {
    /// A lease that ends while a request may still be under way would let two processes send the same message.
    #[error("notifier.lease_seconds must be more than {0}: twice the longest sms.providers.timeout_seconds, and five")]
    LeaseTooShort(u64),
    /// Nothing could be sent.
    #[error("notifier.parallel_chunks, notifier.text_group and notifier.mail_group must be at least 1")]
    NothingAtOnce,
}

impl Settings {
    /// Refuses settings under which the promise of at most `group × chunks` repeats would not hold. Only texts count:
    /// a mail or post that goes out twice is still one, by its `Message-ID` or its idempotency key.
    ///
    /// # Errors
    /// Names the setting to change.
    pub fn check(&self, longest_text_request: Duration) -> Result<(), SettingsProblem> {
        let needed = (2 * longest_text_request + MARGIN).as_secs();
        if self.lease_seconds <= needed {
            return Err(SettingsProblem::LeaseTooShort(needed));
        }
        if self.parallel_chunks == 0 || self.text_group == 0 || self.mail_group == 0 {
            return Err(SettingsProblem::NothingAtOnce);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_shorter_than_two_requests_is_refused() {
        let settings = Settings { lease_seconds: 25, ..Settings::default() };
        let longest = Duration::from_secs(10);
        assert_eq!(settings.check(longest), Err(SettingsProblem::LeaseTooShort(25)));
        assert_eq!(Settings::default().check(longest), Ok(()));
    }
}
