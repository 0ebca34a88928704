//! Holding, resuming, stopping and repeating a broadcast that is under way.

use std::collections::BTreeMap;

use domain::ChannelKind;
use domain::audit::AuditNote;
use domain::delivery::{Broadcast, BroadcastState, Progress};
use domain::staff::Act;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Authoring;
use crate::caller::{Begun, Caller};
use crate::error::{ActionError, Result};

/// What to do with a broadcast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Pause,
    Resume,
    Cancel,
    RetryFailed,
}

impl Order {
    /// The order of the last part of its address.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "pause" => Self::Pause,
            "resume" => Self::Resume,
            "cancel" => Self::Cancel,
            "retry-failed" => Self::RetryFailed,
            _ => return None,
        })
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Pause => "broadcast.paused",
            Self::Resume => "broadcast.resumed",
            Self::Cancel => "broadcast.cancelled",
            Self::RetryFailed => "broadcast.failed-retried",
        }
    }
}

/// A broadcast with the counts of each channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BroadcastReport {
    pub(crate) broadcast: Broadcast,
    pub(crate) channels: BTreeMap<ChannelKind, Progress>,
}

impl Authoring {
    /// Where a broadcast stands.
    pub(crate) async fn broadcast(&self, caller: &Caller, id: i64) -> Result<BroadcastReport> {
        caller.permit(Act::Read)?;
        let broadcast = self.store().broadcast(id).await?.ok_or(ActionError::NotFound)?;
        self.incident_of(self.store(), caller, broadcast.incident).await?;
        let channels = self.store().progress(id).await?;
        Ok(BroadcastReport { broadcast, channels })
    }

    /// Carries out an order. The notifier obeys within a second.
    pub(crate) async fn order(&self, caller: &Caller, id: i64, order: Order) -> Result<BroadcastReport> {
        caller.permit(Act::StopBroadcast)?;
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(report) => return Ok(report),
        };
        let broadcast = tx.broadcast(id).await?.ok_or(ActionError::NotFound)?;
        self.incident_of(&tx, caller, broadcast.incident).await?;
        let (done, count) = match order {
            Order::Pause => (tx.set_broadcast_state(id, BroadcastState::Paused).await?, 0),
            Order::Resume => (tx.set_broadcast_state(id, BroadcastState::Sending).await?, 0),
            Order::Cancel => (tx.set_broadcast_state(id, BroadcastState::Cancelled).await?, 0),
            Order::RetryFailed => (true, tx.retry_failed(id).await?),
        };
        if !done {
            return Err(ActionError::Conflict("broadcast-over"));
        }
        let details = json!({"count": count});
        let note = AuditNote { action: order.action(), subject: format!("broadcast/{id}"), details };
        tx.record(&caller.actor, note).await?;
        let broadcast = tx.broadcast(id).await?.ok_or(ActionError::NotFound)?;
        let report = BroadcastReport { broadcast, channels: tx.progress(id).await? };
        self.commit(tx, caller, &report).await?;
        Ok(report)
    }
}
