//! Writing: the next update of an incident, and every change of one that is not yet public.

use domain::revision::{Purpose, newest_published};
use domain::staff::Act;
use domain::{Content, IncidentKind, Language, Phase, Revision, RevisionState};
use serde_json::json;

use super::open::within;
use super::{Case, about};
use crate::Authoring;
use crate::caller::{Begun, Caller};
use crate::content::{
    ContentInput, WORDS, can_be_written, clean, fill_empty, follow_picks, soon, template_words, words_mut,
};
use crate::error::{ActionError, Result};

/// The state that an editor saw; an edit against any other is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The hash of everything shown and sent.
    Hash(String),
    /// The number of the version.
    Version(i64),
}

/// A change of a revision that is not public.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) expected: Expected,
    pub(crate) input: ContentInput,
}

impl Authoring {
    /// Adds a draft of the next update. What was picked before goes on; words that were not given come from the
    /// template of the phase.
    ///
    /// # Errors
    /// When the caller may not write for this incident, or what was given cannot be kept.
    pub async fn add_revision(&self, caller: &Caller, incident: i64, input: ContentInput) -> Result<Revision> {
        caller.permit(Act::Write)?;
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(revision) => return Ok(revision),
        };
        let incident = self.incident_of(&tx, caller, incident).await?;
        let revisions = tx.revisions(incident.id).await?;
        let last = newest_published(&revisions).or(revisions.last()).ok_or(ActionError::NotFound)?;
        let given = input.given();
        let promised = input.next_update_by.is_some();
        let content = input.into_next(&last.content);
        let mut revision = self.new_revision(caller, incident.id, Purpose::Update, content);
        if last.state != RevisionState::Published {
            // What it begins with was approved by nobody: whoever wrote that has written here too.
            revision.writers.splice(0..0, last.writers.iter().copied().filter(|id| *id != caller.actor.id));
        }
        let catalogue = tx.catalogue().await?;
        self.settle(&mut revision.content, &catalogue, caller)?;
        self.promise(&mut revision.content, incident.kind, promised);
        let words = template_words(self.filler(&catalogue), incident.kind, &incident.languages, &revision.content);
        fill_empty(&mut revision.content, &words, &given);
        self.keep_subject(&tx, &mut revision.content, &incident).await?;
        tx.insert_revision(&revision).await?;
        tx.record(&caller.actor, about(&revision, "revision.added", json!({}))).await?;
        self.commit(tx, caller, &revision).await?;
        Ok(revision)
    }

    /// Changes a revision that is not public. Any change voids a submission or an approval. Words that are still the
    /// template's go along with what is picked.
    ///
    /// # Errors
    /// Conflict when it changed in the meantime or is public; forbidden when a translator touches more than Welsh
    /// words.
    pub(crate) async fn edit_revision(&self, caller: &Caller, id: i64, edit: Edit) -> Result<Revision> {
        caller.permit(Act::Translate)?;
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(revision) => return Ok(revision),
        };
        let case = self.case(&tx, caller, id).await?;
        refuse_stale(&case, &edit.expected)?;
        let Case { incident, mut revision, catalogue, .. } = case;
        let before = revision.content.clone();
        edit.input.apply(&mut revision.content);
        self.settle(&mut revision.content, &catalogue, caller)?;
        follow_picks(self.filler(&catalogue), &incident, &before, &mut revision.content);
        if before.words.subject == before.words.title {
            revision.content.words.subject = revision.content.words.title.clone();
        }
        self.keep_subject(&tx, &mut revision.content, &incident).await?;
        if revision.content.organisations.first() != Some(&incident.organisation) {
            return Err(ActionError::field("organisations", "speaker-fixed"));
        }
        if !caller.actor.role.may(Act::Write) && without_welsh(&before) != without_welsh(&revision.content) {
            return Err(ActionError::Forbidden("translator-welsh-only"));
        }
        let version = revision.version;
        self.back_to_draft(&mut revision, caller);
        if !tx.update_revision(&revision, version).await? {
            return Err(ActionError::Conflict("changed-meanwhile"));
        }
        tx.record(&caller.actor, about(&revision, "revision.edited", json!({"from": version}))).await?;
        self.commit(tx, caller, &revision).await?;
        Ok(revision)
    }

    /// Cleans a content and refuses what can never become right.
    pub(crate) fn settle(&self, content: &mut Content, catalogue: &domain::Catalogue, caller: &Caller) -> Result<()> {
        self.date_relations(content);
        let problems = clean(content, catalogue);
        if !problems.is_empty() {
            return Err(ActionError::Invalid(problems));
        }
        if content.organisations.is_empty() {
            return Err(ActionError::field("organisations", "blank"));
        }
        // Translators work across organisations only where their account does.
        within(content, catalogue, caller)
    }

    /// What is said of another incident is said now, where nobody says when, and never later.
    pub(crate) fn date_relations(&self, content: &mut Content) {
        let now = self.env().now();
        for one in &mut content.relations {
            let said = one.stated_at.filter(|at| *at <= now || !can_be_written(*at));
            one.stated_at = said.or(Some(now));
        }
    }

    /// People must read when they will hear more. Where nobody says, it is the usual time of the phase; whoever
    /// approves sees it.
    pub(crate) fn promise(&self, content: &mut Content, kind: IncidentKind, said: bool) {
        if said || content.next_update_by.is_some() || kind == IncidentKind::Planned {
            return;
        }
        content.next_update_by = usual_wait(content.phase).map(|minutes| soon(self.env().now(), minutes));
    }

    fn back_to_draft(&self, revision: &mut Revision, caller: &Caller) {
        revision.state = RevisionState::Draft;
        revision.add_writer(caller.actor.id);
        revision.submitted_by = None;
        revision.approved_by = None;
        revision.approved_hash = None;
        revision.version += 1;
        revision.updated_at = self.env().now();
    }
}

/// Minutes until the next update, by phase; none when the incident is over.
const fn usual_wait(phase: Phase) -> Option<i64> {
    match phase {
        Phase::Investigating | Phase::Reopened => Some(30),
        Phase::Identified | Phase::Fixing => Some(60),
        Phase::Monitoring => Some(120),
        Phase::Recovering => Some(24 * 60),
        _ => None,
    }
}

fn refuse_stale(case: &Case, expected: &Expected) -> Result<()> {
    if case.revision.state == RevisionState::Published {
        return Err(ActionError::Conflict("revision-published"));
    }
    let same = match expected {
        Expected::Hash(hash) => *hash == case.hash,
        Expected::Version(version) => *version == case.revision.version,
    };
    if same { Ok(()) } else { Err(ActionError::Conflict("changed-meanwhile")) }
}

fn without_welsh(content: &Content) -> Content {
    let mut rest = content.clone();
    for field in WORDS {
        if let Some(words) = words_mut(&mut rest.words, field) {
            *words = words.map(|language, text| if language == Language::Cy { String::new() } else { text.to_owned() });
            words.set(Language::Cy, "");
        }
    }
    rest
}
