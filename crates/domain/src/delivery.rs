//! A broadcast as ranges of subscribers, and what became of each message.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Audience, ChannelKind, Language};

/// What a channel says of one attempt. The table of codes is in each channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// The provider took it; its own id where it gives one.
    Accepted {
        /// The provider's id of the message.
        reference: Option<String>,
    },
    /// Certainly not processed; try again.
    Retry {
        /// What the provider asked to wait for.
        after: Option<Duration>,
        /// The provider's code.
        code: i32,
    },
    /// The provider saw nothing of it, because it cannot be reached or turns everybody away: does not use up an attempt.
    Unreachable {
        /// The provider's code, or 0.
        code: i32,
    },
    /// Too fast: does not use up an attempt.
    Throttled {
        /// What the provider asked to wait for.
        after: Option<Duration>,
        /// The provider's code.
        code: i32,
    },
    /// May have been processed: a time-out after the body was written, a reset.
    Ambiguous {
        /// The provider's code, or 0.
        code: i32,
    },
    /// This address will never work.
    RecipientGone {
        /// The provider's code.
        code: i32,
    },
    /// The address failed now.
    RecipientSoft {
        /// The provider's code.
        code: i32,
    },
    /// The person asked the provider to stop.
    OptedOut {
        /// The provider's code.
        code: i32,
    },
    /// This text is refused; the recipient is not at fault.
    BadMessage {
        /// The provider's code.
        code: i32,
    },
    /// Credentials, sender, permission: pause the channel, page a person, keep the queue.
    BadConfig {
        /// The provider's code.
        code: i32,
    },
}

/// What became of one message to one person. Forward only, see [`OutcomeState::may_become`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeState {
    /// The provider took it.
    Sent,
    /// Proof of delivery.
    Delivered,
    /// It did not arrive and will not be tried again.
    Failed,
    /// Not sent: left, gone, or opted out.
    Skipped,
    /// Not sent: too late to be true.
    Expired,
    /// Not sent: a newer update overtook it.
    Superseded,
    /// It may or may not have been sent; nobody can tell.
    Unknown,
    /// It waits for another attempt.
    Waiting,
}

impl OutcomeState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Sent,
        Self::Delivered,
        Self::Failed,
        Self::Skipped,
        Self::Expired,
        Self::Superseded,
        Self::Unknown,
        Self::Waiting,
    ];

    /// The number kept in the database.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Sent => 1,
            Self::Delivered => 2,
            Self::Failed => 3,
            Self::Skipped => 4,
            Self::Expired => 5,
            Self::Superseded => 6,
            Self::Unknown => 7,
            Self::Waiting => 8,
        }
    }

    /// The state of a number from the database.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// Whether a receipt may move an outcome from this state to `next`. A late proof of delivery wins over a failure,
    /// and nothing takes a delivery back. Who was spared a repetition may turn out to have got the first attempt.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (
                Self::Sent | Self::Unknown | Self::Waiting | Self::Failed | Self::Superseded | Self::Expired,
                Self::Delivered
            ) | (Self::Sent | Self::Unknown, Self::Failed)
                | (Self::Unknown | Self::Waiting | Self::Superseded | Self::Expired, Self::Sent)
        )
    }
}

/// Where a broadcast stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BroadcastState {
    /// Under way.
    Sending,
    /// Held by a person.
    Paused,
    /// Stopped for good by a person.
    Cancelled,
    /// Every recipient has an outcome.
    Done,
}

impl BroadcastState {
    /// The number kept in the database.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Sending => 1,
            Self::Paused => 2,
            Self::Cancelled => 3,
            Self::Done => 4,
        }
    }

    /// The state of a number from the database.
    #[must_use]
    pub const fn from_number(number: i16) -> Option<Self> {
        match number {
            1 => Some(Self::Sending),
            2 => Some(Self::Paused),
            3 => Some(Self::Cancelled),
            4 => Some(Self::Done),
            _ => None,
        }
    }
}

/// One publication on its way to everyone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broadcast {
    /// The id; the same as its revision's.
    pub id: i64,
    /// The incident.
    pub incident: i64,
    /// The number of the update within the incident.
    pub update: i64,
    /// Who it is for.
    pub audience: Audience,
    /// Where it stands.
    pub state: BroadcastState,
    /// When it was published.
    pub created_at: DateTime<Utc>,
}

/// A range of subscriber ids to be sent to, leased by one notifier at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The id.
    pub id: i64,
    /// The broadcast.
    pub broadcast: i64,
    /// The way out.
    pub channel: ChannelKind,
    /// The readers' language.
    pub language: Language,
    /// The first subscriber id that may be in it.
    pub low: i64,
    /// The last subscriber id that may be in it.
    pub high: i64,
    /// Everyone up to here may have been sent to.
    pub cursor: i64,
    /// Where the last group began: ids in `(group_start, cursor]` without an outcome are ambiguous after a crash.
    pub group_start: i64,
    /// The fencing token of this lease.
    pub lease: i64,
    /// How often it was leased.
    pub attempts: i32,
    /// The newest broadcast of the incident when it was leased: it says who of the range is overtaken. With a newer one
    /// the lease is worth nothing.
    pub newest: i64,
}

/// The name of a provider in the configuration, free to copy: millions of outcomes carry it. There are only ever a few
/// names, and each is kept for as long as the process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderName(&'static str);

/// Every name that was ever used.
static NAMES: RwLock<BTreeSet<&'static str>> = RwLock::new(BTreeSet::new());

impl ProviderName {
    /// The name with these letters.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let known = NAMES.read().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        Self(known.unwrap_or_else(|| Self::keep(name)))
    }

    fn keep(name: &str) -> &'static str {
        let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have kept it in the meantime.
        if let Some(known) = names.get(name) {
            return known;
        }
        let kept: &'static str = Box::leak(name.into());
        names.insert(kept);
        kept
    }

    /// The letters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// One recipient's outcome, to be written with its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The recipient.
    pub subscriber: i64,
    /// What became of it.
    pub state: OutcomeState,
    /// The provider, where one was asked.
    pub provider: Option<ProviderName>,
    /// The provider's id of the message.
    pub reference: Option<String>,
    /// The provider's code; 0 where all was well.
    pub code: i32,
    /// 1 for the first attempt.
    pub attempt: i32,
    /// When to try again, for `Waiting`.
    pub retry_at: Option<DateTime<Utc>>,
    /// When it was decided.
    pub at: DateTime<Utc>,
}

/// The code of an outcome that was skipped because the person had had enough texts about the incident that day. Codes
/// of providers are never negative.
pub const TOLD_ENOUGH: i32 = -1;

/// Counts of one channel of one broadcast, as `GET /broadcasts/{id}` gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// People whom the update concerned when it was published.
    pub audience: i64,
    /// Messages that a provider took, delivered ones included.
    pub sent: i64,
    /// Proofs of delivery.
    pub delivered: i64,
    /// Given up.
    pub failed: i64,
    /// Left, gone or opted out before their turn.
    pub skipped: i64,
    /// Too late to be true.
    pub expired: i64,
    /// Overtaken by a newer update.
    pub superseded: i64,
    /// Nobody can tell.
    pub unknown: i64,
    /// Still to come.
    pub remaining: i64,
    /// Whether the audience, and with it what remains, is an estimate: for some seconds after an update to many people.
    pub estimated: bool,
    /// When the broadcast began.
    pub started_at: Option<DateTime<Utc>>,
    /// When the first message was taken.
    pub first_sent_at: Option<DateTime<Utc>>,
    /// When the last message was taken.
    pub last_sent_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once_however_often_it_is_used() {
        let (one, two) = (ProviderName::of("primary"), ProviderName::of(&["prim", "ary"].concat()));
        assert_eq!((one, one.as_str()), (two, "primary"));
        assert!(std::ptr::eq(one.as_str(), two.as_str()));
        assert_ne!(one, ProviderName::of("secondary"));
    }
}
