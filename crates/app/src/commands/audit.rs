//! `hysbys audit`: checks the hash chain, and writes everything about one incident to a folder.

use std::path::Path;

use anyhow::{Context, bail};
use domain::audit::{AuditEntry, check};
use store::Store;

use super::say;

/// How many lines are read at once.
const PAGE: u64 = 1_000;

/// Checks every line from the first to the last.
///
/// # Errors
/// Names the first line that does not fit; or when the database does not answer.
pub async fn verify(store: &Store) -> anyhow::Result<()> {
    let mut last: Option<AuditEntry> = None;
    loop {
        let after = last.as_ref().map_or(0, |entry| entry.number);
        let page = store.audit(after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            if let Err(reason) = check(last.as_ref(), &entry) {
                bail!("line {} of the audit log does not fit: {reason}", entry.number);
            }
            last = Some(entry);
        }
    }
    match last {
        Some(entry) => say(format_args!("{} lines, unbroken; the last hash is {}", entry.number, entry.hash))?,
        None => say("the audit log is empty")?,
    }
    Ok(())
}

/// Writes the incident, its revisions, its broadcasts' counts and its audit lines as JSON files.
///
/// # Errors
/// When there is no incident of that number, or a file cannot be written.
pub async fn export(store: &Store, number: i64, folder: &Path) -> anyhow::Result<()> {
    let incident = store.incident_by_number(number).await?.with_context(|| format!("there is no incident {number}"))?;
    let revisions = store.revisions(incident.id).await?;
    let mut broadcasts = Vec::new();
    for revision in &revisions {
        if store.broadcast(revision.id).await?.is_some() {
            let announcement = store.announcement(revision.id).await?;
            let progress = store.progress(revision.id).await?;
            broadcasts.push(serde_json::json!({
                "revision": revision.id.to_string(), "sent": announcement, "channels": progress,
            }));
        }
    }
    let lines = lines_about(store, incident.id, revisions.iter().map(|one| one.id).collect()).await?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    write(folder, "incident.json", &incident)?;
    write(folder, "revisions.json", &revisions)?;
    write(folder, "broadcasts.json", &broadcasts)?;
    write(folder, "audit.json", &lines)?;
    say(format_args!("wrote 4 files to {}", folder.display()))?;
    Ok(())
}

async fn lines_about(store: &Store, incident: i64, revisions: Vec<i64>) -> anyhow::Result<Vec<AuditEntry>> {
    let wanted: Vec<String> =
        revisions.iter().flat_map(|id| [format!("revision/{id}"), format!("broadcast/{id}")]).collect();
    let incident = format!("incident/{incident}");
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let page = store.audit(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = last.number;
        found.extend(page.into_iter().filter(|line| line.subject == incident || wanted.contains(&line.subject)));
    }
}

fn write<T: serde::Serialize>(folder: &Path, name: &str, value: &T) -> anyhow::Result<()> {
    let path = folder.join(name);
    let text = serde_json::to_vec_pretty(value)?;
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}
