//! One published incident as the page tells it, in full or in one line.

use chrono::{DateTime, Utc};
use domain::revision::Purpose;
use domain::{Incident, IncidentKind, Language, Localized, Phase, PublicContent, Relation, Severity};
use serde::{Deserialize, Serialize};
use store::PublicIncident;

use super::spell::{Spell, spells};
use crate::view::told_phase;

/// An incident or planned work with all its updates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Story {
    pub(crate) incident: Incident,
    /// Oldest first; never empty.
    pub(crate) updates: Vec<Update>,
    /// What it says of other incidents, and others say of it.
    #[serde(default)]
    pub(crate) relations: Vec<Relation>,
    /// What others say of it, each with the number of the incident that says so.
    #[serde(default)]
    pub(crate) told_by_others: Vec<Relation>,
    /// The publication counter that last touched it.
    pub(crate) changed: i64,
}

/// One published update.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Update {
    pub(crate) number: i64,
    pub(crate) purpose: Purpose,
    pub(crate) content: PublicContent,
    pub(crate) published_at: DateTime<Utc>,
    pub(crate) missing: Vec<Language>,
}

/// Where planned work stands by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Its time has not come.
    Ahead,
    /// It is going on.
    Underway,
    /// Its time is over, or it was called off.
    Over,
}

impl Story {
    /// `None` when nothing of it is public.
    pub(crate) fn of(public: PublicIncident) -> Option<Self> {
        let updates: Vec<Update> = public
            .updates
            .into_iter()
            .map(|one| Update {
                number: one.number,
                purpose: one.purpose,
                content: one.content,
                published_at: one.published_at,
                missing: one.missing,
            })
            .collect();
        let PublicIncident { incident, relations, told_by_others, changed, .. } = public;
        (!updates.is_empty()).then_some(Self { incident, updates, relations, told_by_others, changed })
    }

    /// What is said now.
    pub(crate) fn newest(&self) -> &Update {
        self.updates.last().expect("a story is only made with at least one update")
    }

    /// The headline of now.
    pub(crate) fn title(&self) -> &Localized {
        &self.newest().content.words.title
    }

    /// Whether somebody says whether the incident of this number has to do with it.
    pub(crate) fn is_told_with(&self, number: i64) -> bool {
        self.relations.iter().chain(&self.told_by_others).any(|one| one.number == number)
    }

    pub(crate) fn is_planned(&self) -> bool {
        self.incident.kind == IncidentKind::Planned
    }

    /// Whether somebody has said when it began. Else its start is nothing but the time at which it was entered here.
    pub(crate) fn is_start_known(&self) -> bool {
        self.incident.starts_at != self.incident.opened_at
    }

    /// When the first update was published.
    pub(crate) fn first_published(&self) -> DateTime<Utc> {
        self.updates.first().map_or(self.incident.opened_at, |first| first.published_at)
    }

    /// When it was said to be over.
    pub(crate) fn over_at(&self) -> Option<DateTime<Utc>> {
        let newest = self.newest();
        newest.content.phase.is_over().then(|| self.incident.resolved_at.unwrap_or(newest.published_at))
    }

    /// Where planned work stands at `now`: it starts and ends by the clock, without anybody's press of a button.
    pub(crate) fn stage(&self, now: DateTime<Utc>) -> Stage {
        let ended = self.incident.ends_at.is_some_and(|end| end <= now);
        match self.newest().content.phase {
            Phase::Scheduled if self.incident.starts_at > now => Stage::Ahead,
            Phase::Scheduled | Phase::InProgress if ended => Stage::Over,
            phase if phase.is_over() => Stage::Over,
            _ => Stage::Underway,
        }
    }

    /// The phase by the clock.
    pub(crate) fn phase(&self, now: DateTime<Utc>) -> Phase {
        let said = self.newest().content.phase;
        match said {
            Phase::Scheduled if self.stage(now) == Stage::Underway => Phase::InProgress,
            _ => said,
        }
    }

    /// The key of the words for where it stands.
    pub(crate) fn phase_key(&self, now: DateTime<Utc>) -> String {
        told_phase(self.phase(now), &self.newest().content.cause)
    }

    /// A problem that is not over.
    pub(crate) fn is_open_problem(&self) -> bool {
        !self.is_planned() && !self.newest().content.phase.is_over()
    }

    /// Whether it bears on services at `now`.
    pub(crate) fn is_current(&self, now: DateTime<Utc>) -> bool {
        if self.is_planned() { self.stage(now) == Stage::Underway } else { self.is_open_problem() }
    }

    /// Whether the next update was promised for a time that has passed.
    pub(crate) fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.is_current(now) && self.newest().content.next_update_by.is_some_and(|by| by < now)
    }

    /// The times after `now` at which what the page says changes by itself.
    pub(crate) fn moments(&self, now: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let over = self.newest().content.phase.is_over();
        let planned = self.is_planned().then_some(self.incident.starts_at);
        let ends = if self.is_planned() { self.incident.ends_at } else { None };
        // A moment later than the promise, because the update is still in time at that very moment.
        let late = self.newest().content.next_update_by.map(|by| by + chrono::Duration::milliseconds(1));
        [planned, ends, late].into_iter().flatten().filter(move |at| !over && *at > now)
    }
}

/// What lists of past incidents say of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) id: i64,
    pub(crate) number: i64,
    pub(crate) kind: IncidentKind,
    pub(crate) slug: Localized,
    pub(crate) title: Localized,
    pub(crate) organisation: String,
    pub(crate) organisations: Vec<String>,
    pub(crate) severity: Severity,
    pub(crate) phase: Phase,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) over_at: Option<DateTime<Utc>>,
    pub(crate) first_published: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) changed: i64,
    /// When which service was not working as usual.
    pub(crate) spells: Vec<Spell>,
}

impl Entry {
    pub(crate) fn of(story: &Story) -> Self {
        let newest = story.newest();
        Self {
            id: story.incident.id,
            number: story.incident.number,
            kind: story.incident.kind,
            slug: story.incident.slug.clone(),
            title: story.title().clone(),
            organisation: story.incident.organisation.clone(),
            organisations: newest.content.organisations.clone(),
            severity: newest.content.severity,
            phase: newest.content.phase,
            starts_at: story.incident.starts_at,
            over_at: story.over_at(),
            first_published: story.first_published(),
            updated_at: newest.published_at,
            changed: story.changed,
            spells: spells(story),
        }
    }
}
