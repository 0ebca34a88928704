//! The people who asked to be told, and how they are reached.

use serde::{Deserialize, Serialize};

use crate::audience::Areas;
use crate::{EmailAddress, Language, PhoneNumber, Severity};

/// A way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// Text messages.
    Sms,
    /// E-mail.
    Email,
    /// Posts on Mastodon accounts.
    Mastodon,
}

impl ChannelKind {
    /// Every way out.
    pub const ALL: [Self; 3] = [Self::Sms, Self::Email, Self::Mastodon];

    /// The key used in the API and in translations.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Mastodon => "mastodon",
        }
    }

    /// The channel of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The number kept in the database.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Sms => 1,
            Self::Email => 2,
            Self::Mastodon => 3,
        }
    }

    /// The channel of a number from the database.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// Where one person is reached. `Debug` shows it masked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    /// A mobile phone.
    Phone(PhoneNumber),
    /// A mailbox.
    Email(EmailAddress),
}

impl Contact {
    /// The channel that reaches it.
    #[must_use]
    pub const fn channel(&self) -> ChannelKind {
        match self {
            Self::Phone(_) => ChannelKind::Sms,
            Self::Email(_) => ChannelKind::Email,
        }
    }

    /// The contact as the provider needs it. Never log it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        match self {
            Self::Phone(number) => number.as_e164(),
            Self::Email(address) => address.as_str(),
        }
    }

    /// Enough for its owner to know it by, and for nobody else.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(number) => number.masked(),
            Self::Email(address) => address.masked(),
        }
    }

    /// The form that is the same however it was typed: what the keyed hash is made of.
    #[must_use]
    pub fn comparable(&self) -> String {
        match self {
            Self::Phone(number) => number.as_e164().to_owned(),
            Self::Email(address) => address.compare_key(),
        }
    }
}

/// What a person chose. Language is asked, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// The language of everything sent.
    pub language: Language,
    /// The areas whose news they want.
    pub areas: Areas,
    /// The mildest severity they want.
    pub min_severity: Severity,
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubscriberState {
    /// Gets messages.
    Active,
    /// Asked to stop.
    Left,
    /// The contact does not exist any more.
    Gone,
}

impl SubscriberState {
    /// The number kept in the database.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Active => 1,
            Self::Left => 2,
            Self::Gone => 3,
        }
    }

    /// The state of a number from the database.
    #[must_use]
    pub const fn from_number(number: i16) -> Option<Self> {
        match number {
            1 => Some(Self::Active),
            2 => Some(Self::Left),
            3 => Some(Self::Gone),
            _ => None,
        }
    }
}

/// A person who asked to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// The id; rises with the time of sign-up.
    pub id: i64,
    /// Where they are reached.
    pub contact: Contact,
    /// What they chose.
    pub wishes: Wishes,
    /// Where the subscription stands.
    pub state: SubscriberState,
}

/// How consent came to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentSource {
    /// The form on the page, with a code or a confirmed link.
    Web,
    /// A text to our number.
    Text,
    /// A file with recorded consents.
    Import,
    /// Synthetic, for demo and exercises.
    Sample,
}

impl ConsentSource {
    /// The key kept in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Text => "text",
            Self::Import => "import",
            Self::Sample => "sample",
        }
    }
}
