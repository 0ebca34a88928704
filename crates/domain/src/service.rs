//! Services in the words of the public, their groups, and the staff-only components beneath them.

use serde::{Deserialize, Serialize};

use crate::Localized;

/// A heading under which services stand together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceGroup {
    /// A stable key.
    pub key: String,
    /// The heading.
    pub name: Localized,
}

/// A service as the public knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// A stable key.
    pub key: String,
    /// The key of its group.
    pub group: String,
    /// The public name.
    pub name: Localized,
    /// What staff call the system behind it; never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_name: Option<String>,
}

/// A technical part that only staff see: a data centre, a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// A stable key.
    pub key: String,
    /// The staff name.
    pub name: Localized,
    /// The components and services that depend on it.
    #[serde(default)]
    pub feeds: Vec<String>,
}
