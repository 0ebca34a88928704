//! Sign-ups under way and people who are brought in from a file.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::Contact;
use domain::subscriber::{ConsentSource, Wishes};

/// A person with recorded consent, to be brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscriber {
    /// Where they are reached.
    pub contact: Contact,
    /// What they chose.
    pub wishes: Wishes,
    /// How consent came to us.
    pub source: ConsentSource,
    /// Which words they agreed to.
    pub wording_version: String,
}

/// A contact that still has to be proved by a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Verification {
    /// The hash of the token in the visitor's cookie or link.
    pub token_hash: String,
    /// The contact to be proved. Kept encrypted.
    pub contact: Contact,
    /// What the person chose.
    pub wishes: Wishes,
    /// A keyed hash of the code.
    pub code_hash: Vec<u8>,
    /// How many wrong codes are still forgiven.
    pub tries_left: u32,
    /// When the code is too old, in machine time.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification").field("contact", &self.contact).finish_non_exhaustive()
    }
}

/// What a typed code was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeResult {
    /// It is the code.
    Right,
    /// It is not.
    Wrong {
        /// How many more may be tried.
        left: u32,
    },
    /// Nothing more may be tried: a new code is needed.
    TooMany,
    /// There is no such verification, or its time is over.
    Old,
}
