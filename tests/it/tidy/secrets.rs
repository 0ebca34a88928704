//! Looks for what must never be published: keys and tokens, and paths of the machine that somebody worked on.

use super::assert_none;
use super::repository::{SourceFile, files, text_of};

/// Beginnings of well-known secrets, each in two parts, so that this list does not find itself.
const SECRETS: [(&str, &str); 9] = [
    ("-----BEGIN ", "PRIVATE KEY"),
    ("-----BEGIN RSA ", "PRIVATE KEY"),
    ("-----BEGIN EC ", "PRIVATE KEY"),
    ("gh", "p_"),
    ("github_", "pat_"),
    ("xo", "xb-"),
    ("AK", "IA"),
    ("gl", "pat-"),
    ("eyJhbGci", "Oi"),
];

/// Folders of one machine, in two parts.
const MACHINE_PATHS: [(&str, &str); 5] =
    [("/work", "/"), ("/ro", "ot/"), ("/tmp/", "brief"), ("../sha", "red"), ("/home/", "runner")];

/// Keys that protect nothing: with these the tests play a relay that speaks TLS.
const TEST_KEYS: &str = "crates/channels/tests/tls/";

/// The one place from which libraries come.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[test]
fn no_secret_is_in_the_repository() {
    let mut problems = found(&SECRETS);
    problems.retain(|place| !place.starts_with(TEST_KEYS));
    assert_none("Secrets live in files of the operator, never here.", problems);
}

#[test]
fn no_path_of_a_machine_is_in_the_repository() {
    assert_none("The repository speaks of itself alone.", found(&MACHINE_PATHS));
}

#[test]
fn libraries_come_from_one_registry() {
    let sources = text_of("Cargo.lock").lines().filter_map(|line| line.strip_prefix("source = "));
    let others = sources.filter(|source| source.trim_matches('"') != REGISTRY);
    assert_none("Cargo.lock names the public registry alone.", others.map(str::to_owned).collect());
}

fn found(patterns: &[(&str, &str)]) -> Vec<String> {
    let patterns: Vec<String> = patterns.iter().map(|(head, tail)| [*head, *tail].concat()).collect();
    files().iter().flat_map(|file| found_in(file, &patterns)).collect()
}

fn found_in(file: &SourceFile, patterns: &[String]) -> Vec<String> {
    let lines = file.text.lines().enumerate();
    let hits = lines.filter(|(_, line)| patterns.iter().any(|pattern| stands_alone(line, pattern)));
    hits.map(|(number, _)| format!("{}:{}", file.path, number + 1)).collect()
}

/// A pattern inside a longer word or path (`/framework/`, `SPEAKIAN`) is something else.
fn stands_alone(line: &str, pattern: &str) -> bool {
    line.match_indices(pattern).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '.' | '/' | '_' | '}'))
    })
}
