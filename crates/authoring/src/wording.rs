//! Which key of the locales says what, where the domain's own key is not enough.

use domain::Phase;
use domain::fact::{Cause, Certainty};

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
