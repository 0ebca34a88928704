//! Collects what an edition consists of: documents that can be taken over as they are, and those to be made.

use std::collections::HashSet;
use std::sync::Arc;

use domain::Language;
use render::{PublicFrame, RenderError, Renderer, View};
use serde::Serialize;

use super::document::Nature;
use super::{Documents, Edition};
use crate::model::{Print, print_of};

/// Makes the bytes of one document.
type Make = Box<dyn FnOnce() -> Result<Vec<u8>, RenderError> + Send>;

/// A document still to be made.
pub(crate) struct Job {
    pub(crate) path: Arc<str>,
    pub(crate) nature: Nature,
    pub(crate) print: Print,
    pub(crate) incident: Option<i64>,
    pub(crate) make: Make,
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
        let shown = serde_json::to_vec(&(V::TEMPLATE, &frame, &view)).unwrap_or_default();
        let nature = Nature::page(language);
        let renderer = self.renderer.clone();
        let make = move || renderer.render_in(&frame, &view, language).map(String::into_bytes);
        self.want(path, nature, print_of(&shown), || Box::new(make));
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
        // The first one keeps an address: what was public under it stays there.
        let key = path.as_str();
        if self.taken_over.contains_key(key) || self.asked_for.contains(key) || self.archived.contains(key) {
            return;
        }
        if let Some((path, document)) = self.previous.all().get_key_value(key) {
            if document.print == print && document.nature == nature {
                self.taken_over.insert(Arc::clone(path), Arc::clone(document));
                return;
            }
        } else if let Some((path, cold)) = self.previous.archive().get_key_value(key)
            && cold.record.print == print
            && cold.record.nature == nature
        {
            self.archived.insert(Arc::clone(path));
            return;
        }
        let path: Arc<str> = path.into();
        self.asked_for.insert(Arc::clone(&path));
        self.jobs.push(Job { path, nature, print, incident: self.incident, make: make() });
    }

    fn mixed(&self, print: Print) -> Print {
        print_of(&[self.epoch, print].concat())
    }
}
