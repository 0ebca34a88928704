//! Where the database is and how hard we try to reach it.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// The section `[database]` of the configuration.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `sqlite://file` or `postgres://…`.
    pub url: String,
    /// How many connections one process opens at most.
    pub max_connections: u32,
    /// How long a caller waits for the database before it is called unavailable; seconds in the configuration.
    #[serde(deserialize_with = "seconds")]
    pub acquire_timeout: Duration,
    /// What a commit on SQLite waits for.
    pub durability: Durability,
}

/// What a commit on SQLite waits for. PostgreSQL follows its own `synchronous_commit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Durability {
    /// The disk: survives a power cut. A lost "sent" mark would cost a second text message.
    #[default]
    Full,
    /// The operating system: survives `kill -9`, not a power cut. For tests and the demo.
    Normal,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: "sqlite://hysbys.db".to_owned(),
            max_connections: 8,
            acquire_timeout: Duration::from_secs(3),
            durability: Durability::Full,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.debug_struct("Settings").field("url", &"***").finish_non_exhaustive()
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}
