//! Makes an edition: renders and compresses what changed on all processors, and takes over the rest.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use domain::{Env, Language, Site, WithCauses};
use http::HeaderMap;
use render::{RenderError, Renderer};
use tokio_util::sync::CancellationToken;

use super::archive::{Archive, Cold};
use super::contents::Contents;
use super::document::{Document, MediaClass, Nature};
use super::plan::{Before, Job, Make, Plan, Work};
use super::{Basis, Documents, Edition, Made, compress, contents, plan};
use crate::model::now::Now;
use crate::model::{Entry, Print, Story, print_of};
use crate::view::Voice;
use crate::view::history::months::{Months, months_after};

/// As large is a document that nobody has made yet, in bytes.
const TYPICAL: usize = 32 * 1024;

/// What editions are made with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Press {
    pub(crate) renderer: Renderer,
    pub(crate) site: Arc<Site>,
    /// The headers that every answer carries.
    pub(crate) common: Arc<HeaderMap>,
    pub(crate) env: Env,
    /// Changes with templates, locales, styles and headers: then every document is made anew.
    epoch: Print,
    /// Held by whoever makes an edition, so that what is less urgent can wait for it.
    pressing: Arc<RwLock<()>>,
}

impl Press {
    pub(crate) fn new(renderer: Renderer, site: Arc<Site>, common: HeaderMap, env: Env) -> Self {
        let mut epoch = renderer.fingerprint().as_bytes().to_vec();
        for (name, value) in &common {
            epoch.extend_from_slice(name.as_str().as_bytes());
            epoch.extend_from_slice(value.as_bytes());
        }
        epoch.extend(serde_json::to_vec(&*site).unwrap_or_default());
        Self { renderer, site, common: Arc::new(common), env, epoch: print_of(&epoch), pressing: Arc::default() }
    }

    /// The edition before anything was ever read: it only knows how to say so.
    pub(crate) fn first(&self, at: DateTime<Utc>) -> Result<Edition, RenderError> {
        let none = Edition::new(Documents::new(), -1, at);
        let mut plan = Plan::new(&self.renderer, self.epoch, &none);
        contents::missing_pages(&mut plan, &self.site)?;
        Ok(Edition::new(self.run(plan, &none).0, -1, at))
    }

    /// The edition of a moment. `more` are incidents that the model does not hold in full but whose pages are
    /// needed. Takes processor time: never call it where requests are answered.
    pub(crate) fn print(&self, now: &Now, previous: &Edition, more: &[Story]) -> Result<Edition, RenderError> {
        let _busy = self.pressing.read();
        let mut plan = Plan::new(&self.renderer, self.epoch, previous);
        let zone = self.renderer.settings().time_zone;
        let before = (previous.months(), previous.model());
        let months = months_after(before, now, |at| at.with_timezone(&zone).date_naive());
        self.contents(now, more, Arc::clone(&months)).list(&mut plan)?;
        let past = std::mem::take(&mut plan.past);
        let (mut documents, archived) = self.run(plan, previous);
        keep_old(&mut documents, previous, now);
        let archive = still_public(&documents, &archived, previous, now);
        let old = old(&documents, past, now);
        let edition = Edition::new(documents, now.model.version, now.at).upon(archive, Arc::clone(&now.model));
        Ok(edition.aged(old).over(months).until(self.next_moment(now)).based_on(self.basis(now)))
    }

    /// The incidents that the model does not hold in full and whose pages the previous edition does not have as they
    /// have to be, newest first. Only `all` finds what the previous edition has lost.
    pub(crate) fn lacking(&self, now: &Now, previous: &Edition, all: bool) -> Vec<i64> {
        let plan = Plan::new(&self.renderer, self.epoch, previous);
        let basis = self.basis(now);
        // Where nothing that all pages share has changed, only what was published since can be missing.
        let mut entries: Vec<_> = match !all && previous.basis() == basis {
            true => now.model.entries.unlike(&previous.model().entries).collect(),
            false => now.model.entries.iter().collect(),
        };
        entries.sort_unstable_by_key(|entry| Reverse((entry.starts_at, entry.id)));
        let entries = entries.into_iter().filter(|entry| !now.model.stories.contains_key(&entry.id));
        let catalogue = basis.catalogue.unwrap_or_default();
        let lacks = |entry: &Entry| {
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

    /// The documents of old incidents that are not as they have to be. Works on one processor, stands back while an
    /// edition is being made, and ends early when told to stop.
    pub(crate) fn remake(
        &self,
        (now, previous): (&Now, &Edition),
        stories: &[Story],
        stop: &CancellationToken,
    ) -> Result<Vec<Made>, RenderError> {
        let mut made = Vec::new();
        for story in stories {
            self.stand_back();
            if stop.is_cancelled() {
                break;
            }
            let mut plan = Plan::new(&self.renderer, self.epoch, previous);
            self.contents(now, std::slice::from_ref(story), Months::default()).old(&mut plan)?;
            let outcomes = plan.jobs.into_iter().filter_map(|job| self.work(job, previous));
            made.extend(outcomes.filter_map(|outcome| match outcome {
                Before::Ready(made) => Some(made),
                Before::Archived(_) => None,
            }));
        }
        Ok(made)
    }

    /// Waits while an edition is being made: what is new goes first.
    pub(crate) fn stand_back(&self) {
        drop(self.pressing.write());
    }

    fn contents<'c>(&'c self, now: &'c Now, more: &'c [Story], months: Months) -> Contents<'c> {
        Contents { site: &self.site, now, machine_now: self.env.machine_now(), more, months }
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

    /// Does what is planned; gives the documents in memory, and the paths of those in the archive.
    fn run(&self, plan: Plan<'_>, previous: &Edition) -> (Documents, HashSet<Arc<str>>) {
        let Plan { mut taken_over, mut archived, jobs, .. } = plan;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len().max(1));
        let queue = Mutex::new(hardest_first(jobs, previous).into_iter());
        let outcomes = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(job) = next(&queue) {
                        let outcome = self.work(job, previous);
                        outcomes.lock().unwrap_or_else(PoisonError::into_inner).extend(outcome);
                    }
                });
            }
        });
        for outcome in outcomes.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match outcome {
                Before::Ready((path, document)) => drop(taken_over.insert(path, document)),
                Before::Archived(path) => drop(archived.insert(path)),
            }
        }
        (taken_over, archived)
    }

    fn work(&self, job: Job, previous: &Edition) -> Option<Before> {
        let Job { path, nature, incident, work } = job;
        let (print, make) = match work {
            Work::Make(print, make) => (print, make),
            Work::Look(look) => look(),
        };
        let made = || self.make((path.clone(), nature, incident), (print, make), previous).map(Before::Ready);
        plan::before(previous, &path, (nature, print)).or_else(made)
    }

    /// A page that cannot be rendered stays as it was: one broken page must not stop the news on all the others.
    fn make(
        &self,
        (path, nature, incident): (Arc<str>, Nature, Option<i64>),
        (print, make): (Print, Make),
        previous: &Edition,
    ) -> Option<Made> {
        let known = previous.all().get(&path);
        match make() {
            Ok(bytes) => {
                // Much is made again and says the same: a list of which nothing has changed beside its neighbours.
                let encodings = match known.filter(|known| known.nature == nature && known.identity.body.is(&bytes)) {
                    Some(known) => known.encodings(),
                    None => compress::encode(nature.class, bytes),
                };
                Some((path, Arc::new(Document::finish(nature, print, encodings, &self.common).about(incident))))
            }
            Err(error) => {
                let (place, error) = (&*path, WithCauses(&error));
                tracing::error!(document.path = place, %error, "a page could not be rendered; it stays as it was");
                known.map(|document| (path.clone(), Arc::clone(document)))
            }
        }
    }
}

/// Keeps the documents of old incidents that are not in the archive yet: nobody asks for them anew.
fn keep_old(documents: &mut Documents, previous: &Edition, now: &Now) {
    for (path, document) in previous.all() {
        let is_old = document.incident.is_some_and(|id| is_old(id, now) && now.model.entries.has(id));
        if is_old && !documents.contains_key(path) {
            documents.insert(Arc::clone(path), Arc::clone(document));
        }
    }
}

/// Old is what the model does not hold in full.
fn is_old(incident: i64, now: &Now) -> bool {
    !now.model.stories.contains_key(&incident)
}

/// The archive without what is public no more: incidents that are gone, and what belongs to none and was not asked for.
fn still_public(documents: &Documents, archived: &HashSet<Arc<str>>, previous: &Edition, now: &Now) -> Arc<Archive> {
    let archive = previous.archive();
    let left = |path: &&Arc<str>| !archived.contains(*path) && !documents.contains_key(*path);
    let mut gone: Vec<Arc<str>> = archive.past().filter(left).cloned().collect();
    let unlike = previous.model().entries.unlike(&now.model.entries);
    let unlisted: HashSet<i64> = unlike.map(|entry| entry.id).filter(|id| !now.model.entries.has(*id)).collect();
    if !unlisted.is_empty() {
        let is_unlisted = |cold: &Cold| cold.record.incident.is_some_and(|id| unlisted.contains(&id));
        gone.extend(archive.iter().filter(|(_, cold)| is_unlisted(cold)).map(|(path, _)| Arc::clone(path)));
    }
    if gone.is_empty() { Arc::clone(archive) } else { Arc::new(archive.without(gone)) }
}

/// What may go into the archive.
fn old(documents: &Documents, past: Vec<String>, now: &Now) -> Arc<[Arc<str>]> {
    let of_incidents = documents.iter().filter(|(_, document)| document.incident.is_some_and(|id| is_old(id, now)));
    let past = past.iter().filter_map(|path| documents.get_key_value(path.as_str()));
    of_incidents.chain(past).map(|(path, _)| Arc::clone(path)).collect()
}

/// Puts what takes longest at the front: what is begun last keeps one processor while the others have nothing to do.
fn hardest_first(mut jobs: Vec<Job>, previous: &Edition) -> Vec<Job> {
    let size = |job: &Job| {
        let size = previous.all().get(&job.path).map_or(TYPICAL, |document| document.identity.body.len());
        // Pages are compressed twice, and harder.
        if job.nature.class == MediaClass::Page { size * 4 } else { size }
    };
    jobs.sort_by_cached_key(|job| Reverse(size(job)));
    jobs
}

fn next(queue: &Mutex<std::vec::IntoIter<Job>>) -> Option<Job> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).next()
}

/// The path under which the page is kept that is shown where there is none.
pub(crate) fn missing_path(what: &str, language: Language) -> String {
    format!("{what}:{}", language.code())
}
