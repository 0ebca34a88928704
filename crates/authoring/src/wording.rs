//! Which key of the locales says what, where the domain's own key is not enough.

use domain::fact::{Cause, Certainty};
use domain::{IncidentKind, Phase, RelationKind};

/// The key of a phase's public words.
pub(crate) const fn phase_key(phase: Phase) -> &'static str {
    match phase {
        Phase::Investigating => "ph-investigating",
        Phase::Identified => "ph-identified",
        Phase::Fixing => "ph-fixing",
        Phase::Monitoring => "ph-monitoring",
        Phase::Recovering => "ph-recovering",
        Phase::Resolved => "ph-resolved",
        Phase::Reviewed => "ph-review",
        Phase::Reopened => "ph-reopened",
        Phase::Withdrawn => "ph-withdrawn",
        Phase::Scheduled => "upd-ph-scheduled",
        Phase::InProgress => "upd-ph-in-progress",
        Phase::Extended => "upd-ph-extended",
        Phase::Completed => "upd-ph-completed",
        Phase::Cancelled => "upd-ph-cancelled",
    }
}

/// The same for the readers of an update: what is only suspected has not been found.
pub(crate) fn told_phase(phase: Phase, cause: &Cause) -> &'static str {
    match (phase, cause.standing()) {
        (Phase::Identified, Certainty::Suspected) => "upd-ph-identified-suspected",
        _ => phase_key(phase),
    }
}

/// The key of the words for what is said of another incident.
pub(crate) const fn relation_key(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Related => "inc-related",
        RelationKind::NotRelated => "inc-not-related",
    }
}

/// The key of what staff call an incident by its number.
pub(crate) const fn number_key(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::Incident => "au-number",
        IncidentKind::Planned => "au-number-planned",
    }
}
