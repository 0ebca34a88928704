//! Everything the public can read, finished: one immutable map from path to bytes. A request is a look-up in it.

pub(crate) mod compress;
mod contents;
pub(crate) mod document;
pub(crate) mod plan;
pub(crate) mod press;
pub(crate) mod shelf;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use http::HeaderValue;

use crate::model::Print;

pub(crate) use document::{Document, Encoded, MediaClass};

/// The documents by path.
pub(crate) type Documents = HashMap<Arc<str>, Arc<Document>>;

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
}

/// What every document of an edition depends on. None when it is not known: then each document is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) epoch: Option<Print>,
    pub(crate) catalogue: Option<Print>,
}

impl Edition {
    /// An edition of these documents. Equal documents give an equal id, whichever process made them.
    pub(crate) fn new(documents: Documents, published_version: i64, built_at: DateTime<Utc>) -> Self {
        // Folding does not depend on the order of the map.
        let fold = documents.values().fold(0_u64, |fold, one| fold ^ one.fold());
        let id = HeaderValue::try_from(format!("{}-{fold:016x}", published_version.max(0)));
        let id = id.expect("digits and a hyphen make a header");
        Self { id, built_at, published_version, next_moment: None, basis: Basis::default(), documents }
    }

    /// The same edition with the time at which it must be made anew, by the clock that people read.
    pub(crate) fn until(mut self, next_moment: Option<DateTime<Utc>>) -> Self {
        self.next_moment = next_moment;
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

    /// The document of a path, exactly as written.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&Arc<Document>> {
        self.documents.get(path)
    }

    /// All documents with their paths, in no order.
    pub fn documents(&self) -> impl Iterator<Item = (&str, &Arc<Document>)> {
        self.documents.iter().map(|(path, document)| (&**path, document))
    }

    pub(crate) fn all(&self) -> &Documents {
        &self.documents
    }
}
