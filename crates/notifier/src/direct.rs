//! Sends what one person is waiting for: codes, welcomes, answers to STOP. They never queue behind a broadcast.

use std::sync::Arc;
use std::time::Duration;

use channels::{Letter, Mail, MailTemplate, Outgoing, Text, TextBody};
use domain::delivery::{OutcomeState, SendResult};
use domain::{ChannelKind, Contact, WithCauses};
use store::{DirectMessage, LeasedMessage, MessageOutcome, MessageState, StoreError};
use tokio_util::sync::CancellationToken;

use crate::crew::Crew;
use crate::judge::{Attempt, Judgement, judge, postponed};
use crate::pace::Lane;
use crate::rounds::{Found, Rest, in_rounds};
use crate::work::{Work, look_into};

/// How many are under way at once.
const AT_ONCE: usize = 16;
/// The least that a message waits whose provider is out of use.
const SOON: Duration = Duration::from_millis(500);

/// Sends what is due until it is told to stop.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let (crew, rest) = (Crew::of(AT_ONCE, &stop), Rest::watching(&work));
    in_rounds(&stop, rest, "codes and replies wait for the database", || begin(&crew, &work)).await;
    crew.finish().await;
}

async fn begin(crew: &Crew, work: &Arc<Work>) -> Result<Found, StoreError> {
    let claim = async |free: usize| work.store.due_messages(free as u64, work.lease()).await;
    crew.begin(claim, |leased| deliver(work.clone(), leased)).await
}

async fn deliver(work: Arc<Work>, leased: LeasedMessage) {
    let outcome = attempt(&work, &leased).await;
    let id = leased.message.id;
    if let Err(error) = work.store.settle_message(id, leased.lease, outcome).await {
        let error = WithCauses(&error);
        tracing::warn!(message.id = id, %error, "what became of a message could not be written down; its lease runs out");
    }
}

async fn attempt(work: &Work, leased: &LeasedMessage) -> MessageOutcome {
    let ended = |state| MessageOutcome::Done { state };
    let message = &leased.message;
    if message.expires_at <= work.env.machine_now() {
        return ended(MessageState::Expired);
    }
    let kind = message.contact.channel();
    let Some((way, outgoing)) = work.ways.next_at_any_price(kind).zip(address(work, message)) else {
        let kind = kind.key();
        tracing::error!(
            message.id = message.id,
            channel.kind = kind,
            "a message is due on a channel that is not set up"
        );
        return ended(MessageState::Failed);
    };
    way.turn(Lane::Direct, &outgoing).await;
    let since = work.env.machine_now();
    if message.expires_at <= since {
        return ended(MessageState::Expired);
    }
    let result = match way.send(&outgoing).await {
        SendResult::Ambiguous { code } => look_into(&way, &outgoing, since, code).await,
        certain => certain,
    };
    if matches!(result, SendResult::Ambiguous { .. }) && kind == ChannelKind::Sms {
        // A second code would confuse more than a missing one, which can be asked for again.
        return ended(MessageState::Unknown);
    }
    let attempt = Attempt { subscriber: 0, provider: way.channel.name(), number: leased.attempts.max(1) };
    let outcome = match judge(work.terms(&way), attempt, result) {
        Judgement::Settled(outcome, _) => outcome,
        Judgement::NotTaken => postponed(&work.env, attempt, way.rests_for().unwrap_or_default().max(SOON)),
    };
    match (outcome.state, outcome.retry_at) {
        (OutcomeState::Sent, _) => ended(MessageState::Sent),
        (OutcomeState::Waiting, Some(at)) if at < message.expires_at => MessageOutcome::Retry { at },
        _ => ended(MessageState::Failed),
    }
}

fn address(work: &Work, message: &DirectMessage) -> Option<Outgoing> {
    let delivery = format!("m.{}", message.id);
    match &message.contact {
        Contact::Phone(to) => Some(Outgoing::Text(Text {
            to: to.clone(),
            body: Arc::new(TextBody::new(message.text.as_str())),
            valid_for: (message.expires_at - work.env.machine_now()).to_std().unwrap_or(Duration::from_secs(60)),
            delivery,
        })),
        Contact::Email(to) => {
            let identity = work.stationery.mail.as_ref()?;
            let letter = Letter {
                subject: message.subject.clone().unwrap_or_default(),
                text: message.text.clone(),
                html: message.html.clone().unwrap_or_default(),
                language: message.language,
                thread: format!("alerts@{}", identity.domain()),
                feedback_id: format!("alerts:direct:status:{}", identity.domain()),
            };
            let template = MailTemplate::new(identity, &letter).ok()?;
            Some(Outgoing::Mail(Mail {
                to: to.clone(),
                template: Arc::new(template),
                message_id: format!("m-{}@{}", message.id, identity.domain()),
                delivery,
                leave_url: work.stationery.site.alerts(message.language),
                date: work.env.now(),
            }))
        }
    }
}
