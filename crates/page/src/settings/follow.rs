//! `[page.lead]` and `[page.follow]`: a page that may be followed, and one that follows another instead of a database.

use std::path::PathBuf;

use domain::Secret;
use serde::{Deserialize, Serialize};

/// The fewest letters of a secret: nobody should guess one.
const SHORTEST_SECRET: usize = 16;

/// Lets others follow this page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LeadSettings {
    /// What those who follow know too.
    pub secret: Option<Secret>,
    /// The file with it.
    pub secret_file: Option<PathBuf>,
}

/// The page that is followed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FollowSettings {
    /// Its address without a path, such as `https://status.example`.
    pub url: String,
    /// What it is known by.
    pub secret: Option<Secret>,
    /// The file with it.
    pub secret_file: Option<PathBuf>,
    /// Certificates to trust besides those of the system.
    pub ca_file: Option<PathBuf>,
    /// Where the forms are to be found; without it, readers are told that there are none here.
    pub forms_url: Option<String>,
}

impl LeadSettings {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        secret_problem("page.lead", self.secret.as_ref()).into_iter().collect()
    }
}

impl FollowSettings {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let forms = self.forms_url.as_deref().filter(|url| !url.starts_with("http") || url.ends_with('/'));
        let forms = forms.map(|_| "page.follow.forms_url: must be an address without a path or a slash at its end");
        let secret = secret_problem("page.follow", self.secret.as_ref());
        secret.into_iter().chain(forms.map(str::to_owned)).collect()
    }
}

fn secret_problem(section: &str, secret: Option<&Secret>) -> Option<String> {
    let is_long_enough = secret.is_some_and(|secret| secret.reveal().len() >= SHORTEST_SECRET);
    (!is_long_enough).then(|| format!("{section}.secret_file: needs a secret of {SHORTEST_SECRET} letters or more"))
}
