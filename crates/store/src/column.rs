//! How values of the domain stand in columns, and back. A number that means nothing is damage, not a default.

use chrono::{DateTime, Utc};
use domain::delivery::OutcomeState;
use domain::{ChannelKind, Language, Severity};
use sea_orm::{QueryResult, TryGetable};
use serde::de::DeserializeOwned;

use crate::StoreError;

/// A time as it is stored: milliseconds since 1970, which sort and compare alike on both databases.
pub(crate) const fn ms(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// The first of January 2020: a number of seconds since then fits four bytes until 2088, and before it is below zero.
const SECONDS_FROM: i64 = 1_577_836_800;

/// A time in the least room, in seconds.
pub(crate) fn short_time(time: DateTime<Utc>) -> i32 {
    let seconds = time.timestamp() - SECONDS_FROM;
    i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX })
}

/// The time of a column that counts seconds.
pub(crate) fn from_short_time(seconds: i32) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp(i64::from(seconds) + SECONDS_FROM, 0).ok_or_else(|| meaningless("time"))
}

/// The time of a column.
pub(crate) fn time(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(ms).ok_or_else(|| meaningless("time"))
}

/// The time of a column that may be empty.
pub(crate) fn maybe_time(ms: Option<i64>) -> Result<Option<DateTime<Utc>>, StoreError> {
    ms.map(time).transpose()
}

pub(crate) fn channel(number: i16) -> Result<ChannelKind, StoreError> {
    ChannelKind::from_number(number).ok_or_else(|| meaningless("channel"))
}

pub(crate) fn language(number: i16) -> Result<Language, StoreError> {
    Language::from_number(number).ok_or_else(|| meaningless("language"))
}

pub(crate) fn severity(level: i16) -> Result<Severity, StoreError> {
    Severity::from_level(level).ok_or_else(|| meaningless("severity"))
}

pub(crate) fn outcome_state(number: i16) -> Result<OutcomeState, StoreError> {
    OutcomeState::from_number(number).ok_or_else(|| meaningless("outcome state"))
}

/// The value of a JSON column.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    Ok(serde_json::from_str(text)?)
}

/// The text of a JSON column.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value)?)
}

pub(crate) fn meaningless(what: &'static str) -> StoreError {
    StoreError::broken(format!("a stored {what} means nothing"))
}

/// A column of a row.
pub(crate) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, StoreError> {
    Ok(row.try_get_by(column)?)
}

/// `($1, $2), ($3, $4)`: the placeholders of some rows, for a statement that has no others.
///
/// For SQLite they are bare `?`: it looks numbered ones up by their names, one by one, which takes seconds for a
/// statement with some thousands of them.
pub(crate) fn tuples(rows: usize, columns: usize, style: Placeholders) -> String {
    let tuple = |row: usize| match style {
        Placeholders::Bare => format!("({})", vec!["?"; columns].join(", ")),
        Placeholders::Numbered => format!("({})", placeholders(columns, 1 + row * columns)),
    };
    (0..rows).map(tuple).collect::<Vec<_>>().join(", ")
}

/// How a database takes the placeholders of many rows.
#[derive(Clone, Copy)]
pub(crate) enum Placeholders {
    /// `?`, for SQLite.
    Bare,
    /// `$1`, for PostgreSQL.
    Numbered,
}

/// `$3, $4, $5`: so many placeholders, counted on from `first`.
pub(crate) fn placeholders(count: usize, first: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// Rows per statement: far below the 32 766 values that SQLite takes and the 65 535 of PostgreSQL.
pub(crate) const ROWS_AT_ONCE: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_seconds_is_cut_and_not_lost() {
        for text in ["2018-01-24T12:00:00Z", "2020-01-01T00:00:00Z", "2087-12-31T23:59:59Z"] {
            let time: DateTime<Utc> = text.parse().unwrap();
            assert_eq!(from_short_time(short_time(time + chrono::TimeDelta::milliseconds(999))).unwrap(), time);
        }
    }

    #[test]
    fn placeholders_count_on() {
        assert_eq!(tuples(2, 3, Placeholders::Numbered), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(tuples(2, 3, Placeholders::Bare), "(?, ?, ?), (?, ?, ?)");
        assert_eq!(placeholders(2, 5), "$5, $6");
    }
}
