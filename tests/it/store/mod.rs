//! The database from outside: each rule on SQLite and on PostgreSQL.

mod audit;
mod broadcasts;
mod chunks;
mod contacts;
mod cuts;
mod endings;
pub(crate) mod fixtures;
mod incidents;
mod messages;
mod outages;
mod outcomes;
mod poison;
mod posts;
mod published;
mod receipts;
mod relations;
mod retries;
mod schema;
mod sign_ups;
mod staff;
mod standing;
mod watches;
