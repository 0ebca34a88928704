//! The people who write, translate, approve and publish, and what each may do.

use serde::{Deserialize, Serialize};

/// What a member of staff is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Writes updates and sends them for approval.
    Author,
    /// Writes and signs off the other language.
    Translator,
    /// Approves what others wrote, and publishes.
    Approver,
    /// Manages staff. Does not publish.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Author, Self::Translator, Self::Approver, Self::Admin];

    /// The key used in files, forms and translations.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Translator => "translator",
            Self::Approver => "approver",
            Self::Admin => "admin",
        }
    }

    /// The role of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// Whether the role may do this.
    #[must_use]
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::Read => true,
            Act::Write => matches!(self, Self::Author | Self::Approver),
            Act::Translate => matches!(self, Self::Author | Self::Translator | Self::Approver),
            Act::Submit => matches!(self, Self::Author | Self::Approver),
            Act::Approve | Act::BreakGlass | Act::StopBroadcast => matches!(self, Self::Approver),
            // An author may publish a pre-approved holding statement; `publish` decides by severity and approval.
            Act::Publish => matches!(self, Self::Author | Self::Approver),
            Act::ManageStaff => matches!(self, Self::Admin),
        }
    }
}

/// Something that needs a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Look at incidents, previews, numbers.
    Read,
    /// Open incidents and edit drafts.
    Write,
    /// Edit the words of one language.
    Translate,
    /// Send for approval.
    Submit,
    /// Approve or reject another person's text.
    Approve,
    /// Publish.
    Publish,
    /// Publish alone in an emergency, with a reason.
    BreakGlass,
    /// Pause, resume or cancel a broadcast.
    StopBroadcast,
    /// Add staff and tokens.
    ManageStaff,
}

/// A member of staff who has been identified: the only value with which an action can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The staff id; 0 for the operator's command line.
    pub id: i64,
    /// The name shown in the audit log.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The organisation they speak for; none may speak for all.
    pub organisation: Option<String>,
}
