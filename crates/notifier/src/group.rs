//! Sends to one group of a range at once, as far as the provider's pace allows, and waits for every answer.

use std::collections::BTreeSet;

use channels::Outgoing;
use chrono::TimeDelta;
use domain::delivery::{Chunk, Outcome, OutcomeState, TOLD_ENOUGH};
use domain::{ChannelKind, Severity};
use futures_util::StreamExt;
use futures_util::stream;
use store::{Consequence, Recipient};

use crate::judge::{Attempt, Judgement, spared};
use crate::permit::Permit;
use crate::prepared::Prepared;
use crate::ways::Way;
use crate::work::{Departure, Work, nothing_to_say};

/// Whether the people of a group may have been sent to already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Certainly not.
    NotSent,
    /// A process ended while they were sent to: the provider is asked first.
    Unknown,
}

/// What sending to a group needs besides its people.
pub(crate) struct Group<'a> {
    pub(crate) work: &'a Work,
    /// The range that they are of.
    pub(crate) chunk: &'a Chunk,
    pub(crate) prepared: &'a Prepared,
    pub(crate) permit: &'a Permit,
    pub(crate) certainty: Certainty,
}

/// What became of a group.
pub(crate) struct Sent {
    /// Of those whose message left, or never will.
    pub(crate) outcomes: Vec<Outcome>,
    /// Whether that is everyone. Whoever is missing was not sent to.
    pub(crate) complete: bool,
}

impl Group<'_> {
    /// Sends to everyone. Nothing more leaves once the permit has ended or the provider is out of use; what is under
    /// way then is waited for.
    pub(crate) async fn send(&self, people: Vec<Recipient>) -> Sent {
        let count = people.len();
        let Some(way) = self.work.ways.next(self.chunk.channel) else {
            return Sent { outcomes: Vec::new(), complete: count == 0 };
        };
        let way = &*way;
        let told_enough = self.told_enough(&people).await;
        let one = |recipient: Recipient| {
            let is_enough = told_enough.contains(&recipient.id);
            async move { if is_enough { Some(self.spare(&recipient)) } else { self.send_one(way, recipient).await } }
        };
        let all = stream::iter(people).map(one).buffer_unordered(count.max(1)).filter_map(std::future::ready);
        let outcomes: Vec<Outcome> = tokio::select! {
            outcomes = all.collect() => outcomes,
            () = self.permit.look_after(self.work, self.chunk) => unreachable!("it looks after the lease for ever"),
        };
        let complete = outcomes.len() == count;
        Sent { outcomes, complete }
    }

    /// Who got as many texts about the incident today as anybody should, but for what is worst. When the database does
    /// not say, nobody did.
    async fn told_enough(&self, people: &[Recipient]) -> BTreeSet<i64> {
        let Self { work, prepared, chunk, .. } = *self;
        let is_worst = prepared.broadcast.audience.severity == Severity::Critical;
        let (Some(first), Some(last)) = (people.first(), people.last()) else { return BTreeSet::new() };
        match work.settings.texts_a_day {
            Some(most) if chunk.channel == ChannelKind::Sms && !is_worst => {
                let since = work.env.now() - TimeDelta::days(1);
                let range = (first.id, last.id);
                work.store.told_enough(&prepared.broadcast, since, range, most).await.unwrap_or_default()
            }
            _ => BTreeSet::new(),
        }
    }

    fn spare(&self, recipient: &Recipient) -> Outcome {
        let attempt = Attempt { subscriber: recipient.id, provider: "", number: 1 };
        Outcome { code: TOLD_ENOUGH, ..spared(&self.work.env, attempt, OutcomeState::Skipped) }
    }

    async fn send_one(&self, way: &Way, recipient: Recipient) -> Option<Outcome> {
        let Self { work, prepared, permit, .. } = *self;
        let Some(message) = prepared.message(&work.env, &recipient) else {
            return Some(nothing_to_say(&work.env, prepared, &recipient));
        };
        let attempt = Attempt { subscriber: recipient.id, provider: way.channel.name(), number: 1 };
        if self.certainty == Certainty::Unknown
            && let Some(known) = work.known_of(prepared, &message, attempt).await
        {
            return Some(known);
        }
        if recipient.is_overtaken {
            return Some(spared(&work.env, attempt, OutcomeState::Superseded));
        }
        match work.send(Departure { prepared, way, message: &message, attempt, permit }).await {
            Judgement::Settled(outcome, consequence) => {
                let has_left = work.follow_up(&recipient, consequence).await;
                if consequence == Consequence::OptedOut && !has_left {
                    return Some(self.send_by_another(way, &message, attempt).await.unwrap_or(outcome));
                }
                Some(outcome)
            }
            Judgement::NotTaken => None,
        }
    }

    /// This provider remembers a stop from before the person joined again; the others may not.
    async fn send_by_another(&self, than: &Way, message: &Outgoing, attempt: Attempt<'_>) -> Option<Outcome> {
        let Self { work, prepared, permit, .. } = *self;
        let ways = work.ways.of(self.chunk.channel);
        let way = ways.iter().find(|way| way.channel.name() != than.channel.name() && way.rests_for().is_none())?;
        let attempt = Attempt { provider: way.channel.name(), ..attempt };
        match work.send(Departure { prepared, way, message, attempt, permit }).await {
            Judgement::Settled(outcome, _) => Some(outcome),
            Judgement::NotTaken => None,
        }
    }
}
