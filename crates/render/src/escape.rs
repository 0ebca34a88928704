//! Escapes text for HTML and XML, in text and in quoted attributes: `&`, `<`, `>` and both quotes.
//!
//! The library's own escaper also writes `&#x2f;` for every slash, in each address of each page. Those bytes protect
//! nothing: a slash ends neither an attribute in quotes nor a text without `<`.

use std::fmt;

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Error, ErrorKind, Output, State, Value};

/// Prints a value of a template. Nothing prints as nothing, and a truth value is a mistake, because it has no words.
pub(crate) fn print(out: &mut Output, state: &State, value: &Value) -> Result<(), Error> {
    match value.kind() {
        ValueKind::None => Ok(()),
        ValueKind::Bool => Err(Error::new(ErrorKind::InvalidOperation, "a true or false was printed; it has no words")),
        _ => Ok(write(out, state.auto_escape(), value)?),
    }
}

fn write(out: &mut Output, escape: &AutoEscape, value: &Value) -> fmt::Result {
    let is_plain = value.is_safe() || matches!(escape, AutoEscape::None) || value.kind() == ValueKind::Number;
    match value.as_str() {
        Some(text) if is_plain => out.write_str(text),
        Some(text) => write_escaped(out, text),
        None if is_plain => write!(out, "{value}"),
        None => write_escaped(out, &value.to_string()),
    }
}

/// The text as it stands in HTML or XML.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    // A string takes everything.
    let _ = write_escaped(&mut html, text);
    html
}

fn write_escaped(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(place) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, from) = rest.split_at(place);
        out.write_str(before)?;
        out.write_str(match from.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#x27;",
        })?;
        rest = &from[1..];
    }
    out.write_str(rest)
}
