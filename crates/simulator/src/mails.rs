//! The inboxes: what the SMTP server took, read as a mail program reads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::Language;
use mail_parser::{Message, MessageParser, PartType};
use serde::Serialize;

use crate::faults::Channel;
use crate::pages::tongue;
use crate::world::{Shelf, digest, time};
use crate::{Filter, Simulator};

/// One mail as it lies in one or more inboxes.
#[derive(Clone, Debug, Serialize)]
pub struct Mail {
    /// Counts up from 1.
    pub id: u64,
    /// When it came, by the clock that people read.
    pub at: DateTime<Utc>,
    /// When it came, by the machine's clock.
    pub machine_at: DateTime<Utc>,
    /// The envelope's sender, where bounces go; empty for a bounce itself.
    pub from: Arc<str>,
    /// The envelope's recipients.
    pub to: Vec<Arc<str>>,
    /// Decoded.
    pub subject: Arc<str>,
    /// In bytes, as sent.
    pub size: usize,
    /// What is in it; old mails keep only the fields above.
    #[serde(flatten)]
    pub content: Option<Arc<MailContent>>,
}

/// What is in a mail.
#[derive(Debug, Default, Serialize)]
pub struct MailContent {
    /// As sent, unfolded; the first of each name.
    pub headers: BTreeMap<String, String>,
    /// The plain text.
    pub text: String,
    /// The HTML, if there is a part in it.
    pub html: Option<String>,
}

impl Mail {
    /// A header by its name in any case, while the content is still kept.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = &self.content.as_ref()?.headers;
        headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The plain text, while it is still kept.
    #[must_use]
    pub fn text(&self) -> &str {
        self.content.as_ref().map_or("", |content| &content.text)
    }

    /// The language that it says it is in.
    pub(crate) fn language(&self) -> Option<Language> {
        tongue::of_tag(self.header("Content-Language")?)
    }

    fn is_to(&self, filter: &Filter) -> bool {
        self.to.iter().any(|to| filter.is_to(to))
    }
}

/// An envelope as the SMTP server read it.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
}

pub(crate) struct Mails {
    shelf: Shelf<Mail>,
    keep_contents: usize,
    /// How often a sender connected.
    pub(crate) connections: u64,
}

impl Mails {
    pub(crate) fn new(keep: usize, keep_contents: usize) -> Self {
        Self { shelf: Shelf::new(keep), keep_contents, connections: 0 }
    }

    fn add(&mut self, mut mail: Mail) -> u64 {
        mail.id = self.shelf.ever() + 1;
        let (id, _) = self.shelf.push(mail);
        let stale = usize::try_from(id).unwrap_or(usize::MAX).checked_sub(self.keep_contents);
        if let Some(mail) = stale.and_then(|stale| self.shelf.get_mut(stale as u64)) {
            mail.content = None;
        }
        id
    }

    pub(crate) fn len(&self) -> usize {
        self.shelf.len()
    }
}

impl Simulator {
    /// All mails, newest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.mails_where(&Filter::default())
    }

    /// The mails to one address, newest first.
    #[must_use]
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mails_where(&Filter { to: Some(address.to_owned()), ..Filter::default() })
    }

    /// How many connections senders of mail have made so far.
    #[must_use]
    pub fn mail_connections(&self) -> u64 {
        self.world().mails.connections
    }

    pub(crate) fn mails_where(&self, filter: &Filter) -> Vec<Mail> {
        let world = self.world();
        let wanted = world.mails.shelf.newest().map(|(_, mail)| mail).filter(|mail| mail.is_to(filter));
        wanted.take(filter.limit()).cloned().collect()
    }

    /// At most `room` mails, newest first, each language in its turn.
    pub(crate) fn mails_in_turn(&self, room: usize) -> Vec<Mail> {
        let world = self.world();
        let newest = world.mails.shelf.newest().map(|(_, mail)| (mail.language(), mail));
        tongue::in_turn(newest, room).into_iter().cloned().collect()
    }

    pub(crate) fn mail(&self, id: u64) -> Option<Mail> {
        self.world().mails.shelf.get(id).cloned()
    }

    /// Puts a mail into the inboxes of its recipients and answers its number.
    pub(crate) fn take_mail(&self, envelope: &Envelope, raw: &[u8]) -> u64 {
        let at = self.moment();
        let (subject, content) = read(raw);
        let hash = fingerprint(&subject, &content.text);
        let mut world = self.world();
        let world = &mut *world;
        let to: Vec<Arc<str>> = envelope.to.iter().map(|to| world.names.get(to)).collect();
        for recipient in &to {
            world.ledger.accepted(Channel::Email, recipient, hash, at.machine);
        }
        let id = world.mails.add(Mail {
            id: 0,
            at: time(at.shown),
            machine_at: time(at.machine),
            from: world.names.get(&envelope.from),
            to,
            subject: world.names.get(&subject),
            size: raw.len(),
            content: Some(Arc::new(content)),
        });
        self.changed();
        id
    }
}

/// The subject and the content; what can not be read as a mail is all text.
fn read(raw: &[u8]) -> (String, MailContent) {
    let Some(message) = MessageParser::default().parse(raw) else {
        let text = String::from_utf8_lossy(raw).into_owned();
        return (String::new(), MailContent { text, ..MailContent::default() });
    };
    let mut headers = BTreeMap::new();
    for (name, value) in message.headers_raw() {
        let unfolded = value.split_whitespace().collect::<Vec<_>>().join(" ");
        headers.entry(name.to_owned()).or_insert(unfolded);
    }
    let text = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
    let content = MailContent { headers, text, html: html(&message) };
    (message.subject().unwrap_or_default().to_owned(), content)
}

/// Only HTML that was sent; the parser would also make some out of plain text.
fn html(message: &Message<'_>) -> Option<String> {
    let part = message.parts.get(*message.html_body.first()? as usize)?;
    match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    }
}

/// Names what the person reads. Links are left out: a repeat may carry a new unsubscribe link and is still a repeat.
fn fingerprint(subject: &str, text: &str) -> u64 {
    let words = text.split_whitespace().filter(|word| !word.contains("://"));
    digest([subject, "\n"].into_iter().chain(words.flat_map(|word| [word, " "])))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELSH: &str = "From: =?utf-8?Q?GIG_Cymru?= <alerts@status.example>\r\n\
        To: nel@example.org\r\nSubject: =?utf-8?B?R3dhc2FuYWV0aCDFtXlu?=\r\nContent-Language: cy\r\n\
        List-Unsubscribe:\r\n <https://status.example/u/1>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Mae=E2=80=99r t=C5=B7 yn =\r\niawn\r\n\
        --b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        PHA+dMW3PC9wPg==\r\n--b--\r\n";

    #[test]
    fn a_welsh_mail_is_read_whole() {
        let (subject, content) = read(WELSH.as_bytes());
        assert_eq!(subject, "Gwasanaeth ŵyn");
        assert_eq!(content.text.trim(), "Mae’r tŷ yn iawn");
        assert_eq!(content.html.as_deref(), Some("<p>tŷ</p>"));
        assert_eq!(content.headers["Content-Language"], "cy");
        assert_eq!(content.headers["List-Unsubscribe"], "<https://status.example/u/1>");
    }

    #[test]
    fn plain_mails_have_no_html_and_rubbish_does_no_harm() {
        assert_eq!(read(b"Subject: a\r\n\r\nb\r\n").1.html, None);
        read(b"");
        read(b"\xff\xfe\0");
        read(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n");
    }

    #[test]
    fn a_new_unsubscribe_link_does_not_hide_a_repeat() {
        assert_eq!(fingerprint("a", "b https://x.example/1 c"), fingerprint("a", "b\nhttps://x.example/2 c"));
        assert_ne!(fingerprint("a", "b c"), fingerprint("a", "b d"));
    }
}
