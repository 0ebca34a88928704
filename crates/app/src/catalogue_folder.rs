//! Reads a folder of TOML files into a catalogue, and says everything that is wrong with it at once.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use domain::advice::{Advice, CauseName};
use domain::organisation::Organisation;
use domain::service::{Component, Service, ServiceGroup};
use domain::template::Template;
use domain::{Catalogue, Language, Localized};
use serde::Deserialize;

/// The files that a folder may hold; each is optional.
const FILES: [&str; 6] =
    ["organisations.toml", "services.toml", "components.toml", "causes.toml", "advice.toml", "templates.toml"];

/// Area masks have 63 bits.
const MOST_ORGANISATIONS: usize = 63;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    organisation: Vec<Organisation>,
    group: Vec<ServiceGroup>,
    service: Vec<Service>,
    component: Vec<Component>,
    cause: Vec<CauseName>,
    advice: Vec<Advice>,
    template: Vec<Template>,
}

/// Reads the folder on top of what is already known, so that one folder may refer to another's keys.
///
/// # Errors
/// When a file cannot be read, is not valid TOML, has unknown fields, or refers to keys that do not exist.
pub fn read(folder: &Path, known: Catalogue) -> anyhow::Result<Catalogue> {
    let mut catalogue = known;
    let mut found = false;
    for name in FILES {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        found = true;
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file: File = toml::from_str(&text).with_context(|| format!("{} is not as expected", path.display()))?;
        merge(&mut catalogue, file);
    }
    if !found {
        bail!("{} holds none of {}", folder.display(), FILES.join(", "));
    }
    check(&catalogue)?;
    Ok(catalogue)
}

fn merge(catalogue: &mut Catalogue, file: File) {
    put(&mut catalogue.organisations, file.organisation, |one| one.key.clone());
    put(&mut catalogue.groups, file.group, |one| one.key.clone());
    put(&mut catalogue.services, file.service, |one| one.key.clone());
    put(&mut catalogue.components, file.component, |one| one.key.clone());
    put(&mut catalogue.causes, file.cause, |one| one.key.clone());
    put(&mut catalogue.advice, file.advice, |one| one.key.clone());
    put(&mut catalogue.templates, file.template, |one| (one.kind.key(), one.phase.key()));
}

/// Replaces what has the same key in its place, and adds what is new at the end.
fn put<T, K: PartialEq>(list: &mut Vec<T>, items: Vec<T>, key: impl Fn(&T) -> K) {
    for item in items {
        match list.iter().position(|one| key(one) == key(&item)) {
            Some(place) => list[place] = item,
            None => list.push(item),
        }
    }
}

fn check(catalogue: &Catalogue) -> anyhow::Result<()> {
    let mut problems = Vec::new();
    if catalogue.organisations.len() > MOST_ORGANISATIONS {
        problems.push(format!("there are more than {MOST_ORGANISATIONS} organisations"));
    }
    for one in &catalogue.organisations {
        if let Some(parent) = &one.parent
            && catalogue.organisation(parent).is_none()
        {
            problems.push(format!("organisation {}: no parent {parent}", one.key));
        }
        if one.languages.is_empty() {
            problems.push(format!("organisation {}: languages is empty", one.key));
        }
        missing(&mut problems, &format!("organisation {}", one.key), &one.name, &one.languages);
    }
    let groups: BTreeSet<&str> = catalogue.groups.iter().map(|one| one.key.as_str()).collect();
    for one in &catalogue.services {
        if !groups.contains(one.group.as_str()) {
            problems.push(format!("service {}: no group {}", one.key, one.group));
        }
        missing(&mut problems, &format!("service {}", one.key), &one.name, &Language::ALL);
    }
    for one in &catalogue.components {
        for fed in &one.feeds {
            let known = catalogue.service(fed).is_some() || catalogue.components.iter().any(|other| other.key == *fed);
            if !known {
                problems.push(format!("component {}: nothing is called {fed}", one.key));
            }
        }
    }
    for one in &catalogue.advice {
        missing(&mut problems, &format!("advice {}", one.key), &one.text, &Language::ALL);
        missing(&mut problems, &format!("advice {} (sms)", one.key), &one.sms, &Language::ALL);
        for service in one.needs.iter().filter(|key| catalogue.service(key).is_none()) {
            problems.push(format!("advice {}: no service {service}", one.key));
        }
    }
    for one in &catalogue.templates {
        for part in one.overstated() {
            let name = format!("template {}/{}", one.kind.key(), one.phase.key());
            problems.push(format!("{name}: {part} names the cause and has no words for a suspected one"));
        }
    }
    if problems.is_empty() { Ok(()) } else { bail!("{}", problems.join("\n")) }
}

fn missing(problems: &mut Vec<String>, what: &str, text: &Localized, languages: &[Language]) {
    for language in languages.iter().filter(|language| text.get(**language).is_none()) {
        problems.push(format!("{what}: no words in {language}"));
    }
}
