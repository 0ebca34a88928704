//! Opening an incident with its first revision.

use chrono::{DateTime, Utc};
use domain::audit::AuditNote;
use domain::incident::slugify;
use domain::revision::Purpose;
use domain::staff::Act;
use domain::{Catalogue, Content, HasKind, Incident, IncidentKind, Kind, Language, Localized, Revision, RevisionState};
use edge::Problem;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;

use crate::Authoring;
use crate::caller::{Begun, Caller};
use crate::content::{IncidentInput, can_be_written, clean, fill_empty, template_words};
use crate::error::{ActionError, Result};

/// What is opened: as given by a form or an API call.
pub type OpenIncident = IncidentInput;

/// Two who open at the same moment want the same number; the second takes the next one.
const TRIES: u32 = 3;

/// An incident that was opened, with its first revision as a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The incident.
    pub incident: Incident,
    /// Its first revision.
    pub revision: Revision,
}

impl Authoring {
    /// Opens an incident with its first revision as a draft. Words that were not given come from the template.
    ///
    /// # Errors
    /// When the caller may not write, or not for these organisations; when what was picked or typed cannot be kept.
    pub async fn open_incident(&self, caller: &Caller, order: OpenIncident) -> Result<Opened> {
        caller.permit(Act::Write)?;
        for _ in 1..TRIES {
            match self.try_to_open(caller, order.clone()).await {
                Err(ActionError::Store(error)) if error.kind() == Kind::Conflict => {}
                done => return done,
            }
        }
        self.try_to_open(caller, order).await
    }

    async fn try_to_open(&self, caller: &Caller, order: OpenIncident) -> Result<Opened> {
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(opened) => return Ok(opened),
        };
        let opened = self.open_in(&tx, caller, order).await?;
        self.commit(tx, caller, &opened).await?;
        Ok(opened)
    }

    pub(crate) async fn open_in(&self, tx: &Tx, caller: &Caller, order: OpenIncident) -> Result<Opened> {
        let catalogue = tx.catalogue().await?;
        let given = order.content.given();
        let (kind, times, place) = (order.kind, (order.starts_at, order.ends_at), order.place);
        let promised = order.content.next_update_by.is_some();
        let mut content = order.content.into_first(kind);
        self.date_relations(&mut content);
        let mut problems = clean(&mut content, &catalogue);
        for (field, at) in [("starts_at", order.starts_at), ("ends_at", order.ends_at)] {
            if at.is_some_and(|at| !can_be_written(at)) {
                return Err(ActionError::field(field, "unusable"));
            }
        }
        // What has not begun is no problem yet, but planned work; clocks of people differ a little.
        let soon = self.env().now() + chrono::Duration::minutes(10);
        if order.kind == IncidentKind::Incident && order.starts_at.is_some_and(|at| at > soon) {
            return Err(ActionError::field("starts_at", "unusable"));
        }
        let day = self.day_of(order.starts_at.unwrap_or_else(|| self.env().now()));
        let named = content.organisations.iter().filter_map(|key| catalogue.organisation(key));
        if named.into_iter().any(|one| !one.exists_on(day)) {
            problems.push(Problem::new("organisations", "organisation-absent"));
        }
        let speaker = speaker(&content, &catalogue, caller)?;
        if !problems.is_empty() {
            return Err(ActionError::Invalid(problems));
        }
        let languages = languages(&catalogue, &speaker, &self.site().languages);
        self.promise(&mut content, kind, promised);
        let words = template_words(self.filler(&catalogue), kind, &languages, &content);
        fill_empty(&mut content, &words, &given);
        if content.words.subject.is_empty() {
            content.words.subject = content.words.title.clone();
        }
        let times = (times.0.or(content.started_at), times.1);
        let mut incident = self.new_incident(tx, (kind, speaker, languages), times, &content).await?;
        if let Some((number, slug)) = place {
            incident = Incident { number, slug, ..incident };
        }
        tx.insert_incident(&incident).await?;
        let revision = self.new_revision(caller, incident.id, Purpose::Update, content);
        tx.insert_revision(&revision).await?;
        let details = json!({"number": incident.number, "revision": revision.id.to_string()});
        let note = AuditNote { action: "incident.opened", subject: format!("incident/{}", incident.id), details };
        tx.record(&caller.actor, note).await?;
        Ok(Opened { incident, revision })
    }

    async fn new_incident(
        &self,
        tx: &Tx,
        (kind, organisation, languages): (IncidentKind, String, Vec<Language>),
        (starts_at, ends_at): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        content: &Content,
    ) -> Result<Incident> {
        let now = self.env().now();
        let starts_at = starts_at.unwrap_or(now);
        if ends_at.is_some_and(|end| end <= starts_at) {
            return Err(ActionError::field("ends_at", "before-start"));
        }
        let number = tx.next_incident_number().await?;
        let slug = self.slug(tx, content, starts_at, number).await?;
        Ok(Incident {
            id: self.env().id(),
            number,
            kind,
            organisation,
            languages,
            slug,
            opened_at: now,
            starts_at,
            ends_at,
            published_at: None,
            resolved_at: None,
        })
    }

    /// Two incidents of one day may begin with the same headline; then the number tells their addresses apart.
    async fn slug(&self, tx: &Tx, content: &Content, starts_at: DateTime<Utc>, number: i64) -> Result<Localized> {
        let zone = self.renderer().settings().time_zone;
        let day = starts_at.with_timezone(&zone).format("%Y-%m-%d-").to_string();
        let mut slug = Localized::default();
        for language in Language::ALL {
            slug.set(language, slugify(&day, content.words.title.text(language)));
        }
        let recent = tx.incidents(None, 500).await?;
        let taken = Language::ALL
            .into_iter()
            .any(|language| recent.iter().any(|one| one.slug.get(language) == slug.get(language)));
        Ok(if taken { slug.map(|_, text| format!("{text}-{number}")) } else { slug })
    }

    /// A draft, written by the caller now.
    pub(crate) fn new_revision(&self, caller: &Caller, incident: i64, purpose: Purpose, content: Content) -> Revision {
        let now = self.env().now();
        Revision {
            id: self.env().id(),
            incident,
            number: None,
            purpose,
            state: RevisionState::Draft,
            content,
            version: 1,
            author: caller.actor.id,
            writers: vec![caller.actor.id],
            submitted_by: None,
            approved_by: None,
            approved_hash: None,
            rejection: None,
            break_glass: None,
            created_at: now,
            updated_at: now,
            published_at: None,
        }
    }
}

/// The body that speaks: the first that was picked, and one that the caller may speak for.
fn speaker(content: &Content, catalogue: &Catalogue, caller: &Caller) -> Result<String> {
    let Some(first) = content.organisations.first() else {
        return Err(ActionError::field("organisations", "blank"));
    };
    within(content, catalogue, caller)?;
    Ok(first.clone())
}

/// Somebody tied to an organisation speaks for it and for what is below it.
pub(crate) fn within(content: &Content, catalogue: &Catalogue, caller: &Caller) -> Result<()> {
    let Some(own) = caller.actor.organisation.as_deref() else { return Ok(()) };
    let below = content.organisations.iter().all(|key| catalogue.line_up(key).contains(&own));
    if below { Ok(()) } else { Err(ActionError::Forbidden("other-organisation")) }
}

/// The languages that the body must publish in, as far as the site has them.
fn languages(catalogue: &Catalogue, key: &str, site: &[Language]) -> Vec<Language> {
    let own = catalogue.organisation(key).map(|one| one.languages.clone()).unwrap_or_default();
    let both: Vec<Language> = site.iter().copied().filter(|language| own.contains(language)).collect();
    if both.is_empty() { site.to_vec() } else { both }
}
