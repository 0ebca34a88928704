//! The messages to one person who signs up: a code, a link, a welcome. In the language that they chose.

use chrono::Duration;
use domain::link::{self, LinkPurpose};
use domain::{Contact, Language};
use render::{Args, RenderError, View};
use serde::Serialize;
use store::DirectMessage;

use crate::Page;

/// How long a code is good.
pub(super) const CODE_LIVES: Duration = Duration::minutes(10);

/// How long a link is good: people do not look into their mailbox at once.
pub(super) const LINK_LIVES: Duration = Duration::hours(24);

/// Who is written to.
#[derive(Clone, Copy)]
pub(super) struct Letter<'a> {
    pub(super) page: &'a Page,
    pub(super) contact: &'a Contact,
    pub(super) language: Language,
}

/// A short mail: what it is about, and one link to press.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Mail {
    pub(crate) subject: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) button: String,
    pub(crate) url: String,
    pub(crate) after: Vec<String>,
    pub(crate) manage_url: Option<String>,
}

impl View for Mail {
    const TEMPLATE: &'static str = "signup/mail.html";
}

/// The same as plain text.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct PlainMail(pub(crate) Mail);

impl View for PlainMail {
    const TEMPLATE: &'static str = "signup/mail.txt";
}

impl Letter<'_> {
    /// The text with the code; a known number also gets its link. `key` makes a repeated request harmless.
    pub(super) fn code(&self, code: &str, manage: Option<&str>, key: &str) -> Result<DirectMessage, RenderError> {
        let mut args = self.args()?;
        args.insert("code".to_owned(), code.into());
        let text = match manage {
            Some(token) => {
                args.insert("link".to_owned(), self.page.shared.site.manage(self.language, token).into());
                self.text("signup-text-code-known", &args)?
            }
            None => self.text("signup-text-code", &args)?,
        };
        Ok(self.message((None, text, None), format!("signup-code/{key}"), CODE_LIVES))
    }

    /// The mail with the link that proves a mailbox; a known one also gets its own link.
    pub(super) fn confirm(&self, token: &str, manage: Option<&str>, key: &str) -> Result<DirectMessage, RenderError> {
        let site = &self.page.shared.site;
        let args = self.args()?;
        let mail = Mail {
            subject: self.text("signup-mail-subject", &args)?,
            paragraphs: vec![self.text("signup-mail-confirm", &args)?],
            button: self.text("signup-mail-button", &args)?,
            url: site.confirm(self.language, token),
            after: vec![self.text("signup-mail-not-you", &args)?],
            manage_url: manage.map(|token| site.manage(self.language, token)),
        };
        self.mail(&mail, format!("signup-mail/{key}"), LINK_LIVES)
    }

    /// The first message to a new subscriber: what will come, and how to stop it.
    pub(super) fn welcome(&self, subscriber: i64, key: &str) -> Result<DirectMessage, RenderError> {
        let site = &self.page.shared.site;
        let token = link::sign(&self.page.shared.own().signup.link_key, LinkPurpose::Manage, subscriber);
        let url = site.manage(self.language, &token);
        let key = format!("signup-welcome/{key}");
        let mut args = self.args()?;
        if matches!(self.contact, Contact::Phone(_)) {
            args.insert("link".to_owned(), url.into());
            let text = self.text("signup-text-welcome", &args)?;
            return Ok(self.message((None, text, None), key, LINK_LIVES));
        }
        let mail = Mail {
            subject: self.text("signup-mail-welcome-subject", &args)?,
            paragraphs: vec![self.text("signup-mail-welcome", &args)?],
            button: self.text("signup-mail-manage", &args)?,
            url,
            after: vec![self.text("signup-mail-stop", &args)?],
            manage_url: None,
        };
        self.mail(&mail, key, LINK_LIVES)
    }

    fn mail(&self, mail: &Mail, key: String, lives: Duration) -> Result<DirectMessage, RenderError> {
        let renderer = &self.page.shared.press.renderer;
        let text = renderer.render(&PlainMail(mail.clone()), self.language)?;
        let html = renderer.render(mail, self.language)?;
        Ok(self.message((Some(mail.subject.clone()), text, Some(html)), key, lives))
    }

    fn message(
        &self,
        (subject, text, html): (Option<String>, String, Option<String>),
        dedupe_key: String,
        lives: Duration,
    ) -> DirectMessage {
        let env = &self.page.shared.env;
        DirectMessage {
            id: env.id(),
            contact: self.contact.clone(),
            language: self.language,
            subject,
            text,
            html,
            dedupe_key,
            expires_at: env.machine_now() + lives,
        }
    }

    fn args(&self) -> Result<Args, RenderError> {
        let name = self.page.shared.press.renderer.site_name(self.language)?;
        Ok(Args::from([("site".to_owned(), name.into())]))
    }

    fn text(&self, key: &str, args: &Args) -> Result<String, RenderError> {
        self.page.shared.press.renderer.text(self.language, key, args)
    }
}
