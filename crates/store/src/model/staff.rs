//! Accounts of staff, and what lets them in.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::staff::Role;

/// An account of a member of staff.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffAccount {
    /// The id.
    pub id: i64,
    /// The mail address, which is the sign-in name. Compared without regard to case.
    pub email: String,
    /// The name shown to colleagues and in the audit log.
    pub name: String,
    /// What they are there for.
    pub role: Role,
    /// The organisation they speak for; none may speak for all.
    pub organisation: Option<String>,
    /// The hash of the password; none before it was set up.
    pub password_hash: Option<String>,
    /// The secret of the one-time codes. Kept encrypted.
    pub totp_secret: Option<Vec<u8>>,
    /// The last time step whose code was used.
    pub totp_last_step: i64,
    /// The hash of the one-time set-up code.
    pub setup_hash: Option<String>,
    /// When the set-up code is too old, in machine time.
    pub setup_expires: Option<DateTime<Utc>>,
    /// False for somebody who may no longer sign in.
    pub active: bool,
}

impl fmt::Debug for StaffAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffAccount").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// A signed-in browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of the token in the cookie.
    pub token_hash: String,
    /// Whose it is.
    pub staff: i64,
    /// When they signed in, in machine time.
    pub created_at: DateTime<Utc>,
    /// When it ends, in machine time.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("staff", &self.staff).finish_non_exhaustive()
    }
}

/// A token with which a program acts for a member of staff.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// The hash of the token.
    pub hash: String,
    /// For whom it acts.
    pub staff: i64,
    /// What it is for.
    pub label: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// When it was made, in machine time.
    pub created_at: DateTime<Utc>,
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiToken").field("staff", &self.staff).field("label", &self.label).finish_non_exhaustive()
    }
}

/// The answer kept for one idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The hash of the request that claimed the key.
    pub request_hash: String,
    /// The HTTP status; none while the first request is still being answered.
    pub status: Option<u16>,
    /// The body.
    pub body: String,
}
