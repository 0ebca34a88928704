//! What follows a publication that was wrong: a visible correction, or a withdrawal that stays readable.

use domain::Revision;
use domain::revision::{Purpose, newest_published};
use domain::staff::Act;
use serde_json::json;

use super::{about, reason};
use crate::Authoring;
use crate::caller::{Begun, Caller};
use crate::content::{ContentInput, fill_empty, template_words};
use crate::error::{ActionError, Result};

impl Authoring {
    /// Adds a draft that corrects a published update. It begins with the words of what it corrects.
    ///
    /// # Errors
    /// When the update is not the newest public one, or what was given cannot be kept.
    pub async fn correct(&self, caller: &Caller, id: i64, input: ContentInput) -> Result<Revision> {
        caller.permit(Act::Write)?;
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(revision) => return Ok(revision),
        };
        let case = self.case(&tx, caller, id).await?;
        let revisions = tx.revisions(case.incident.id).await?;
        let newest = newest_published(&revisions);
        if newest.map(|one| one.id) != Some(id) {
            return Err(ActionError::Conflict("not-newest"));
        }
        let mut content = case.revision.content.clone();
        input.apply(&mut content);
        self.settle(&mut content, &case.catalogue, caller)?;
        self.keep_subject(&tx, &mut content, &case.incident).await?;
        let revision = self.new_revision(caller, case.incident.id, Purpose::Correction, content);
        tx.insert_revision(&revision).await?;
        let details = json!({"corrects": id.to_string()});
        tx.record(&caller.actor, about(&revision, "revision.correction-added", details)).await?;
        self.commit(tx, caller, &revision).await?;
        Ok(revision)
    }

    /// Adds a draft that withdraws an incident as a false alarm. Like any update it needs approval.
    ///
    /// # Errors
    /// When the incident is not public or no reason is given.
    pub async fn withdraw(&self, caller: &Caller, incident: i64, why: &str, input: ContentInput) -> Result<Revision> {
        caller.permit(Act::Write)?;
        let why = reason("reason", why)?;
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(revision) => return Ok(revision),
        };
        let incident = self.incident_of(&tx, caller, incident).await?;
        let revisions = tx.revisions(incident.id).await?;
        let newest = newest_published(&revisions).ok_or(ActionError::Conflict("not-public"))?;
        let catalogue = tx.catalogue().await?;
        let given = input.given();
        let mut content = input.into_withdrawal(&newest.content);
        self.settle(&mut content, &catalogue, caller)?;
        let words = template_words(self.filler(&catalogue), incident.kind, &incident.languages, &content);
        fill_empty(&mut content, &words, &given);
        self.keep_subject(&tx, &mut content, &incident).await?;
        let revision = self.new_revision(caller, incident.id, Purpose::Withdrawal, content);
        tx.insert_revision(&revision).await?;
        tx.record(&caller.actor, about(&revision, "revision.withdrawal-added", json!({"reason": why}))).await?;
        self.commit(tx, caller, &revision).await?;
        Ok(revision)
    }
}
