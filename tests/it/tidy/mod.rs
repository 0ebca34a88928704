//! Keeps the repository as its documents promise: the arrows between crates, the opening sentence of each file, every
//! word in both languages, every template drawn.

mod code;
mod configuration;
mod crates;
mod documents;
pub(crate) mod html;
mod keys;
mod pages;
mod repository;
mod secrets;

/// Fails with every offender at once, so that one run is enough to put all of them right.
#[track_caller]
fn assert_none(rule: &str, mut problems: Vec<String>) {
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{rule}\n{} to put right:\n  {}", problems.len(), problems.join("\n  "));
}

/// What stands between back quotes in a piece of Markdown.
fn quoted(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.split('`').skip(1).step_by(2)
}
