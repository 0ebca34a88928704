//! What the scenarios share.

pub mod databases;
