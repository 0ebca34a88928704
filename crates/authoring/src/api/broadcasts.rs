//! Calls about broadcasts.

use axum::extract::{Path, State};
use http::StatusCode;

use super::{id_of, view};
use crate::Authoring;
use crate::actions::Order;
use crate::caller::Caller;

pub(super) async fn show(State(authoring): State<Authoring>, caller: Caller, Path(id): Path<String>) -> edge::Result {
    let report = authoring.broadcast(&caller, id_of(&id)?).await?;
    super::json(StatusCode::OK, &view::broadcast(&report))
}

pub(super) async fn pause(state: State<Authoring>, caller: Caller, id: Path<String>) -> edge::Result {
    ordered(state, caller, id, Order::Pause).await
}

pub(super) async fn resume(state: State<Authoring>, caller: Caller, id: Path<String>) -> edge::Result {
    ordered(state, caller, id, Order::Resume).await
}

pub(super) async fn cancel(state: State<Authoring>, caller: Caller, id: Path<String>) -> edge::Result {
    ordered(state, caller, id, Order::Cancel).await
}

pub(super) async fn retry_failed(state: State<Authoring>, caller: Caller, id: Path<String>) -> edge::Result {
    ordered(state, caller, id, Order::RetryFailed).await
}

async fn ordered(
    State(authoring): State<Authoring>,
    caller: Caller,
    Path(id): Path<String>,
    order: Order,
) -> edge::Result {
    let report = authoring.order(&caller, id_of(&id)?, order).await?;
    super::json(StatusCode::OK, &view::broadcast(&report))
}
