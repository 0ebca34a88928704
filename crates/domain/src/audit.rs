//! The append-only record of who did what, chained by hashes so that a missing or changed line shows.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::digest::hex;

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// 1, 2, 3, … without gaps.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: the staff id, 0 for the operator's command line, -1 for somebody who did not prove who they are.
    pub actor: i64,
    /// The name of the actor at that time.
    pub actor_name: String,
    /// What, such as `revision.published`.
    pub action: String,
    /// On what, such as `revision/123`.
    pub subject: String,
    /// Anything more, as JSON text; never personal data of subscribers.
    pub details: String,
    /// The hash of the line before; 64 zeros for the first.
    pub previous: String,
    /// The hash of this line, in lower-case hexadecimal.
    pub hash: String,
}

/// What is to be recorded.
#[derive(Clone, Debug)]
pub struct AuditNote {
    /// What, such as `revision.published`.
    pub action: &'static str,
    /// On what, such as `revision/123`.
    pub subject: String,
    /// Anything more; never personal data of subscribers.
    pub details: serde_json::Value,
}

/// The hash before the first line.
#[must_use]
pub fn origin() -> String {
    "0".repeat(64)
}

impl AuditEntry {
    /// The hash that this line must carry: SHA-256 over every field, each led by its length, so that no two different
    /// lines give the same bytes.
    #[must_use]
    pub fn expected_hash(&self) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let number = self.number.to_string();
        let actor = self.actor.to_string();
        let fields =
            [&self.previous, &number, &at, &actor, &self.actor_name, &self.action, &self.subject, &self.details];
        let mut hash = Sha256::new();
        for field in fields {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field.as_bytes());
        }
        hex(&hash.finalize())
    }
}

/// Checks one line against the one before it: `Err` names what is wrong.
///
/// # Errors
/// When the number, the link or the hash does not fit.
pub fn check(previous: Option<&AuditEntry>, entry: &AuditEntry) -> Result<(), &'static str> {
    let (number, link) = previous.map_or((1, origin()), |before| (before.number + 1, before.hash.clone()));
    if entry.number != number {
        return Err("a line is missing before this one");
    }
    if entry.previous != link {
        return Err("it does not link to the line before it");
    }
    if entry.hash != entry.expected_hash() {
        return Err("its content was changed");
    }
    Ok(())
}
