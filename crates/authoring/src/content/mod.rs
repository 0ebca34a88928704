//! From what an author picked and typed to the content of a revision.

mod clean;
mod fill;
mod input;
mod read;

pub(crate) use clean::{can_be_written, clean};
pub(crate) use fill::{Filler, fill_empty, follow_picks, holding_refused, template_words};
pub use input::{ContentInput, IncidentInput};
pub(crate) use read::Fields;

use chrono::{DateTime, Duration, Utc};
use domain::Localized;
use domain::revision::Words;

/// The fields of [`Words`], in the order of the form.
pub(crate) const WORDS: [&str; 13] = [
    "title",
    "subject",
    "know",
    "unknown",
    "doing",
    "should",
    "more",
    "sms",
    "post",
    "staff_works",
    "staff_workaround",
    "staff_line",
    "staff_note",
];

/// The words that go on from one update to the next: the way around a fault is the same until somebody says otherwise.
pub(crate) const LASTING: [&str; 3] = ["staff_works", "staff_workaround", "staff_line"];

/// The words of a field by its name.
pub(crate) fn words_of<'w>(words: &'w Words, field: &str) -> Option<&'w Localized> {
    Some(match field {
        "title" => &words.title,
        "subject" => &words.subject,
        "know" => &words.know,
        "unknown" => &words.unknown,
        "doing" => &words.doing,
        "should" => &words.should,
        "more" => &words.more,
        "sms" => &words.sms,
        "post" => &words.post,
        "staff_works" => &words.staff_works,
        "staff_workaround" => &words.staff_workaround,
        "staff_line" => &words.staff_line,
        "staff_note" => &words.staff_note,
        _ => return None,
    })
}

/// The words of a field by its name, to change them.
pub(crate) fn words_mut<'w>(words: &'w mut Words, field: &str) -> Option<&'w mut Localized> {
    Some(match field {
        "title" => &mut words.title,
        "subject" => &mut words.subject,
        "know" => &mut words.know,
        "unknown" => &mut words.unknown,
        "doing" => &mut words.doing,
        "should" => &mut words.should,
        "more" => &mut words.more,
        "sms" => &mut words.sms,
        "post" => &mut words.post,
        "staff_works" => &mut words.staff_works,
        "staff_workaround" => &mut words.staff_workaround,
        "staff_line" => &mut words.staff_line,
        "staff_note" => &mut words.staff_note,
        _ => return None,
    })
}

/// A round time some minutes from now: people remember 3:45, not 3:43.
pub(crate) fn soon(now: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
    let five = 5 * 60;
    let seconds = (now + Duration::minutes(minutes)).timestamp();
    DateTime::from_timestamp((seconds + five - 1) / five * five, 0).unwrap_or(now)
}
