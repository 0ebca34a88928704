//! What a provider reports later about a message that it took.

use domain::delivery::OutcomeState;

/// One message of a broadcast to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryKey {
    /// The broadcast.
    pub broadcast: i64,
    /// The subscriber.
    pub subscriber: i64,
}

/// One report of a provider, already checked for its signature and classified by its channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptIn {
    /// The provider's name in the configuration.
    pub provider: String,
    /// What it is about, from the signed callback address; none for a direct message.
    pub delivery: Option<DeliveryKey>,
    /// The provider's id of the message.
    pub provider_ref: String,
    /// The provider's word for the state.
    pub status: String,
    /// The provider's code; 0 where all was well.
    pub code: i32,
    /// What the outcome becomes, if the report says anything new.
    pub becomes: Option<OutcomeState>,
    /// What it means for the person's subscription.
    pub consequence: Consequence,
}

/// What an answer or a report of a provider means for a person's subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// Nothing.
    None,
    /// The contact does not exist: it is never used again.
    Gone,
    /// The person told the provider to stop: so do we.
    OptedOut,
    /// The person called our message spam: we stop, and say nothing.
    Complained,
    /// The mailbox failed for now. When it keeps failing, the subscription rests for a while.
    Soft,
}

impl Consequence {
    const ALL: [Self; 5] = [Self::None, Self::Gone, Self::OptedOut, Self::Complained, Self::Soft];

    /// The number kept in the database.
    pub(crate) const fn number(self) -> i16 {
        match self {
            Self::None => 0,
            Self::Gone => 1,
            Self::OptedOut => 2,
            Self::Complained => 3,
            Self::Soft => 4,
        }
    }

    /// The consequence of a number from the database.
    pub(crate) fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.number() == number)
    }
}
