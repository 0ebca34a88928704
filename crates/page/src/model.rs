//! What the page knows: the catalogue, the incidents that pages show in full, and a line on every other one.

pub(crate) mod now;
pub(crate) mod read;
pub(crate) mod spell;
pub(crate) mod story;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use domain::Catalogue;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) use story::{Entry, Story, Update};

/// How many incidents are kept in full beside the open ones: what feeds and the JSON lists may show.
const KEPT_IN_FULL: usize = 60;

/// A fingerprint: two equal ones were made from equal things.
pub(crate) type Print = [u8; 16];

/// Everything that the page is made from, as last read. Kept with the edition, so that a restart without a database
/// still knows which update is late.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Model {
    /// The publication counter that this was read at.
    pub(crate) version: i64,
    /// The name of the database that this was read from.
    #[serde(default)]
    pub(crate) installation: Option<Vec<u8>>,
    /// The lists.
    pub(crate) catalogue: Arc<Catalogue>,
    /// Open incidents, planned work ahead, and the newest others.
    pub(crate) stories: BTreeMap<i64, Arc<Story>>,
    /// One line on every published incident.
    pub(crate) entries: BTreeMap<i64, Arc<Entry>>,
    /// When it was last made sure that nothing newer exists, by the clock that people read.
    pub(crate) confirmed_at: DateTime<Utc>,
    /// The entries in the orders that are asked for, once they were.
    #[serde(skip)]
    pub(crate) orders: OnceLock<Orders>,
    /// The fingerprint of the lists, with the lists that it is of: a publication asks for it a hundred times.
    #[serde(skip)]
    pub(crate) printed: OnceLock<(Arc<Catalogue>, Print)>,
}

/// The entries in two orders. They are kept with each change: sorting ten thousand lines at each publication would be
/// most of its work.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    newest_first: Vec<Arc<Entry>>,
    by_number: Vec<Arc<Entry>>,
}

impl Orders {
    fn of(entries: impl Iterator<Item = Arc<Entry>>) -> Self {
        let mut newest_first: Vec<_> = entries.collect();
        let mut by_number = newest_first.clone();
        newest_first.sort_by_key(|entry| Reverse(age(entry)));
        by_number.sort_by_key(|entry| number(entry));
        Self { newest_first, by_number }
    }

    fn take(&mut self, entry: &Entry) {
        if let Ok(place) = self.newest_first.binary_search_by_key(&Reverse(age(entry)), |one| Reverse(age(one))) {
            self.newest_first.remove(place);
        }
        if let Ok(place) = self.by_number.binary_search_by_key(&number(entry), |one| number(one)) {
            self.by_number.remove(place);
        }
    }

    fn put(&mut self, entry: &Arc<Entry>) {
        let place = self.newest_first.partition_point(|one| Reverse(age(one)) < Reverse(age(entry)));
        self.newest_first.insert(place, Arc::clone(entry));
        let place = self.by_number.partition_point(|one| number(one) < number(entry));
        self.by_number.insert(place, Arc::clone(entry));
    }
}

fn age(entry: &Entry) -> (DateTime<Utc>, i64) {
    (entry.starts_at, entry.id)
}

fn number(entry: &Entry) -> (i64, i64) {
    (entry.number, entry.id)
}

impl Model {
    /// A fingerprint of the lists: every page changes with them.
    pub(crate) fn catalogue_print(&self) -> Print {
        let print = || print_of(&serde_json::to_vec(&*self.catalogue).unwrap_or_default());
        let (lists, known) = self.printed.get_or_init(|| (Arc::clone(&self.catalogue), print()));
        if Arc::ptr_eq(lists, &self.catalogue) { *known } else { print() }
    }

    /// Puts one incident in, in place of what was known of it.
    pub(crate) fn put(&mut self, story: Story) {
        self.list(Arc::new(Entry::of(&story)));
        self.stories.insert(story.incident.id, Arc::new(story));
    }

    /// Puts the line on one incident in.
    pub(crate) fn list(&mut self, entry: Arc<Entry>) {
        let before = self.entries.insert(entry.id, Arc::clone(&entry));
        if let Some(orders) = self.orders.get_mut() {
            before.iter().for_each(|before| orders.take(before));
            orders.put(&entry);
        }
    }

    /// Takes one incident out: it is not public any more.
    pub(crate) fn remove(&mut self, id: i64) {
        self.stories.remove(&id);
        if let (Some(before), Some(orders)) = (self.entries.remove(&id), self.orders.get_mut()) {
            orders.take(&before);
        }
    }

    /// Every published incident and planned work, newest first.
    pub(crate) fn newest_first(&self) -> &[Arc<Entry>] {
        &self.orders().newest_first
    }

    /// The incident of this number.
    pub(crate) fn numbered(&self, number: i64) -> Option<&Arc<Entry>> {
        let by_number = &self.orders().by_number;
        by_number.get(by_number.partition_point(|one| one.number < number)).filter(|one| one.number == number)
    }

    fn orders(&self) -> &Orders {
        self.orders.get_or_init(|| Orders::of(self.entries.values().cloned()))
    }

    /// Forgets the words of old incidents; their pages are already printed.
    pub(crate) fn forget_old(&mut self) {
        let mut closed: Vec<_> = self
            .stories
            .values()
            .filter(|story| story.newest().content.phase.is_over())
            .map(|story| (story.newest().published_at, story.incident.id))
            .collect();
        closed.sort_unstable();
        let surplus = closed.len().saturating_sub(KEPT_IN_FULL);
        for (_, id) in &closed[..surplus] {
            self.stories.remove(id);
        }
    }
}

/// The fingerprint of some bytes.
pub(crate) fn print_of(bytes: &[u8]) -> Print {
    let mut print = Print::default();
    print.copy_from_slice(&Sha256::digest(bytes)[..16]);
    print
}
