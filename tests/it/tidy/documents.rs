//! Reads the documents as a newcomer would: links lead somewhere, and every command they show can be typed.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use clap::Parser;
use clap::error::ErrorKind;
use hysbys::cli::Cli;

use super::assert_none;
use super::repository::{SourceFile, files_ending, root};

#[test]
fn links_between_documents_lead_somewhere() {
    let mut problems = Vec::new();
    for file in files_ending(".md") {
        let broken = links(&file.text).filter(|link| !leads_somewhere(file, link));
        problems.extend(broken.map(|link| format!("{}: {link}", file.path)));
    }
    assert_none("Each link of a document leads to a file that is there.", problems);
}

#[test]
fn commands_in_the_documents_can_be_typed() {
    let mut problems = Vec::new();
    for file in files_ending(".md") {
        for line in commands(&file.text) {
            let Err(error) = Cli::try_parse_from(words(&line)) else { continue };
            if !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
                problems.push(format!("{}: {line}: {}", file.path, error.kind()));
            }
        }
    }
    assert_none("Each command that a document shows is one that the program takes.", problems);
}

/// The names of metrics stand in three places, and somebody who is woken at night relies on each.
#[test]
fn metrics_are_told_drawn_and_explained_alike() {
    let ours = |text: &str, path: &str| {
        let words = text.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
        let names: BTreeSet<String> = words.filter(|word| word.starts_with("hysbys_")).map(str::to_owned).collect();
        assert!(!names.is_empty(), "{path} names no metric");
        names
    };
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect(path);
    let sources = ["crates/app/src/ops.rs", "crates/app/src/ops/deliveries.rs"].map(read).join("\n");
    let (told, drawn) = (ours(&sources, "ops"), read("docs/grafana.json"));
    assert!(serde_json::from_str::<serde_json::Value>(&drawn).is_ok(), "the dashboard is JSON");
    let drawn = ours(&drawn, "docs/grafana.json");
    let operating = read("docs/operating.md");
    let chapter = operating.split("### Metrics").nth(1).expect("a chapter on metrics");
    let explained = ours(chapter.split("Watch at least").next().unwrap_or_default(), "docs/operating.md");
    assert_none("The dashboard asks only for what there is.", drawn.difference(&told).cloned().collect());
    let undrawn = told.difference(&drawn).filter(|name| !name.ends_with("_built_at")).cloned().collect();
    assert_none("Everything there is is drawn, but for times of building.", undrawn);
    assert_none("Each metric is explained.", told.symmetric_difference(&explained).cloned().collect());
}

/// The targets of `[words](target)` and `![words](target)`, without those of other hosts.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    targets.filter(|target| !target.contains("://") && !target.starts_with('<') && !target.starts_with("mailto:"))
}

fn leads_somewhere(file: &SourceFile, link: &str) -> bool {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { PathBuf::from(&file.path) } else { beside(file, path) };
    let text = std::fs::read_to_string(root().join(&target));
    let has_heading = || text.is_ok_and(|text| headings(&text).any(|one| one == heading));
    root().join(&target).exists() && (heading.is_empty() || has_heading())
}

/// The path of a link that starts at the folder of `file`.
fn beside(file: &SourceFile, path: &str) -> PathBuf {
    let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
    let mut target = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => _ = target.pop(),
            part => target.push(part),
        }
    }
    target
}

/// The headings of a document, as links write them: `# Who is it?` becomes `who-is-it`.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    let lines = text
        .lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')));
    lines.map(move |line| line.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-"))
}

/// Lines of code blocks that start our program, with what follows the program's name.
fn commands(text: &str) -> Vec<String> {
    let blocks = text.split("```").skip(1).step_by(2).filter(|block| block.starts_with("sh"));
    let joined = blocks.map(|block| block.replace("\\\n", " ")).collect::<Vec<_>>();
    let lines =
        joined.iter().flat_map(|block| block.lines()).map(|line| line.split(" #").next().unwrap_or(line).trim());
    lines
        .filter_map(|line| line.strip_prefix("cargo run --release -- ").or(line.strip_prefix("hysbys ")))
        .map(|rest| format!("hysbys {rest}"))
        .collect()
}

/// Splits a line as a shell does where it has plain words and double quotes; the rest of a pipe is left out.
fn words(line: &str) -> Vec<String> {
    let line = line.split([';', '>', '|', '&']).next().unwrap_or(line);
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(number, part)| {
            if number % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
        })
        .collect()
}

#[test]
fn a_quoted_word_stays_whole() {
    assert_eq!(
        words(r#"hysbys staff add --name "Alys Morgan" > file"#),
        ["hysbys", "staff", "add", "--name", "Alys Morgan"]
    );
}
