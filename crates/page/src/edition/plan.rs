//! Collects what an edition consists of: documents that can be taken over as they are, and those to be made.

use std::collections::HashSet;
use std::sync::Arc;

use domain::Language;
use render::{PublicFrame, RenderError, Renderer, View};
use serde::Serialize;

use super::document::Nature;
use super::{Documents, Edition, Made};
use crate::model::{Print, print_of};

/// Makes the bytes of one document.
pub(crate) type Make = Box<dyn FnOnce() -> Result<Vec<u8>, RenderError> + Send>;

/// A document still to be made, or still to be looked at.
pub(crate) struct Job {
    pub(crate) path: Arc<str>,
    pub(crate) nature: Nature,
    pub(crate) incident: Option<i64>,
    pub(crate) work: Work,
}

/// What there is to do for a document.
pub(crate) enum Work {
    /// What it is made from has changed, and has this fingerprint now.
    Make(Print, Make),
    /// Whether it has changed is not known before all that it shows is put together: too much work for the one thread
    /// that plans.
    Look(Box<dyn FnOnce() -> (Print, Make) + Send>),
}

/// What the previous edition has of a document, as it has to be.
pub(crate) enum Before {
    Ready(Made),
    Archived(Arc<str>),
}

/// The document of this path in an edition, if it was made from the same.
pub(crate) fn before(previous: &Edition, path: &str, (nature, print): (Nature, Print)) -> Option<Before> {
    if let Some((path, document)) = previous.all().get_key_value(path) {
        let is_same = document.print == print && document.nature == nature;
        return is_same.then(|| Before::Ready((Arc::clone(path), Arc::clone(document))));
    }
    let (path, cold) = previous.archive().get_key_value(path)?;
    (cold.record.print == print && cold.record.nature == nature).then(|| Before::Archived(Arc::clone(path)))
}

/// The table of contents of the next edition.
pub(crate) struct Plan<'a> {
    pub(crate) renderer: &'a Renderer,
    /// What every document depends on: the templates, and the headers.
    epoch: Print,
    previous: &'a Edition,
    asked_for: HashSet<Arc<str>>,
    pub(crate) taken_over: Documents,
    /// What is in the archive as it has to be.
    pub(crate) archived: HashSet<Arc<str>>,
    /// What belongs to no incident, and will not change any more.
    pub(crate) past: Vec<String>,
    /// The incident that documents are about, for the time being.
    incident: Option<i64>,
    pub(crate) jobs: Vec<Job>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(renderer: &'a Renderer, epoch: Print, previous: &'a Edition) -> Self {
        Self {
            renderer,
            epoch,
            previous,
            taken_over: Documents::with_capacity(previous.all().len()),
            archived: HashSet::new(),
            past: Vec::new(),
            incident: None,
            jobs: Vec::new(),
            asked_for: HashSet::new(),
        }
    }

    /// From here on, what is wanted tells of this incident and of nothing else, or of none: its documents grow old
    /// with it.
    pub(crate) fn about(&mut self, incident: Option<i64>) {
        self.incident = incident;
    }

    /// The document of this path, which belongs to no incident, will not change any more: it may go into the archive.
    pub(crate) fn is_past(&mut self, path: String) {
        self.past.push(path);
    }

    /// A page. It is rendered only when anything that it shows has changed.
    pub(crate) fn page<V>(&mut self, path: String, language: Language, frame: PublicFrame, view: V)
    where
        V: View + Send + 'static,
    {
        if self.is_asked_for(&path) {
            return;
        }
        let (renderer, epoch) = (self.renderer.clone(), self.epoch);
        let look = move || -> (Print, Make) {
            let shown = serde_json::to_vec(&(V::TEMPLATE, &frame, &view)).unwrap_or_default();
            let make = move || renderer.render_in(&frame, &view, language).map(String::into_bytes);
            (mixed(epoch, print_of(&shown)), Box::new(make))
        };
        self.put(path, Nature::page(language), Work::Look(Box::new(look)));
    }

    /// A document whose bytes are there already; it is compressed only when they have changed.
    pub(crate) fn bytes(&mut self, path: String, nature: Nature, bytes: Vec<u8>) {
        self.want(path, nature, print_of(&bytes), || Box::new(move || Ok(bytes)));
    }

    /// A document that is made from these facts, and only when one of them has changed.
    pub(crate) fn made_of(
        &mut self,
        path: String,
        nature: Nature,
        facts: &impl Serialize,
        make: impl FnOnce() -> Result<Vec<u8>, RenderError> + Send + 'static,
    ) {
        self.want(path, nature, print_of(&serde_json::to_vec(facts).unwrap_or_default()), || Box::new(make));
    }

    /// Whether the document of a path would have to be made, for a fingerprint of what it is made from.
    pub(crate) fn lacks(&self, path: &str, print: Print) -> bool {
        let document = self.previous.all().get(path).map(|document| document.print);
        let there = document.or_else(|| self.previous.archive().get(path).map(|cold| cold.record.print));
        there != Some(self.mixed(print))
    }

    /// A document with a fingerprint of what it is made from.
    pub(crate) fn want(&mut self, path: String, nature: Nature, print: Print, make: impl FnOnce() -> Make) {
        self.ask(path, nature, self.mixed(print), make);
    }

    /// A document that is made once and stays as it is, also when templates change: others keep it, and refer to it.
    pub(crate) fn once(&mut self, path: String, nature: Nature, print: Print, make: impl FnOnce() -> Make) {
        self.ask(path, nature, print, make);
    }

    fn ask(&mut self, path: String, nature: Nature, print: Print, make: impl FnOnce() -> Make) {
        if self.is_asked_for(&path) {
            return;
        }
        match before(self.previous, &path, (nature, print)) {
            Some(Before::Ready((path, document))) => drop(self.taken_over.insert(path, document)),
            Some(Before::Archived(path)) => drop(self.archived.insert(path)),
            None => self.put(path, nature, Work::Make(print, make())),
        }
    }

    /// The first one keeps an address: what was public under it stays there.
    fn is_asked_for(&self, path: &str) -> bool {
        self.taken_over.contains_key(path) || self.asked_for.contains(path) || self.archived.contains(path)
    }

    fn put(&mut self, path: String, nature: Nature, work: Work) {
        let path: Arc<str> = path.into();
        self.asked_for.insert(Arc::clone(&path));
        self.jobs.push(Job { path, nature, incident: self.incident, work });
    }

    fn mixed(&self, print: Print) -> Print {
        mixed(self.epoch, print)
    }
}

fn mixed(epoch: Print, print: Print) -> Print {
    print_of(&[epoch, print].concat())
}
