//! What every way out can do, so that the notifier sends to all of them alike.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::delivery::SendResult;
use domain::{ChannelKind, HasKind, Kind};

use crate::{Meter, Outgoing};

/// A way out: one provider, relay or account. It is shared by all senders and bounds its own connections.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Which kind of message it carries.
    fn kind(&self) -> ChannelKind;

    /// The configured name of the provider, relay or account.
    fn name(&self) -> &str;

    /// Hands one message over, once. It always returns within the configured time-outs.
    async fn send(&self, message: &Outgoing) -> SendResult;

    /// What can be found out about a message whose [`Channel::send`] was [`SendResult::Ambiguous`]. `since` is the
    /// machine's time at which it was sent.
    async fn settle_doubt(&self, message: &Outgoing, since: DateTime<Utc>) -> Doubt;

    /// Whether the provider answers and takes our credentials; sends nothing to anyone.
    ///
    /// # Errors
    /// Says what an operator has to mend.
    async fn check(&self) -> Result<(), ChannelProblem>;

    /// How much of the provider's rate the message uses: billed parts of a text, 1 of anything else.
    fn weight_of(&self, message: &Outgoing) -> u32;

    /// Whether nobody ever sees what it takes, so that sending twice disturbs nobody.
    fn reaches_nobody(&self) -> bool {
        false
    }

    /// What it has done so far, where somebody counts.
    fn meter(&self) -> Option<Arc<Meter>> {
        None
    }
}

/// What became of a message that may or may not have been processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The provider has it, under this id.
    Sent {
        /// The provider's id of the message.
        reference: String,
    },
    /// The provider answered and does not have it.
    NotSent,
    /// Nobody can tell, but the recipient sees one message however often it is sent.
    SafeToRepeat,
    /// Nobody can tell, and sending again could show the message twice.
    CannotTell,
}

/// Why a way out cannot be used. The texts name no secret and no recipient.
#[derive(Debug, thiserror::Error)]
pub enum ChannelProblem {
    /// A setting cannot be used as it is.
    #[error("{key}: {reason}")]
    Settings {
        /// The key in the configuration.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No HTTP client or TLS set-up could be built, usually because the machine has no CA certificates.
    #[error("TLS cannot be set up (are CA certificates installed?): {0}")]
    Tls(String),
    /// The provider does not answer.
    #[error("does not answer: {0}")]
    Unreachable(String),
    /// The provider answers, and refuses our credentials or our sender.
    #[error("answers, but refuses us with code {0}")]
    Refused(i32),
}

impl ChannelProblem {
    pub(crate) fn setting(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Settings { key: key.into(), reason: reason.into() }
    }
}

impl HasKind for ChannelProblem {
    fn kind(&self) -> Kind {
        match self {
            Self::Settings { .. } => Kind::Invalid,
            Self::Tls(_) | Self::Unreachable(_) => Kind::Unavailable,
            Self::Refused(_) => Kind::Forbidden,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Settings { .. } => "channel-settings",
            Self::Tls(_) => "channel-tls",
            Self::Unreachable(_) => "channel-unreachable",
            Self::Refused(_) => "channel-refused",
        }
    }
}
