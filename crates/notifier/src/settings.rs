//! What an operator may set about sending; the defaults are safe for one small machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::TimeDelta;
use domain::ChannelKind;
use domain::phone::DramaNumbers;
use serde::{Deserialize, Serialize};

use crate::quiet::Quiet;

/// What a lease must last besides two requests: the database answers late, and clocks run apart.
const MARGIN: Duration = Duration::from_secs(5);

/// The shortest time that an update may last, in seconds.
const LEAST_LASTING: u64 = 60;
/// A hundred years; nobody means more.
const LONGEST_LASTING: u64 = 100 * 365 * 24 * 3_600;

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
    /// How long after its publication an update is still texted to somebody, in seconds. Later it is not sent, and
    /// counted as expired.
    pub text_lasts_seconds: u64,
    /// The same for mails.
    pub mail_lasts_seconds: u64,
    /// The same for posts.
    pub post_lasts_seconds: u64,
    /// The hours in which texts of milder updates wait; none without it.
    pub quiet: Option<Quiet>,
    /// The most texts about one incident that a person gets within 24 hours, but for those of the highest severity; as
    /// many as there are without it.
    pub texts_a_day: Option<u32>,
    /// Our own phones: each gets the text of every broadcast, and one of them has to prove that it arrives.
    pub seeds: Vec<String>,
    /// When more of the first messages of a broadcast fail, in per cent, it stops itself; 100 is never.
    pub canary_failures_percent: u8,
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
            text_lasts_seconds: 4 * 3_600,
            mail_lasts_seconds: 24 * 3_600,
            post_lasts_seconds: 6 * 3_600,
            quiet: None,
            texts_a_day: None,
            seeds: Vec::new(),
            canary_failures_percent: 20,
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
    /// Everything would be too late the moment that it is published.
    #[error("notifier.text_lasts_seconds, mail_lasts_seconds and post_lasts_seconds must be at least 60")]
    TooLateAtOnce,
    /// A phone that cannot be texted proves nothing.
    #[error("notifier.seeds must be mobile numbers such as \"+447700900123\"")]
    NoPhone,
    /// An hour of quiet that never begins or never ends.
    #[error("notifier.quiet.from and until must be different times")]
    NoQuiet,
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
        if self.text_lasts_seconds.min(self.mail_lasts_seconds).min(self.post_lasts_seconds) < LEAST_LASTING {
            return Err(SettingsProblem::TooLateAtOnce);
        }
        if self.seeds.iter().any(|number| domain::phone::parse(number, DramaNumbers::Accept).is_err()) {
            return Err(SettingsProblem::NoPhone);
        }
        if self.quiet.is_some_and(|quiet| quiet.from == quiet.until) {
            return Err(SettingsProblem::NoQuiet);
        }
        Ok(())
    }

    /// How long an update may still leave by a channel after its publication.
    #[must_use]
    pub fn lasts(&self, channel: ChannelKind) -> TimeDelta {
        let seconds = match channel {
            ChannelKind::Sms => self.text_lasts_seconds,
            ChannelKind::Email => self.mail_lasts_seconds,
            ChannelKind::Mastodon => self.post_lasts_seconds,
        };
        TimeDelta::seconds(seconds.min(LONGEST_LASTING).cast_signed())
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

    #[test]
    fn an_update_that_is_too_late_at_once_is_refused() {
        let settings = Settings { mail_lasts_seconds: 0, ..Settings::default() };
        assert_eq!(settings.check(Duration::from_secs(10)), Err(SettingsProblem::TooLateAtOnce));
        assert_eq!(Settings { text_lasts_seconds: u64::MAX, ..settings }.lasts(ChannelKind::Sms).num_days(), 36_500);
    }
}
