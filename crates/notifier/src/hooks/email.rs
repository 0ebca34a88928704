//! What mail systems report about our mails: that one came back, or that somebody called it spam.
//!
//! Whoever receives mail for the bounce domain posts each one here, whole. The address of this hook ends with a secret
//! word; what a mail says is believed only under seals of our own, since anybody can write to the bounce domain.

use axum::body::Bytes;
use axum::extract::{Path, State};
use channels::{About, MailReport, News, Secret, Verp};
use domain::delivery::{OutcomeState, SendResult};
use domain::link::{self, LinkPurpose};
use edge::Failure;
use http::{HeaderMap, StatusCode};
use store::{Consequence, DeliveryKey, ReceiptIn};

use super::{Hooks, Shared, delivery_of};

/// Names the address that a mail was delivered to, where the relay knows it.
const ENVELOPE_HEADER: &str = "x-envelope-to";
/// The name of the relay in outcomes; there is one.
const RELAY: &str = "relay";

/// What the hook for mails needs.
#[derive(Clone)]
pub struct MailHook {
    /// The last word of its address.
    pub token: Secret,
    /// Reads the addresses that our mails were sent from.
    pub verp: Verp,
    /// The key of subscribers' links.
    pub link_key: [u8; 32],
}

/// `POST /hooks/email/{token}`: 204 for every mail that was read, also when it changes nothing, so that a relay never
/// tries it again or sends it back.
pub(super) async fn receive(
    State(hooks): Shared,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let mail = hooks.inner.mail.as_ref().filter(|mail| mail.token.is(&token)).ok_or_else(Failure::not_found)?;
    let envelope = headers.get(ENVELOPE_HEADER).and_then(|value| value.to_str().ok());
    match MailReport::read(&body, envelope, &mail.verp) {
        Ok(report) => hooks.hear(mail, &report).await?,
        Err(reason) => tracing::info!(channel.name = RELAY, %reason, "a mail to the bounce domain changes nothing"),
    }
    Ok(StatusCode::NO_CONTENT)
}

impl Hooks {
    async fn hear(&self, mail: &MailHook, report: &MailReport) -> Result<(), Failure> {
        let consequence = consequence(&report.news);
        let person = match &report.about {
            About::Delivery(reference) => {
                if let Some(delivery) = delivery_of(reference) {
                    self.inner.store.append_receipt(&receipt(delivery, &report.news, consequence)).await?;
                    return Ok(());
                }
                self.addressee(reference).await?
            }
            About::LeaveToken(token) => link::verify(&mail.link_key, LinkPurpose::Leave, token),
        };
        let Some(person) = person else { return Ok(()) };
        let tx = self.inner.store.begin().await?;
        tx.follow_up(&[person], consequence).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose subscription the direct message with this reference was about.
    async fn addressee(&self, reference: &str) -> Result<Option<i64>, Failure> {
        let message = reference.strip_prefix("m.").and_then(|id| id.parse().ok());
        let Some(message) = message else { return Ok(None) };
        Ok(self.inner.store.person_of_message(message).await?)
    }
}

fn receipt(delivery: DeliveryKey, news: &News, consequence: Consequence) -> ReceiptIn {
    let (status, becomes) = match news {
        News::Bounced(_) => ("bounced", OutcomeState::Failed),
        // Nobody complains about a mail that they did not get.
        News::Complained => ("complained", OutcomeState::Delivered),
    };
    let DeliveryKey { broadcast, subscriber } = delivery;
    ReceiptIn {
        provider: RELAY.to_owned(),
        delivery: Some(delivery),
        provider_ref: format!("mail-{broadcast}.{subscriber}"),
        status: status.to_owned(),
        code: code(news),
        becomes: Some(becomes),
        consequence,
    }
}

/// What follows for the subscription. What is said about us costs nobody theirs, but somebody has to look.
fn consequence(news: &News) -> Consequence {
    match news {
        News::Complained => Consequence::Complained,
        News::Bounced(SendResult::RecipientGone { .. }) => Consequence::Gone,
        News::Bounced(SendResult::RecipientSoft { .. }) => Consequence::Soft,
        News::Bounced(refused) => {
            let code = code(&News::Bounced(refused.clone()));
            tracing::warn!(
                channel.name = RELAY,
                code,
                "a mail system refuses our mail for what it is or where it is from"
            );
            Consequence::None
        }
    }
}

fn code(news: &News) -> i32 {
    match news {
        News::Bounced(
            SendResult::RecipientGone { code }
            | SendResult::RecipientSoft { code }
            | SendResult::BadMessage { code }
            | SendResult::BadConfig { code },
        ) => *code,
        News::Bounced(_) | News::Complained => 0,
    }
}
