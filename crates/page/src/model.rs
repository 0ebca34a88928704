//! What the page knows: the catalogue, the incidents that pages show in full, and a line on every other one.

pub(crate) mod entries;
pub(crate) mod now;
pub(crate) mod read;
pub(crate) mod spell;
pub(crate) mod story;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use domain::Catalogue;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) use entries::Entries;
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
    pub(crate) entries: Entries,
    /// When it was last made sure that nothing newer exists, by the clock that people read.
    pub(crate) confirmed_at: DateTime<Utc>,
    /// The fingerprint of the lists, with the lists that it is of: a publication asks for it a hundred times.
    #[serde(skip)]
    pub(crate) printed: OnceLock<(Arc<Catalogue>, Print)>,
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
        self.entries.put(&Arc::new(Entry::of(&story)));
        self.stories.insert(story.incident.id, Arc::new(story));
    }

    /// Takes one incident out: it is not public any more.
    pub(crate) fn remove(&mut self, id: i64) {
        self.stories.remove(&id);
        self.entries.take(id);
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
