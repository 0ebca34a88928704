//! The state of everything at one moment: what is open, how each service does, and whom it concerns.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::organisation::Organisation;
use domain::{Catalogue, IncidentKind, Status};

use super::story::Stage;
use super::{Entry, Model, Print, Story, print_of};

/// How long something that is over still stands on the home page.
const JUST_OVER: Duration = Duration::hours(48);

/// A model looked at by the clock.
#[derive(Clone)]
pub(crate) struct Now {
    pub(crate) model: Arc<Model>,
    pub(crate) at: DateTime<Utc>,
    /// Set when nobody can say whether something newer exists: the time up to which this is known to be true.
    pub(crate) unconfirmed_since: Option<DateTime<Utc>>,
}

/// How one service does, over all that is going on.
#[derive(Clone, Debug)]
pub(crate) struct ServiceNow {
    pub(crate) key: String,
    pub(crate) system: Status,
    pub(crate) care: Status,
    /// The incident that says so; of several, the worst.
    pub(crate) story: Option<Arc<Story>>,
    /// The organisations concerned, when it is not everywhere.
    pub(crate) places: Vec<String>,
}

impl ServiceNow {
    /// What the public sees first.
    pub(crate) fn shown(&self) -> Status {
        self.system.max(self.care)
    }
}

/// Whose view it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope<'a> {
    /// The whole of the first organisation of the catalogue: the nation, or the one trust that runs the page.
    Home,
    /// One organisation with what is above and below it.
    Area(&'a str),
}

impl Now {
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.model.catalogue
    }

    /// A fingerprint of all that is told in full, as the clock has it, and of the lists.
    pub(crate) fn print(&self, catalogue: Print) -> Print {
        let told = self.model.stories.values().map(|story| {
            (story.incident.id, story.changed, story.phase(self.at), story.stage(self.at) as u8, story.is_late(self.at))
        });
        print_of(&serde_json::to_vec(&(catalogue, told.collect::<Vec<_>>())).unwrap_or_default())
    }

    /// The organisation that the page is about.
    pub(crate) fn root(&self) -> Option<&Organisation> {
        let first = self.catalogue().organisations.first()?;
        let root = self.catalogue().line_up(&first.key).last().copied()?;
        self.catalogue().organisation(root)
    }

    /// Whether something with these organisations concerns this scope: news of a body above concerns everybody
    /// below, and the other way round.
    pub(crate) fn concerns(&self, scope: Scope<'_>, organisations: &[String]) -> bool {
        let key = match scope {
            Scope::Area(key) => key,
            Scope::Home => match self.root() {
                Some(root) => root.key.as_str(),
                None => return true,
            },
        };
        let catalogue = self.catalogue();
        organisations
            .iter()
            .any(|one| catalogue.line_up(one).contains(&key) || catalogue.line_up(key).contains(&one.as_str()))
    }

    fn touching<'a>(&'a self, scope: Scope<'a>) -> impl Iterator<Item = &'a Arc<Story>> {
        self.model.stories.values().filter(move |story| self.concerns(scope, &story.newest().content.organisations))
    }

    /// Problems that are not over, the most important first.
    pub(crate) fn problems(&self, scope: Scope<'_>) -> Vec<Arc<Story>> {
        let mut open: Vec<_> = self.touching(scope).filter(|story| story.is_open_problem()).cloned().collect();
        open.sort_by_key(|story| importance(story));
        open
    }

    /// Open problems of bodies outside of the page's own tree.
    pub(crate) fn elsewhere(&self) -> Vec<Arc<Story>> {
        let own = |story: &Story| self.concerns(Scope::Home, &story.newest().content.organisations);
        let mut open: Vec<_> =
            self.model.stories.values().filter(|story| story.is_open_problem() && !own(story)).cloned().collect();
        open.sort_by_key(|story| importance(story));
        open
    }

    /// Planned work under way and ahead, the next first.
    pub(crate) fn planned(&self, scope: Scope<'_>) -> Vec<Arc<Story>> {
        let mut planned: Vec<_> = self
            .touching(scope)
            .filter(|story| story.is_planned() && story.stage(self.at) != Stage::Over)
            .cloned()
            .collect();
        planned.sort_by_key(|story| (story.incident.starts_at, story.incident.id));
        planned
    }

    /// Whether it has been over for less than two days.
    pub(crate) fn is_just_over(&self, story: &Story) -> bool {
        story.over_at().is_some_and(|at| at + JUST_OVER > self.at)
    }

    /// What has been over for less than two days, newest first.
    pub(crate) fn just_over(&self, scope: Scope<'_>) -> Vec<Arc<Story>> {
        let mut over: Vec<_> =
            self.touching(scope).filter(|story| !story.is_planned() && self.is_just_over(story)).cloned().collect();
        over.sort_by_key(|story| Reverse(story.over_at()));
        over
    }

    /// Planned work that is not over, newest first.
    pub(crate) fn ahead(&self) -> Vec<&Arc<Entry>> {
        let not_over = self.model.entries.last_ended_first().take_while(|entry| entry.over_at.is_none());
        let mut ahead: Vec<_> = not_over.filter(|entry| !self.is_history(entry)).collect();
        ahead.sort_by_key(|entry| Reverse((entry.starts_at, entry.id)));
        ahead
    }

    /// Whether it stands in a month: every incident, also one that is not over, and planned work that is over, also when
    /// its time has passed without another word.
    pub(crate) fn is_history(&self, entry: &Entry) -> bool {
        let has_passed = |story: &Arc<Story>| story.stage(self.at) == Stage::Over;
        entry.kind == IncidentKind::Incident
            || entry.over_at.is_some()
            || self.model.stories.get(&entry.id).is_some_and(has_passed)
    }

    /// How every service of the catalogue does in this scope, in catalogue order.
    pub(crate) fn services(&self, scope: Scope<'_>) -> Vec<ServiceNow> {
        let mut states: BTreeMap<&str, ServiceNow> = BTreeMap::new();
        let current: Vec<_> = self.touching(scope).filter(|story| story.is_current(self.at)).collect();
        for story in current {
            for said in &story.newest().content.services {
                let entry = states.entry(&said.key).or_insert_with(|| ServiceNow::fine(&said.key));
                self.worsen(entry, story, (said.system, said.care));
            }
        }
        let services = self.catalogue().services.iter();
        services
            .map(|service| states.remove(service.key.as_str()).unwrap_or_else(|| ServiceNow::fine(&service.key)))
            .collect()
    }

    fn worsen(&self, service: &mut ServiceNow, story: &Arc<Story>, (system, care): (Status, Status)) {
        let worse = system.max(care) > service.shown();
        if service.story.is_none() || worse {
            service.story = Some(Arc::clone(story));
        }
        service.system = service.system.max(system);
        service.care = service.care.max(care);
        if system.max(care) != Status::Operational {
            service.places.extend(story.newest().content.organisations.iter().cloned());
        }
    }

    /// The next time at which what pages say changes by itself.
    pub(crate) fn next_moment(&self) -> Option<DateTime<Utc>> {
        let stories = self.model.stories.values();
        let over = stories.clone().filter_map(|story| story.over_at()).map(|at| at + JUST_OVER);
        let over = over.filter(|at| *at > self.at);
        stories.flat_map(|story| story.moments(self.at)).chain(over).min()
    }

    /// The newest publication of any incident in the scope.
    pub(crate) fn updated_at(&self, scope: Scope<'_>) -> Option<DateTime<Utc>> {
        self.touching(scope).map(|story| story.newest().published_at).max()
    }
}

impl ServiceNow {
    fn fine(key: &str) -> Self {
        let (system, care) = (Status::Operational, Status::Operational);
        Self { key: key.to_owned(), system, care, story: None, places: Vec::new() }
    }
}

/// Severest first, then the one with the newest word.
fn importance(story: &Story) -> impl Ord + use<> {
    let newest = story.newest();
    Reverse((newest.content.severity, newest.published_at, story.incident.id))
}
