//! Old documents: pages of incidents that are over and of months that have passed. They stay on disk, in packs that are
//! written once; in memory there is a line on each. All editions share one archive until something grows old.

pub(crate) mod filing;
pub(crate) mod pack;
pub(crate) mod recall;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use domain::WithCauses;

use self::pack::{Opened, Pack, Record};
use super::document::fold;
use crate::model::Entry;

/// An old document: what it is, and where.
#[derive(Clone, Debug)]
pub(crate) struct Cold {
    pub(crate) record: Record,
    pub(crate) pack: Arc<Pack>,
}

/// Everything old.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archive {
    packs: Vec<Arc<Pack>>,
    found: HashMap<Arc<str>, Arc<Cold>>,
    /// The documents that belong to no incident.
    past: HashSet<Arc<str>>,
    /// In a pack, and public no more.
    gone: BTreeSet<Arc<str>>,
    /// What the packs know of incidents: the publication counter that last touched each.
    listed: HashMap<i64, i64>,
    /// How many bytes of each pack are still used.
    used: HashMap<String, u64>,
    fold: u64,
}

impl Archive {
    /// Opens these packs of a folder. One that cannot be used is left out: its documents are made again.
    pub(crate) fn open(folder: &Path, names: &[String], gone: Vec<Arc<str>>) -> (Self, Vec<Entry>) {
        let mut archive = Self::default();
        let mut entries: Vec<Entry> = Vec::new();
        for name in names {
            match Pack::open(folder, name) {
                Ok(mut opened) => {
                    entries.append(&mut opened.entries);
                    archive.put(opened, |_, _| true);
                }
                Err(error) => {
                    let error = WithCauses(&error);
                    tracing::warn!(pack = name, %error, "old pages cannot be used; they are made again");
                }
            }
        }
        archive.leave_out(gone);
        archive.list(&entries);
        (archive.measured(), entries)
    }

    /// The old document of a path.
    pub(crate) fn get(&self, path: &str) -> Option<&Arc<Cold>> {
        self.found.get(path)
    }

    /// The same with the path as it is kept.
    pub(crate) fn get_key_value(&self, path: &str) -> Option<(&Arc<str>, &Arc<Cold>)> {
        self.found.get_key_value(path)
    }

    /// All old documents, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Cold>)> {
        self.found.iter()
    }

    /// How many documents there are.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// The documents that belong to no incident.
    pub(crate) fn past(&self) -> impl Iterator<Item = &Arc<str>> {
        self.past.iter()
    }

    /// A number that changes with every document, whatever pack it is in.
    pub(crate) fn fold(&self) -> u64 {
        self.fold
    }

    /// The packs in order: a later one counts more.
    pub(crate) fn packs(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.packs.iter()
    }

    /// The names of the packs in order.
    pub(crate) fn pack_names(&self) -> impl Iterator<Item = &str> {
        self.packs.iter().map(|pack| pack.name.as_str())
    }

    /// What is in a pack, and public no more.
    pub(crate) fn gone(&self) -> impl Iterator<Item = &Arc<str>> {
        self.gone.iter()
    }

    /// Whether the packs have the line on an incident as it is.
    pub(crate) fn lists(&self, entry: &Entry) -> bool {
        self.listed.get(&entry.id) == Some(&entry.changed)
    }

    /// The incidents that the packs have a line on.
    pub(crate) fn listed(&self) -> impl Iterator<Item = i64> {
        self.listed.keys().copied()
    }

    /// The same without some documents.
    pub(crate) fn without(&self, paths: Vec<Arc<str>>) -> Self {
        let mut archive = self.clone();
        archive.leave_out(paths);
        archive.measured()
    }

    /// The same with another pack, as far as its documents are welcome, in place of the packs that it replaces.
    pub(crate) fn with(
        &self,
        opened: Opened,
        replaced: &[Arc<Pack>],
        is_welcome: impl Fn(&str, &Record) -> bool,
    ) -> Self {
        let mut archive = self.clone();
        archive.list(&opened.entries);
        let name = opened.pack.name.clone();
        archive.put(opened, is_welcome);
        let is_replaced = |pack: &Pack| pack.name != name && replaced.iter().any(|one| one.name == pack.name);
        archive.packs.retain(|pack| !is_replaced(pack));
        // Whatever is still there was not copied, because it could not be read.
        let lost = archive.found.iter().filter(|(_, cold)| is_replaced(&cold.pack)).map(|(path, _)| Arc::clone(path));
        let lost = lost.collect();
        archive.leave_out(lost);
        archive.measured()
    }

    fn put(&mut self, opened: Opened, is_welcome: impl Fn(&str, &Record) -> bool) {
        self.packs.retain(|pack| pack.name != opened.pack.name);
        for (path, record) in opened.records {
            if !is_welcome(&path, &record) {
                if !self.found.contains_key(&path) {
                    self.gone.insert(path);
                }
                continue;
            }
            self.gone.remove(&path);
            if record.incident.is_none() {
                self.past.insert(Arc::clone(&path));
            }
            self.fold ^= fold(&path, record.print);
            let cold = Arc::new(Cold { record, pack: Arc::clone(&opened.pack) });
            if let Some(before) = self.found.insert(Arc::clone(&path), cold) {
                self.fold ^= fold(&path, before.record.print);
            }
        }
        self.packs.push(opened.pack);
    }

    fn leave_out(&mut self, paths: Vec<Arc<str>>) {
        for path in paths {
            if let Some(cold) = self.found.remove(&path) {
                self.fold ^= fold(&path, cold.record.print);
            }
            self.past.remove(&path);
            self.gone.insert(path);
        }
    }

    fn list(&mut self, entries: &[Entry]) {
        for entry in entries {
            let changed = self.listed.entry(entry.id).or_insert(entry.changed);
            *changed = entry.changed.max(*changed);
        }
    }

    /// The packs in order, each with how many of its bytes are still used.
    pub(crate) fn used(&self) -> impl Iterator<Item = (&Arc<Pack>, u64)> {
        self.packs.iter().map(|pack| (pack, self.used.get(&pack.name).copied().unwrap_or_default()))
    }

    fn measured(mut self) -> Self {
        self.used.clear();
        for cold in self.found.values() {
            match self.used.get_mut(&cold.pack.name) {
                Some(used) => *used += cold.record.size(),
                None => drop(self.used.insert(cold.pack.name.clone(), cold.record.size())),
            }
        }
        self
    }
}
