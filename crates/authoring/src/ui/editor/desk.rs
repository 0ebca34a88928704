//! What the writing form works on: a new incident, a next update, a draft, a correction or a withdrawal.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::phase::Past;
use domain::revision::{Purpose, Words, newest_published};
use domain::staff::Act;
use domain::{
    Catalogue, Content, Incident, IncidentKind, Language, Localized, Phase, Revision, RevisionState, WithCauses,
};
use edge::Problem;

use super::super::person::Person;
use super::super::sheet::{Sheet, stamp};
use crate::Authoring;
use crate::content::{ContentInput, WORDS, clean, soon, template_words, words_of};
use crate::error::{ActionError, Result};
use crate::judge::as_problems;

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    New(IncidentKind),
    /// The next update of an incident.
    Next(i64),
    /// The withdrawal of an incident.
    Withdraw(i64),
    /// A draft.
    Edit(i64),
    /// The correction of a published revision.
    Correct(i64),
}

/// A job with what is known about it.
pub(super) struct Desk {
    pub(super) job: Job,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) incident: Option<Incident>,
    /// What the form began with.
    pub(super) revision: Option<Revision>,
    /// The newest public update, for reference.
    pub(super) last: Option<Content>,
    pub(super) past: Past,
    /// Other incidents that are public, newest first.
    pub(super) others: Vec<Other>,
}

/// An incident that this one may be related to.
pub(super) struct Other {
    pub(super) number: i64,
    pub(super) kind: IncidentKind,
    pub(super) title: Localized,
}

/// How many of them are offered beside those that are open.
const OTHERS: u64 = 12;

impl Desk {
    fn bare(job: Job, catalogue: Arc<Catalogue>) -> Self {
        let (incident, revision, last, others) = (None, None, None, Vec::new());
        Self { job, catalogue, incident, revision, last, past: Past::default(), others }
    }

    pub(super) fn kind(&self) -> IncidentKind {
        match (self.job, &self.incident) {
            (Job::New(kind), _) => kind,
            (_, Some(incident)) => incident.kind,
            _ => IncidentKind::Incident,
        }
    }

    pub(super) fn purpose(&self) -> Purpose {
        match self.job {
            Job::Correct(_) => Purpose::Correction,
            Job::Withdraw(_) => Purpose::Withdrawal,
            Job::Edit(_) => self.revision.as_ref().map_or(Purpose::Update, |one| one.purpose),
            Job::New(_) | Job::Next(_) => Purpose::Update,
        }
    }

    pub(super) const fn heading(&self) -> &'static str {
        match self.job {
            Job::New(IncidentKind::Incident) => "au-report",
            Job::New(IncidentKind::Planned) => "au-plan",
            Job::Next(_) => "au-next-update",
            Job::Withdraw(_) => "au-withdraw",
            Job::Edit(_) => "au-edit",
            Job::Correct(_) => "au-correct",
        }
    }

    /// A translator may change Welsh words of a draft and nothing else.
    pub(super) fn welsh_only(&self, person: &Person) -> bool {
        matches!(self.job, Job::Edit(_)) && !person.may(Act::Write)
    }

    pub(super) fn base_words(&self) -> Words {
        self.revision.as_ref().map(|one| one.content.words.clone()).unwrap_or_default()
    }

    /// The services that hang on the chosen components take the place of those that were ticked.
    pub(super) fn propose(&self, sheet: &mut Sheet) {
        let components: Vec<String> = sheet.all("components").map(str::to_owned).collect();
        let services = self.catalogue.services_fed_by(&components);
        sheet.set_all("services", services.into_iter().map(|one| one.key.clone()));
    }

    /// The content that saving the form would give.
    pub(super) fn content(&self, input: ContentInput) -> Content {
        let mut content = match (self.job, &self.revision) {
            (Job::New(kind), _) => input.into_first(kind),
            (_, None) => input.into_first(self.kind()),
            (Job::Next(_), Some(base)) => input.into_next(&base.content),
            (Job::Withdraw(_), Some(base)) => input.into_withdrawal(&base.content),
            (Job::Edit(_) | Job::Correct(_), Some(base)) => {
                let mut content = base.content.clone();
                input.apply(&mut content);
                content
            }
        };
        // What is wrong with it is said when it is saved.
        let _ = clean(&mut content, &self.catalogue);
        content
    }

    /// The languages of whoever speaks.
    pub(super) fn languages(&self, content: &Content, site: &[Language]) -> Vec<Language> {
        if let Some(incident) = &self.incident {
            return incident.languages.clone();
        }
        let speaker = content.organisations.first().and_then(|key| self.catalogue.organisation(key));
        let own: Vec<Language> = site
            .iter()
            .copied()
            .filter(|language| speaker.is_none_or(|one| one.languages.contains(language)))
            .collect();
        if own.is_empty() { site.to_vec() } else { own }
    }

    /// The incident, or one as it would be opened with this content.
    pub(super) fn incident_for(
        &self,
        content: &Content,
        number: i64,
        now: DateTime<Utc>,
        site: &[Language],
    ) -> Incident {
        self.incident.clone().unwrap_or_else(|| Incident {
            id: 0,
            number,
            kind: self.kind(),
            organisation: content.organisations.first().cloned().unwrap_or_default(),
            languages: self.languages(content, site),
            slug: Localized::default(),
            opened_at: now,
            starts_at: now,
            ends_at: None,
            published_at: None,
            resolved_at: None,
        })
    }
}

impl Authoring {
    /// Loads what the job is about.
    pub(super) async fn desk(&self, person: &Person, job: Job) -> Result<Desk> {
        let catalogue = self.lists().await?;
        let reads = self.store();
        let mut desk = Desk::bare(job, catalogue);
        let incident = match job {
            Job::New(_) => {
                // The lists may come from memory; whether anything can be saved shows when it is tried. A new incident
                // can do without what is said of others, but whoever runs this should know why nobody could choose.
                if !person.offline {
                    desk.others = self.others().await.unwrap_or_else(|error| {
                        tracing::warn!(error = %WithCauses(&error), "the form of a new incident names no other ones");
                        Vec::new()
                    });
                }
                return Ok(desk);
            }
            Job::Next(id) | Job::Withdraw(id) => id,
            Job::Edit(id) | Job::Correct(id) => {
                let revision = reads.revision(id).await?.ok_or(ActionError::NotFound)?;
                let wanted = if matches!(job, Job::Edit(_)) { "revision-published" } else { "not-public" };
                if (revision.state == RevisionState::Published) == matches!(job, Job::Edit(_)) {
                    return Err(ActionError::Conflict(wanted));
                }
                let incident = revision.incident;
                desk.revision = Some(revision);
                incident
            }
        };
        desk.incident = Some(self.incident_of(reads, &person.caller, incident).await?);
        desk.past = reads.past(incident).await?;
        let own = desk.incident.as_ref().map(|one| one.number);
        // Never as if there were none: what is said of another incident would not be in the form, and saving it would
        // take it back.
        desk.others = self.others().await?;
        desk.others.retain(|one| Some(one.number) != own);
        let revisions = reads.revisions(incident).await?;
        let newest = newest_published(&revisions);
        desk.last = newest.map(|one| one.content.clone());
        if desk.revision.is_none() {
            desk.revision = newest.or(revisions.last()).cloned();
        }
        Ok(desk)
    }

    /// A desk for the time when the database does not answer: the form can be shown again, and nothing else.
    pub(super) async fn blind_desk(&self, job: Job) -> Result<Desk> {
        let catalogue = match self.memory().lists() {
            Some(remembered) => remembered,
            None => self.lists().await?,
        };
        Ok(Desk::bare(job, catalogue))
    }

    /// What an incident may be related to: what is open, and what was public last.
    async fn others(&self) -> Result<Vec<Other>> {
        let published = self.store().published();
        let mut found = BTreeMap::new();
        for one in published.open().await?.into_iter().chain(published.recent(OTHERS).await?) {
            let Some(newest) = one.updates.last() else { continue };
            let (number, kind, title) = (one.incident.number, one.incident.kind, newest.content.words.title.clone());
            found.insert(number, Other { number, kind, title });
        }
        Ok(found.into_values().rev().collect())
    }

    /// The form as it is first shown, in the phase that was asked for.
    pub(super) fn first_sheet(&self, desk: &Desk, person: &Person, phase: Option<Phase>) -> Sheet {
        let soon = stamp(soon(self.env().now(), 30));
        let zone = self.renderer().settings().time_zone;
        match (desk.job, &desk.revision) {
            (Job::Edit(_), Some(base)) => {
                let mut sheet = Sheet::of(&base.content, zone);
                sheet.set("version", &base.version.to_string());
                sheet
            }
            (Job::Correct(_), Some(base)) => Sheet::of(&base.content, zone),
            (Job::Next(_) | Job::Withdraw(_), Some(_)) => {
                let mut content = desk.content(ContentInput { phase, ..ContentInput::default() });
                if phase == Some(Phase::Cancelled) {
                    // What does not take place stops nothing.
                    content.services.iter_mut().for_each(|one| *one = one.working());
                }
                let mut sheet = Sheet::of(&content, zone);
                match content.phase.is_over() {
                    // What to do while it lasted is no advice for afterwards: what still holds is ticked anew.
                    true => sheet.set_all("advice", []),
                    false => sheet.set("next", &soon),
                }
                self.fill(desk, &mut sheet, false);
                sheet
            }
            _ => {
                let mut sheet = Sheet::of(&desk.content(ContentInput::default()), zone);
                let root =
                    desk.catalogue.organisations.iter().find(|one| one.parent.is_none()).map(|one| one.key.clone());
                let own = person.caller.actor.organisation.clone().or(root);
                sheet.set("speaker", own.as_deref().unwrap_or_default());
                // How bad it is must be said, never assumed.
                sheet.set("severity", "");
                sheet.set_all("channels", []);
                sheet.set("next", if desk.kind() == IncidentKind::Incident { &soon } else { "" });
                sheet
            }
        }
    }

    /// Puts the template's words for what is picked into the empty fields, or into all of them.
    pub(super) fn fill(&self, desk: &Desk, sheet: &mut Sheet, all: bool) {
        let (input, _) = sheet.input(self.renderer().settings().time_zone);
        let content = desk.content(input);
        let languages = desk.languages(&content, &self.site().languages);
        let words = template_words(self.filler(&desk.catalogue), desk.kind(), &languages, &content);
        let filled: Vec<&str> =
            WORDS.into_iter().filter(|field| words_of(&words, field).is_some_and(|one| !one.is_empty())).collect();
        if all { sheet.set_words(&words, &filled) } else { sheet.fill_empty(&words) }
    }

    /// Why the draft could not be sent.
    pub(super) async fn refusals(&self, desk: &Desk, sheet: &Sheet) -> Result<Vec<Problem>> {
        let (input, problems) = sheet.input(self.renderer().settings().time_zone);
        let content = desk.content(input);
        Ok([problems, as_problems(&self.judged(desk, &content).await?)].concat())
    }
}
