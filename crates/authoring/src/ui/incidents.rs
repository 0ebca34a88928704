//! The list of incidents, and what waits for approval.

use std::collections::HashMap;

use axum::extract::{Query, State};
use domain::revision::newest_published;
use domain::staff::Act;
use domain::{Catalogue, Incident, Localized, Revision, RevisionState};
use serde::Deserialize;

use super::person::Person;
use super::views::{Approvals, IncidentRow, Incidents, WaitingRow};
use crate::Authoring;
use crate::actions::is_own;
use crate::error::{ActionError, Result};
use crate::wording::{number_key, told_phase};

/// Incidents on one page.
const PAGE: u64 = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Older {
    before: Option<i64>,
}

pub(super) async fn list(
    State(authoring): State<Authoring>,
    person: Person,
    Query(older): Query<Older>,
) -> edge::Result {
    let found = authoring.store().incidents(older.before, PAGE).await.map_err(ActionError::from)?;
    let catalogue = authoring.lists().await?;
    let mut view = Incidents {
        open: Vec::new(),
        drafts: Vec::new(),
        over: Vec::new(),
        may_write: person.may(Act::Write),
        older_url: (found.len() as u64 == PAGE)
            .then(|| found.last().map(|last| format!("/incidents?before={}", last.id)))
            .flatten(),
        now: authoring.env().now(),
    };
    for incident in found.iter().filter(|one| person.caller.within(one, &catalogue).is_ok()) {
        let revisions = authoring.store().revisions(incident.id).await.map_err(ActionError::from)?;
        let Some(row) = authoring.row(incident, &revisions, &catalogue) else { continue };
        match (incident.published_at, incident.resolved_at) {
            (None, _) => view.drafts.push(row),
            (_, None) => view.open.push(row),
            _ => view.over.push(row),
        }
    }
    authoring.screen(&person, &view).await
}

pub(super) async fn approvals(State(authoring): State<Authoring>, person: Person) -> edge::Result {
    let revisions = authoring.store().revisions_waiting().await.map_err(ActionError::from)?;
    let names = authoring.staff_names().await?;
    let catalogue = authoring.lists().await?;
    let mut waiting = Vec::new();
    for revision in revisions {
        let incident = authoring.store().incident(revision.incident).await.map_err(ActionError::from)?;
        if incident.is_none_or(|incident| person.caller.within(&incident, &catalogue).is_err()) {
            continue;
        }
        waiting.push(WaitingRow {
            url: format!("/revisions/{}", revision.id),
            title: revision.content.words.title.clone(),
            state: revision.state.key(),
            severity: revision.content.severity.key(),
            author: names.get(&revision.author).cloned().unwrap_or_default(),
            updated_at: revision.updated_at,
            own: is_own(&revision, &person.caller),
        });
    }
    authoring.screen(&person, &Approvals { waiting, now: authoring.env().now() }).await
}

impl Authoring {
    /// An incident as a list shows it: as the public knows it, or else as it was last written.
    pub(super) fn row(
        &self,
        incident: &Incident,
        revisions: &[Revision],
        catalogue: &Catalogue,
    ) -> Option<IncidentRow> {
        let public = newest_published(revisions);
        let shown = public.or(revisions.last())?;
        let pending = revisions.iter().rev().find(|one| one.state != RevisionState::Published);
        let next = shown.content.next_update_by.filter(|_| !shown.content.phase.is_over());
        Some(IncidentRow {
            url: format!("/incidents/{}", incident.id),
            number: incident.number,
            number_key: number_key(incident.kind),
            title: shown.content.words.title.clone(),
            phase: told_phase(shown.content.phase, &shown.content.cause),
            severity: shown.content.severity.key(),
            organisation: short_name(catalogue, &incident.organisation),
            updated_at: shown.published_at.unwrap_or(shown.updated_at),
            next_update_by: next,
            late: public.is_some() && next.is_some_and(|next| next < self.env().now()),
            pending: pending.map(|one| one.state.key()),
        })
    }

    /// The names of everybody who has or had an account.
    pub(super) async fn staff_names(&self) -> Result<HashMap<i64, String>> {
        Ok(self.store().all_staff().await?.into_iter().map(|one| (one.id, one.name)).collect())
    }
}

pub(super) fn short_name(catalogue: &Catalogue, key: &str) -> Localized {
    catalogue.organisation(key).map(|one| one.short.clone()).unwrap_or_default()
}
