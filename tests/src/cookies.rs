//! The cookies of a browser without scripts.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::header::{HeaderMap, SET_COOKIE};

/// What a browser keeps and sends along: names and values, nothing of paths and ages.
#[derive(Debug, Default)]
pub struct Cookies(Mutex<BTreeMap<String, String>>);

impl Cookies {
    /// The value of the header `Cookie`.
    ///
    /// # Panics
    /// When another thread panicked in the middle of a change.
    #[must_use]
    pub fn header(&self) -> String {
        let kept = self.0.lock().expect("nobody panics here");
        kept.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Keeps what an answer sets.
    ///
    /// # Panics
    /// When a cookie is not one.
    pub fn keep(&self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie is text").split(';').next().unwrap_or_default();
            let (name, value) = cookie.split_once('=').expect("a cookie has a name and a value");
            self.0.lock().expect("nobody panics here").insert(name.to_owned(), value.to_owned());
        }
    }
}
