//! Messages to one person who is waiting for them: codes, welcomes, answers to STOP.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::{Contact, Language};

/// A message to one person, apart from any broadcast.
#[derive(Clone, PartialEq, Eq)]
pub struct DirectMessage {
    /// The id.
    pub id: i64,
    /// Where it goes. Kept encrypted.
    pub contact: Contact,
    /// The language of the text.
    pub language: Language,
    /// The subject, for a mail.
    pub subject: Option<String>,
    /// The text. Kept encrypted.
    pub text: String,
    /// The HTML part, for a mail. Kept encrypted.
    pub html: Option<String>,
    /// A message with a key that was seen before is not taken again.
    pub dedupe_key: String,
    /// When it is too late, in machine time: it is dropped unsent.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for DirectMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirectMessage").field("id", &self.id).field("contact", &self.contact).finish_non_exhaustive()
    }
}

/// A message leased to this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedMessage {
    /// The message.
    pub message: DirectMessage,
    /// The fencing token of this lease.
    pub lease: i64,
    /// How often it was leased, this time included.
    pub attempts: i32,
}

/// How a direct message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// A provider took it.
    Sent,
    /// Given up.
    Failed,
    /// Too late to be of use.
    Expired,
    /// It may or may not have been sent.
    Unknown,
}

/// What became of a leased message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageOutcome {
    /// It ended. Contact and text are wiped.
    Done {
        /// How.
        state: MessageState,
    },
    /// To be tried again.
    Retry {
        /// When, in machine time.
        at: DateTime<Utc>,
    },
}
