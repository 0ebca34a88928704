//! The past, sorted into months. An edition takes the months over from the one before it, but for those in which
//! something has changed: a publication must not count ten years again.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Duration, Months as Span, NaiveDate, NaiveTime, Utc};

use super::Totals;
use crate::model::now::Now;
use crate::model::{Entry, Model, Print, print_of};

/// The months in which something was, the newest first.
pub(crate) type Months = Arc<[Arc<MonthOf>]>;

/// A month with its incidents, newest first.
#[derive(Clone, Debug)]
pub(crate) struct MonthOf {
    /// Its first day.
    pub(crate) day: NaiveDate,
    pub(crate) entries: Vec<Arc<Entry>>,
    /// Of all that its pages say, apart from the names in the lists.
    pub(crate) print: Print,
    /// What it adds up to, in every language: the list of months names all that there ever were.
    pub(crate) totals: Totals,
    /// When something was last said of one of its incidents.
    pub(crate) updated_at: DateTime<Utc>,
}

impl MonthOf {
    fn of(day: NaiveDate, entries: Vec<Arc<Entry>>) -> Self {
        let facts = entries.iter().flat_map(|entry| [entry.id, entry.changed]).flat_map(i64::to_be_bytes);
        let print = print_of(&facts.collect::<Vec<u8>>());
        let updated_at = entries.iter().map(|entry| entry.updated_at).max().unwrap_or_default();
        Self { day, print, totals: Totals::of(&entries), updated_at, entries }
    }

    /// The month as addresses have it: `2018-01`.
    pub(crate) fn key(&self) -> String {
        self.day.format("%Y-%m").to_string()
    }
}

/// The months of all that stands in history, each incident in the month in which it began, as people there count days.
pub(crate) fn months(now: &Now, day_of: impl Fn(DateTime<Utc>) -> NaiveDate) -> Months {
    let mut months: Vec<(NaiveDate, Vec<Arc<Entry>>)> = Vec::new();
    for entry in now.model.entries.newest_first().filter(|entry| now.is_history(entry)) {
        let day = first_day(day_of(entry.starts_at));
        match months.last_mut() {
            Some((last, entries)) if *last == day => entries.push(Arc::clone(entry)),
            _ => months.push((day, vec![Arc::clone(entry)])),
        }
    }
    months.into_iter().map(|(day, entries)| Arc::new(MonthOf::of(day, entries))).collect()
}

/// The same, from those that were made of an earlier model.
pub(crate) fn months_after(
    (known, before): (&Months, &Model),
    now: &Now,
    day_of: impl Fn(DateTime<Utc>) -> NaiveDate,
) -> Months {
    if known.is_empty() {
        return months(now, day_of);
    }
    let (old, new) = (&before.entries, &now.model.entries);
    let changed = new.unlike(old).chain(old.unlike(new)).map(|entry| entry.starts_at);
    // Planned work is over by the clock.
    let planned = now.model.stories.values().chain(before.stories.values()).filter(|story| story.is_planned());
    let touched: BTreeSet<NaiveDate> = changed
        .chain(planned.map(|story| story.incident.starts_at))
        .map(|starts_at| first_day(day_of(starts_at)))
        .collect();
    let mut months = Vec::from_iter(known.iter().cloned());
    let mut is_other = false;
    for day in touched {
        let (place, entries) = (months.partition_point(|month| month.day > day), begun_in(day, now, &day_of));
        let known = months.get(place).filter(|month| month.day == day);
        let month = (!entries.is_empty()).then(|| Arc::new(MonthOf::of(day, entries)));
        if known.map(|known| known.print) != month.as_ref().map(|month| month.print) {
            let replaced = place..place + usize::from(known.is_some());
            months.splice(replaced, month);
            is_other = true;
        }
    }
    if is_other { months.into() } else { Arc::clone(known) }
}

/// What stands in history and began in this month, newest first.
fn begun_in(day: NaiveDate, now: &Now, day_of: impl Fn(DateTime<Utc>) -> NaiveDate) -> Vec<Arc<Entry>> {
    // No clock on earth is two days away from that of UTC.
    let (midnight, margin) = (|day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc(), Duration::days(2));
    let (from, until) = (midnight(day) - margin, midnight(day + Span::new(1)) + margin);
    let near = now.model.entries.begun_before(until).take_while(|entry| entry.starts_at >= from);
    near.filter(|entry| first_day(day_of(entry.starts_at)) == day && now.is_history(entry)).cloned().collect()
}

fn first_day(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}
