//! The audit log, newest first, as far as the reader's organisation goes.

use axum::extract::{Query, State};
use serde::Deserialize;

use super::person::Person;
use super::views::Audit;
use crate::Authoring;

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
    authoring.screen(&person, &Audit { entries: page.entries, older_url, narrowed: page.narrowed }).await
}
