//! What a provider reports later about a message that it took.

use domain::delivery::OutcomeState;

/// One report of a provider, already checked for its signature and classified by its channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptIn {
    /// The provider's name in the configuration.
    pub provider: String,
    /// Broadcast and subscriber, from the signed callback address; none for a direct message.
    pub delivery: Option<(i64, i64)>,
    /// The provider's id of the message.
    pub provider_ref: String,
    /// The provider's word for the state.
    pub status: String,
    /// The provider's code; 0 where all was well.
    pub code: i32,
    /// What the outcome becomes, if the report says anything new.
    pub becomes: Option<OutcomeState>,
    /// The contact does not exist any more.
    pub gone: bool,
    /// The person asked the provider to stop.
    pub opted_out: bool,
}
