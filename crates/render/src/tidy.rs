//! Reads templates and locales as text, for the tests that keep both languages whole.

use std::collections::{BTreeMap, BTreeSet};

use domain::Language;

use crate::assets;

/// Keys that templates name in `t("…")` and that a language lacks: `template: key`.
#[must_use]
pub fn unknown_keys() -> Vec<String> {
    let files = assets::locales();
    let known = Language::ALL.map(|language| messages(&files, language));
    let mut unknown = Vec::new();
    for (template, source) in assets::templates() {
        for key in literal_keys(&source) {
            if !known.iter().all(|messages| messages.contains_key(&key)) {
                unknown.push(format!("{template}: {key}"));
            }
        }
    }
    unknown
}

/// Every key of one language with the placeholders that its text uses.
pub(crate) fn messages(files: &BTreeMap<String, String>, language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let folder = format!("{}/", language.code());
    let sources = files.iter().filter(|(name, _)| name.starts_with(&folder)).map(|(_, source)| source);
    sources.flat_map(|source| messages_of(source)).collect()
}

/// A message begins at the margin with `key =`; its further lines are indented.
fn messages_of(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut messages: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in source.lines() {
        if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| is_key(key)) {
            messages.push((key.to_owned(), BTreeSet::new()));
        }
        if let Some((_, placeholders)) = messages.last_mut().filter(|_| !line.starts_with('#')) {
            placeholders.extend(placeholders_of(line));
        }
    }
    messages
}

fn is_key(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic()) && text.chars().all(is_name_letter)
}

fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}

fn placeholders_of(line: &str) -> impl Iterator<Item = String> {
    line.split('$').skip(1).map(|rest| rest.chars().take_while(|letter| is_name_letter(*letter)).collect())
}

/// `t("key"` and `t('key'`, but no key that is put together (`t("st-" ~ status)`).
fn literal_keys(source: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for (start, _) in source.match_indices("t(") {
        let before = source[..start].chars().next_back();
        if before.is_some_and(|letter| is_name_letter(letter) || letter == '.') {
            continue;
        }
        let rest = &source[start + 2..];
        let Some(quote) = rest.chars().next().filter(|letter| matches!(letter, '"' | '\'')) else {
            continue;
        };
        let Some((key, after)) = rest[1..].split_once(quote) else {
            continue;
        };
        if matches!(after.trim_start().chars().next(), Some(',' | ')')) {
            keys.push(key.to_owned());
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_key_with_the_same_placeholders() {
        assert_eq!(locale_problems(), Vec::<String>::new());
    }

    #[test]
    fn templates_ask_for_keys_that_exist() {
        assert_eq!(unknown_keys(), Vec::<String>::new());
    }

    #[test]
    fn keys_are_found_only_where_they_are_whole() {
        let source = r#"{{ t("a-b") }} {{ t('c', n=1) }} {{ t("st-" ~ status) }} {{ x.t("no") }} {{ cat("no") }}"#;
        assert_eq!(literal_keys(source), ["a-b", "c"]);
    }

    /// What is wrong with the locales, one sentence each: a key that one language lacks, a placeholder that only one
    /// language uses.
    fn locale_problems() -> Vec<String> {
        let files = assets::locales();
        let [first, second] = Language::ALL.map(|language| messages(&files, language));
        let mut problems = Vec::new();
        for (have, lack, name) in [(&first, &second, Language::ALL[1]), (&second, &first, Language::ALL[0])] {
            let missing = have.keys().filter(|key| !lack.contains_key(*key));
            problems.extend(missing.map(|key| format!("{key} has no text in {name}")));
        }
        for (key, placeholders) in &first {
            if second.get(key).is_some_and(|other| other != placeholders) {
                problems.push(format!("{key} has different placeholders in the two languages"));
            }
        }
        problems
    }
}
