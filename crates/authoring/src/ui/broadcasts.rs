//! The buttons that hold, resume, stop or repeat a broadcast.

use axum::extract::{Path, State};
use edge::Failure;

use super::person::Person;
use super::screen::see;
use crate::Authoring;
use crate::actions::Order;

pub(super) async fn order(
    State(authoring): State<Authoring>,
    person: Person,
    Path((id, order)): Path<(i64, String)>,
) -> edge::Result {
    let order = Order::from_key(&order).ok_or_else(Failure::not_found)?;
    let report = authoring.order(&person.caller, id, order).await?;
    let done = match order {
        Order::Pause => "paused",
        Order::Resume => "resumed",
        Order::Cancel => "cancelled",
        Order::RetryFailed => "retried",
    };
    see(&format!("/incidents/{}?done={done}", report.broadcast.incident))
}
