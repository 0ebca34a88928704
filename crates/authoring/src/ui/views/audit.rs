//! What the page of the audit log shows: each line with its details one by one.

use render::View;
use serde::Serialize;

/// The audit log.
#[derive(Debug, Serialize)]
pub(crate) struct Audit {
    pub(crate) entries: Vec<AuditLine>,
    pub(crate) older_url: Option<String>,
    /// Lines of other organisations are left out.
    pub(crate) narrowed: bool,
}
impl View for Audit {
    const TEMPLATE: &'static str = "authoring/audit.html";
}

/// A line of it.
#[derive(Debug, Serialize)]
pub(crate) struct AuditLine {
    pub(crate) entry: domain::audit::AuditEntry,
    /// The page of what it is about.
    pub(crate) link: Option<String>,
    pub(crate) facts: Vec<AuditFact>,
}

/// One detail of a line.
#[derive(Debug, Serialize)]
pub(crate) struct AuditFact {
    /// The key of its words, where it has any.
    pub(crate) label: Option<&'static str>,
    pub(crate) name: String,
    pub(crate) value: String,
}
