//! Finds the document of an address, also when the address is written in an odd way.

use std::borrow::Cow;
use std::sync::Arc;

use domain::Language;
use domain::site::PathWords;

use crate::edition::archive::Cold;
use crate::edition::{Document, Edition, Held, MediaClass};

/// What an address leads to.
pub(super) enum Found<'e> {
    /// A document, under exactly this path.
    Document(&'e Document),
    /// An old one, under exactly this path.
    Old(&'e Arc<Cold>),
    /// A short link, and where it leads.
    Short(Language, String),
    /// An address for what is newest, and where that is now.
    Newest(String),
    /// A document whose right path is this one.
    Moved(String),
    /// The bare host.
    Root,
    /// No document.
    Nothing,
}

/// The longest path that can be one of ours; what is longer is not even looked at.
const LONGEST: usize = 512;

/// Looks for a path as it was written, and then for what was meant by it.
pub(super) fn locate<'e>(edition: &'e Edition, path: &str) -> Found<'e> {
    if path == "/" {
        return Found::Root;
    }
    match edition.held(path) {
        Some(Held::Ready(document)) if is_address(document) => return Found::Document(document),
        Some(Held::Old(cold)) => return Found::Old(cold),
        Some(Held::Short(language, target)) => return Found::Short(language, target),
        Some(Held::Newest(target)) => return Found::Newest(target),
        _ => {}
    }
    if path.len() > LONGEST {
        return Found::Nothing;
    }
    let Some(tidy) = tidied(path) else { return Found::Nothing };
    for meant in [tidy.clone(), format!("{tidy}/")] {
        if meant.starts_with('/') && edition.held(&meant).is_some() {
            return Found::Moved(meant);
        }
    }
    if let Some(path) = once_for_the_press(edition, &tidy) {
        return Found::Moved(path);
    }
    if tidy.is_empty() { Found::Root } else { Found::Nothing }
}

/// The pages for the press are kept as long as an incident is told in full. After that the address that a journalist
/// wrote down leads to the incident, which stays.
fn once_for_the_press(edition: &Edition, tidy: &str) -> Option<String> {
    let mut parts = tidy.split('/').skip(1);
    let (language, word, slug) = (parts.next()?.parse::<Language>().ok()?, parts.next()?, parts.next()?);
    let words = PathWords::of(language);
    let is_one = word == words.press && parts.next().is_none();
    let path = is_one.then(|| format!("/{}/{}/{slug}", language.code(), words.incidents))?;
    edition.held(&path).is_some().then_some(path)
}

/// The document of exactly this path, if it is in memory.
pub(super) fn public<'e>(edition: &'e Edition, path: &str) -> Option<&'e Document> {
    edition.document(path).map(|document| &**document).filter(|document| is_address(document))
}

/// The pages shown where there is none are kept under names that are no paths.
fn is_address(document: &Document) -> bool {
    document.class() != MediaClass::Missing
}

/// The path decoded, with single slashes, in small letters, without a slash at the end. `None` for what is no text.
fn tidied(path: &str) -> Option<String> {
    let decoded = decoded(path)?;
    let mut tidy = String::with_capacity(decoded.len());
    for part in decoded.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." || part.contains(|letter: char| letter.is_control() || letter == '\\') {
            return None;
        }
        tidy.push('/');
        tidy.push_str(&part.to_lowercase());
    }
    Some(tidy)
}

fn decoded(path: &str) -> Option<Cow<'_, str>> {
    if !path.contains('%') {
        return Some(Cow::Borrowed(path));
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        bytes.push(u8::try_from(digit()? << 4 | digit()?).ok()?);
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_paths_are_tidied_and_hostile_ones_are_not_followed() {
        let cases = [
            ("/en", Some("/en")),
            ("//en//services/", Some("/en/services")),
            ("/EN/Services", Some("/en/services")),
            ("/en/%73ervices", Some("/en/services")),
            ("//evil.example/..", None),
            ("/en/%2e%2e/x", None),
            ("/en/%ff", None),
            ("/en/%0d%0aset-cookie:x", None),
            ("/%", None),
            ("///", Some("")),
        ];
        for (path, expected) in cases {
            assert_eq!(tidied(path).as_deref(), expected, "{path}");
        }
    }
}
