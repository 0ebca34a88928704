//! The tables that the query builder knows, one file each. They never leave this crate.

pub(crate) mod announcement;
pub(crate) mod api_token;
pub(crate) mod audit_entry;
pub(crate) mod broadcast;
pub(crate) mod catalogue_item;
pub(crate) mod idempotency;
pub(crate) mod incident;
pub(crate) mod incident_relation;
pub(crate) mod post;
pub(crate) mod recovery_code;
pub(crate) mod revision;
pub(crate) mod session;
pub(crate) mod staff;
pub(crate) mod subscriber;
pub(crate) mod verification;
