//! Calls about revisions.

use axum::extract::{Path, State};
use domain::{Kind, Revision, RevisionState};
use edge::Failure;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::guard::Given;
use super::{ROOT, id_of, view};
use crate::Authoring;
use crate::actions::{Case, Edit, Expected};
use crate::caller::Caller;
use crate::content::{ContentInput, Fields};
use crate::error::ActionError;

pub(super) async fn show(State(authoring): State<Authoring>, caller: Caller, Path(id): Path<String>) -> edge::Result {
    let case = authoring.case(authoring.store(), &caller, id_of(&id)?).await?;
    described(&authoring, &case, StatusCode::OK).await
}

/// `If-Match` must name the hash of the revision as the caller knows it.
pub(super) async fn edit(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Given(body): Given,
) -> edge::Result {
    let hash = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let hash = hash.map(|tag| tag.trim().trim_matches('"').to_owned());
    let hash = hash.ok_or_else(|| Failure::new(Kind::Invalid, "if-match-missing"))?;
    let input = ContentInput::from_json(body).map_err(Failure::invalid)?;
    let edit = Edit { expected: Expected::Hash(hash), input };
    let revision = authoring.edit_revision(&caller, id_of(&id)?, edit).await?;
    again(&authoring, &caller, revision.id, StatusCode::OK).await
}

pub(super) async fn preview(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
) -> edge::Result {
    let case = authoring.case(authoring.store(), &caller, id_of(&id)?).await?;
    let composer = authoring.composer(&case.catalogue);
    let said = (case.revision.purpose, &case.revision.content);
    let preview = authoring.preview(composer, &case.incident, said).await?;
    let problems = case.problems(authoring.store()).await?;
    let mut body = serde_json::to_value(preview).map_err(|_| ActionError::Broken("a preview is not JSON"))?;
    body["problems"] = problems.iter().map(view::problem).collect::<Vec<_>>().into();
    super::json(StatusCode::OK, &body)
}

pub(super) async fn submit(State(authoring): State<Authoring>, caller: Caller, Path(id): Path<String>) -> edge::Result {
    let revision = authoring.submit(&caller, id_of(&id)?).await?;
    again(&authoring, &caller, revision.id, StatusCode::OK).await
}

pub(super) async fn approve(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
    Given(body): Given,
) -> edge::Result {
    let hash = one_text(body, "hash")?;
    let revision = authoring.approve(&caller, id_of(&id)?, &hash).await?;
    again(&authoring, &caller, revision.id, StatusCode::OK).await
}

pub(super) async fn reject(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
    Given(body): Given,
) -> edge::Result {
    let reason = one_text(body, "reason")?;
    let revision = authoring.reject(&caller, id_of(&id)?, &reason).await?;
    again(&authoring, &caller, revision.id, StatusCode::OK).await
}

/// `{break_glass: "why"}` publishes alone; an empty body publishes what was approved.
pub(super) async fn publish(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
    Given(body): Given,
) -> edge::Result {
    let mut fields = Fields::new(body);
    let alone: Option<String> = fields.take("break_glass");
    let problems = fields.finish();
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let id = id_of(&id)?;
    let publication = match alone {
        Some(reason) => authoring.publish_alone(&caller, id, &reason).await?,
        None => authoring.publish(&caller, id).await?,
    };
    let incident = authoring.incident_of(authoring.store(), &caller, publication.incident).await?;
    let mut body = view::publication(&authoring, publication, &incident);
    body["state"] = json!(RevisionState::Published);
    super::json(StatusCode::OK, &body)
}

pub(super) async fn correct(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
    Given(body): Given,
) -> edge::Result {
    let input = ContentInput::from_json(body).map_err(Failure::invalid)?;
    let revision = authoring.correct(&caller, id_of(&id)?, input).await?;
    created(&authoring, &caller, revision).await
}

/// The answer to a call that made a draft.
pub(super) async fn created(authoring: &Authoring, caller: &Caller, revision: Revision) -> edge::Result {
    let mut response = again(authoring, caller, revision.id, StatusCode::CREATED).await?;
    let location = HeaderValue::from_str(&format!("{ROOT}/revisions/{}", revision.id));
    response.headers_mut().insert(header::LOCATION, location.expect("an id is of digits"));
    Ok(response)
}

/// The revision as it is after an action.
async fn again(authoring: &Authoring, caller: &Caller, id: i64, status: StatusCode) -> edge::Result {
    let case = authoring.case(authoring.store(), caller, id).await?;
    described(authoring, &case, status).await
}

async fn described(authoring: &Authoring, case: &Case, status: StatusCode) -> edge::Result {
    let problems = match case.revision.state {
        RevisionState::Published => Vec::new(),
        _ => case.problems(authoring.store()).await?,
    };
    let body = view::revision(&case.revision, &case.hash, &problems);
    let mut response = super::json(status, &body.into())?;
    let tag = HeaderValue::from_str(&format!("\"{}\"", case.hash)).expect("a hash is hexadecimal");
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

fn one_text(body: Value, name: &str) -> Result<String, Failure> {
    let mut fields = Fields::new(body);
    let text: Option<String> = fields.require(name);
    let problems = fields.finish();
    match text {
        Some(text) if problems.is_empty() => Ok(text),
        _ => Err(Failure::invalid(problems)),
    }
}
