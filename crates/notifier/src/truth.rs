//! What becomes of a message when nobody can tell whether the provider took it.

use domain::{ChannelKind, Severity};

/// Sent again, or left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InDoubt {
    /// Sent again: a message too many is better than one too few.
    Repeat,
    /// Sent again only when the provider says that it does not have it. When it does not say so until the last attempt,
    /// counted as unknown until a report says more.
    Unknown,
}

/// The policy, by channel and severity. A repeated mail has the same `Message-ID` and is shown once, and a repeated post
/// has the same idempotency key. A repeated text is a second text: worth it only where care is at stake.
#[must_use]
pub const fn in_doubt(channel: ChannelKind, severity: Severity) -> InDoubt {
    match (channel, severity) {
        (ChannelKind::Email | ChannelKind::Mastodon, _)
        | (ChannelKind::Sms, Severity::Critical | Severity::Serious) => InDoubt::Repeat,
        (ChannelKind::Sms, Severity::Moderate | Severity::Minor | Severity::Info) => InDoubt::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_about_what_is_serious_is_sent_twice_rather_than_not_at_all() {
        for severity in Severity::ALL {
            assert_eq!(in_doubt(ChannelKind::Email, severity), InDoubt::Repeat);
            let repeats = in_doubt(ChannelKind::Sms, severity) == InDoubt::Repeat;
            assert_eq!(repeats, severity >= Severity::Serious, "{severity:?}");
        }
    }
}
