//! `[[page.push]]`: where each edition is written too, for a second host that needs nothing but a web server.

use std::path::PathBuf;

use domain::Secret;
use serde::{Deserialize, Serialize};

/// One place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushSettings {
    /// Our name for it, in the log and in metrics.
    pub name: String,
    /// A folder that is there already: a disk that is not mounted must not be mistaken for an empty one.
    #[serde(default)]
    pub folder: Option<PathBuf>,
    /// Or a bucket of a store that speaks S3.
    #[serde(default)]
    pub bucket: Option<String>,
    /// The address of the store; that of Amazon for the region when it is none.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Its region.
    #[serde(default = "london")]
    pub region: String,
    /// What all names in the bucket begin with, such as `status`.
    #[serde(default)]
    pub prefix: String,
    /// The id of the key that may write.
    #[serde(default)]
    pub access_key_id: Option<String>,
    /// The key.
    #[serde(default)]
    pub secret_access_key: Option<Secret>,
    /// The file with it.
    #[serde(default)]
    pub secret_access_key_file: Option<PathBuf>,
    /// How long one file may take, in milliseconds.
    #[serde(default = "ten_seconds")]
    pub timeout_ms: u64,
}

impl Default for PushSettings {
    fn default() -> Self {
        Self {
            name: String::new(),
            folder: None,
            bucket: None,
            endpoint: None,
            region: london(),
            prefix: String::new(),
            access_key_id: None,
            secret_access_key: None,
            secret_access_key_file: None,
            timeout_ms: ten_seconds(),
        }
    }
}

fn london() -> String {
    "eu-west-2".to_owned()
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
            if one.folder.is_some() == one.bucket.is_some() {
                problems.push(format!("page.push: {name} needs either a folder or a bucket"));
            }
            if one.bucket.is_some() && (one.access_key_id.is_none() || one.secret_access_key.is_none()) {
                problems.push(format!("page.push: {name} needs access_key_id and secret_access_key_file"));
            }
            if one.timeout_ms == 0 {
                problems.push(format!("page.push.timeout_ms: {name} needs time"));
            }
        }
        problems
    }
}
