//! Collects what an edition consists of: documents that can be taken over as they are, and those to be made.

use std::collections::HashSet;
use std::sync::Arc;

use domain::Language;
use render::{PublicFrame, RenderError, Renderer, View};
use serde::Serialize;

use super::Documents;
use super::document::{MediaClass, Nature};
use crate::model::{Print, print_of};

/// Makes the bytes of one document.
type Make = Box<dyn FnOnce() -> Result<Vec<u8>, RenderError> + Send>;

/// A document still to be made.
pub(crate) struct Job {
    pub(crate) path: Arc<str>,
    pub(crate) nature: Nature,
    pub(crate) print: Print,
    pub(crate) make: Make,
}

/// The table of contents of the next edition.
pub(crate) struct Plan<'a> {
    pub(crate) renderer: &'a Renderer,
    /// What every document depends on: the templates, and the headers.
    epoch: Print,
    previous: &'a Documents,
    asked_for: HashSet<Arc<str>>,
    pub(crate) taken_over: Documents,
    pub(crate) jobs: Vec<Job>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(renderer: &'a Renderer, epoch: Print, previous: &'a Documents) -> Self {
        Self {
            renderer,
            epoch,
            previous,
            taken_over: Documents::with_capacity(previous.len()),
            jobs: Vec::new(),
            asked_for: HashSet::new(),
        }
    }

    /// A page. It is rendered only when anything that it shows has changed.
    pub(crate) fn page<V>(&mut self, path: String, language: Language, frame: PublicFrame, view: V)
    where
        V: View + Send + 'static,
    {
        let shown = serde_json::to_vec(&(V::TEMPLATE, &frame, &view)).unwrap_or_default();
        let nature = Nature { class: MediaClass::Page, language: Some(language) };
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
        self.previous.get(path).is_none_or(|document| document.print != self.mixed(print))
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
        if self.taken_over.contains_key(path.as_str()) || self.asked_for.contains(path.as_str()) {
            return;
        }
        match self.previous.get_key_value(path.as_str()) {
            Some((path, document)) if document.print == print && document.nature == nature => {
                self.taken_over.insert(Arc::clone(path), Arc::clone(document));
            }
            _ => {
                let path: Arc<str> = path.into();
                self.asked_for.insert(Arc::clone(&path));
                self.jobs.push(Job { path, nature, print, make: make() });
            }
        }
    }

    /// Takes a document over as it is, if there is one and no other was asked for under its path: better an old page
    /// of an old incident than none while the database does not answer.
    pub(crate) fn keep(&mut self, path: &str) -> bool {
        if let Some((path, document)) = self.previous.get_key_value(path)
            && !self.asked_for.contains(path)
        {
            self.taken_over.entry(Arc::clone(path)).or_insert_with(|| Arc::clone(document));
            return true;
        }
        false
    }

    fn mixed(&self, print: Print) -> Print {
        print_of(&[self.epoch, print].concat())
    }
}
