//! How a service is doing: one status for its computer system, another for care to patients.

use serde::{Deserialize, Serialize};

/// A status that the public reads as a word with a shape. Ordered from best to worst, unknown last but one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Working normally.
    #[default]
    Operational,
    /// Nothing is known.
    Unknown,
    /// Planned work is under way.
    Maintenance,
    /// The system works, care still catches up with a backlog.
    Recovering,
    /// Slower than usual.
    Degraded,
    /// Partly working.
    Partial,
    /// Not available to the public.
    Unavailable,
    /// Not working.
    Outage,
}

impl Status {
    /// Every status, best first.
    pub const ALL: [Self; 8] = [
        Self::Operational,
        Self::Unknown,
        Self::Maintenance,
        Self::Recovering,
        Self::Degraded,
        Self::Partial,
        Self::Unavailable,
        Self::Outage,
    ];

    /// The key used in files, forms and translations (`st-{key}`).
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Operational => "operational",
            Self::Unknown => "unknown",
            Self::Maintenance => "maintenance",
            Self::Recovering => "recovering",
            Self::Degraded => "degraded",
            Self::Partial => "partial",
            Self::Unavailable => "unavailable",
            Self::Outage => "outage",
        }
    }

    /// The status of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }

    /// The Statuspage component status; its clients know no other words (`recovering` would crash or show as fine).
    #[must_use]
    pub const fn statuspage(self) -> &'static str {
        match self {
            Self::Operational | Self::Unknown => "operational",
            Self::Maintenance => "under_maintenance",
            Self::Recovering | Self::Degraded => "degraded_performance",
            Self::Partial => "partial_outage",
            Self::Unavailable | Self::Outage => "major_outage",
        }
    }
}

/// Both statuses of one service, as one revision states them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceState {
    /// The service's key in the catalogue.
    pub key: String,
    /// The computer system.
    pub system: Status,
    /// Care to patients.
    pub care: Status,
}

impl ServiceState {
    /// The same service, working normally.
    #[must_use]
    pub fn working(&self) -> Self {
        Self { key: self.key.clone(), system: Status::Operational, care: Status::Operational }
    }

    /// Whether people who need it find nothing that works.
    #[must_use]
    pub fn is_down(&self) -> bool {
        self.shown() >= Status::Unavailable
    }

    /// What the public sees first: the worse of the two, but "catching up" when the system works and care does not yet.
    #[must_use]
    pub fn shown(&self) -> Status {
        self.system.max(self.care)
    }
}
