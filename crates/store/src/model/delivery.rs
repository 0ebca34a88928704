//! What a notifier takes out and hands back while it sends.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::delivery::Outcome;
use domain::{ChannelKind, Contact, Language, Severity};

/// One person of a group that is about to be sent to. `Debug` shows the contact masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The subscriber's id.
    pub id: i64,
    /// Where they are reached.
    pub contact: Contact,
    /// The language that they asked for.
    pub language: Language,
    /// Whether a newer update of the incident is on its way to them by the same channel: then they are not sent this
    /// one.
    pub is_overtaken: bool,
}

/// Which ranges may be leased now.
#[derive(Clone, Copy, Debug)]
pub struct Open<'a> {
    /// Those of channels that can send.
    pub channels: &'a [ChannelKind],
    /// Not texts of milder updates than this: it is night.
    pub quiet_below: Option<Severity>,
}

/// What is written before a group leaves: the outcomes of the group before it, and how far this one reaches.
#[derive(Clone, Copy, Debug)]
pub struct Checkpoint<'a> {
    /// The outcomes of the group before.
    pub outcomes: &'a [Outcome],
    /// The last id of the group that leaves next.
    pub cursor: i64,
    /// Everyone up to here is settled; the next group is the ids after it up to `cursor`.
    pub group_start: i64,
    /// How much longer the lease holds, from now.
    pub lease_for: Duration,
}

/// One message that is to be tried again, leased to this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The broadcast.
    pub broadcast: i64,
    /// Whom to.
    pub subscriber: Recipient,
    /// The way out.
    pub channel: ChannelKind,
    /// The language of the text.
    pub language: Language,
    /// The number of the attempt that is due now: 2 for the first repetition.
    pub attempt: i32,
    /// The fencing token of this lease.
    pub lease: i64,
}

/// One part of a post on one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostJob {
    /// The id.
    pub id: i64,
    /// The broadcast.
    pub broadcast: i64,
    /// The incident: its posts on one account form one thread.
    pub incident: i64,
    /// The account's name in the configuration.
    pub account: String,
    /// The language of the text.
    pub language: Language,
    /// 1, 2, 3, … within the update.
    pub part: i32,
    /// The text.
    pub text: String,
    /// The remote id of the post that this one answers: found when the job is leased, ignored when it is inserted.
    pub reply_to: Option<String>,
    /// Makes a repeated attempt harmless at the provider. Unique.
    pub idempotency_key: String,
    /// How often it was leased; ignored when it is inserted.
    pub attempts: i32,
    /// The fencing token of this lease; ignored when it is inserted.
    pub lease: i64,
}

/// What became of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostOutcome {
    /// It is public.
    Posted {
        /// The provider's id of the post.
        remote_id: String,
    },
    /// To be tried again.
    Retry {
        /// When, in machine time.
        at: DateTime<Utc>,
    },
    /// Given up, and with it the later parts of the same update on this account.
    Failed {
        /// The provider's code.
        code: i32,
    },
    /// Not made, and neither are the later parts: it is too late to be true.
    Expired,
}
