//! The audit log, newest first, as far as the reader's organisation goes.

use axum::extract::{Query, State};
use domain::audit::AuditEntry;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::person::Person;
use super::views::{Audit, AuditFact, AuditLine};
use crate::Authoring;

/// What the details are called on the screen.
const LABELS: [(&str, &str); 12] = [
    ("reason", "au-reason"),
    ("early_reason", "au-field-early_reason"),
    ("update", "au-audit-update"),
    ("people", "au-audit-people"),
    ("incident", "au-audit-incident"),
    ("revision", "au-audit-revision"),
    ("corrects", "au-audit-corrects"),
    ("number", "au-audit-incident-number"),
    ("version", "au-audit-version"),
    ("from", "au-audit-from"),
    ("hash", "au-audit-hash"),
    ("role", "au-role"),
];

#[derive(Debug, Deserialize)]
pub(super) struct Older {
    before: Option<i64>,
}

pub(super) async fn show(
    State(authoring): State<Authoring>,
    person: Person,
    Query(older): Query<Older>,
) -> edge::Result {
    let page = authoring.audit_page(&person.caller, older.before).await?;
    let older_url = page.before.map(|number| format!("/audit?before={number}"));
    let entries = page.entries.into_iter().map(line).collect();
    authoring.screen(&person, &Audit { entries, older_url, narrowed: page.narrowed }).await
}

/// A line with its details one by one; whatever a newer version of the program wrote is shown under its own name.
fn line(entry: AuditEntry) -> AuditLine {
    let details = serde_json::from_str::<Map<String, Value>>(&entry.details).unwrap_or_default();
    let said = details.into_iter().filter(|(_, value)| !value.is_null());
    let facts = said.map(|(name, value)| AuditFact {
        label: LABELS.iter().find(|(known, _)| *known == name).map(|(_, label)| *label),
        name,
        value: plain(&value),
    });
    let facts = facts.filter(|fact| !fact.value.is_empty());
    AuditLine { facts: facts.collect(), link: link(&entry.subject), entry }
}

/// A value as a person writes it: hashes by their beginning, lists with commas.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if text.len() == 64 && text.bytes().all(|one| one.is_ascii_hexdigit()) => {
            format!("{}…", &text[..12])
        }
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(all) => {
            all.iter().map(|(name, one)| format!("{name} {}", plain(one))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// The page of what the line is about, where there is one.
fn link(subject: &str) -> Option<String> {
    let (kind, id) = subject.split_once('/')?;
    let id: i64 = id.parse().ok()?;
    match kind {
        "incident" => Some(format!("/incidents/{id}")),
        "revision" | "broadcast" => Some(format!("/revisions/{id}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn details_read_as_a_person_writes_them() {
        let cases = [
            (json!("a".repeat(64)), "aaaaaaaaaaaa…"),
            (json!({"sms": 3, "email": 12}), "email 12, sms 3"),
            (json!(["en", "cy"]), "en, cy"),
            (json!(7), "7"),
            (json!("Nobody answers"), "Nobody answers"),
        ];
        for (value, wanted) in cases {
            assert_eq!(plain(&value), wanted);
        }
    }

    #[test]
    fn a_line_leads_to_what_it_is_about() {
        assert_eq!(link("revision/12").as_deref(), Some("/revisions/12"));
        for none in ["catalogue", "staff/3", "revision/x", ""] {
            assert_eq!(link(none), None);
        }
    }
}
