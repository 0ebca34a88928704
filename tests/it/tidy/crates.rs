//! Holds the crates to the table in ARCHITECTURE.md: who may use whom, and which libraries stay behind which wall.

use std::collections::{BTreeMap, BTreeSet};

use super::repository::{Dependency, Package, files, packages, root, text_of};
use super::{assert_none, quoted};

/// Libraries that only the crates may use whose row names them.
const WALLED: [&str; 14] = [
    "anyhow",
    "argon2",
    "axum",
    "chacha20poly1305",
    "clap",
    "figment",
    "fluent-bundle",
    "lettre",
    "minijinja",
    "object_store",
    "reqwest",
    "sea-orm",
    "sea-orm-migration",
    "sqlx",
];

/// The crate of the scenarios may use everything.
const SCENARIOS: &str = "tests";

/// One row of the table.
struct Row {
    crates: BTreeSet<String>,
    libraries: BTreeSet<String>,
}

#[test]
fn crates_use_exactly_those_that_the_architecture_says() {
    let table = table();
    let mut problems = Vec::new();
    for package in checked_packages() {
        let Some(row) = table.get(&package.folder) else {
            problems.push(format!("{} has no row in the table of ARCHITECTURE.md", package.folder));
            continue;
        };
        let used = built_with(&package).filter_map(|one| one.ours.clone()).collect();
        problems.extend(differences(&package.folder, &row.crates, &used));
    }
    assert_none("Arrows between our crates and the table in ARCHITECTURE.md are the same.", problems);
}

#[test]
fn walled_libraries_are_used_only_where_the_architecture_says() {
    let table = table();
    let mut problems = Vec::new();
    for package in checked_packages() {
        let used = built_with(&package).map(|one| one.name.clone());
        let used = used.filter(|name| WALLED.contains(&name.as_str())).collect();
        let stated = table.get(&package.folder).map(|row| row.libraries.clone()).unwrap_or_default();
        problems.extend(differences(&package.folder, &stated, &used));
    }
    assert_none("Each walled library stays in the crates whose row in ARCHITECTURE.md names it.", problems);
}

#[test]
fn every_shared_dependency_is_used_and_has_its_line() {
    let manifest: toml::Table = text_of("Cargo.toml").parse().expect("the root manifest is TOML");
    let shared = manifest["workspace"]["dependencies"].as_table().expect("dependencies are a table");
    let shared: BTreeSet<_> =
        shared.iter().filter(|(_, value)| value.get("path").is_none()).map(|(key, _)| key).collect();
    let used: BTreeSet<_> = packages().into_iter().flat_map(|one| one.dependencies).map(|one| one.name).collect();
    let lines = text_of("docs/decisions/0002-dependencies.md").lines().filter(|line| line.starts_with("| `"));
    let written: BTreeSet<_> = lines.filter_map(|line| quoted(line).next()).collect();
    let unused = shared.iter().filter(|name| !used.contains(**name)).map(|name| format!("{name} is used by no crate"));
    let silent =
        shared.iter().filter(|name| !written.contains(name.as_str())).map(|name| format!("{name} has no line"));
    let gone =
        written.iter().filter(|name| !shared.contains(&(**name).to_owned())).map(|name| format!("{name} is gone"));
    let problems = unused.chain(silent).chain(gone).collect();
    assert_none(
        "Each dependency of the workspace is used, and docs/decisions/0002-dependencies.md says why.",
        problems,
    );
}

#[test]
fn every_declared_dependency_is_used() {
    let mut problems = Vec::new();
    for package in packages() {
        let folder = if root().join("crates").join(&package.folder).exists() { "crates/" } else { "" };
        let folder = format!("{folder}{}/", package.folder);
        let sources: Vec<_> = files().iter().filter(|file| file.is_below(&folder) && file.ends_with(".rs")).collect();
        for dependency in &package.dependencies {
            let name = dependency.name.replace('-', "_");
            if !sources.iter().any(|file| names_crate(&file.text, &name)) {
                problems.push(format!("{folder}Cargo.toml: {}", dependency.name));
            }
        }
    }
    assert_none("Each crate names in its sources what its manifest declares.", problems);
}

#[test]
fn no_crate_links_more_than_one_binary_of_tests() {
    let mut problems = Vec::new();
    for file in files().iter().filter(|file| file.ends_with(".rs")) {
        // `crates/{crate}/tests/{file}.rs` is a binary of its own to cargo, `…/tests/{folder}/main.rs` is one, too.
        let parts: Vec<&str> = file.path.split('/').collect();
        if let ["crates", name, "tests", rest @ ..] = parts.as_slice()
            && (rest.len() == 1 || rest.ends_with(&["main.rs"]))
            && *rest != ["it", "main.rs"]
        {
            problems.push(format!("{}: {name} has its tests from outside in tests/it/", file.path));
        }
    }
    assert_none("The tests of a crate from outside are one binary: linking is most of what they cost.", problems);
}

#[test]
fn the_public_page_never_sees_the_whole_store() {
    let sources = files().iter().filter(|file| file.is_below("crates/page/src/") && file.ends_with(".rs"));
    // Its tests fill a store before they look at it.
    let sources = sources.filter(|file| !file.path.contains("/tests"));
    let guilty = sources.filter(|file| taken_from_the_store(&file.text).any(|name| name == "Store"));
    let problems = guilty.map(|file| file.path.clone()).collect();
    assert_none("`page` reads through Published and Subscriptions, never through Store.", problems);
}

/// `name::` or `use name`, not as the end of a longer name.
fn names_crate(source: &str, name: &str) -> bool {
    source.match_indices(name).any(|(start, _)| {
        let before = source[..start].chars().next_back();
        let after = &source[start + name.len()..];
        let begins = before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '_' | '/' | '.'));
        begins && (after.starts_with("::") || after.starts_with(';') || after.starts_with(" as "))
    })
}

/// Every name that follows `store::`, alone or in braces.
fn taken_from_the_store(source: &str) -> impl Iterator<Item = &str> {
    let taken = source.split("store::").skip(1).filter_map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split('}').next(),
        None => rest.split(|letter: char| !letter.is_alphanumeric()).next(),
    });
    taken.flat_map(|names| names.split(|letter: char| !letter.is_alphanumeric()))
}

fn checked_packages() -> impl Iterator<Item = Package> {
    packages().into_iter().filter(|package| package.folder != SCENARIOS)
}

fn built_with(package: &Package) -> impl Iterator<Item = &Dependency> {
    package.dependencies.iter().filter(|one| !one.for_tests)
}

/// The rows that begin with the name of a crate and have four cells: crate, what it does, crates, libraries.
fn table() -> BTreeMap<String, Row> {
    let rows = text_of("ARCHITECTURE.md").lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|line| line.trim_matches('|').split('|').collect::<Vec<_>>());
    cells
        .filter(|cells| cells.len() == 4)
        .filter_map(|cells| Some((quoted(cells[0]).next()?.to_owned(), row(&cells))))
        .collect()
}

fn row(cells: &[&str]) -> Row {
    let named = |cell: &str| quoted(cell).map(|name| name.split("::").next().unwrap_or(name).to_owned()).collect();
    Row { crates: named(cells[2]), libraries: named(cells[3]) }
}

fn differences(folder: &str, stated: &BTreeSet<String>, used: &BTreeSet<String>) -> Vec<String> {
    let beyond = used.difference(stated).map(|one| format!("{folder} uses {one}, and the table does not say so"));
    let unused = stated.difference(used).map(|one| format!("the table says that {folder} uses {one}; it does not"));
    beyond.chain(unused).collect()
}
