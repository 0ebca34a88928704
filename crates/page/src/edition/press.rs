//! Makes an edition: renders and compresses what changed on all processors, and takes over the rest.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::{Language, Site, WithCauses};
use http::HeaderMap;
use render::{RenderError, Renderer};

use super::contents::Contents;
use super::document::Document;
use super::plan::{Job, Plan};
use super::{Basis, Documents, Edition, compress, contents};
use crate::model::now::Now;
use crate::model::{Print, Story, print_of};
use crate::view::Voice;

/// What editions are made with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Press {
    pub(crate) renderer: Renderer,
    pub(crate) site: Arc<Site>,
    /// The headers that every answer carries.
    pub(crate) common: Arc<HeaderMap>,
    /// Changes with templates, locales, styles and headers: then every document is made anew.
    epoch: Print,
}

impl Press {
    pub(crate) fn new(renderer: Renderer, site: Arc<Site>, common: HeaderMap) -> Self {
        let mut epoch = renderer.fingerprint().as_bytes().to_vec();
        for (name, value) in &common {
            epoch.extend_from_slice(name.as_str().as_bytes());
            epoch.extend_from_slice(value.as_bytes());
        }
        epoch.extend(serde_json::to_vec(&*site).unwrap_or_default());
        Self { renderer, site, common: Arc::new(common), epoch: print_of(&epoch) }
    }

    /// The edition before anything was ever read: it only knows how to say so.
    pub(crate) fn first(&self, at: DateTime<Utc>) -> Result<Edition, RenderError> {
        let none = Documents::new();
        let mut plan = Plan::new(&self.renderer, self.epoch, &none);
        contents::missing_pages(&mut plan, &self.site)?;
        let documents = self.run(plan, &none);
        Ok(Edition::new(documents, -1, at))
    }

    /// The edition of a moment. `more` are incidents that the model does not hold in full but whose pages are
    /// needed. Takes processor time: never call it where requests are answered.
    pub(crate) fn print(&self, now: &Now, previous: &Edition, more: &[Story]) -> Result<Edition, RenderError> {
        let mut plan = Plan::new(&self.renderer, self.epoch, previous.all());
        let basis = self.basis(now);
        let same_links = previous.basis().epoch == basis.epoch;
        Contents { site: &self.site, now, more, same_links }.list(&mut plan)?;
        let documents = self.run(plan, previous.all());
        Ok(Edition::new(documents, now.model.version, now.at).until(self.next_moment(now)).based_on(basis))
    }

    /// The incidents that the model does not hold in full and whose pages the previous edition does not have.
    pub(crate) fn lacking(&self, now: &Now, previous: &Edition) -> Vec<i64> {
        let plan = Plan::new(&self.renderer, self.epoch, previous.all());
        let catalogue = now.model.catalogue_print();
        // Where nothing that all pages share has changed, only what was published since can be missing.
        let since = if previous.basis() == self.basis(now) { previous.published_version() } else { -1 };
        let entries = now.model.entries.values().filter(|entry| entry.changed > since);
        let entries = entries.filter(|entry| !now.model.stories.contains_key(&entry.id));
        let lacks = |entry: &crate::model::Entry| {
            self.site.languages.iter().any(|language| {
                let voice = Voice { now, language: *language };
                plan.lacks(
                    &contents::entry_path(entry, *language),
                    contents::old_print(entry.changed, catalogue, voice),
                )
            })
        };
        entries.filter(|entry| lacks(entry)).map(|entry| entry.id).collect()
    }

    /// When what pages say changes by itself: with the incidents, and with each new day, which the strips show.
    fn next_moment(&self, now: &Now) -> Option<DateTime<Utc>> {
        let zone = self.renderer.settings().time_zone;
        let tomorrow = now.at.with_timezone(&zone).date_naive().succ_opt()?;
        // Where a day begins without a midnight, it begins an hour later.
        let starts = (0..2).find_map(|hour| tomorrow.and_hms_opt(hour, 0, 0)?.and_local_timezone(zone).earliest());
        [now.next_moment(), starts.map(|at| at.to_utc())].into_iter().flatten().min()
    }

    fn basis(&self, now: &Now) -> Basis {
        Basis { epoch: Some(self.epoch), catalogue: Some(now.model.catalogue_print()) }
    }

    fn run(&self, plan: Plan<'_>, previous: &Documents) -> Documents {
        let Plan { mut taken_over, jobs, .. } = plan;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len().max(1));
        let queue = Mutex::new(jobs.into_iter());
        let made = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(job) = next(&queue) {
                        let finished = self.make(job, previous);
                        made.lock().unwrap_or_else(PoisonError::into_inner).extend(finished);
                    }
                });
            }
        });
        taken_over.extend(made.into_inner().unwrap_or_else(PoisonError::into_inner));
        taken_over
    }

    /// A page that cannot be rendered stays as it was: one broken page must not stop the news on all the others.
    fn make(&self, job: Job, previous: &Documents) -> Option<(Arc<str>, Arc<Document>)> {
        match (job.make)() {
            Ok(bytes) => {
                let encodings = compress::encode(job.nature.class, bytes);
                let document = Document::finish(job.nature, job.print, encodings, &self.common);
                Some((job.path, Arc::new(document)))
            }
            Err(error) => {
                tracing::error!(document.path = &*job.path, error = %WithCauses(&error), "a page could not be rendered; it stays as it was");
                previous.get(&job.path).map(|document| (job.path, Arc::clone(document)))
            }
        }
    }
}

fn next(queue: &Mutex<std::vec::IntoIter<Job>>) -> Option<Job> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).next()
}

/// The path under which the page is kept that is shown where there is none.
pub(crate) fn missing_path(what: &str, language: Language) -> String {
    format!("{what}:{}", language.code())
}
