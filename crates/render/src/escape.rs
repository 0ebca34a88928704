//! Escapes text for HTML and XML, in text and in quoted attributes: `&`, `<`, `>` and both quotes, and leaves out what
//! neither may hold.
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
    while let Some((place, letter, instead)) = next_in(rest) {
        out.write_str(&rest[..place])?;
        out.write_str(instead)?;
        rest = &rest[place + letter.len_utf8()..];
    }
    out.write_str(rest)
}

/// The first letter that may not stand as it is, its place, and what stands in its stead.
fn next_in(text: &str) -> Option<(usize, char, &'static str)> {
    text.char_indices().find_map(|(place, letter)| instead_of(letter).map(|instead| (place, letter, instead)))
}

/// What HTML forbids in any form, and what turns the words after it around, is left out: nobody sees it, and a page with
/// it is not valid. What joins letters, or makes the flag of Wales, stays.
fn instead_of(letter: char) -> Option<&'static str> {
    match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#x27;"),
        ' '..='~' | '\n' | '\t' | '\r' => None,
        '\u{85}' => Some("\n"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fdd0}'..='\u{fdef}' => Some(""),
        letter if letter.is_control() || u32::from(letter) & 0xfffe == 0xfffe => Some(""),
        _ => None,
    }
}
