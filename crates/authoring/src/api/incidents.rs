//! Calls about incidents.

use axum::extract::{Path, Query, State};
use domain::{Incident, Revision};
use edge::Failure;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::guard::Given;
use super::{ROOT, id_of, revisions, view};
use crate::Authoring;
use crate::caller::Caller;
use crate::content::{ContentInput, Fields, IncidentInput};
use crate::error::ActionError;

/// Incidents on a page where the caller does not say.
const PAGE: u64 = 50;
/// Incidents on a page at most.
const LARGEST_PAGE: u64 = 200;

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    cursor: Option<String>,
    limit: Option<u64>,
}

/// Newest first; `next` is the cursor of the page after this one.
pub(super) async fn list(State(authoring): State<Authoring>, caller: Caller, Query(page): Query<Page>) -> edge::Result {
    let before = page.cursor.as_deref().map(id_of).transpose()?;
    let limit = page.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let found = authoring.store().incidents(before, limit).await?;
    let catalogue = authoring.store().catalogue().await?;
    let next = (found.len() as u64 == limit).then(|| found.last().map(|one| one.id.to_string())).flatten();
    let visible = found.iter().filter(|one| caller.within(one, &catalogue).is_ok());
    let incidents: Vec<Value> = visible.map(|one| view::incident(&authoring, one).into()).collect();
    super::json(StatusCode::OK, &json!({"incidents": incidents, "next": next}))
}

pub(super) async fn show(State(authoring): State<Authoring>, caller: Caller, Path(id): Path<String>) -> edge::Result {
    let incident = authoring.incident_of(authoring.store(), &caller, id_of(&id)?).await?;
    let revisions = authoring.store().revisions(incident.id).await?;
    let body = with_revisions(&authoring, &incident, &revisions).await?;
    super::json(StatusCode::OK, &body)
}

/// The first revision stands in the answer as `revision` too, so that a caller need not search for it.
pub(super) async fn open(State(authoring): State<Authoring>, caller: Caller, Given(body): Given) -> edge::Result {
    let order = IncidentInput::from_json(body).map_err(Failure::invalid)?;
    let opened = authoring.open_incident(&caller, order).await?;
    let mut body = with_revisions(&authoring, &opened.incident, std::slice::from_ref(&opened.revision)).await?;
    if let Some(first) = body.pointer("/revisions/0").cloned() {
        body["revision"] = first;
    }
    let mut response = super::json(StatusCode::CREATED, &body)?;
    let location = HeaderValue::from_str(&format!("{ROOT}/incidents/{}", opened.incident.id));
    response.headers_mut().insert(header::LOCATION, location.expect("an id is of digits"));
    Ok(response)
}

pub(super) async fn add_revision(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
    Given(body): Given,
) -> edge::Result {
    let input = ContentInput::from_json(body).map_err(Failure::invalid)?;
    let revision = authoring.add_revision(&caller, id_of(&id)?, input).await?;
    revisions::created(&authoring, &caller, revision).await
}

/// `{reason, …}`, where the rest is a revision.
pub(super) async fn withdraw(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
    Given(body): Given,
) -> edge::Result {
    let mut fields = Fields::new(body);
    let reason: Option<String> = fields.require("reason");
    let input = ContentInput::read(&mut fields);
    let problems = fields.finish();
    let (true, Some(reason)) = (problems.is_empty(), reason) else { return Err(Failure::invalid(problems)) };
    let revision = authoring.withdraw(&caller, id_of(&id)?, &reason, input).await?;
    revisions::created(&authoring, &caller, revision).await
}

/// Each revision with its hash, all composed with one reading of the catalogue.
async fn with_revisions(authoring: &Authoring, incident: &Incident, revisions: &[Revision]) -> Result<Value, Failure> {
    let catalogue = authoring.store().catalogue().await?;
    let composer = authoring.composer(&catalogue);
    let mut all = Vec::with_capacity(revisions.len());
    for revision in revisions {
        let (_, hash) =
            composer.announced(incident, (revision.purpose, &revision.content)).map_err(ActionError::from)?;
        all.push(Value::from(view::revision(revision, &hash, &[])));
    }
    let mut body = view::incident(authoring, incident);
    body.insert("revisions".to_owned(), all.into());
    Ok(body.into())
}
