//! What the staff view knows beside what is public. Kept on disk by the page, readable by its own user alone.

use std::collections::BTreeMap;

use domain::StaffLock;
use domain::revision::StaffWords;
use serde::{Deserialize, Serialize};

/// What staff are told of one incident by its newest published update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Briefing {
    /// The incident.
    pub incident: i64,
    /// The words.
    pub words: StaffWords,
}

/// Everything that the staff view shows beside what is public.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffBoard {
    /// Opens with the key of the address; none while there is no address.
    pub lock: Option<StaffLock>,
    /// One for each incident that is open or was over lately.
    pub briefings: Vec<Briefing>,
    /// What staff call a service, by its key.
    pub system_names: BTreeMap<String, String>,
}
