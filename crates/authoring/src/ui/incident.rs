//! One incident: everything written for it, and how its messages fared.

use std::collections::HashMap;

use axum::extract::{Path, State};
use domain::delivery::{BroadcastState, Progress};
use domain::revision::{Purpose, newest_published};
use domain::staff::Act;
use domain::{ChannelKind, Incident, IncidentKind, Language, Phase, Revision, RevisionState};
use edge::Failure;

use super::person::Person;
use super::views::{BroadcastBox, IncidentPage, RevisionRow};
use crate::Authoring;
use crate::error::{ActionError, Result};
use crate::wording::told_phase;

pub(super) async fn show(State(authoring): State<Authoring>, person: Person, Path(id): Path<String>) -> edge::Result {
    let id: i64 = id.parse().map_err(|_| Failure::not_found())?;
    let incident = authoring.incident_of(authoring.store(), &person.caller, id).await?;
    let revisions = authoring.store().revisions(id).await.map_err(ActionError::from)?;
    let catalogue = authoring.lists().await?;
    let names = authoring.staff_names().await?;
    let row = authoring.row(&incident, &revisions, &catalogue).ok_or_else(Failure::not_found)?;
    let newest = newest_published(&revisions);
    let correct_url = newest.map(|one| format!("/revisions/{}/correct", one.id));
    let mut rows = Vec::new();
    for revision in revisions.iter().rev() {
        let mut row = revision_row(revision, &names);
        row.broadcast = authoring.broadcast_box(revision).await?;
        rows.push(row);
    }
    let planned = incident.kind == IncidentKind::Planned;
    let view = IncidentPage {
        incident: row,
        planned,
        starts_at: incident.starts_at,
        ends_at: incident.ends_at,
        public_urls: authoring.public_urls(&incident),
        revisions: rows,
        base_url: format!("/incidents/{id}"),
        may_write: person.may(Act::Write),
        may_stop: person.may(Act::StopBroadcast),
        // Work that somebody planned is no false alarm: it is called off.
        may_withdraw: newest.is_some() && !planned,
        may_call_off: planned && newest.is_some_and(|one| one.content.phase.next().contains(&Phase::Cancelled)),
        correct_url,
    };
    authoring.screen(&person, &view).await
}

impl Authoring {
    /// Where the public reads it; empty while nothing is public.
    pub(super) fn public_urls(&self, incident: &Incident) -> Vec<(Language, String)> {
        if incident.published_at.is_none() {
            return Vec::new();
        }
        let url = |language: &Language| (*language, self.site().incident(*language, &incident.slug));
        incident.languages.iter().map(url).collect()
    }

    async fn broadcast_box(&self, revision: &Revision) -> Result<Option<BroadcastBox>> {
        if revision.state != RevisionState::Published {
            return Ok(None);
        }
        let Some(broadcast) = self.store().broadcast(revision.id).await? else { return Ok(None) };
        let channels: Vec<_> = self.store().progress(revision.id).await?.into_iter().collect();
        Ok(Some(BroadcastBox {
            columns: columns(&channels),
            url: format!("/broadcasts/{}", revision.id),
            state: state_key(broadcast.state),
            outcome: outcome_key(broadcast.state, &channels),
            has_failed: channels.iter().any(|(_, progress)| progress.failed > 0),
            channels,
        }))
    }
}

/// The counts worth a column. Those that are rare have one only where somebody is counted in it, so that the table
/// stays narrow and its numbers always add up to the audience.
fn columns(channels: &[(ChannelKind, Progress)]) -> Vec<&'static str> {
    let any = |count: fn(&Progress) -> i64| channels.iter().any(|(_, progress)| count(progress) > 0);
    let rare = [
        ("skipped", any(|one| one.skipped)),
        ("expired", any(|one| one.expired)),
        ("superseded", any(|one| one.superseded)),
    ];
    let rare = rare.into_iter().filter(|(_, counted)| *counted).map(|(column, _)| column);
    ["audience", "sent", "delivered", "failed", "unknown"].into_iter().chain(rare).chain(["remaining"]).collect()
}

/// The word over the table. "All sent" is said only when everybody who stayed was sent it.
pub(super) fn outcome_key(state: BroadcastState, channels: &[(ChannelKind, Progress)]) -> &'static str {
    let missed = |one: &Progress| one.failed + one.unknown + one.expired + one.superseded;
    match state {
        BroadcastState::Done if channels.iter().any(|(_, progress)| missed(progress) > 0) => "ended",
        state => state_key(state),
    }
}

pub(super) fn revision_row(revision: &Revision, names: &HashMap<i64, String>) -> RevisionRow {
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    RevisionRow {
        url: format!("/revisions/{}", revision.id),
        number: revision.number,
        purpose: match revision.purpose {
            Purpose::Update => "update",
            Purpose::Correction => "correction",
            Purpose::Withdrawal => "withdrawal",
        },
        state: revision.state.key(),
        phase: told_phase(revision.content.phase, &revision.content.cause),
        title: revision.content.words.title.clone(),
        author: writers(revision).into_iter().map(name).collect::<Vec<_>>().join(", "),
        approver: revision.approved_by.map(name),
        updated_at: revision.updated_at,
        published_at: revision.published_at,
        break_glass: revision.break_glass.clone(),
        rejection: revision.rejection.clone().filter(|_| revision.is_sent_back()),
        broadcast: None,
    }
}

/// Everybody who wrote any of it; of old revisions only the last one is known.
fn writers(revision: &Revision) -> Vec<i64> {
    if revision.writers.is_empty() { vec![revision.author] } else { revision.writers.clone() }
}

pub(super) const fn state_key(state: BroadcastState) -> &'static str {
    match state {
        BroadcastState::Sending => "sending",
        BroadcastState::Paused => "paused",
        BroadcastState::Cancelled => "cancelled",
        BroadcastState::Done => "done",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_sent_only_when_nobody_was_missed() {
        let outcome = |progress| outcome_key(BroadcastState::Done, &[(ChannelKind::Sms, progress)]);
        let sent = Progress { audience: 9, sent: 7, skipped: 2, ..Progress::default() };
        assert_eq!(outcome(sent.clone()), "done", "who left before was not missed");
        for missed in [
            Progress { expired: 1, ..sent.clone() },
            Progress { failed: 1, ..sent.clone() },
            Progress { unknown: 1, ..sent.clone() },
            Progress { superseded: 1, ..sent.clone() },
        ] {
            assert_eq!(outcome(missed), "ended");
        }
        assert_eq!(outcome_key(BroadcastState::Sending, &[]), "sending");
    }
}
