//! Four eyes: sending for approval, approving exactly what was seen, sending back.

use domain::staff::Act;
use domain::{Revision, RevisionState};
use serde_json::json;
use store::Tx;

use super::{Case, about, reason};
use crate::Authoring;
use crate::caller::{Begun, Caller};
use crate::error::{ActionError, Result};
use crate::judge::as_problems;

impl Authoring {
    /// Sends a draft for approval. Sending it twice is harmless.
    ///
    /// # Errors
    /// With every reason why it could not be published as it is.
    pub async fn submit(&self, caller: &Caller, id: i64) -> Result<Revision> {
        caller.permit(Act::Submit)?;
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(revision) => return Ok(revision),
        };
        let mut case = self.case(&tx, caller, id).await?;
        match case.revision.state {
            RevisionState::Draft | RevisionState::Rejected => {}
            RevisionState::Submitted => return Ok(case.revision),
            RevisionState::Approved => return Err(ActionError::Conflict("already-approved")),
            RevisionState::Published => return Err(ActionError::Conflict("revision-published")),
        }
        let problems = case.problems(&tx).await?;
        if !problems.is_empty() {
            return Err(ActionError::Invalid(as_problems(&problems)));
        }
        let revision = &mut case.revision;
        // Words that were sent back and are sent again as they were stay sent back until somebody approves them.
        if revision.state == RevisionState::Draft {
            revision.rejection = None;
        }
        revision.state = RevisionState::Submitted;
        revision.submitted_by = Some(caller.actor.id);
        self.save(&tx, revision).await?;
        tx.record(&caller.actor, about(revision, "revision.submitted", json!({"hash": case.hash}))).await?;
        self.commit(tx, caller, &case.revision).await?;
        Ok(case.revision)
    }

    /// The hash of everything that this revision would show and send now: what an approval binds to.
    ///
    /// # Errors
    /// When there is no such revision for the caller, or the database does not answer.
    pub async fn hash(&self, caller: &Caller, id: i64) -> Result<String> {
        Ok(self.case(self.store(), caller, id).await?.hash)
    }

    /// Approves what carries this hash, and nothing else.
    ///
    /// # Errors
    /// Forbidden for whoever wrote or submitted it; conflict when anything shown or sent is not what the hash says; the
    /// reasons when it could not be published any more.
    pub async fn approve(&self, caller: &Caller, id: i64, hash: &str) -> Result<Revision> {
        caller.permit(Act::Approve)?;
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(revision) => return Ok(revision),
        };
        let case = self.case(&tx, caller, id).await?;
        if case.hash != hash {
            return Err(ActionError::Conflict("approval-stale"));
        }
        match case.revision.state {
            RevisionState::Submitted => {}
            RevisionState::Approved if case.revision.approved_by == Some(caller.actor.id) => return Ok(case.revision),
            RevisionState::Approved => return Err(ActionError::Conflict("already-approved")),
            RevisionState::Published => return Err(ActionError::Conflict("revision-published")),
            RevisionState::Draft | RevisionState::Rejected => return Err(ActionError::Conflict("not-submitted")),
        }
        if is_own(&case.revision, caller) {
            return Err(ActionError::Forbidden("own-text"));
        }
        // What was fine when it was sent may have grown old while it waited.
        let problems = case.problems(&tx).await?;
        if !problems.is_empty() {
            return Err(ActionError::Invalid(as_problems(&problems)));
        }
        let Case { mut revision, hash: current, .. } = case;
        revision.state = RevisionState::Approved;
        revision.rejection = None;
        revision.approved_by = Some(caller.actor.id);
        revision.approved_hash = Some(current);
        self.save(&tx, &mut revision).await?;
        let details = json!({"hash": revision.approved_hash});
        tx.record(&caller.actor, about(&revision, "revision.approved", details)).await?;
        self.commit(tx, caller, &revision).await?;
        Ok(revision)
    }

    /// Sends a revision back to its author with a reason.
    ///
    /// # Errors
    /// When it does not wait for approval or publication, or no reason is given.
    pub async fn reject(&self, caller: &Caller, id: i64, why: &str) -> Result<Revision> {
        caller.permit(Act::Approve)?;
        let why = reason("reason", why)?;
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(revision) => return Ok(revision),
        };
        let Case { mut revision, .. } = self.case(&tx, caller, id).await?;
        if !matches!(revision.state, RevisionState::Submitted | RevisionState::Approved) {
            return Err(ActionError::Conflict("not-submitted"));
        }
        revision.state = RevisionState::Rejected;
        revision.approved_by = None;
        revision.approved_hash = None;
        revision.rejection = Some(why.clone());
        self.save(&tx, &mut revision).await?;
        tx.record(&caller.actor, about(&revision, "revision.rejected", json!({"reason": why}))).await?;
        self.commit(tx, caller, &revision).await?;
        Ok(revision)
    }

    /// Saves a change of state; whoever changed the revision first wins.
    pub(crate) async fn save(&self, tx: &Tx, revision: &mut Revision) -> Result<()> {
        let version = revision.version;
        revision.version += 1;
        revision.updated_at = self.env().now();
        if tx.update_revision(revision, version).await? {
            Ok(())
        } else {
            Err(ActionError::Conflict("changed-meanwhile"))
        }
    }
}

/// Whether this person wrote any of it, or submitted it: then somebody else must approve.
pub(crate) fn is_own(revision: &Revision, caller: &Caller) -> bool {
    revision.is_written_by(caller.actor.id) || revision.submitted_by == Some(caller.actor.id)
}
