//! What callers give to and get from the store, where the domain has no type of its own for it.

mod alarm;
mod briefing;
mod delivery;
mod message;
mod public;
mod rate;
mod receipt;
mod report;
mod staff;
mod standing;
mod subscriber;

pub use alarm::{Alarm, FirstPeople};
pub use briefing::{Briefing, StaffBoard};
pub use delivery::{Checkpoint, Open, PostJob, PostOutcome, Recipient, Retry};
pub use message::{DirectMessage, LeasedMessage, MessageOutcome, MessageState};
pub use public::{PublicIncident, PublicUpdate};
pub use rate::{ProviderEvent, RateGrant, RateRequest};
pub use receipt::{Consequence, DeliveryKey, ReceiptIn};
pub use report::{Failures, Reach, Share};
pub use staff::{ApiToken, Session, StaffAccount, StoredAnswer};
pub use standing::{Queue, Standing};
pub use subscriber::{CodeResult, NewSubscriber, Verification};
