//! The last ninety days of every service, from one line on each incident: no words of old incidents are needed.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::Status;
use serde::Serialize;

use super::{LineLink, Voice};
use crate::model::Entry;
use crate::model::now::{Now, Scope};
use crate::routes::Place;

/// How many days a strip shows, today among them.
pub(crate) const DAYS: i64 = 90;

/// How many incidents one row of the table names.
const NAMED: usize = 5;

/// What is known of one service on one day.
#[derive(Clone, Debug, Default, PartialEq)]
struct Day<'a> {
    worst: Status,
    incidents: Vec<&'a Arc<Entry>>,
}

/// The days of every service that was not always working as usual.
pub(crate) struct Days<'a> {
    first: NaiveDate,
    by_service: HashMap<&'a str, Vec<Day<'a>>>,
}

impl<'a> Days<'a> {
    /// `day_of` says on which day a moment falls for people there.
    pub(crate) fn of(now: &'a Now, day_of: impl Fn(DateTime<Utc>) -> NaiveDate) -> Self {
        let first = day_of(now.at) - Duration::days(DAYS - 1);
        let mut days = Self { first, by_service: HashMap::new() };
        // Two days more, because a day of the zone may begin before the day of UTC.
        let horizon = now.at - Duration::days(DAYS + 2);
        let is_recent = |entry: &&Arc<Entry>| entry.over_at.is_none_or(|at| at > horizon);
        let mut recent: Vec<_> = now.model.entries.last_ended_first().take_while(is_recent).collect();
        recent.sort_unstable_by_key(|entry| entry.id);
        for entry in recent {
            if now.concerns(Scope::Home, &entry.organisations) {
                days.note(entry, now.at, &day_of);
            }
        }
        days
    }

    fn note(&mut self, entry: &'a Arc<Entry>, now: DateTime<Utc>, day_of: impl Fn(DateTime<Utc>) -> NaiveDate) {
        for spell in entry.spells.iter().filter(|spell| spell.from <= now) {
            // What ended at midnight did not touch the day that began then.
            let until =
                spell.until.filter(|until| *until <= now).map_or(now, |until| until - Duration::milliseconds(1));
            let place = |at| (day_of(at) - self.first).num_days();
            let (from, until) = (place(spell.from).max(0), place(until).min(DAYS - 1));
            let days = self.by_service.entry(&spell.service).or_insert_with(|| vec![Day::default(); DAYS as usize]);
            for day in (from..=until).filter_map(|place| usize::try_from(place).ok()) {
                days[day].worst = days[day].worst.max(spell.status);
                if !days[day].incidents.iter().any(|one| one.id == entry.id) {
                    days[day].incidents.push(entry);
                }
            }
        }
    }

    /// The strip of a service.
    pub(crate) fn strip(&self, service: &str, voice: Voice<'_>) -> Strip {
        let always_fine = vec![Day::default(); DAYS as usize];
        let days = self.by_service.get(service).unwrap_or(&always_fine);
        Strip {
            first: self.first,
            days: days.len(),
            fine: days.iter().filter(|day| day.worst == Status::Operational).count(),
            bars: bars(days),
            rows: self.rows(days, voice),
        }
    }

    /// The table that says the same as the strip, newest first. Days that are alike share a row.
    fn rows(&self, days: &[Day<'_>], voice: Voice<'_>) -> Vec<DayRow> {
        let date = |place: usize| self.first + Duration::days(i64::try_from(place).unwrap_or_default());
        let mut rows: Vec<DayRow> = Vec::new();
        let mut before: Option<&Day<'_>> = None;
        for (place, day) in days.iter().enumerate() {
            match rows.last_mut().filter(|_| before == Some(day)) {
                Some(row) => row.to = date(place),
                None => rows.push(DayRow::of(date(place), day, voice)),
            }
            before = Some(day);
        }
        rows.reverse();
        rows
    }
}

/// Ninety days of one service: as a picture, and as a table that says the same.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Strip {
    pub(crate) first: NaiveDate,
    pub(crate) days: usize,
    /// On how many of them it always worked normally.
    pub(crate) fine: usize,
    pub(crate) bars: Vec<Bar>,
    pub(crate) rows: Vec<DayRow>,
}

/// All days with one status, as the path of one shape.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Bar {
    pub(crate) status: Status,
    pub(crate) path: String,
}

/// Some days one after the other that are alike.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DayRow {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    pub(crate) status: Status,
    pub(crate) incidents: Vec<LineLink>,
}

impl DayRow {
    fn of(date: NaiveDate, day: &Day<'_>, voice: Voice<'_>) -> Self {
        let link = |entry: &&Arc<Entry>| LineLink {
            line: voice.line(&entry.title),
            url: Place::Incident(&entry.slug).path(voice.language),
        };
        let incidents = day.incidents.iter().rev().take(NAMED).map(link).collect();
        Self { from: date, to: date, status: day.worst, incidents }
    }
}

/// One bar for each day; the worse, the taller, so that the picture says the same without its colours.
fn bars(days: &[Day<'_>]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for status in Status::ALL {
        let of_status = days.iter().enumerate().filter(|(_, day)| day.worst == status);
        let top = 10 - height(status);
        let path: String =
            of_status.map(|(place, _)| format!("M{} {top}h3v{}h-3z", place * 4, height(status))).collect();
        if !path.is_empty() {
            bars.push(Bar { status, path });
        }
    }
    bars
}

/// Of ten.
const fn height(status: Status) -> u8 {
    match status {
        Status::Operational | Status::Unknown => 3,
        Status::Maintenance => 5,
        Status::Recovering => 6,
        Status::Degraded => 7,
        Status::Partial => 8,
        Status::Unavailable | Status::Outage => 10,
    }
}
