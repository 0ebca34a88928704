//! The messages that channels carry: finished words and one recipient. `Debug` shows neither.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{ChannelKind, EmailAddress, Language, PhoneNumber};

use crate::MailTemplate;

/// One message to one recipient.
#[derive(Clone)]
pub enum Outgoing {
    /// A text message.
    Text(Text),
    /// A mail.
    Mail(Mail),
    /// A post.
    Post(Post),
}

/// A text message, already prepared and counted: it is sent letter for letter.
#[derive(Clone)]
pub struct Text {
    /// The phone.
    pub to: PhoneNumber,
    /// The words, shared by all who get them.
    pub body: Arc<TextBody>,
    /// How long the words stay true; the provider drops the message afterwards. Cut to 6 s to 10 h.
    pub valid_for: Duration,
    /// Our own reference; comes back as `d` in the query of the status callback.
    pub delivery: String,
}

/// The words of a text, with what does not depend on the recipient worked out once: how many parts they are billed as,
/// and how they stand in a request.
#[derive(Clone)]
pub struct TextBody {
    words: String,
    parts: u32,
    encoded: String,
}

impl TextBody {
    /// Counts and encodes words that were already prepared.
    #[must_use]
    pub fn new(words: impl Into<String>) -> Self {
        let words = words.into();
        Self {
            parts: u32::try_from(domain::sms::count(&words).parts).unwrap_or(u32::MAX),
            encoded: url::form_urlencoded::byte_serialize(words.as_bytes()).collect(),
            words,
        }
    }

    /// The words, letter for letter.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The parts that are billed.
    #[must_use]
    pub const fn parts(&self) -> u32 {
        self.parts
    }

    /// The words as a value of an `application/x-www-form-urlencoded` form.
    pub(crate) fn encoded(&self) -> &str {
        &self.encoded
    }
}

/// A mail: a template that all recipients of one language share, and what is this recipient's alone.
#[derive(Clone)]
pub struct Mail {
    /// The mailbox.
    pub to: EmailAddress,
    /// Everything that does not depend on the recipient.
    pub template: Arc<MailTemplate>,
    /// Our own reference: letters, digits, `.`, `_` and `-`, unique without regard to case. It names the bounce address.
    pub delivery: String,
    /// The same on every attempt, without angle brackets: `inc-42.u3.d-981@status.example`.
    pub message_id: String,
    /// The recipient's own `https` link to leave; takes a one-click POST (RFC 8058).
    pub leave_url: String,
    /// The time in the `Date` header.
    pub date: DateTime<Utc>,
}

/// One part of a thread on a social account.
#[derive(Clone)]
pub struct Post {
    /// The words.
    pub text: Arc<str>,
    /// Their language.
    pub language: Language,
    /// The server's id of the post before it in the thread.
    pub reply_to: Option<String>,
    /// Who sees it in their feeds.
    pub reach: Reach,
    /// The same on every attempt, such as `inc42-u3-cy-1of3`; the server keeps it for one hour.
    pub idempotency_key: String,
}

/// Who sees a post without looking for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everyone: the first part of a thread.
    Public,
    /// Readers of the account and of the thread: the later parts.
    Unlisted,
}

impl Outgoing {
    /// The kind of channel that carries it.
    #[must_use]
    pub const fn kind(&self) -> ChannelKind {
        match self {
            Self::Text(_) => ChannelKind::Sms,
            Self::Mail(_) => ChannelKind::Email,
            Self::Post(_) => ChannelKind::Mastodon,
        }
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({})", self.kind().key())
    }
}
