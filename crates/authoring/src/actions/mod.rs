//! The use cases. Each loads, lets the domain decide, saves in one transaction and announces; the web interface and the
//! API call the same ones.

mod alert;
mod alone;
mod audit;
mod broadcast;
mod draft;
mod follow;
mod open;
mod promise;
mod publish;
mod review;
mod staff_address;

use chrono::{DateTime, Utc};
use domain::audit::AuditNote;
use domain::revision::ContentProblem;
use domain::staff::Act;
use domain::{Announcement, Catalogue, Content, Incident, Revision};
use serde_json::{Value, json};
use store::Reads;

pub(crate) use alert::AlertGroup;
pub(crate) use alone::NotAlone;
pub(crate) use broadcast::{BroadcastReport, Order};
pub(crate) use draft::{Edit, Expected};
pub use open::{OpenIncident, Opened};
pub(crate) use promise::Promised;
pub use publish::Publication;
pub(crate) use review::is_own;
pub use staff_address::AddressChange;

use crate::Authoring;
use crate::caller::Caller;
use crate::compose::Composer;
use crate::content::Filler;
use crate::error::{ActionError, Result};
use crate::judge::Judged;

/// A revision with all that is needed to decide about it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) incident: Incident,
    pub(crate) revision: Revision,
    pub(crate) catalogue: Catalogue,
    pub(crate) announcement: Announcement,
    /// What an approval of the revision as it is now would bind to.
    pub(crate) hash: String,
    /// Of the incidents that the revision names, the numbers of those that are others and public.
    pub(crate) public: Vec<i64>,
    /// When it was loaded, as people read the time.
    pub(crate) now: DateTime<Utc>,
}

impl Authoring {
    /// Loads a revision that the caller may work on.
    pub(crate) async fn case(&self, reads: &Reads, caller: &Caller, revision: i64) -> Result<Case> {
        let revision = reads.revision(revision).await?.ok_or(ActionError::NotFound)?;
        let incident = self.incident_of(reads, caller, revision.incident).await?;
        let catalogue = reads.catalogue().await?;
        let (announcement, hash) =
            self.composer(&catalogue).announced(&incident, (revision.purpose, &revision.content))?;
        let public = named_and_public(reads, &revision.content, incident.number).await?;
        Ok(Case { incident, revision, catalogue, announcement, hash, public, now: self.env().now() })
    }

    /// Loads an incident that the caller may see.
    pub(crate) async fn incident_of(&self, reads: &Reads, caller: &Caller, id: i64) -> Result<Incident> {
        caller.permit(Act::Read)?;
        let incident = reads.incident(id).await?.ok_or(ActionError::NotFound)?;
        caller.within(&incident, &reads.catalogue().await?)?;
        Ok(incident)
    }

    pub(crate) fn composer<'a>(&'a self, catalogue: &'a Catalogue) -> Composer<'a> {
        Composer { renderer: self.renderer(), site: self.site(), catalogue }
    }

    pub(crate) fn filler<'a>(&self, catalogue: &'a Catalogue) -> Filler<'a> {
        Filler { catalogue, zone: self.renderer().settings().time_zone, now: self.env().now() }
    }

    /// The subject of an incident's mails stays that of its first published update, so that mail programs thread them.
    pub(crate) async fn keep_subject(&self, reads: &Reads, content: &mut Content, incident: &Incident) -> Result<()> {
        let revisions = reads.revisions(incident.id).await?;
        if let Some(first) = revisions.iter().find(|one| one.number == Some(1)) {
            content.words.subject = first.content.words.subject.clone();
        }
        if content.words.subject.is_empty() {
            content.words.subject = content.words.title.clone();
        }
        Ok(())
    }
}

impl Case {
    /// Every reason why it may not be published.
    pub(crate) async fn problems(&self, reads: &Reads) -> Result<Vec<ContentProblem>> {
        Ok(self.judged(reads).await?.problems())
    }

    /// The case with what happened to the incident before.
    pub(crate) async fn judged(&self, reads: &Reads) -> Result<Judged<'_>> {
        let past = reads.past(self.incident.id).await?;
        Ok(Judged {
            incident: &self.incident,
            purpose: self.revision.purpose,
            content: &self.revision.content,
            past,
            public: &self.public,
            now: self.now,
            catalogue: &self.catalogue,
            announcement: &self.announcement,
        })
    }
}

/// Of the incidents that a content names, the numbers of those that are public and not the one that it is about.
pub(crate) async fn named_and_public(reads: &Reads, content: &Content, own: i64) -> Result<Vec<i64>> {
    let named: Vec<i64> = content.relations.iter().map(|one| one.number).filter(|number| *number != own).collect();
    Ok(reads.public_numbers(&named).await?)
}

/// A line of the audit log about a revision.
pub(crate) fn about(revision: &Revision, action: &'static str, details: Value) -> AuditNote {
    let mut all = json!({"incident": revision.incident.to_string(), "version": revision.version});
    if let (Some(all), Value::Object(details)) = (all.as_object_mut(), details) {
        all.extend(details);
    }
    AuditNote { action, subject: format!("revision/{}", revision.id), details: all }
}

/// Reasons must say something, and a log is no place for a novel.
pub(crate) fn reason(field: &str, typed: &str) -> Result<String> {
    let line = domain::text::single_line(typed);
    let Ok(line) = domain::text::normalise(&line) else { return Err(ActionError::field(field, "letters-refused")) };
    if !domain::text::says_something(&line) {
        return Err(ActionError::field(field, "blank"));
    }
    if line.chars().count() > 1_000 {
        return Err(ActionError::field(field, "too-long"));
    }
    Ok(line)
}
