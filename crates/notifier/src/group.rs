//! Sends to one group of a range at once, as far as the provider's pace allows, and waits for every answer.

use domain::delivery::{Chunk, Outcome};
use futures_util::StreamExt;
use futures_util::stream;
use store::Recipient;

use crate::judge::{Attempt, Judgement};
use crate::permit::Permit;
use crate::prepared::Prepared;
use crate::ways::Way;
use crate::work::{Work, nothing_to_say};

/// Whether the people of a group may have been sent to already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Certainly not.
    NotSent,
    /// A process ended while they were sent to: the provider is asked first.
    Unknown,
}

/// What became of a group.
pub(crate) struct Sent {
    /// Of those whose message left, or never will.
    pub(crate) outcomes: Vec<Outcome>,
    /// Whether that is everyone. Whoever is missing was not sent to.
    pub(crate) complete: bool,
}

/// Sends to a group. Nothing more leaves once the permit has ended or the provider is out of use; what is under way
/// then is waited for.
pub(crate) async fn send_group(
    work: &Work,
    chunk: &Chunk,
    (prepared, permit): (&Prepared, &Permit),
    (group, certainty): (Vec<Recipient>, Certainty),
) -> Sent {
    let people = group.len();
    let Some(way) = work.ways.next(chunk.channel) else {
        return Sent { outcomes: Vec::new(), complete: people == 0 };
    };
    let way = &*way;
    let one = |recipient| send_one(work, way, (prepared, permit), (recipient, certainty));
    let all = stream::iter(group).map(one).buffer_unordered(people.max(1)).filter_map(std::future::ready);
    let outcomes: Vec<Outcome> = tokio::select! {
        outcomes = all.collect() => outcomes,
        () = permit.look_after(work, chunk) => unreachable!("it looks after the lease for as long as it is let"),
    };
    let complete = outcomes.len() == people;
    Sent { outcomes, complete }
}

async fn send_one(
    work: &Work,
    way: &Way,
    (prepared, permit): (&Prepared, &Permit),
    (recipient, certainty): (Recipient, Certainty),
) -> Option<Outcome> {
    let Some(message) = prepared.message(&work.env, &recipient) else {
        return Some(nothing_to_say(&work.env, prepared, &recipient));
    };
    if certainty == Certainty::Unknown
        && let Some(taken) = work.taken_before(prepared, &message, (recipient.id, 1)).await
    {
        return Some(taken);
    }
    let attempt = Attempt { subscriber: recipient.id, provider: way.channel.name(), number: 1 };
    match work.send(way, &message, (attempt, permit)).await {
        Judgement::Settled(outcome, consequence) => {
            work.follow_up(recipient.id, consequence).await;
            Some(outcome)
        }
        Judgement::NotTaken => None,
    }
}
