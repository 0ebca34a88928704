//! Reads every source file for the house style: an opening sentence, a bearable length, nothing left undone.

use super::assert_none;
use super::repository::{SourceFile, files, files_ending};

/// A file tells one thing; longer than this it tells two.
const MOST_LINES: usize = 400;

/// What no source file may hold, and what to do instead. Split in two, so that this list does not find itself.
const LEFT_UNDONE: [(&str, &str, &str); 8] = [
    ("to", "do!(", "write it, or leave it out"),
    ("unimple", "mented!(", "write it, or leave it out"),
    ("db", "g!(", "log it or drop it"),
    ("#[ig", "nore", "a test runs or goes"),
    ("[all", "ow(", "use #[expect(…, reason = …)]"),
    ("TO", "DO", "write it, or open an issue and name it"),
    ("FIX", "ME", "put it right"),
    ("XX", "X:", "put it right"),
];

#[test]
fn every_source_file_opens_with_a_sentence() {
    let problems = files_ending(".rs").filter(|file| !opens_with_a_sentence(&file.text));
    let problems = problems.map(|file| file.path.clone()).collect();
    assert_none("Each file says first why it exists: a `//!` sentence with a full stop.", problems);
}

#[test]
fn no_source_file_is_too_long() {
    let problems = source_files().filter(|file| file.text.lines().count() > MOST_LINES);
    let problems = problems.map(|file| format!("{} has {} lines", file.path, file.text.lines().count())).collect();
    assert_none("No source file has more than 400 lines.", problems);
}

#[test]
fn nothing_is_left_undone() {
    let mut problems = Vec::new();
    for file in files_ending(".rs") {
        for (number, line) in file.text.lines().enumerate() {
            let found = LEFT_UNDONE.iter().filter(|(head, tail, _)| line.contains(&[*head, *tail].concat()));
            // Clippy takes an `allow` in the body of a macro alone, where nobody can know what it will meet.
            let found = found.filter(|(_, tail, _)| *tail != "ow(" || !line.contains("reason = "));
            problems.extend(found.map(|(_, _, instead)| format!("{}:{}: {instead}", file.path, number + 1)));
        }
    }
    assert_none("Nothing is left undone or switched off in the sources.", problems);
}

#[test]
fn lines_end_where_their_words_end() {
    let mut problems = Vec::new();
    for file in files().iter().filter(|file| !file.ends_with("Cargo.lock")) {
        let lines = file.text.lines().enumerate().filter(|(_, line)| line.ends_with([' ', '\t', '\r']));
        problems.extend(lines.map(|(number, _)| format!("{}:{}", file.path, number + 1)));
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            problems.push(format!("{} has no line break at its end", file.path));
        }
    }
    assert_none("No line ends in spaces, and the last one ends in a line break.", problems);
}

fn source_files() -> impl Iterator<Item = &'static SourceFile> {
    const KINDS: [&str; 6] = [".rs", ".html", ".css", ".js", ".ftl", ".xml"];
    files().iter().filter(|file| KINDS.iter().any(|kind| file.ends_with(kind)))
}

/// The first paragraph of the inner documentation, read as one, ends in a full stop or holds one before a space.
fn opens_with_a_sentence(text: &str) -> bool {
    let opening = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph: Vec<&str> = opening.take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    paragraph.split_whitespace().count() >= 2 && (paragraph.ends_with('.') || paragraph.contains(". "))
}

#[test]
fn an_opening_is_a_sentence_of_its_own() {
    let cases = [
        ("//! Reads the clock.\n", true),
        ("//! Reads the clock, which two\n//! people share.\n//!\n//! More", true),
        ("//! The clock\n", false),
        ("//! Placeholder.\n", false),
        ("// Reads the clock.\n", false),
        ("\n//! Reads the clock.\n", false),
    ];
    for (text, sound) in cases {
        assert_eq!(opens_with_a_sentence(text), sound, "{text:?}");
    }
}
