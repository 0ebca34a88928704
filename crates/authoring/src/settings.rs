//! What an operator may set for the staff side, in `[authoring]`.

use std::net::SocketAddr;

use domain::Language;
use serde::{Deserialize, Serialize};

/// The staff side as configured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Its own address as staff reach it, such as `https://staff.status.example`: set-up links begin with it, and its
    /// cookies are secure when it begins with `https`.
    pub url: String,
    /// Hours after which everybody must sign in again.
    pub session_hours: u32,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// What one part of a text message costs, in pence, for the estimate beside a draft.
    pub pence_per_part: f64,
    /// Parts of text messages that all providers together take in a second, for the estimate of the time.
    pub parts_per_second: u32,
    /// Subscribers that one chunk of a broadcast covers.
    pub chunk_size: u64,
    /// Hours for which a set-up link works.
    pub set_up_hours: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            url: "http://127.0.0.1:8081".to_owned(),
            session_hours: 12,
            idle_minutes: 120,
            pence_per_part: 2.4,
            parts_per_second: 100,
            chunk_size: 1_000,
            set_up_hours: 72,
        }
    }
}

/// An account on a social network that updates are posted to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocialAccount {
    /// Its name in the configuration; the notifier knows it by the same.
    pub name: String,
    /// The language that it posts in.
    pub language: Language,
}
