//! `hysbys subscribers`: brings people with recorded consent in, writes them out, and erases one at their request.

use std::path::Path;

use anyhow::{Context, bail};
use domain::audience::Areas;
use domain::phone::DramaNumbers;
use domain::subscriber::{ConsentSource, Wishes};
use domain::{Catalogue, ChannelKind, Contact, EmailAddress, Language, Severity, phone};
use serde::Deserialize;
use store::{NewSubscriber, Store};

use super::{say, write_out};

/// One line of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    channel: String,
    contact: String,
    language: String,
    areas: String,
    min_severity: String,
    consent_source: String,
    consented_at: String,
}

/// More problems than this are only counted.
const SHOWN: usize = 20;

/// Imports a CSV file: all of it, or nothing when a line is wrong.
///
/// # Errors
/// Lists the lines that are wrong, without the contacts.
pub async fn import(store: &Store, file: &Path, dry_run: bool) -> anyhow::Result<()> {
    let catalogue = store.catalogue().await?;
    let people = read(file, &catalogue)?;
    let stopped = usize::try_from(store.stopped_among(&people).await?)?;
    if dry_run {
        let rest = people.len().saturating_sub(stopped);
        say(format_args!("{rest} people could be imported, {stopped} asked not to be contacted; nothing was changed"))?;
        return Ok(());
    }
    let added = store.import_subscribers(&people).await?;
    let known = people.len().saturating_sub(added + stopped);
    say(format_args!("{added} people imported, {known} were known, {stopped} asked not to be contacted"))?;
    Ok(())
}

/// Reads and checks the whole file.
///
/// # Errors
/// As [`import`].
pub fn read(file: &Path, catalogue: &Catalogue) -> anyhow::Result<Vec<NewSubscriber>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    let mut people = Vec::new();
    let mut problems = Vec::new();
    for (place, line) in reader.deserialize::<Line>().enumerate() {
        // The first line of the file is the heading.
        let number = place + 2;
        // The library's own message would repeat the line, and with it the contact.
        let parsed = line.map_err(|_| "it does not have the seven columns".to_owned());
        match parsed.and_then(|line| person(&line, catalogue)) {
            Ok(person) => people.push(person),
            Err(reason) => problems.push(format!("line {number}: {reason}")),
        }
    }
    if problems.is_empty() {
        return Ok(people);
    }
    let more = problems.len().saturating_sub(SHOWN);
    problems.truncate(SHOWN);
    let more = if more > 0 { format!("\n… and {more} more") } else { String::new() };
    bail!("nothing was imported:\n{}{more}", problems.join("\n"))
}

fn person(line: &Line, catalogue: &Catalogue) -> Result<NewSubscriber, String> {
    let contact = contact(&line.contact, ChannelKind::from_key(&line.channel))?;
    let language: Language = line.language.parse().map_err(|_| "language must be cy or en".to_owned())?;
    let keys: Vec<&str> = line.areas.split(';').map(str::trim).filter(|key| !key.is_empty()).collect();
    if keys.is_empty() {
        return Err("areas is empty".to_owned());
    }
    if let Some(key) = keys.iter().find(|key| catalogue.organisation(key).is_none_or(|one| !one.subscribable)) {
        return Err(format!("there is no area called {key}"));
    }
    let min_severity = Severity::from_key(&line.min_severity)
        .ok_or_else(|| "min_severity must be info, minor, moderate, serious or critical".to_owned())?;
    if line.consent_source.is_empty() || line.consented_at.parse::<chrono::DateTime<chrono::Utc>>().is_err() {
        return Err("consent_source and consented_at (such as 2026-01-31T09:00:00Z) must be recorded".to_owned());
    }
    let wishes = Wishes { language, areas: Areas::chosen(catalogue, keys), min_severity };
    let wording_version = format!("{} {}", line.consent_source, line.consented_at);
    Ok(NewSubscriber { contact, wishes, source: ConsentSource::Import, wording_version })
}

/// A contact of either kind.
///
/// # Errors
/// Says what is wrong with it, without repeating it.
pub fn contact(text: &str, channel: Option<ChannelKind>) -> Result<Contact, String> {
    match channel {
        // A file with drama numbers is an exercise; they reach nobody.
        Some(ChannelKind::Sms) => {
            phone::parse(text, DramaNumbers::Accept).map(Contact::Phone).map_err(|problem| problem.to_string())
        }
        Some(ChannelKind::Email) => {
            EmailAddress::parse(text).map(Contact::Email).map_err(|problem| problem.to_string())
        }
        _ => Err("channel must be sms or email".to_owned()),
    }
}

/// Writes every active subscriber as CSV.
///
/// # Errors
/// When the database does not answer or standard output is closed.
pub async fn export(store: &Store) -> anyhow::Result<()> {
    let catalogue = store.catalogue().await?;
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(["channel", "contact", "language", "areas", "min_severity"])?;
    let mut after = 0;
    loop {
        let page = store.export_subscribers(after, 1_000).await?;
        for one in &page {
            let areas = one.wishes.areas.keys(&catalogue).collect::<Vec<_>>().join(";");
            let channel = one.contact.channel().key();
            let severity = one.wishes.min_severity.key();
            lines.write_record([channel, one.contact.reveal(), one.wishes.language.code(), &areas, severity])?;
        }
        write_out(&lines.into_inner()?)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        lines = csv::Writer::from_writer(Vec::new());
    }
}

/// Erases one person.
///
/// # Errors
/// When the text is no contact.
pub async fn erase(store: &Store, text: &str) -> anyhow::Result<()> {
    let channel = if text.contains('@') { ChannelKind::Email } else { ChannelKind::Sms };
    let contact = contact(text, Some(channel)).map_err(anyhow::Error::msg)?;
    let known = store.erase(&contact).await?;
    say(if known {
        "erased; they stay on the list of people not to be contacted"
    } else {
        "nothing is held about this contact"
    })?;
    Ok(())
}
