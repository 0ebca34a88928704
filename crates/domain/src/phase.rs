//! Where an incident stands, and which step may follow which.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// A phase of an incident or of planned work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// We are looking into it.
    Investigating,
    /// We have found the problem.
    Identified,
    /// We are fixing it.
    Fixing,
    /// Systems are back and we are checking.
    Monitoring,
    /// Systems work, care has a backlog.
    Recovering,
    /// Over.
    Resolved,
    /// What happened and why is published.
    Reviewed,
    /// It came back.
    Reopened,
    /// It was a false alarm; it stays readable.
    Withdrawn,
    /// Planned work is announced.
    Scheduled,
    /// Planned work is under way.
    InProgress,
    /// Planned work takes longer.
    Extended,
    /// Planned work is done.
    Completed,
    /// Planned work does not take place.
    Cancelled,
}

impl Phase {
    /// The phases of an incident, in their usual order.
    pub const INCIDENT: [Self; 9] = [
        Self::Investigating,
        Self::Identified,
        Self::Fixing,
        Self::Monitoring,
        Self::Recovering,
        Self::Resolved,
        Self::Reviewed,
        Self::Reopened,
        Self::Withdrawn,
    ];

    /// The phases of planned work, in their usual order.
    pub const PLANNED: [Self; 5] =
        [Self::Scheduled, Self::InProgress, Self::Extended, Self::Completed, Self::Cancelled];

    /// The steps shown on the page as progress.
    pub const STEPS: [Self; 6] =
        [Self::Investigating, Self::Identified, Self::Fixing, Self::Monitoring, Self::Recovering, Self::Resolved];

    /// The key used in files, forms and translations (`ph-{key}`).
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Fixing => "fixing",
            Self::Monitoring => "monitoring",
            Self::Recovering => "recovering",
            Self::Resolved => "resolved",
            Self::Reviewed => "reviewed",
            Self::Reopened => "reopened",
            Self::Withdrawn => "withdrawn",
            Self::Scheduled => "scheduled",
            Self::InProgress => "in_progress",
            Self::Extended => "extended",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The phase of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::INCIDENT.into_iter().chain(Self::PLANNED).find(|phase| phase.key() == key)
    }

    /// True when nothing is left to wait for.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::Reviewed | Self::Withdrawn | Self::Completed | Self::Cancelled)
    }

    /// The phases that may follow this one; a phase may always be repeated by another update while it is not over.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        use Phase::{
            Cancelled, Completed, Extended, Fixing, Identified, InProgress, Investigating, Monitoring, Recovering,
            Reopened, Resolved, Reviewed, Scheduled, Withdrawn,
        };
        match self {
            Investigating => &[Investigating, Identified, Fixing, Monitoring, Recovering, Withdrawn],
            Identified => &[Identified, Investigating, Fixing, Monitoring, Recovering, Withdrawn],
            Fixing => &[Fixing, Identified, Monitoring, Recovering, Withdrawn],
            Monitoring => &[Monitoring, Recovering, Resolved, Reopened, Withdrawn],
            Recovering => &[Recovering, Monitoring, Resolved, Reopened, Withdrawn],
            Resolved => &[Reviewed, Reopened, Withdrawn],
            Reviewed => &[Reviewed, Reopened],
            Reopened => &[Reopened, Investigating, Identified, Fixing, Monitoring, Recovering, Withdrawn],
            Withdrawn => &[Reopened],
            Scheduled => &[Scheduled, InProgress, Extended, Completed, Cancelled],
            InProgress => &[InProgress, Extended, Completed, Cancelled],
            Extended => &[Extended, InProgress, Completed, Cancelled],
            Completed | Cancelled => &[],
        }
    }

    /// The Statuspage incident status: its clients know only these words.
    #[must_use]
    pub const fn statuspage(self) -> &'static str {
        match self {
            Self::Investigating | Self::Reopened => "investigating",
            Self::Identified | Self::Fixing => "identified",
            Self::Monitoring | Self::Recovering => "monitoring",
            Self::Resolved | Self::Withdrawn => "resolved",
            Self::Reviewed => "postmortem",
            Self::Scheduled => "scheduled",
            Self::InProgress | Self::Extended => "in_progress",
            Self::Completed | Self::Cancelled => "completed",
        }
    }
}

/// A step that the lifecycle does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepRefused {
    /// This phase cannot follow the last one.
    #[error("this phase cannot follow the last published one")]
    NotNext,
    /// Work went to paper, so the backlog must be spoken of before the incident is over.
    #[error("work moved to paper: publish a catching-up update before saying that it is over")]
    BacklogUnspoken,
    /// The phase belongs to the other kind of incident.
    #[error("this phase does not belong to this kind of incident")]
    WrongKind,
}

/// How long systems are watched before it is over without another word.
pub const QUIET: Duration = Duration::minutes(60);

/// What happened to an incident so far, as far as the next step depends on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Past {
    /// The phase last published, if any.
    pub phase: Option<Phase>,
    /// True when any published revision said that work moved to paper.
    pub on_paper: bool,
    /// True when a recovering update has been published since work moved to paper.
    pub recovered: bool,
    /// Since when systems have been watched, while the phase last published is monitoring.
    pub monitoring_since: Option<DateTime<Utc>>,
}

impl Past {
    /// Whether `phase` may be published next.
    ///
    /// # Errors
    /// Says which rule refuses the step.
    pub fn allows(self, phase: Phase) -> Result<(), StepRefused> {
        let Some(last) = self.phase else {
            let first = !matches!(phase, Phase::Resolved | Phase::Reviewed | Phase::Reopened | Phase::Withdrawn);
            return if first { Ok(()) } else { Err(StepRefused::NotNext) };
        };
        if !last.next().contains(&phase) {
            return Err(StepRefused::NotNext);
        }
        if phase == Phase::Resolved && self.on_paper && !self.recovered {
            return Err(StepRefused::BacklogUnspoken);
        }
        Ok(())
    }

    /// Whether `phase` would say that it is over before systems have been quiet for an hour: somebody has to say why.
    #[must_use]
    pub fn ends_early(self, phase: Phase, now: DateTime<Utc>) -> bool {
        let is_quiet = self.monitoring_since.is_some_and(|since| now - since >= QUIET);
        phase == Phase::Resolved && self.phase == Some(Phase::Monitoring) && !is_quiet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_on_paper_forces_a_catching_up_update_before_the_end() {
        let past = Past { phase: Some(Phase::Monitoring), on_paper: true, ..Past::default() };
        assert_eq!(past.allows(Phase::Resolved), Err(StepRefused::BacklogUnspoken));
        assert_eq!(Past { recovered: true, ..past }.allows(Phase::Resolved), Ok(()));
    }

    #[test]
    fn it_is_over_after_an_hour_of_quiet_or_with_a_reason() {
        let since: DateTime<Utc> = "2018-01-24T16:20:00Z".parse().unwrap();
        let past = Past { phase: Some(Phase::Monitoring), monitoring_since: Some(since), ..Past::default() };
        assert!(past.ends_early(Phase::Resolved, since + Duration::minutes(59)));
        assert!(!past.ends_early(Phase::Resolved, since + Duration::minutes(60)));
        assert!(!past.ends_early(Phase::Recovering, since), "catching up may begin at once");
        let recovering = Past { phase: Some(Phase::Recovering), monitoring_since: None, ..past };
        assert!(!recovering.ends_early(Phase::Resolved, since), "a backlog has an end of its own");
    }

    #[test]
    fn an_incident_cannot_jump_from_looking_to_over() {
        let past = Past { phase: Some(Phase::Investigating), ..Past::default() };
        assert_eq!(past.allows(Phase::Resolved), Err(StepRefused::NotNext));
        assert_eq!(Past::default().allows(Phase::Resolved), Err(StepRefused::NotNext));
    }

    #[test]
    fn what_is_over_can_be_reopened() {
        for phase in [Phase::Monitoring, Phase::Recovering, Phase::Resolved, Phase::Reviewed, Phase::Withdrawn] {
            let past = Past { phase: Some(phase), ..Past::default() };
            assert_eq!(past.allows(Phase::Reopened), Ok(()), "{phase:?}");
        }
    }

    #[test]
    fn every_key_leads_back_to_its_phase() {
        for phase in Phase::INCIDENT.into_iter().chain(Phase::PLANNED) {
            assert_eq!(Phase::from_key(phase.key()), Some(phase));
        }
    }
}
