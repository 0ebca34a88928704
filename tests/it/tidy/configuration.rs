//! Holds `hysbys.example.toml` and the table in `docs/operating.md` to what the program really reads.

use std::collections::{BTreeMap, BTreeSet};

use hysbys::config::Config;
use serde_json::Value;

use super::repository::{root, text_of};
use super::{assert_none, quoted};

const EXAMPLE: &str = "hysbys.example.toml";

#[test]
fn the_example_is_a_configuration_that_starts() {
    let problem = Config::read(Some(&root().join(EXAMPLE))).err();
    assert_none(
        "hysbys.example.toml can be used as it stands.",
        problem.iter().map(|one| format!("{one:#}")).collect(),
    );
}

#[test]
fn the_example_shows_every_key_that_there_is() {
    let shown: BTreeSet<String> = values(&json_of(&uncommented())).into_keys().collect();
    let config: Config = toml::from_str(&uncommented()).expect("the example with every line switched on is read");
    let known: BTreeSet<String> =
        values(&serde_json::to_value(config).expect("it can be printed")).into_keys().collect();
    let silent = known.difference(&shown).map(|key| format!("{key} is not shown"));
    assert_none("hysbys.example.toml shows every key.", silent.collect());
}

#[test]
fn a_commented_line_of_the_example_shows_the_default() {
    let shown = values(&json_of(&uncommented()));
    let set = values(&json_of(text_of(EXAMPLE)));
    let defaults = values(&serde_json::to_value(Config::default()).expect("it can be printed"));
    let mut problems = Vec::new();
    for (key, default) in defaults.iter().filter(|(key, default)| !default.is_null() && !set.contains_key(*key)) {
        let is_empty_list = default.as_array().is_some_and(Vec::is_empty);
        if let Some(value) = shown.get(key).filter(|value| *value != default && !is_empty_list) {
            problems.push(format!("{key} = {value}, but the default is {default}"));
        }
    }
    assert_none("A line that is commented out shows the default.", problems);
}

#[test]
fn the_table_for_operators_has_every_key() {
    let shown: BTreeSet<String> = values(&json_of(&uncommented())).into_keys().collect();
    let table =
        text_of("docs/operating.md").lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 4);
    let written: BTreeSet<String> = table.filter_map(|line| quoted(line).next()).map(str::to_owned).collect();
    let silent = shown.difference(&written).map(|key| format!("{key} has no row"));
    let gone = written.difference(&shown).map(|key| format!("{key} is in the table, but not in the example"));
    assert_none("The table of docs/operating.md has a row for each key.", silent.chain(gone).collect());
}

/// The example with every setting switched on: a setting that is commented out has no space after its `#`.
fn uncommented() -> String {
    let line = |line: &'static str| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|first: char| first.is_ascii_lowercase() || first == '[') => setting,
        _ => line,
    };
    text_of(EXAMPLE).lines().map(line).collect::<Vec<_>>().join("\n")
}

fn json_of(text: &str) -> Value {
    let table: toml::Table = text.parse().expect("the example is TOML");
    serde_json::to_value(table).expect("TOML fits into JSON")
}

/// Every value with its dotted key; the tables of a list count as one.
fn values(value: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    collect("", value, &mut found);
    found
}

fn collect(key: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (name, value) in map {
                let dot = if key.is_empty() { "" } else { "." };
                collect(&format!("{key}{dot}{name}"), value, found);
            }
        }
        Value::Array(list) if list.first().is_some_and(Value::is_object) => {
            list.iter().for_each(|value| collect(key, value, found));
        }
        value => _ = found.insert(key.to_owned(), value.clone()),
    }
}
