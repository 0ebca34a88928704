//! Everything the pocket world remembers, behind one lock that is never held across an await.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::Env;
use sha1::{Digest, Sha1};

use crate::faults::Faults;
use crate::ledger::Books;
use crate::mails::Mails;
use crate::posts::Posts;
use crate::settings::Settings;
use crate::texts::Texts;

pub(crate) struct World {
    pub(crate) texts: Texts,
    pub(crate) mails: Mails,
    pub(crate) posts: Posts,
    pub(crate) ledger: Books,
    pub(crate) faults: Faults,
    pub(crate) names: Interner,
}

impl World {
    pub(crate) fn new(settings: &Settings, run: i64) -> Self {
        Self {
            texts: Texts::new(settings.keep, run),
            mails: Mails::new(settings.keep, settings.keep_mail_contents),
            posts: Posts::new(settings.keep),
            // Benchmarks send each person several messages; the ledger outlives the messages themselves.
            ledger: Books::new(settings.keep.saturating_mul(10)),
            faults: Faults::default(),
            names: Interner::default(),
        }
    }
}

/// When something happened: by the clock people read, and by the machine's own, both in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) shown: i64,
    pub(crate) machine: i64,
}

impl Moment {
    pub(crate) fn of(env: &Env) -> Self {
        Self { shown: env.now().timestamp_millis(), machine: env.machine_now().timestamp_millis() }
    }
}

/// Milliseconds since 1970 as a time; the year 1970 stands for what no calendar holds.
pub(crate) fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

/// The first 64 bits of the SHA-1 of `parts`: names a message in the ledger, where nobody attacks it.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut sha = Sha1::new();
    for part in parts {
        sha.update(part.as_bytes());
    }
    sha.finalize().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// Keeps one copy of texts that repeat a hundred thousand times: numbers, senders, subjects.
pub(crate) struct Interner {
    known: HashSet<Arc<str>>,
    sweep_at: usize,
}

impl Default for Interner {
    fn default() -> Self {
        Self { known: HashSet::new(), sweep_at: Self::FIRST_SWEEP }
    }
}

impl Interner {
    const FIRST_SWEEP: usize = 100_000;

    pub(crate) fn get(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        if self.known.len() >= self.sweep_at {
            self.known.retain(|name| Arc::strong_count(name) > 1);
            self.sweep_at = (self.known.len() * 2).max(Self::FIRST_SWEEP);
        }
        let name: Arc<str> = name.into();
        self.known.insert(name.clone());
        name
    }
}

/// The newest `keep` things in order of arrival, each with a number that never changes.
pub(crate) struct Shelf<T> {
    items: std::collections::VecDeque<T>,
    first: u64,
    keep: usize,
}

impl<T> Shelf<T> {
    pub(crate) fn new(keep: usize) -> Self {
        Self { items: std::collections::VecDeque::new(), first: 1, keep: keep.max(1) }
    }

    /// Puts `item` on the shelf; answers its number and what had to go to make room.
    pub(crate) fn push(&mut self, item: T) -> (u64, Option<T>) {
        let gone = if self.items.len() >= self.keep { self.items.pop_front() } else { None };
        self.first += u64::from(gone.is_some());
        self.items.push_back(item);
        (self.first + self.items.len() as u64 - 1, gone)
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        self.items.get(self.place(number)?)
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let place = self.place(number)?;
        self.items.get_mut(place)
    }

    /// Newest first, with their numbers.
    pub(crate) fn newest(&self) -> impl Iterator<Item = (u64, &T)> {
        self.items.iter().enumerate().rev().map(|(place, item)| (self.first + place as u64, item))
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// How many were ever put here.
    pub(crate) fn ever(&self) -> u64 {
        self.first + self.items.len() as u64 - 1
    }

    fn place(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_shelf_forgets_the_oldest_and_keeps_the_numbers() {
        let mut shelf = Shelf::new(2);
        assert_eq!(shelf.push("a"), (1, None));
        assert_eq!(shelf.push("b"), (2, None));
        assert_eq!(shelf.push("c"), (3, Some("a")));
        assert_eq!((shelf.get(1), shelf.get(2), shelf.get(3), shelf.get(4)), (None, Some(&"b"), Some(&"c"), None));
        assert_eq!(shelf.newest().map(|(number, _)| number).collect::<Vec<_>>(), [3, 2]);
        assert_eq!((shelf.len(), shelf.ever()), (2, 3));
    }

    #[test]
    fn a_name_is_kept_once() {
        let mut names = Interner::default();
        assert!(Arc::ptr_eq(&names.get("+447700900001"), &names.get("+447700900001")));
    }
}
