//! The finished messages of a broadcast, ready to be addressed: built once and shared by all recipients.

use std::collections::BTreeMap;
use std::sync::Arc;

use channels::{Letter, Mail, MailIdentity, MailProblem, MailTemplate, Outgoing, Text, TextBody};
use chrono::{DateTime, Utc};
use domain::announcement::MailText;
use domain::delivery::Broadcast;
use domain::link::{self, LinkPurpose};
use domain::site::Site;
use domain::{Announcement, ChannelKind, Contact, Env, Language};
use store::Recipient;

use crate::settings::Settings;

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
    texts: BTreeMap<Language, (Language, Arc<TextBody>)>,
    mails: BTreeMap<Language, (Language, Arc<MailTemplate>)>,
    /// Why some of its mails could not be built.
    mail_problem: Option<MailProblem>,
    /// The time that people read after which no text of it leaves, and no mail.
    texts_until: DateTime<Utc>,
    mails_until: DateTime<Utc>,
}

impl Prepared {
    /// Builds the messages of every language. A mail that cannot be built does not keep the texts back.
    #[must_use]
    pub fn new(broadcast: Broadcast, announcement: &Announcement, stationery: Stationery, settings: &Settings) -> Self {
        let until = |channel| broadcast.created_at + settings.lasts(channel);
        let mut prepared = Self {
            texts_until: until(ChannelKind::Sms),
            mails_until: until(ChannelKind::Email),
            broadcast,
            stationery,
            texts: BTreeMap::new(),
            mails: BTreeMap::new(),
            mail_problem: None,
        };
        for language in Language::ALL {
            if let Some((real, body)) = announcement.sms_for(language) {
                prepared.texts.insert(language, (real, Arc::new(TextBody::new(body))));
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

    /// The same, but its texts leave until then.
    #[must_use]
    pub fn texts_until(self, texts_until: DateTime<Utc>) -> Self {
        Self { texts_until, ..self }
    }

    /// Why some of its mails could not be built; those count as failed, so that they can be tried again.
    #[must_use]
    pub fn mail_problem(&self) -> Option<&MailProblem> {
        self.mail_problem.as_ref()
    }

    /// Whether it is too late for this message to be true.
    #[must_use]
    pub fn is_too_late(&self, env: &Env, channel: ChannelKind) -> bool {
        let until = match channel {
            ChannelKind::Sms => self.texts_until,
            ChannelKind::Email | ChannelKind::Mastodon => self.mails_until,
        };
        until <= env.now()
    }

    /// The message for one person; none when this broadcast has nothing for their channel.
    #[must_use]
    pub fn message(&self, env: &Env, recipient: &Recipient) -> Option<Outgoing> {
        let delivery = format!("{}.{}", self.broadcast.id, recipient.id);
        match &recipient.contact {
            Contact::Phone(to) => {
                let (_, body) = self.texts.get(&recipient.language)?;
                // The provider keeps it for no longer than we would.
                let valid_for = (self.texts_until - env.now()).to_std().unwrap_or_default();
                Some(Outgoing::Text(Text { to: to.clone(), body: body.clone(), valid_for, delivery }))
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
