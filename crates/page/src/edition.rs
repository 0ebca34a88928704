//! Everything the public can read, finished: one immutable map from path to bytes. A request is a look-up in it. What
//! speaks of the present is in memory; what is old is in the archive, and short links follow from the incidents'
//! numbers.

pub(crate) mod archive;
pub(crate) mod body;
pub(crate) mod compress;
pub(crate) mod contents;
pub(crate) mod document;
pub(crate) mod parcel;
pub(crate) mod plan;
pub(crate) mod press;
pub(crate) mod shelf;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::Language;
use http::HeaderValue;

use self::archive::filing::Filed;
use self::archive::{Archive, Cold};
use crate::cap;
use crate::model::{Entry, Model, Print};
use crate::routes::{Place, short_number};
use crate::view::history::months::Months;

pub(crate) use document::{Document, Encoded, MediaClass};

/// The documents by path.
pub(crate) type Documents = HashMap<Arc<str>, Arc<Document>>;

/// A finished document under its path.
pub(crate) type Made = (Arc<str>, Arc<Document>);

/// One edition of the site.
#[derive(Clone, Debug)]
pub struct Edition {
    id: HeaderValue,
    built_at: DateTime<Utc>,
    published_version: i64,
    next_moment: Option<DateTime<Utc>>,
    /// What its documents have in common: templates and headers, and the lists.
    basis: Basis,
    documents: Documents,
    /// Those of the documents that have grown old and wait for the archive.
    old: Arc<[Arc<str>]>,
    archive: Arc<Archive>,
    model: Arc<Model>,
    months: Months,
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Held<'e> {
    /// A document in memory.
    Ready(&'e Document),
    /// One in the archive.
    Old(&'e Arc<Cold>),
    /// A short link in a language, and where it leads.
    Short(Language, String),
    /// The address of an incident's CAP messages, and that of the newest one.
    Newest(String),
}

/// What every document of an edition depends on. None when it is not known: then each document is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) epoch: Option<Print>,
    pub(crate) catalogue: Option<Print>,
}

impl Edition {
    /// An edition of these documents, and nothing old. Equal documents give an equal id, whichever process made them.
    pub(crate) fn new(documents: Documents, published_version: i64, built_at: DateTime<Utc>) -> Self {
        Self {
            id: HeaderValue::from_static(""),
            built_at,
            published_version,
            next_moment: None,
            basis: Basis::default(),
            documents,
            old: Arc::default(),
            archive: Arc::default(),
            model: Arc::default(),
            months: Months::default(),
        }
        .named()
    }

    /// The same edition with what is old, and what was read of all incidents. A document in memory goes before an old
    /// one of its path.
    pub(crate) fn upon(mut self, archive: Arc<Archive>, model: Arc<Model>) -> Self {
        (self.archive, self.model) = (archive, model);
        self.named()
    }

    /// The same edition with those of its documents that have grown old.
    pub(crate) fn aged(mut self, old: Arc<[Arc<str>]>) -> Self {
        self.old = old;
        self
    }

    fn named(mut self) -> Self {
        // Folding does not depend on the order of the map, nor on where a document is.
        let fold = self.documents.iter().fold(self.archive.fold(), |fold, (path, document)| {
            let hidden = self.archive.get(path).map_or(0, |cold| document::fold(path, cold.record.print));
            fold ^ hidden ^ document::fold(path, document.print)
        });
        let id = HeaderValue::try_from(format!("{}-{fold:016x}", self.published_version.max(0)));
        self.id = id.expect("digits and a hyphen make a header");
        self
    }

    /// The same edition after a pack was written: what it took from here leaves the memory.
    pub(crate) fn filed(&self, filed: Filed) -> Self {
        let old: HashSet<&str> = self.old.iter().map(|path| &**path).collect();
        let name = filed.opened.pack.name.clone();
        let listed: HashMap<i64, i64> = filed.opened.entries.iter().map(|entry| (entry.id, entry.changed)).collect();
        // What has changed since it was written, or is public no more, is not taken from the pack.
        let is_current = |incident: Option<i64>| match incident {
            Some(id) => self.model.entries.get(id).is_some_and(|entry| listed.get(&id) == Some(&entry.changed)),
            None => false,
        };
        let is_remade = filed.basis == Some(self.basis);
        let archive = self.archive.with(filed.opened, &filed.replaced, |path, record| {
            match (self.documents.get(path), self.archive.get(path)) {
                (_, Some(cold)) if cold.record.print == record.print => true,
                (Some(document), _) if document.print == record.print => true,
                (Some(_), _) => is_remade && old.contains(path) && is_current(record.incident),
                (None, _) => is_current(record.incident),
            }
        });
        let is_filed = |path: &str| old.contains(path) && archive.get(path).is_some_and(|cold| cold.pack.name == name);
        let stays = self.documents.iter().filter(|(path, _)| !is_filed(path));
        let documents: Documents = stays.map(|(path, document)| (Arc::clone(path), Arc::clone(document))).collect();
        let old = self.old.iter().filter(|path| documents.contains_key(*path)).cloned().collect();
        Self { documents, old, archive: Arc::new(archive), ..self.clone() }.named()
    }

    /// The same edition without old documents that were found damaged.
    pub(crate) fn without(&self, damaged: Vec<Arc<str>>) -> Self {
        Self { archive: Arc::new(self.archive.without(damaged)), ..self.clone() }.named()
    }

    /// The same edition with the time at which it must be made anew, by the clock that people read.
    pub(crate) fn until(mut self, next_moment: Option<DateTime<Utc>>) -> Self {
        self.next_moment = next_moment;
        self
    }

    /// The same edition with the months of its past.
    pub(crate) fn over(mut self, months: Months) -> Self {
        self.months = months;
        self
    }

    /// The same edition with what its documents have in common.
    pub(crate) fn based_on(mut self, basis: Basis) -> Self {
        self.basis = basis;
        self
    }

    pub(crate) fn basis(&self) -> Basis {
        self.basis
    }

    /// Names this edition: the publication counter, and a hash over all documents.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }

    pub(crate) fn id_header(&self) -> HeaderValue {
        self.id.clone()
    }

    /// When it was made, by the clock that people read.
    #[must_use]
    pub fn built_at(&self) -> DateTime<Utc> {
        self.built_at
    }

    /// The publication counter that it shows; -1 while nothing was ever read.
    #[must_use]
    pub fn published_version(&self) -> i64 {
        self.published_version
    }

    /// When what it says changes by itself: an update becomes late, planned work begins.
    #[must_use]
    pub fn next_moment(&self) -> Option<DateTime<Utc>> {
        self.next_moment
    }

    /// The document of a path, exactly as written, if it is in memory: everything but what is old.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&Arc<Document>> {
        self.documents.get(path)
    }

    /// What a path leads to, exactly as written.
    pub(crate) fn held(&self, path: &str) -> Option<Held<'_>> {
        if let Some(document) = self.documents.get(path) {
            return Some(Held::Ready(document));
        }
        if let Some(cold) = self.archive.get(path) {
            return Some(Held::Old(cold));
        }
        if let Some(incident) = cap::newest_of(path) {
            return self.newest_message(incident).map(Held::Newest);
        }
        let (language, number) = short_number(path)?;
        let entry = self.model.entries.numbered(number)?;
        Some(Held::Short(language, Place::Incident(&entry.slug).path(language)))
    }

    /// The address of an incident's newest CAP message. Updates count up from one without a gap, and each message stays
    /// for ever.
    pub(crate) fn newest_message(&self, incident: i64) -> Option<String> {
        let is_there = |path: &String| self.documents.contains_key(path.as_str()) || self.archive.get(path).is_some();
        (1..).map(|update| cap::path(incident, update)).take_while(is_there).last()
    }

    /// All documents in memory with their paths, in no order.
    pub fn documents(&self) -> impl Iterator<Item = (&str, &Arc<Document>)> {
        self.documents.iter().map(|(path, document)| (&**path, document))
    }

    /// How many documents there are, also old ones.
    #[must_use]
    pub fn size(&self) -> usize {
        self.documents.len() + self.archive.len()
    }

    pub(crate) fn all(&self) -> &Documents {
        &self.documents
    }

    pub(crate) fn archive(&self) -> &Arc<Archive> {
        &self.archive
    }

    pub(crate) fn old(&self) -> &[Arc<str>] {
        &self.old
    }

    /// One line on every incident.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.model.entries.iter()
    }

    /// What was read of all incidents.
    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// The months of the past.
    pub(crate) fn months(&self) -> &Months {
        &self.months
    }
}
