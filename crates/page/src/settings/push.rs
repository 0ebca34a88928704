//! `[[page.push]]`: where each edition is written too, for a second host that needs nothing but a web server.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushSettings {
    /// Our name for it, in the log and in metrics.
    pub name: String,
    /// A folder that is there already: a disk that is not mounted must not be mistaken for an empty one.
    pub folder: PathBuf,
    /// How long one file may take, in milliseconds.
    #[serde(default = "ten_seconds")]
    pub timeout_ms: u64,
}

const fn ten_seconds() -> u64 {
    10_000
}

impl PushSettings {
    /// What in all these places cannot work.
    #[must_use]
    pub fn problems(all: &[Self]) -> Vec<String> {
        let mut problems = Vec::new();
        for (place, one) in all.iter().enumerate() {
            let name = &one.name;
            if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter)) {
                problems.push(format!("page.push.name: {name:?} may hold letters, digits, - and _ only"));
            }
            if all[..place].iter().any(|other| other.name == *name) {
                problems.push(format!("page.push.name: two are called {name}"));
            }
            if one.timeout_ms == 0 {
                problems.push(format!("page.push.timeout_ms: {name} needs time"));
            }
        }
        problems
    }
}
