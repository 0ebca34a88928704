//! The finished messages of a broadcast, ready to be addressed: built once and shared by all recipients.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use channels::{Letter, Mail, MailIdentity, MailTemplate, Outgoing, Text};
use domain::delivery::Broadcast;
use domain::link::{self, LinkPurpose};
use domain::site::Site;
use domain::{Announcement, ChannelKind, Contact, Env, Language};
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
}

impl Prepared {
    /// Builds the messages of every language.
    ///
    /// # Errors
    /// When a mail cannot be built; the reason names no recipient.
    pub fn new(
        broadcast: Broadcast,
        announcement: &Announcement,
        stationery: Stationery,
    ) -> Result<Self, channels::MailProblem> {
        let mut texts = BTreeMap::new();
        let mut mails = BTreeMap::new();
        for language in Language::ALL {
            if let Some((real, body)) = announcement.sms_for(language) {
                texts.insert(language, (real, Arc::from(body)));
            }
            if let (Some((real, mail)), Some(identity)) = (announcement.mail_for(language), &stationery.mail) {
                let letter = Letter {
                    subject: mail.subject.clone(),
                    text: mail.text.clone(),
                    html: mail.html.clone(),
                    language: real,
                    thread: format!("inc-{}@{}", broadcast.incident, identity.domain()),
                    feedback_id: format!("inc{}:update:status:{}", broadcast.incident, identity.domain()),
                };
                mails.insert(language, (real, Arc::new(MailTemplate::new(identity, &letter)?)));
            }
        }
        Ok(Self { broadcast, stationery, texts, mails })
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

/// The channels that carry messages to subscribers.
pub const TO_SUBSCRIBERS: [ChannelKind; 2] = [ChannelKind::Sms, ChannelKind::Email];
