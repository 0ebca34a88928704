//! When each service was not working as usual, as one incident tells it: what the strips of ninety days are drawn from,
//! also when the words of an old incident are not in memory any more.

use chrono::{DateTime, Utc};
use domain::{Phase, Status};
use serde::{Deserialize, Serialize};

use super::Story;

/// One service with one status for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spell {
    /// The service's key.
    pub(crate) service: String,
    /// What the public saw first.
    pub(crate) status: Status,
    pub(crate) from: DateTime<Utc>,
    /// None while it goes on.
    pub(crate) until: Option<DateTime<Utc>>,
}

/// The spells of an incident in the order of its updates, equal ones joined. What was a false alarm or did not take
/// place has none.
pub(crate) fn spells(story: &Story) -> Vec<Spell> {
    if matches!(story.newest().content.phase, Phase::Withdrawn | Phase::Cancelled) {
        return Vec::new();
    }
    let mut spells: Vec<Spell> = Vec::new();
    for (place, update) in story.updates.iter().enumerate().filter(|(_, one)| !one.content.phase.is_over()) {
        let Some((from, until)) = time(story, place) else { continue };
        for said in update.content.services.iter().filter(|said| said.shown() != Status::Operational) {
            let spell = Spell { service: said.key.clone(), status: said.shown(), from, until };
            let same = |one: &&mut Spell| {
                one.service == spell.service && one.status == spell.status && one.until == Some(from)
            };
            match spells.iter_mut().find(same) {
                Some(before) => before.until = until,
                None => spells.push(spell),
            }
        }
    }
    spells
}

/// How long an update spoke for: the first one from the beginning of the problem, each until the next. Planned work
/// bears on services only while it goes on. `None` when that is no time at all.
fn time(story: &Story, place: usize) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let (incident, update) = (&story.incident, &story.updates[place]);
    let next = story.updates.get(place + 1);
    let mut from = if place == 0 { incident.starts_at } else { update.published_at };
    let mut until = next.map(|one| one.published_at);
    if story.is_planned() {
        from = from.max(incident.starts_at);
        // Work that takes longer than planned goes on until somebody says that it is done.
        let ends = incident.ends_at.filter(|_| update.content.phase != Phase::Extended);
        until = [until, ends].into_iter().flatten().min();
    }
    until.is_none_or(|until| from < until).then_some((from, until))
}
