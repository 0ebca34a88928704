//! Calls of monitoring systems.

use axum::extract::State;
use edge::{Failure, Problem};
use http::StatusCode;
use serde_json::json;

use super::guard::Given;
use crate::Authoring;
use crate::actions::AlertGroup;
use crate::caller::Caller;

/// Answers 2xx whenever a repetition would change nothing: Alertmanager tries again after 5xx only.
pub(super) async fn alertmanager(
    State(authoring): State<Authoring>,
    caller: Caller,
    Given(body): Given,
) -> edge::Result {
    let group: AlertGroup =
        serde_json::from_value(body).map_err(|_| Failure::invalid(vec![Problem::new("groupKey", "unusable")]))?;
    let opened = authoring.open_from_alerts(&caller, &group).await?;
    let drafts: Vec<_> = opened
        .iter()
        .map(|one| json!({"incident": one.incident.id.to_string(), "revision": one.revision.id.to_string()}))
        .collect();
    super::json(StatusCode::ACCEPTED, &json!({"drafts": drafts}))
}
