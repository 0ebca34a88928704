//! Every document before checkers that others have made: libxml2 with the schemas of CAP and Atom, a calendar library, a
//! feed reader, JSON schemas, and the Nu HTML checker. What they are is in `tests/tools`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use super::super::fixture::site;
use super::editions;
use crate::export::export;

/// Of every kind that the checkers know, each edition has at least this many.
const LEAST: [(&str, usize); 12] = [
    ("html", 100),
    ("svg", 30),
    ("atom", 50),
    ("rss", 30),
    ("json feed", 30),
    ("calendar", 30),
    ("statuspage", 16),
    ("embed", 30),
    ("module", 1),
    ("sitemap", 2),
    ("text", 1),
    ("picture", 2),
];

#[derive(Deserialize)]
struct Said {
    checked: BTreeMap<String, usize>,
    faults: Vec<String>,
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/tools")
}

/// What the checkers of documents for programs say of a folder.
fn formats(folder: &Path) -> Said {
    let mut node = Command::new("node");
    node.args(["--no-warnings", "--experimental-vm-modules"]).arg(tools().join("formats.mjs")).arg(folder);
    let output = node.output().expect("node is installed; scripts/test installs it");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "scripts/test installs the checkers: {words}");
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

/// What the Nu HTML checker says of the pages and pictures of a folder; all else is taken out of it.
fn nu_html_checker(folder: &Path) -> Vec<String> {
    remove_all_but(&["html", "svg"], folder);
    let mut java = Command::new("java");
    java.arg("-jar").arg(tools().join("node_modules/vnu-jar/build/dist/vnu.jar"));
    java.args(["--also-check-svg", "--format", "json", "--stdout", "--exit-zero-always"]).arg(folder);
    let output = java.output().expect("java is installed; scripts/test installs it");
    let said: Value = serde_json::from_slice(&output.stdout).expect("the checker answers with JSON");
    let messages = said["messages"].as_array().expect("messages").iter();
    // It guesses languages from letters, and hostile words are of none.
    let is_guess =
        |one: &&Value| one["message"].as_str().is_some_and(|words| words.contains("appears to be written in"));
    messages
        .filter(|one| !is_guess(one))
        .map(|one| format!("{}: {} {}", one["url"], one["message"], one["extract"]))
        .collect()
}

fn remove_all_but(endings: &[&str], folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            remove_all_but(endings, &path);
        } else if !path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one)) {
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn the_checkers_of_others_find_nothing_in_any_document() {
    let all = tempfile::tempdir().unwrap();
    for (name, edition) in editions() {
        let folder = all.path().join(name.replace(' ', "-"));
        export(edition, &site(), &folder).unwrap();
        let Said { checked, faults } = formats(&folder);
        assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
        for (kind, least) in LEAST {
            let seen = checked.get(kind).copied().unwrap_or_default();
            assert!(seen >= least, "{name}: {seen} documents of the kind {kind}");
        }
    }
    let said = nu_html_checker(all.path());
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn the_checkers_of_others_find_what_is_wrong_with_a_document_of_each_kind() {
    let folder = tempfile::tempdir().unwrap();
    export(&editions()[0].1, &site(), folder.path()).unwrap();
    let spoilt = [
        ("cap/3-1.xml", "<status>Test</status>", "<status>Real</status>"),
        ("en/feed.atom", "<updated>", "<updated>at "),
        ("cy/feed.rss", "<guid", "<nothing"),
        ("en/feed.json", "\"date_published\":\"2018", "\"date_published\":\"in 2018"),
        ("en/planned.ics", "DTSTAMP:", "X-STAMP:"),
        ("api/v2/summary.json", "\"status\":\"operational\"", "\"status\":\"recovering\""),
        ("cy/api/v2/incidents.json", ".000Z", "Z"),
        ("embed/en/pthb.json", "{", "{,"),
        ("embed/status.js", "(", "(("),
        ("badge/cy.svg", "</svg>", ""),
        ("sitemap.xml", "</sitemapindex>", ""),
    ];
    for (file, right, wrong) in spoilt {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(right), "{file} says {right}");
        fs::write(&path, text.replacen(right, wrong, 1)).unwrap();
    }
    fs::write(folder.path().join("new.kind"), "").unwrap();
    fs::write(folder.path().join("en/broken.rss"), b"\xff").unwrap();
    let faults = formats(folder.path()).faults;
    for file in spoilt.map(|(file, ..)| file).into_iter().chain(["new.kind", "en/broken.rss"]) {
        let is_found = faults.iter().any(|fault| fault.starts_with(&format!("{file}: ")));
        assert!(is_found, "nobody found what is wrong with {file}:\n{}", faults.join("\n"));
    }
}
