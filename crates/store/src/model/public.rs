//! Incidents as the public may see them: nothing that is for staff has a field here.

use chrono::{DateTime, Utc};
use domain::revision::Purpose;
use domain::{Incident, Language, PublicContent, Relation};

/// A published incident with all its published updates.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicIncident {
    /// The incident.
    pub incident: Incident,
    /// Its updates, oldest first.
    pub updates: Vec<PublicUpdate>,
    /// What it says of other incidents.
    pub relations: Vec<Relation>,
    /// What others say of it, each with the number of the incident that says so, and that it does not say itself.
    pub told_by_others: Vec<Relation>,
    /// The publication counter that last touched it.
    pub changed: i64,
}

/// A published update.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicUpdate {
    /// 1, 2, 3, … within the incident.
    pub number: i64,
    /// Update, correction or withdrawal.
    pub purpose: Purpose,
    /// What it says to the public.
    pub content: PublicContent,
    /// When it became public.
    pub published_at: DateTime<Utc>,
    /// The languages that the incident should be in and this update is not: "Welsh to follow".
    pub missing: Vec<Language>,
}
