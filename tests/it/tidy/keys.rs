//! Follows every key of the locales from where it is written to where it is used: none idle, none missing.
//!
//! That both languages have the same keys with the same placeholders is a test of `render` itself.

use std::collections::BTreeSet;

use domain::{Language, Severity, Status};
use render::{RenderSettings, Renderer};

use super::assert_none;
use super::repository::{SourceFile, files, files_ending};

#[test]
fn no_text_is_idle() {
    let literals: BTreeSet<&str> = users().flat_map(|file| literals(&file.text)).collect();
    let prefixes: BTreeSet<&str> = users().flat_map(|file| prefixes(&file.text)).collect();
    let quoted: BTreeSet<&str> = files_ending(".ftl").flat_map(|file| references(&file.text)).collect();
    let is_built = |key: &str| {
        let mut ends = prefixes.iter().filter_map(|prefix| key.strip_prefix(prefix));
        ends.any(|end| is_composed(end, &literals))
    };
    let idle = all_keys()
        .into_iter()
        .filter(|key| !literals.contains(key.as_str()) && !quoted.contains(key.as_str()) && !is_built(key));
    assert_none("Each text of the locales is used by a template, a source file or another text.", idle.collect());
}

#[test]
fn texts_that_are_asked_for_exist() {
    let known = all_keys();
    let mut problems = render::tidy::unknown_keys();
    for file in sources().filter(|file| !file.ends_with("tests.rs")) {
        let asked = asked_for(&file.text).into_iter().filter(|key| !known.contains(key));
        problems.extend(asked.map(|key| format!("{}: {key}", file.path)));
    }
    assert_none("Each key that a template or a source file names has a text.", problems);
}

#[test]
fn every_status_and_severity_has_its_words() {
    let severities = Severity::ALL.map(|severity| format!("sev-{}", severity.key()));
    let statuses = Status::ALL.map(|status| format!("st-{}", status.key()));
    let known = all_keys();
    let missing = severities.into_iter().chain(statuses).filter(|key| !known.contains(key)).collect();
    assert_none("Each status and severity has its words.", missing);
}

#[test]
fn every_refusal_of_a_field_has_its_words() {
    let known = all_keys();
    let mut problems = Vec::new();
    for file in sources().filter(|file| !file.ends_with("tests.rs") && !file.path.contains("/tests/")) {
        let codes = REFUSALS.iter().flat_map(|call| codes_after(production(&file.text), call));
        let missing = codes.map(|code| format!("invalid-{code}")).filter(|key| !known.contains(key));
        problems.extend(missing.map(|key| format!("{}: {key}", file.path)));
    }
    assert_none("Each code with which a field is refused has its words.", problems);
}

#[test]
fn welsh_has_no_ampersand() {
    let locales = files().iter().filter(|file| file.is_below("web/locales/cy/"));
    let mut problems = Vec::new();
    for file in locales {
        let lines = file.text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && line.contains('&'));
        problems.extend(lines.map(|(number, _)| format!("{}:{}", file.path, number + 1)));
    }
    for file in files().iter().filter(|file| file.is_below("samples/") && file.ends_with(".toml")) {
        let welsh =
            file.text.lines().enumerate().filter(|(_, line)| welsh_value(line).is_some_and(|text| text.contains('&')));
        problems.extend(welsh.map(|(number, _)| format!("{}:{}", file.path, number + 1)));
    }
    assert_none("Welsh writes \"a\" or \"ac\", never an ampersand.", problems);
}

/// What stands after `cy = ` in a line of a sample, up to the next quote that ends it.
fn welsh_value(line: &str) -> Option<&str> {
    let start = line.find("cy = \"")? + "cy = \"".len();
    line[start..].split("\",").next()
}

/// How our sources refuse a field: its name and then the code.
const REFUSALS: [&str; 3] = ["Problem::new(", "ActionError::field(", "found.add("];

/// The second argument of each such call, where it is written out.
fn codes_after<'a>(source: &'a str, call: &str) -> Vec<&'a str> {
    let arguments = source.split(call).skip(1).filter_map(|rest| rest.split([')', ';']).next());
    let second =
        arguments.filter_map(|arguments| arguments.split(',').nth(1)?.trim().strip_prefix('"')?.strip_suffix('"'));
    second.filter(|code| is_key(code)).collect()
}

fn all_keys() -> BTreeSet<String> {
    let renderer = Renderer::new(RenderSettings::default()).expect("templates and locales load");
    Language::ALL.iter().flat_map(|language| renderer.locale_keys(*language)).collect()
}

/// Files that may ask for texts.
fn users() -> impl Iterator<Item = &'static SourceFile> {
    sources().chain(files().iter().filter(|file| file.is_below("web/templates/")))
}

fn sources() -> impl Iterator<Item = &'static SourceFile> {
    files().iter().filter(|file| file.is_below("crates/") && file.ends_with(".rs"))
}

fn is_key(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}

/// Everything between two quotes that could be a key or a part of one: `"draft"`, `~ "-help"`, `{x}-help`.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let after_braces = |part| str::rsplit_once(part, "}-").map_or(part, |(_, end)| end);
    text.split(['"', '\'']).map(after_braces).map(|part| part.trim_start_matches('-')).filter(|part| is_key(part))
}

/// Whether the end of a key is made of words that stand somewhere as they are, perhaps with `_` for its hyphens.
fn is_composed(end: &str, literals: &BTreeSet<&str>) -> bool {
    let is_literal = |word: &str| literals.contains(word) || literals.contains(word.replace('-', "_").as_str());
    let mut cuts = end.match_indices('-').map(|(cut, _)| (&end[..cut], &end[cut + 1..]));
    is_literal(end) || cuts.any(|(first, rest)| is_literal(first) && is_composed(rest, literals))
}

/// The beginnings of keys that are put together: `"st-" ~ status` in a template, `"st-{}"` in Rust.
fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    let parts: Vec<&str> = text.split(['"', '\'']).collect();
    let joined: Vec<&str> =
        parts.windows(2).filter(|pair| pair[1].trim_start().starts_with('~')).map(|pair| pair[0]).collect();
    let formatted: Vec<&str> = parts.iter().filter_map(|part| part.split_once('{')).map(|(start, _)| start).collect();
    joined.into_iter().chain(formatted).filter(|prefix| prefix.ends_with('-') && is_key(prefix))
}

/// Texts that another text takes in: `{ err-blank }`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::trim).filter(|name| is_key(name))
}

/// What stands before the tests of a file.
fn production(source: &str) -> &str {
    source.split("#[cfg(test)]").next().unwrap_or_default()
}

/// Keys that Rust names in full: `Link::to("key", …)` and `.text(language, "key", …)`.
fn asked_for(source: &str) -> Vec<String> {
    let source = production(source);
    let links = source.split("Link::to(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let calls = source.split(".text(").skip(1).filter_map(|rest| rest.split(')').next());
    let texts = calls.filter_map(|arguments| arguments.split(',').nth(1)?.trim().strip_prefix('"')?.strip_suffix('"'));
    links.chain(texts).filter(|key| is_key(key)).map(str::to_owned).collect()
}

#[test]
fn keys_are_found_where_they_stand() {
    let template = r#"{{ t("a-b") }}{{ t("st-" ~ status) }}{{ t('c') }}"#;
    assert_eq!(literals(template).collect::<Vec<_>>(), ["a-b", "st-", "c"]);
    assert_eq!(prefixes(template).collect::<Vec<_>>(), ["st-"]);
    assert_eq!(prefixes(r#"format!("error-{code}")"#).collect::<Vec<_>>(), ["error-"]);
    assert_eq!(
        asked_for(r#"Link::to("nav-home", url); renderer.text(language, "site-title", &args)"#),
        ["nav-home", "site-title"]
    );
    assert_eq!(references("a = { b-c } and { $n }").collect::<Vec<_>>(), ["b-c"]);
}
