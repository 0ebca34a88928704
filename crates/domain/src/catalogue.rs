//! Everything that is picked from lists: organisations, services, components, causes, advice, templates.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::advice::{Advice, CauseName};
use crate::organisation::Organisation;
use crate::service::{Component, Service, ServiceGroup};
use crate::template::Template;
use crate::{IncidentKind, Language, Localized, Phase};

/// The lists, in the order in which they are shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Bodies and areas.
    pub organisations: Vec<Organisation>,
    /// Headings of services.
    pub groups: Vec<ServiceGroup>,
    /// Services in public words.
    pub services: Vec<Service>,
    /// Technical parts, for staff only.
    pub components: Vec<Component>,
    /// Natures of a problem.
    pub causes: Vec<CauseName>,
    /// What people should do.
    pub advice: Vec<Advice>,
    /// Ready-made updates.
    pub templates: Vec<Template>,
}

impl Catalogue {
    /// The organisation of a key.
    #[must_use]
    pub fn organisation(&self, key: &str) -> Option<&Organisation> {
        self.organisations.iter().find(|one| one.key == key)
    }

    /// Who states something, in this language. Authors write a name once, in one language; when it is that of one of the
    /// organisations, readers of both get it in theirs. Any other name stays as it was written.
    #[must_use]
    pub fn source<'a>(&'a self, said: &'a str, language: Language) -> &'a str {
        let said = said.trim();
        let is_named = |name: &Localized| Language::ALL.iter().any(|one| name.text(*one) == said);
        let organisation = self.organisations.iter().find(|one| is_named(&one.name) || is_named(&one.short));
        organisation.map_or(said, |one| one.name.text(language))
    }

    /// Whether every body whose area people may choose exists on a day.
    #[must_use]
    pub fn offers_only_existing(&self, day: NaiveDate) -> bool {
        self.organisations.iter().all(|one| !one.subscribable || one.exists_on(day))
    }

    /// The same lists, in which nobody can choose the area of a body that does not exist on this day.
    #[must_use]
    pub fn offered_on(mut self, day: NaiveDate) -> Self {
        self.organisations.iter_mut().for_each(|one| one.subscribable &= one.exists_on(day));
        self
    }

    /// The service of a key.
    #[must_use]
    pub fn service(&self, key: &str) -> Option<&Service> {
        self.services.iter().find(|one| one.key == key)
    }

    /// The cause of a key.
    #[must_use]
    pub fn cause(&self, key: &str) -> Option<&CauseName> {
        self.causes.iter().find(|one| one.key == key)
    }

    /// The phrases of these keys as people must read them: emergency lines first, else in catalogue order.
    pub fn advice_in_order<'a>(&'a self, keys: &'a [String]) -> impl Iterator<Item = &'a Advice> {
        let mut chosen: Vec<&Advice> = self.advice.iter().filter(|one| keys.contains(&one.key)).collect();
        chosen.sort_by_key(|one| !one.emergency);
        chosen.into_iter()
    }

    /// The template of a phase.
    #[must_use]
    pub fn template(&self, kind: IncidentKind, phase: Phase) -> Option<&Template> {
        self.templates.iter().find(|one| one.kind == kind && one.phase == phase)
    }

    /// The services that depend, directly or not, on these components, in catalogue order.
    #[must_use]
    pub fn services_fed_by(&self, components: &[String]) -> Vec<&Service> {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = components.iter().map(String::as_str).collect();
        while let Some(key) = open.pop() {
            // The set also ends the walk on a cycle of dependencies.
            if reached.insert(key)
                && let Some(component) = self.components.iter().find(|one| one.key == key)
            {
                open.extend(component.feeds.iter().map(String::as_str));
            }
        }
        self.services.iter().filter(|one| reached.contains(one.key.as_str())).collect()
    }

    /// An organisation's place in the list, which is its bit in an area mask (0 to 62).
    #[must_use]
    pub fn area_bit(&self, key: &str) -> Option<u32> {
        let place = self.organisations.iter().position(|one| one.key == key)?;
        u32::try_from(place).ok().filter(|bit| *bit < 63)
    }

    /// The organisations below this one, at any depth.
    #[must_use]
    pub fn below(&self, key: &str) -> Vec<&Organisation> {
        self.organisations.iter().filter(|one| one.key != key && self.line_up(&one.key).contains(&key)).collect()
    }

    /// The keys from this organisation up to its root, itself first. A cycle in the data ends the line.
    #[must_use]
    pub fn line_up<'a>(&'a self, key: &'a str) -> Vec<&'a str> {
        let mut line = Vec::new();
        let mut next = self.organisation(key);
        while let Some(one) = next {
            if line.contains(&one.key.as_str()) {
                break;
            }
            line.push(one.key.as_str());
            next = one.parent.as_deref().and_then(|parent| self.organisation(parent));
        }
        line
    }
}
