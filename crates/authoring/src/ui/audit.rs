//! The audit log, newest first.

use axum::extract::{Query, State};
use serde::Deserialize;

use super::person::Person;
use super::views::Audit;
use crate::Authoring;
use crate::error::ActionError;

/// Lines on one page.
const PAGE: u64 = 100;

#[derive(Debug, Deserialize)]
pub(super) struct Older {
    before: Option<i64>,
}

pub(super) async fn show(
    State(authoring): State<Authoring>,
    person: Person,
    Query(older): Query<Older>,
) -> edge::Result {
    let entries = authoring.store().audit_newest(older.before, PAGE).await.map_err(ActionError::from)?;
    let more = entries.len() as u64 == PAGE;
    let older_url = entries.last().filter(|_| more).map(|last| format!("/audit?before={}", last.number));
    authoring.screen(&person, &Audit { entries, older_url }).await
}
