//! Puts documents into the archive, beside everything else: those that have grown old, those that have to be made
//! again, and those in packs that are mostly waste.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::pack::{Opened, Pack, PackError, Writer};
use super::{Archive, Cold};
use crate::edition::{Basis, Edition, Made};
use crate::model::{Entry, Model};

/// How many documents have to be old before they are worth a file.
const WORTH_A_PACK: usize = 256;

/// How many packs there may be before small ones are put together, and how many of them at once.
const PACKS: usize = 12;
const TOGETHER: usize = 8;

/// So many packs are put together also while there is much news.
const TOO_MANY: usize = 64;

/// Documents on their way into the archive.
#[derive(Default)]
pub(crate) struct Filing {
    documents: Vec<Made>,
    copies: Vec<(Arc<str>, Arc<Cold>)>,
    replaced: Vec<Arc<Pack>>,
}

/// A pack that is on disk, and not yet in any edition.
pub(crate) struct Filed {
    pub(crate) opened: Opened,
    pub(crate) replaced: Vec<Arc<Pack>>,
    /// What its documents were made upon, when they were made again.
    pub(crate) basis: Option<Basis>,
    /// The incidents that were made again.
    pub(crate) remade: HashSet<i64>,
}

impl Filing {
    /// These documents.
    pub(crate) fn of(documents: Vec<Made>) -> Self {
        Self { documents, ..Self::default() }
    }

    /// What there is to do for an edition, if anything: first what is old, then what wastes space. That can wait until
    /// nobody publishes.
    pub(crate) fn due(edition: &Edition, is_quiet: bool) -> Option<Self> {
        let old = edition.old();
        if old.len() >= WORTH_A_PACK {
            let document = |path: &Arc<str>| edition.all().get(path).map(|one| (Arc::clone(path), Arc::clone(one)));
            return Some(Self::of(old.iter().filter_map(document).collect()));
        }
        let archive = edition.archive();
        if is_quiet || archive.packs().count() > TOO_MANY { Self::tidying(archive) } else { None }
    }

    fn tidying(archive: &Archive) -> Option<Self> {
        let used: Vec<(&Arc<Pack>, u64)> = archive.used().collect();
        let waste = |(pack, used): &&(&Arc<Pack>, u64)| *used * 2 < pack.size;
        let mut replaced: Vec<Arc<Pack>> = used.iter().filter(waste).map(|(pack, _)| Arc::clone(pack)).collect();
        if used.len() > PACKS {
            let mut small: Vec<_> = used.iter().map(|(pack, used)| (*used, Arc::clone(pack))).collect();
            small.sort_by_key(|(used, _)| *used);
            replaced.extend(small.into_iter().take(TOGETHER).map(|(_, pack)| pack));
        }
        if replaced.is_empty() {
            return None;
        }
        let is_replaced = |cold: &Cold| replaced.iter().any(|pack| pack.name == cold.pack.name);
        let copies = archive.iter().filter(|(_, cold)| is_replaced(cold));
        let copies = copies.map(|(path, cold)| (Arc::clone(path), Arc::clone(cold))).collect();
        Some(Self { copies, replaced, ..Self::default() })
    }

    /// Writes the pack. What cannot be copied is left out, and missed at the next comparison. `stand_back` is called
    /// before each document, and waits while there is something more urgent.
    pub(crate) fn write(self, folder: &Path, model: &Model, stand_back: &dyn Fn()) -> Result<Filed, PackError> {
        let mut writer = Writer::begin(folder)?;
        let mut incidents: BTreeSet<i64> = self.replaced.iter().flat_map(|pack| pack.listed.iter().copied()).collect();
        for (path, document) in &self.documents {
            stand_back();
            incidents.extend(document.incident);
            writer.put(path, document)?;
        }
        for (path, cold) in &self.copies {
            stand_back();
            match writer.copy(path, &cold.pack, &cold.record) {
                Err(PackError::Torn) => {
                    tracing::error!(document.path = &**path, "an old page is damaged; it is made again")
                }
                other => other?,
            }
        }
        let entries: Vec<Arc<Entry>> = incidents.iter().filter_map(|id| model.entries.get(*id).cloned()).collect();
        let opened = writer.finish(&entries)?;
        Ok(Filed { opened, replaced: self.replaced, basis: None, remade: HashSet::new() })
    }
}
