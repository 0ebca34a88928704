//! Draws every template in every language from the samples of the crates, and looks whether the pages are whole.

use std::collections::BTreeSet;

use domain::Language;
use render::{RenderSettings, Renderer, Sample};

use super::assert_none;
use super::html::{Tag, tags};
use super::repository::{SourceFile, files};

/// What a finished document never holds: markup of the template language, or a value that was not there.
const UNRESOLVED: [&str; 7] = ["{{", "{%", "{#", "None", "Some(", "undefined", "[object"];

/// Attributes that name the id of another element.
const NAMES_AN_ID: [&str; 4] = ["for", "aria-labelledby", "aria-describedby", "aria-controls"];

/// Attributes from which a browser fetches by itself.
const FETCHED: [&str; 5] = ["src", "srcset", "action", "formaction", "poster"];

fn samples() -> Vec<Sample> {
    [edge::samples(), page::samples(), authoring::samples(), simulator::samples()].into_iter().flatten().collect()
}

fn renderer() -> Renderer {
    Renderer::new(RenderSettings { sample_data: true, ..RenderSettings::default() })
        .expect("templates and locales load")
}

#[test]
fn every_template_has_a_sample() {
    let sampled: BTreeSet<&str> = samples().iter().map(|sample| sample.template).collect();
    let names = renderer().template_names();
    let whole = names.iter().filter(|name| !name.split('/').any(|part| part.starts_with('_')));
    let problems = whole.filter(|name| !sampled.contains(name.as_str())).cloned().collect();
    assert_none("Each template that is no part of another is drawn by a sample of its crate.", problems);
}

#[test]
fn every_sample_is_drawn_whole_in_every_language() {
    let renderer = renderer();
    let mut problems = Vec::new();
    for sample in samples() {
        for language in Language::ALL {
            let spoken = if sample.template.starts_with(ENGLISH_ONLY) { Language::En } else { language };
            let name = format!("{} in {language}", sample.template);
            match sample.render(&renderer, language) {
                Ok(drawn) => {
                    let kind = Kind::of(sample.template, &drawn);
                    problems.extend(faults(&drawn, kind, spoken).iter().map(|fault| format!("{name}: {fault}")));
                }
                Err(error) => problems.push(format!("{name}: {error:?}")),
            }
        }
    }
    assert_none("Each sample is a whole document in each language.", problems);
}

#[test]
fn public_pages_carry_no_script_and_fetch_nothing_from_elsewhere() {
    let mut problems = Vec::new();
    for file in files().iter().filter(|file| is_public_template(file)) {
        let found = tags(&file.text).into_iter().filter_map(|tag| foreign(&tag));
        problems.extend(found.map(|fault| format!("{}: {fault}", file.path)));
    }
    let sheets = files().iter().filter(|file| file.is_below("web/static/") && file.ends_with(".css"));
    let fetching = sheets.filter(|sheet| ["@import", "http:", "https:"].iter().any(|word| sheet.text.contains(word)));
    problems.extend(fetching.map(|sheet| format!("{} fetches something", sheet.path)));
    assert_none("A public page is one document that needs no other host.", problems);
}

fn is_public_template(file: &SourceFile) -> bool {
    file.is_below("web/templates/page/") || (file.is_below("web/templates/_") && !file.ends_with("_base_staff.html"))
}

fn foreign(tag: &Tag<'_>) -> Option<String> {
    if tag.name == "script" && tag.attribute("src").is_none() && tag.attribute("type").is_none() {
        return Some("a script stands in the page itself".to_owned());
    }
    // What stands in the page itself is fetched from nowhere, whatever names it holds.
    let is_elsewhere = |url: &str| !url.starts_with("data:") && (url.starts_with("//") || url.contains("://"));
    let fetched = FETCHED.iter().chain((tag.name == "link").then_some(&"href"));
    let url = fetched.filter_map(|name| tag.attribute(name)).find(|url| is_elsewhere(url))?;
    Some(format!("<{}> fetches {url}", tag.name))
}

/// Its screens are tools for whoever tries the program out, and are in English alone.
const ENGLISH_ONLY: &str = "simulator/";

/// What a template makes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A page in a browser.
    Page,
    /// A mail, which has no landmarks.
    Mail,
    /// A piece of a page, a text, a feed.
    Other,
}

impl Kind {
    fn of(template: &str, drawn: &str) -> Self {
        if !drawn.trim_start().to_ascii_lowercase().starts_with("<!doctype html") {
            return Self::Other;
        }
        if MAILS.contains(&template) { Self::Mail } else { Self::Page }
    }
}

/// The templates of the HTML part of a mail.
const MAILS: [&str; 2] = ["mail/update.html", "signup/mail.html"];

fn faults(drawn: &str, kind: Kind, language: Language) -> Vec<String> {
    let mut faults: Vec<String> =
        UNRESOLVED.iter().filter(|word| drawn.contains(**word)).map(|word| format!("holds {word}")).collect();
    if drawn.trim().is_empty() {
        faults.push("is empty".to_owned());
    }
    let tags = tags(drawn);
    if kind != Kind::Other {
        faults.extend(faults_of_document(&tags, drawn, language));
        faults.extend(faults_of_ids(&tags));
    }
    if kind == Kind::Page && tags.iter().filter(|tag| tag.name == "main").count() != 1 {
        faults.push("it does not have exactly one main".to_owned());
    }
    faults
}

fn faults_of_document(tags: &[Tag<'_>], drawn: &str, language: Language) -> Vec<String> {
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    let is_blank_title = drawn.split_once("<title>").is_none_or(|(_, rest)| rest.trim_start().starts_with(['–', '<']));
    let says_language = tags.iter().any(|tag| tag.name == "html" && tag.attribute("lang") == Some(language.tag()));
    let rules = [
        (!says_language, "its html element does not say the language"),
        (count("h1") != 1, "it does not have exactly one h1"),
        (count("title") == 0 || is_blank_title, "it has no title of its own"),
        (tags.iter().any(|tag| tag.name == "img" && tag.attribute("alt").is_none()), "an image has no alt"),
    ];
    rules.into_iter().filter(|(broken, _)| *broken).map(|(_, fault)| fault.to_owned()).collect()
}

fn faults_of_ids(tags: &[Tag<'_>]) -> Vec<String> {
    let mut ids = BTreeSet::new();
    let repeated = tags.iter().filter_map(|tag| tag.attribute("id")).filter(|id| !ids.insert(*id)).collect::<Vec<_>>();
    let mut faults: Vec<String> = repeated.iter().map(|id| format!("the id {id} stands twice")).collect();
    for tag in tags {
        let named = NAMES_AN_ID.iter().filter_map(|name| tag.attribute(name)).flat_map(str::split_whitespace);
        let jumps = tag.attribute("href").and_then(|href| href.strip_prefix('#')).filter(|id| !id.is_empty());
        let missing = named.chain(jumps).filter(|id| !ids.contains(id));
        faults.extend(missing.map(|id| format!("<{}> names the id {id}, which is not there", tag.name)));
    }
    faults
}
