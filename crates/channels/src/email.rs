//! Mail through one relay: built once per update and language, and handed over on our own few connections.

mod codes;
mod quoted_printable;
mod report;
mod smtp;
mod template;
mod verp;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ChannelKind;
use domain::delivery::SendResult;

use crate::settings::EmailSettings;
use crate::{Channel, ChannelProblem, Doubt, Mail, Outgoing};
use smtp::{Content, Envelope, Failure, Pool, Stage};

pub use report::{About, MailReport, News, Unread};
pub use template::{Letter, MailIdentity, MailProblem, MailTemplate};
pub use verp::Verp;

/// The relay.
pub struct Email {
    relay: Pool,
    sender: String,
    verp: Option<Verp>,
}

impl Email {
    /// Sets up the relay. Nothing is connected yet. Without `verp` all bounces go to the sender's mailbox.
    ///
    /// # Errors
    /// When the settings cannot be used, or TLS cannot be set up.
    pub fn new(settings: &EmailSettings, verp: Option<Verp>) -> Result<Self, ChannelProblem> {
        if let Some(problem) = settings.problems().into_iter().next() {
            return Err(ChannelProblem::setting(problem.key, problem.reason));
        }
        let identity = MailIdentity::new(settings)?;
        Ok(Self { relay: Pool::new(settings, identity.domain())?, sender: identity.sender(), verp })
    }

    async fn send_mail(&self, mail: &Mail) -> SendResult {
        let Some(envelope) = Envelope::new(self.envelope_sender(mail), mail.to.as_str()) else {
            // The relay would have to speak SMTPUTF8; such an address cannot be reached.
            return SendResult::RecipientGone { code: 0 };
        };
        let Ok(bytes) = mail.template.address(mail) else {
            return SendResult::BadMessage { code: 0 };
        };
        let content = Content { bytes, has_dots: mail.template.has_dots() };
        match self.relay.deliver(&envelope, content).await {
            Ok(reply) => SendResult::Accepted { reference: reply.queue_id() },
            Err(failure) => {
                tracing::debug!(stage = ?failure.stage(), code = failure.code(), "mail not taken");
                codes::judge(&failure)
            }
        }
    }

    fn envelope_sender(&self, mail: &Mail) -> String {
        self.verp.as_ref().map_or_else(|| self.sender.clone(), |verp| verp.address(&mail.delivery))
    }
}

#[async_trait]
impl Channel for Email {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Email
    }

    fn name(&self) -> &str {
        "relay"
    }

    async fn send(&self, message: &Outgoing) -> SendResult {
        match message {
            Outgoing::Mail(mail) => self.send_mail(mail).await,
            Outgoing::Text(_) | Outgoing::Post(_) => SendResult::BadMessage { code: 0 },
        }
    }

    /// The same Message-ID lets receivers drop the second copy.
    async fn settle_doubt(&self, _message: &Outgoing, _since: DateTime<Utc>) -> Doubt {
        Doubt::SafeToRepeat
    }

    async fn check(&self) -> Result<(), ChannelProblem> {
        self.relay.greet().await.map_err(|failure| match failure {
            Failure::Refused { reply, .. } => ChannelProblem::Refused(i32::from(reply.code)),
            Failure::Unprotected => ChannelProblem::setting("email.relay", "the relay offers no STARTTLS"),
            Failure::Unauthenticated => ChannelProblem::setting("email.user", "the relay offers no AUTH PLAIN"),
            Failure::Tls => {
                ChannelProblem::Tls("the relay's certificate is not trusted, or it speaks no TLS".to_owned())
            }
            Failure::Lost { stage: Stage::Connect } => ChannelProblem::Unreachable("no connection".to_owned()),
            Failure::Lost { .. } => ChannelProblem::Unreachable("the conversation broke off".to_owned()),
        })
    }

    fn weight_of(&self, _message: &Outgoing) -> u32 {
        1
    }
}
