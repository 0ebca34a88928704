//! The numbers of states, by name.
//!
//! They are spelled into the statements and not bound to them: a database uses a partial index only when it can read
//! in the statement which rows are meant.

use domain::delivery::{BroadcastState, OutcomeState};
use domain::subscriber::SubscriberState;

pub(crate) const BROADCAST_SENDING: i16 = BroadcastState::Sending.number();
pub(crate) const BROADCAST_PAUSED: i16 = BroadcastState::Paused.number();
pub(crate) const BROADCAST_CANCELLED: i16 = BroadcastState::Cancelled.number();
pub(crate) const BROADCAST_DONE: i16 = BroadcastState::Done.number();

/// Somebody in the chunk has not been sent to.
pub(crate) const CHUNK_OPEN: i16 = 1;
/// Everybody in the chunk has an outcome or left.
pub(crate) const CHUNK_DONE: i16 = 2;
/// Whoever is left in the chunk is not sent to: a person said so.
pub(crate) const CHUNK_CANCELLED: i16 = 3;
/// Whoever is left in the chunk is not sent to: a newer update overtook this one.
pub(crate) const CHUNK_SUPERSEDED: i16 = 4;
/// Whoever is left in the chunk is not sent to: it is too late to be true.
pub(crate) const CHUNK_EXPIRED: i16 = 5;

pub(crate) const OUTCOME_FAILED: i16 = OutcomeState::Failed.number();
pub(crate) const OUTCOME_DELIVERED: i16 = OutcomeState::Delivered.number();
pub(crate) const OUTCOME_UNKNOWN: i16 = OutcomeState::Unknown.number();
pub(crate) const OUTCOME_SENT: i16 = OutcomeState::Sent.number();
pub(crate) const OUTCOME_SKIPPED: i16 = OutcomeState::Skipped.number();
pub(crate) const OUTCOME_EXPIRED: i16 = OutcomeState::Expired.number();
pub(crate) const OUTCOME_SUPERSEDED: i16 = OutcomeState::Superseded.number();
pub(crate) const OUTCOME_WAITING: i16 = OutcomeState::Waiting.number();

/// The post waits for its turn or for another attempt.
pub(crate) const POST_OPEN: i16 = 1;
/// The post is public.
pub(crate) const POST_PUBLIC: i16 = 2;
/// The post was given up.
pub(crate) const POST_FAILED: i16 = 3;
/// The post is not made: a person or a newer update said so.
pub(crate) const POST_DROPPED: i16 = 4;
/// The post is not made: it is too late to be true.
pub(crate) const POST_EXPIRED: i16 = 5;

/// The message waits for its turn or for another attempt.
pub(crate) const MESSAGE_OPEN: i16 = 1;
pub(crate) const MESSAGE_SENT: i16 = 2;
pub(crate) const MESSAGE_FAILED: i16 = 3;
pub(crate) const MESSAGE_EXPIRED: i16 = 4;
pub(crate) const MESSAGE_UNKNOWN: i16 = 5;

/// The report waits to be applied.
pub(crate) const RECEIPT_WAITING: i16 = 1;
/// The report took effect.
pub(crate) const RECEIPT_APPLIED: i16 = 2;
/// The report is of no message that we know.
pub(crate) const RECEIPT_DROPPED: i16 = 3;

pub(crate) const SUBSCRIBER_ACTIVE: i16 = SubscriberState::Active.number();
