//! The database: everything that must survive a restart, on SQLite or PostgreSQL, behind four handles.
//!
//! [`Store`] may do everything, [`Published`] sees only what the public may see, [`Briefings`] only what staff at the
//! unlisted address are told, and [`Subscriptions`] changes only what a visitor may change. Reading needs any handle,
//! writing needs a [`Tx`]. No other crate names the libraries that speak SQL.

mod batch;
mod bulk;
mod column;
mod connect;
#[expect(unreachable_pub, reason = "the derive macros of sea-orm need public models inside this private module")]
mod entities;
mod error;
mod handles;
mod journal;
mod key;
mod model;
mod narrow;
mod queries;
mod reference;
mod settings;
mod vault;
mod watch;

pub use error::{Cause, StoreError};
pub use handles::{Reads, Store, Tx};
pub use key::Key;
pub use model::*;
pub use narrow::{Briefings, Published, SubTx, Subscriptions};
pub use queries::POISONED;
pub use settings::{Durability, Settings};
pub use watch::{Wake, Watch};

/// What a log filter says so that only warnings are heard of the libraries behind this crate, which tell of every
/// migration that they look at.
pub const QUIETER_LOG: &str = "sea_orm_migration=warn";
