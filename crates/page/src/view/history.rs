//! Past incidents, month by month.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::Severity;
use render::View;
use serde::Serialize;

use super::{Line, LineLink, Voice, phase_key};
use crate::model::{Entry, Print, print_of};
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
        }
    }
}

/// A month that had incidents.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MonthLink {
    /// Its first day.
    pub(crate) day: NaiveDate,
    pub(crate) url: String,
    pub(crate) count: usize,
}

/// The newest incidents, and all months.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct History {
    pub(crate) rows: Vec<PastRow>,
    pub(crate) months: Vec<MonthLink>,
}

impl View for History {
    const TEMPLATE: &'static str = "page/history.html";
}

/// One month, with the months beside it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Month {
    pub(crate) day: NaiveDate,
    pub(crate) rows: Vec<PastRow>,
    pub(crate) earlier: Option<MonthLink>,
    pub(crate) later: Option<MonthLink>,
    pub(crate) history_url: String,
}

impl View for Month {
    const TEMPLATE: &'static str = "page/month.html";
}

/// A month with its incidents, newest first.
#[derive(Clone, Debug)]
pub(crate) struct MonthOf {
    pub(crate) day: NaiveDate,
    pub(crate) entries: Vec<Arc<Entry>>,
    /// Of all that its pages say, apart from the names in the lists.
    pub(crate) print: Print,
}

impl MonthOf {
    /// The month as addresses have it: `2018-01`.
    pub(crate) fn key(&self) -> String {
        self.day.format("%Y-%m").to_string()
    }

    fn link(&self, voice: Voice<'_>) -> MonthLink {
        let url = Place::Month(&self.key()).path(voice.language);
        MonthLink { day: self.day, url, count: self.entries.len() }
    }
}

/// Sorts incidents, newest first, into the months in which they began, as people there count them.
pub(crate) fn months(entries: &[Arc<Entry>], day_of: impl Fn(DateTime<Utc>) -> NaiveDate) -> Vec<MonthOf> {
    use chrono::Datelike;
    let mut months: Vec<MonthOf> = Vec::new();
    for entry in entries {
        let began = day_of(entry.starts_at);
        let day = began.with_day(1).unwrap_or(began);
        match months.last_mut() {
            Some(month) if month.day == day => month.entries.push(Arc::clone(entry)),
            _ => months.push(MonthOf { day, entries: vec![Arc::clone(entry)], print: Print::default() }),
        }
    }
    for month in &mut months {
        let facts: Vec<u8> =
            month.entries.iter().flat_map(|entry| [entry.id, entry.changed]).flat_map(i64::to_be_bytes).collect();
        month.print = print_of(&facts);
    }
    months
}

impl History {
    pub(crate) fn of(months: &[MonthOf], voice: Voice<'_>) -> Self {
        let newest = months.iter().flat_map(|month| &month.entries).take(NEWEST);
        Self {
            rows: newest.map(|entry| PastRow::of(entry, voice)).collect(),
            months: months.iter().map(|month| month.link(voice)).collect(),
        }
    }
}

impl Month {
    /// What the page of one month is made from: its incidents, and the months beside it as they are named there.
    pub(crate) fn facts(months: &[MonthOf], place: usize) -> impl Serialize {
        let beside = |place: usize| months.get(place).map(|month| (month.day, month.entries.len()));
        (months[place].print, beside(place + 1), place.checked_sub(1).and_then(beside))
    }

    pub(crate) fn of(months: &[MonthOf], place: usize, voice: Voice<'_>) -> Self {
        let month = &months[place];
        Self {
            day: month.day,
            rows: month.entries.iter().map(|entry| PastRow::of(entry, voice)).collect(),
            earlier: months.get(place + 1).map(|one| one.link(voice)),
            later: place.checked_sub(1).map(|one| months[one].link(voice)),
            history_url: Place::History.path(voice.language),
        }
    }
}
