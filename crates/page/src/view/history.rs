//! Past incidents, month by month; those that are not over stand in their month, too, and count.

pub(crate) mod months;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{IncidentKind, Phase, Severity};
use render::View;
use serde::Serialize;

use self::months::MonthOf;
use super::{Line, LineLink, Voice, phase_key};
use crate::model::Entry;
use crate::routes::Place;

/// How many incidents the first page names before it leads to the months.
pub(crate) const NEWEST: usize = 20;

/// One incident in a list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PastRow {
    pub(crate) link: LineLink,
    pub(crate) speaker: Line,
    pub(crate) severity: Severity,
    pub(crate) phase_key: String,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) over_at: Option<DateTime<Utc>>,
    /// A problem that is not over.
    pub(crate) open: bool,
    /// When the public was first told; none for planned work, which is told beforehand.
    pub(crate) first_word: Option<DateTime<Utc>>,
}

impl PastRow {
    pub(crate) fn of(entry: &Entry, voice: Voice<'_>) -> Self {
        let url = Place::Incident(&entry.slug).path(voice.language);
        Self {
            link: LineLink { line: voice.line(&entry.title), url },
            speaker: voice.short_name(&entry.organisation),
            severity: entry.severity,
            phase_key: phase_key(entry.phase),
            starts_at: entry.starts_at,
            over_at: entry.over_at,
            open: is_open(entry),
            first_word: (entry.kind == IncidentKind::Incident).then_some(entry.first_published.max(entry.starts_at)),
        }
    }
}

/// A month that had incidents.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MonthLink {
    /// Its first day.
    pub(crate) day: NaiveDate,
    pub(crate) url: String,
    pub(crate) totals: Totals,
}

impl MonthLink {
    fn of(month: &MonthOf, voice: Voice<'_>) -> Self {
        let url = Place::Month(&month.key()).path(voice.language);
        Self { day: month.day, url, totals: month.totals }
    }
}

/// What a month adds up to.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Totals {
    pub(crate) incidents: usize,
    /// Of these, those that hit many people.
    pub(crate) serious: usize,
    /// Of these, those that were none after all.
    pub(crate) withdrawn: usize,
    /// Of these, those that are not over.
    pub(crate) open: usize,
    pub(crate) planned: usize,
    /// How long half of the incidents lasted at most, in seconds.
    pub(crate) lasted: Option<i64>,
    /// After how long the public was told of half of them, in seconds from their beginning.
    pub(crate) first_word: Option<i64>,
}

impl Totals {
    fn of(entries: &[Arc<Entry>]) -> Self {
        let (planned, incidents): (Vec<_>, Vec<_>) =
            entries.iter().partition(|entry| entry.kind == IncidentKind::Planned);
        let real = || incidents.iter().filter(|entry| entry.phase != Phase::Withdrawn);
        let seconds = |entry: &Entry, until: DateTime<Utc>| (until - entry.starts_at).num_seconds().max(0);
        Self {
            incidents: incidents.len(),
            serious: real().filter(|entry| entry.severity >= Severity::Serious).count(),
            withdrawn: incidents.len() - real().count(),
            open: incidents.iter().filter(|entry| is_open(entry)).count(),
            planned: planned.len(),
            lasted: median(real().filter_map(|entry| entry.over_at.map(|at| seconds(entry, at)))),
            first_word: median(real().map(|entry| seconds(entry, entry.first_published))),
        }
    }
}

fn is_open(entry: &Entry) -> bool {
    entry.kind == IncidentKind::Incident && entry.over_at.is_none()
}

fn median(numbers: impl Iterator<Item = i64>) -> Option<i64> {
    let mut numbers: Vec<i64> = numbers.collect();
    numbers.sort_unstable();
    numbers.get(numbers.len().saturating_sub(1) / 2).copied()
}

/// The newest incidents, and all months.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct History {
    pub(crate) rows: Vec<PastRow>,
    pub(crate) months: Vec<MonthLink>,
    pub(crate) reviews_url: String,
}

impl View for History {
    const TEMPLATE: &'static str = "page/history.html";
}

/// One month, with the months beside it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Month {
    pub(crate) day: NaiveDate,
    pub(crate) totals: Totals,
    pub(crate) rows: Vec<PastRow>,
    pub(crate) earlier: Option<MonthLink>,
    pub(crate) later: Option<MonthLink>,
    pub(crate) history_url: String,
}

impl View for Month {
    const TEMPLATE: &'static str = "page/month.html";
}

impl History {
    pub(crate) fn of(months: &[Arc<MonthOf>], voice: Voice<'_>) -> Self {
        let newest = months.iter().flat_map(|month| &month.entries).take(NEWEST);
        Self {
            rows: newest.map(|entry| PastRow::of(entry, voice)).collect(),
            months: months.iter().map(|month| MonthLink::of(month, voice)).collect(),
            reviews_url: Place::Reviews.path(voice.language),
        }
    }
}

impl Month {
    /// What the page of one month is made from: its incidents, and the months beside it as they are named there.
    pub(crate) fn facts(months: &[Arc<MonthOf>], place: usize) -> impl Serialize {
        let beside = |place: usize| months.get(place).map(|month| (month.day, month.entries.len()));
        (months[place].print, beside(place + 1), place.checked_sub(1).and_then(beside))
    }

    pub(crate) fn of(months: &[Arc<MonthOf>], place: usize, voice: Voice<'_>) -> Self {
        let month = &months[place];
        Self {
            day: month.day,
            totals: month.totals,
            rows: month.entries.iter().map(|entry| PastRow::of(entry, voice)).collect(),
            earlier: months.get(place + 1).map(|one| MonthLink::of(one, voice)),
            later: place.checked_sub(1).map(|one| MonthLink::of(&months[one], voice)),
            history_url: Place::History.path(voice.language),
        }
    }
}
