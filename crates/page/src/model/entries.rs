//! The lines on all incidents, in every order that is asked for. A model is copied at each publication, so copies share
//! all but the few lines that changed: what grows with the past is one pointer for each run of 128 lines.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use domain::Phase;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Entry;

/// How many lines stand together; twice as many are parted.
const RUN: usize = 128;

/// A line on every published incident.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    by_id: Rank<i64>,
    /// Once somebody asked for them, and from then on kept with each change.
    orders: OnceLock<Orders>,
}

/// The lines in other orders than that of their ids.
#[derive(Clone, Debug)]
struct Orders {
    newest_first: Rank<Newest>,
    by_number: Rank<(i64, i64)>,
    /// What is not over, and then what ended last.
    last_ended_first: Rank<Newest>,
    /// Those that were looked into afterwards, newest first.
    reviewed: Rank<Newest>,
}

type Newest = Reverse<(DateTime<Utc>, i64)>;

/// Lines in one order, in runs that copies share.
#[derive(Clone, Debug)]
struct Rank<K> {
    runs: Vec<Arc<Vec<Arc<Entry>>>>,
    key: fn(&Entry) -> K,
}

impl Entries {
    /// The line on an incident.
    pub(crate) fn get(&self, id: i64) -> Option<&Arc<Entry>> {
        self.by_id.get(&id)
    }

    /// Whether there is a line on an incident.
    pub(crate) fn has(&self, id: i64) -> bool {
        self.get(id).is_some()
    }

    /// All of them, by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.by_id.iter()
    }

    /// Puts a line in, in place of what was known of its incident.
    pub(crate) fn put(&mut self, entry: &Arc<Entry>) {
        self.take(entry.id);
        self.by_id.put(entry);
        if let Some(orders) = self.orders.get_mut() {
            orders.put(entry);
        }
    }

    /// Takes the line on an incident out.
    pub(crate) fn take(&mut self, id: i64) {
        let Some(entry) = self.get(id).cloned() else { return };
        self.by_id.take(&entry);
        if let Some(orders) = self.orders.get_mut() {
            orders.take(&entry);
        }
    }

    /// The lines that others have not, or not like this. Costs as much as there is between the two.
    pub(crate) fn unlike<'a>(&'a self, others: &'a Self) -> impl Iterator<Item = &'a Arc<Entry>> {
        let shared: HashSet<_> = others.by_id.runs.iter().map(Arc::as_ptr).collect();
        let own = self.by_id.runs.iter().filter(move |run| !shared.contains(&Arc::as_ptr(run)));
        own.flat_map(|run| run.iter()).filter(|entry| others.get(entry.id).is_none_or(|one| !Arc::ptr_eq(one, entry)))
    }

    /// Every published incident and planned work, newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.orders().newest_first.iter()
    }

    /// What began before this moment, newest first.
    pub(crate) fn begun_before(&self, at: DateTime<Utc>) -> impl Iterator<Item = &Arc<Entry>> {
        self.orders().newest_first.at_and_after(&Reverse((at, i64::MIN)))
    }

    /// What is not over, and then the rest, what ended last first.
    pub(crate) fn last_ended_first(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.orders().last_ended_first.iter()
    }

    /// What was looked into afterwards, newest first.
    pub(crate) fn reviewed(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.orders().reviewed.iter()
    }

    /// The incident of this number.
    pub(crate) fn numbered(&self, number: i64) -> Option<&Arc<Entry>> {
        self.orders().by_number.at_and_after(&(number, i64::MIN)).next().filter(|one| one.number == number)
    }

    fn orders(&self) -> &Orders {
        self.orders.get_or_init(|| Orders::of(self.iter()))
    }
}

impl Default for Entries {
    fn default() -> Self {
        Self { by_id: Rank::of(|entry| entry.id, Vec::new()), orders: OnceLock::new() }
    }
}

impl FromIterator<Arc<Entry>> for Entries {
    /// Of several lines on an incident, the last one counts.
    fn from_iter<I: IntoIterator<Item = Arc<Entry>>>(entries: I) -> Self {
        let by_id: BTreeMap<i64, Arc<Entry>> = entries.into_iter().map(|entry| (entry.id, entry)).collect();
        Self { by_id: Rank::of(|entry| entry.id, by_id.into_values().collect()), orders: OnceLock::new() }
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Serialize for Entries {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter().map(|entry| (entry.id, entry)))
    }
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(BTreeMap::<i64, Arc<Entry>>::deserialize(from)?.into_values().collect())
    }
}

impl Orders {
    fn of<'a>(entries: impl Iterator<Item = &'a Arc<Entry>>) -> Self {
        let all: Vec<_> = entries.cloned().collect();
        let reviewed = all.iter().filter(|entry| is_reviewed(entry)).cloned().collect();
        Self {
            newest_first: Rank::of(began, all.clone()),
            by_number: Rank::of(|entry| (entry.number, entry.id), all.clone()),
            last_ended_first: Rank::of(ended, all),
            reviewed: Rank::of(began, reviewed),
        }
    }

    fn put(&mut self, entry: &Arc<Entry>) {
        self.newest_first.put(entry);
        self.by_number.put(entry);
        self.last_ended_first.put(entry);
        if is_reviewed(entry) {
            self.reviewed.put(entry);
        }
    }

    fn take(&mut self, entry: &Entry) {
        self.newest_first.take(entry);
        self.by_number.take(entry);
        self.last_ended_first.take(entry);
        self.reviewed.take(entry);
    }
}

fn began(entry: &Entry) -> Newest {
    Reverse((entry.starts_at, entry.id))
}

fn ended(entry: &Entry) -> Newest {
    Reverse((entry.over_at.unwrap_or(DateTime::<Utc>::MAX_UTC), entry.id))
}

fn is_reviewed(entry: &Entry) -> bool {
    entry.phase == Phase::Reviewed
}

impl<K: Ord> Rank<K> {
    fn of(key: fn(&Entry) -> K, mut entries: Vec<Arc<Entry>>) -> Self {
        entries.sort_by_key(|entry| key(entry));
        Self { runs: entries.chunks(RUN).map(|run| Arc::new(run.to_vec())).collect(), key }
    }

    fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.runs.iter().flat_map(|run| run.iter())
    }

    /// The run in which this key stands, or would stand.
    fn run(&self, key: &K) -> usize {
        let is_before = |run: &Arc<Vec<Arc<Entry>>>| run.last().is_some_and(|last| (self.key)(last) < *key);
        self.runs.partition_point(is_before)
    }

    fn get(&self, key: &K) -> Option<&Arc<Entry>> {
        self.at_and_after(key).next().filter(|entry| (self.key)(entry) == *key)
    }

    /// What stands at this key and after it.
    fn at_and_after<'a>(&'a self, key: &K) -> impl Iterator<Item = &'a Arc<Entry>> + use<'a, K> {
        let run = self.run(key);
        let place = self.runs.get(run).map_or(0, |run| run.partition_point(|entry| (self.key)(entry) < *key));
        self.runs[run..].iter().flat_map(|run| run.iter()).skip(place)
    }

    fn put(&mut self, entry: &Arc<Entry>) {
        let key = (self.key)(entry);
        let which = self.run(&key).min(self.runs.len().saturating_sub(1));
        let Some(run) = self.runs.get_mut(which) else {
            self.runs.push(Arc::new(vec![Arc::clone(entry)]));
            return;
        };
        let run = Arc::make_mut(run);
        run.insert(run.partition_point(|one| (self.key)(one) < key), Arc::clone(entry));
        if run.len() > 2 * RUN {
            let later = run.split_off(RUN);
            self.runs.insert(which + 1, Arc::new(later));
        }
    }

    fn take(&mut self, entry: &Entry) {
        let key = (self.key)(entry);
        let which = self.run(&key);
        let Some(run) = self.runs.get_mut(which) else { return };
        let Ok(place) = run.binary_search_by_key(&key, |one| (self.key)(one)) else { return };
        Arc::make_mut(run).remove(place);
        if run.is_empty() {
            self.runs.remove(which);
        }
    }
}
