//! Lets templates print dates, numbers and texts that exist in several languages.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::Language;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, State, Value};

use crate::dates::{self, Dates};
use crate::locales::grouped;
use crate::translate::language_of;

/// Adds every filter to the environment; times are shown in `zone`.
pub(crate) fn install(environment: &mut Environment<'static>, zone: Tz) {
    moments(environment, zone);
    days(environment, zone);
    environment.add_filter("iso", |at: Value| moment(&at).map(dates::iso));
    environment.add_filter("duration", move |state: &State, lasted: Value| {
        Ok::<_, Error>(Dates::new(zone, language_of(state)?).duration(span(&lasted)?))
    });
    environment.add_filter("number", |number: Value| match number.is_number() {
        true => Ok(grouped(&number.to_string())),
        false => Err(wrong("a number", &number)),
    });
    environment.add_filter("in_lang", |state: &State, text: Value| {
        Ok::<_, Error>(best(&text, language_of(state)?)?.map_or_else(|| Value::from(""), |(_, words)| words))
    });
    // For the macro `localized`: the language that the words are really in.
    environment.add_filter("lang_of", |state: &State, text: Value| {
        let language = language_of(state)?;
        Ok::<_, Error>(best(&text, language)?.map_or(language, |(found, _)| found).code())
    });
}

fn moments(environment: &mut Environment<'static>, zone: Tz) {
    environment.add_filter("time", move |state: &State, at: Value| {
        Ok::<_, Error>(Dates::new(zone, language_of(state)?).time(moment(&at)?))
    });
    environment.add_filter("date_time", move |state: &State, at: Value| {
        Ok::<_, Error>(Dates::new(zone, language_of(state)?).date_time(moment(&at)?))
    });
    environment.add_filter("until", move |state: &State, at: Value, reference: Value| {
        Ok::<_, Error>(Dates::new(zone, language_of(state)?).until(moment(&at)?, moment(&reference)?))
    });
    environment.add_filter("ago", move |state: &State, at: Value, now: Value| {
        Ok::<_, Error>(Dates::new(zone, language_of(state)?).ago(moment(&at)?, moment(&now)?))
    });
    environment.add_filter("lasted_to", move |state: &State, start: Value, end: Value| {
        Ok::<_, Error>(Dates::new(zone, language_of(state)?).duration(moment(&end)? - moment(&start)?))
    });
    // The local date and time as `<input type="datetime-local">` holds it.
    environment.add_filter("local_input", move |at: Value| {
        Ok::<_, Error>(moment(&at)?.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string())
    });
}

/// These take a moment (then its day in the zone counts) or a plain day such as `2018-01-24`.
fn days(environment: &mut Environment<'static>, zone: Tz) {
    type Words = fn(&Dates, NaiveDate) -> String;
    let words: [(&'static str, Words); 4] = [
        ("date", Dates::date_of),
        ("day_date", Dates::day_date_of),
        ("on_day", Dates::on_day_of),
        ("month", Dates::month_of),
    ];
    for (name, words) in words {
        environment.add_filter(name, move |state: &State, at: Value| {
            let dates = Dates::new(zone, language_of(state)?);
            let day = match at.as_str().and_then(|text| text.parse::<NaiveDate>().ok()) {
                Some(day) => day,
                None => dates.day(moment(&at)?),
            };
            Ok::<_, Error>(words(&dates, day))
        });
    }
}

///
/// Every time that can be kept can be shown: one that is absurd must not take down the page that it stands on.
fn moment(value: &Value) -> Result<DateTime<Utc>, Error> {
    value
        .as_str()
        // Unlike RFC 3339, this also reads years of more than four digits.
        .and_then(|text| text.parse::<DateTime<Utc>>().ok())
        .map(|at| at.clamp(DateTime::<Utc>::MIN_UTC + MARGIN, DateTime::<Utc>::MAX_UTC - MARGIN))
        .ok_or_else(|| wrong("a time in RFC 3339", value))
}

/// So far from the ends of the calendar no zone leads beyond them.
const MARGIN: Duration = Duration::days(1);

/// Whole seconds.
fn span(value: &Value) -> Result<Duration, Error> {
    value.as_i64().and_then(Duration::try_seconds).ok_or_else(|| wrong("a number of seconds", value))
}

/// The words of a `Localized` in this language or else in the other, with the language they are in.
fn best(text: &Value, language: Language) -> Result<Option<(Language, Value)>, Error> {
    match text.kind() {
        ValueKind::None => return Ok(None),
        ValueKind::Map => {}
        _ => return Err(wrong("a text per language", text)),
    }
    for one in [language, language.other()] {
        let words = text.get_attr(one.code())?;
        if words.as_str().is_some_and(|words| !words.trim().is_empty()) {
            return Ok(Some((one, words)));
        }
    }
    Ok(None)
}

fn wrong(wanted: &str, value: &Value) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("expected {wanted}, got {}", value.kind()))
}
