//! The finished messages of a broadcast, ready to be addressed: built once and shared by all recipients.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use channels::{Letter, Mail, MailIdentity, MailProblem, MailTemplate, Outgoing, Text};
use domain::announcement::MailText;
use domain::delivery::Broadcast;
use domain::link::{self, LinkPurpose};
use domain::site::Site;
use domain::{Announcement, Contact, Env, Language};
use store::Recipient;

/// A text that could not be sent within this time is no longer worth a night's sleep.
const TEXT_IS_TRUE_FOR: Duration = Duration::from_secs(4 * 3_600);

/// What every message needs besides the broadcast: our addresses and the key of the leave links.
#[derive(Clone)]
pub struct Stationery {
    /// The public site.
    pub site: Site,
    /// Who our mails are from; none when mail is not configured.
    pub mail: Option<MailIdentity>,
    /// The key of subscribers' links.
    pub link_key: [u8; 32],
}

/// A broadcast whose messages only lack their recipients.
pub struct Prepared {
    /// The broadcast.
    pub broadcast: Broadcast,
    stationery: Stationery,
    texts: BTreeMap<Language, (Language, Arc<str>)>,
    mails: BTreeMap<Language, (Language, Arc<MailTemplate>)>,
    /// Why some of its mails could not be built.
    mail_problem: Option<MailProblem>,
}

impl Prepared {
    /// Builds the messages of every language. A mail that cannot be built does not keep the texts back.
    #[must_use]
    pub fn new(broadcast: Broadcast, announcement: &Announcement, stationery: Stationery) -> Self {
        let mut prepared =
            Self { broadcast, stationery, texts: BTreeMap::new(), mails: BTreeMap::new(), mail_problem: None };
        for language in Language::ALL {
            if let Some((real, body)) = announcement.sms_for(language) {
                prepared.texts.insert(language, (real, Arc::from(body)));
            }
            if let Some((real, mail)) = announcement.mail_for(language) {
                match prepared.template(real, mail) {
                    Ok(template) => _ = template.map(|one| prepared.mails.insert(language, (real, Arc::new(one)))),
                    Err(problem) => prepared.mail_problem = Some(problem),
                }
            }
        }
        prepared
    }

    fn template(&self, language: Language, mail: &MailText) -> Result<Option<MailTemplate>, MailProblem> {
        let Some(identity) = &self.stationery.mail else { return Ok(None) };
        let (incident, host) = (self.broadcast.incident, identity.domain());
        let letter = Letter {
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            language,
            thread: format!("inc-{incident}@{host}"),
            feedback_id: format!("inc{incident}:update:status:{host}"),
        };
        MailTemplate::new(identity, &letter).map(Some)
    }

    /// Why some of its mails could not be built; those count as failed, so that they can be tried again.
    #[must_use]
    pub fn mail_problem(&self) -> Option<&MailProblem> {
        self.mail_problem.as_ref()
    }

    /// The message for one person; none when this broadcast has nothing for their channel.
    #[must_use]
    pub fn message(&self, env: &Env, recipient: &Recipient) -> Option<Outgoing> {
        let delivery = format!("{}.{}", self.broadcast.id, recipient.id);
        match &recipient.contact {
            Contact::Phone(to) => {
                let (_, body) = self.texts.get(&recipient.language)?;
                Some(Outgoing::Text(Text { to: to.clone(), body: body.clone(), valid_for: TEXT_IS_TRUE_FOR, delivery }))
            }
            Contact::Email(to) => {
                let (real, template) = self.mails.get(&recipient.language)?;
                let token = link::sign(&self.stationery.link_key, LinkPurpose::Leave, recipient.id);
                Some(Outgoing::Mail(Mail {
                    to: to.clone(),
                    template: template.clone(),
                    message_id: self.message_id(recipient.id),
                    delivery,
                    leave_url: self.stationery.site.leave(*real, &token),
                    date: env.now(),
                }))
            }
        }
    }

    /// The same for every attempt, so that a mail program shows a repeated mail once.
    fn message_id(&self, subscriber: i64) -> String {
        let Broadcast { incident, update, .. } = self.broadcast;
        let host = self.stationery.mail.as_ref().map_or("localhost", MailIdentity::domain);
        format!("inc-{incident}.u{update}.s{subscriber}@{host}")
    }
}
