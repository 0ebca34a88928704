//! Who reads what in the audit log: everybody the lines of their own organisation and of those below it, and whoever
//! speaks for all, or manages the staff of a whole nation, every line.

use std::collections::HashMap;

use domain::Catalogue;
use domain::audit::AuditEntry;
use domain::organisation::{Organisation, OrganisationKind};
use domain::staff::{Act, Actor, Role};

use crate::Authoring;
use crate::caller::Caller;
use crate::error::Result;

/// Lines on one page.
const PAGE: usize = 100;
/// Lines that are looked through at once.
const BATCH: u64 = 500;
/// Batches that one page looks through at most; the next page goes on where it ended.
const BATCHES: usize = 10;

/// A page of the audit log.
#[derive(Debug)]
pub(crate) struct AuditPage {
    /// Newest first.
    pub(crate) entries: Vec<AuditEntry>,
    /// The number before which the next page begins, if there may be one.
    pub(crate) before: Option<i64>,
    /// Lines of other organisations are left out.
    pub(crate) narrowed: bool,
}

impl Authoring {
    /// The lines that the caller may read, newest first, with numbers below `before`.
    pub(crate) async fn audit_page(&self, caller: &Caller, before: Option<i64>) -> Result<AuditPage> {
        caller.permit(Act::Read)?;
        let catalogue = self.store().catalogue().await?;
        let own = caller.actor.organisation.as_deref().filter(|_| !reads_all(&caller.actor, &catalogue));
        let mut owners = Owners::new(self).await?;
        let mut page = AuditPage { entries: Vec::new(), before, narrowed: own.is_some() };
        for _ in 0..BATCHES {
            let lines = self.store().audit_newest(page.before, BATCH).await?;
            let is_last = (lines.len() as u64) < BATCH;
            for line in lines {
                if page.entries.len() == PAGE {
                    return Ok(page);
                }
                page.before = Some(line.number);
                let visible = match own {
                    None => true,
                    Some(own) => owners.of(&line).await?.is_some_and(|key| catalogue.line_up(&key).contains(&own)),
                };
                if visible {
                    page.entries.push(line);
                }
            }
            if is_last {
                page.before = None;
                break;
            }
        }
        Ok(page)
    }
}

/// Lines that belong to no organisation - the lists, strangers at the door - are for these alone.
fn reads_all(actor: &Actor, catalogue: &Catalogue) -> bool {
    let is_nation = |one: &Organisation| one.parent.is_none() && one.kind == OrganisationKind::Nation;
    match actor.organisation.as_deref() {
        None => true,
        Some(own) => actor.role == Role::Admin && catalogue.organisation(own).is_some_and(is_nation),
    }
}

/// Whose line is whose: by the incident or the account that it is about.
struct Owners<'a> {
    authoring: &'a Authoring,
    staff: HashMap<i64, Option<String>>,
    incidents: HashMap<i64, Option<String>>,
}

impl<'a> Owners<'a> {
    async fn new(authoring: &'a Authoring) -> Result<Self> {
        let staff = authoring.store().all_staff().await?;
        let staff = staff.into_iter().map(|one| (one.id, one.organisation)).collect();
        Ok(Self { authoring, staff, incidents: HashMap::new() })
    }

    async fn of(&mut self, line: &AuditEntry) -> Result<Option<String>> {
        let Some((kind, id)) = line.subject.split_once('/') else { return Ok(None) };
        let Ok(id) = id.parse() else { return Ok(None) };
        match kind {
            "staff" => Ok(self.staff.get(&id).cloned().flatten()),
            "incident" => self.of_incident(id).await,
            // A broadcast has the id of its revision.
            "revision" | "broadcast" => match self.authoring.store().revision(id).await? {
                Some(revision) => self.of_incident(revision.incident).await,
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    async fn of_incident(&mut self, id: i64) -> Result<Option<String>> {
        if let Some(known) = self.incidents.get(&id) {
            return Ok(known.clone());
        }
        let organisation = self.authoring.store().incident(id).await?.map(|one| one.organisation);
        self.incidents.insert(id, organisation.clone());
        Ok(organisation)
    }
}
