//! A mail that is rendered once for all readers of a language; only their own links are put in for each of them.

use domain::announcement::LEAVE_LINK;
use domain::text::single_line;
use domain::{HasKind, Kind, Language};
use lettre::message::header::{
    ContentTransferEncoding, ContentType, From, Header, HeaderName, HeaderValue, Headers, MIME_VERSION_1_0, ReplyTo,
    Subject,
};
use lettre::message::{Body, Mailbox, Mailboxes, MultiPart, SinglePart};

use super::quoted_printable::{SOFT_BREAK, encode};
use crate::settings::EmailSettings;
use crate::{ChannelProblem, Mail};

/// Encoded text never holds `=_`, so this never stands in a part.
const BOUNDARY: &str = "=_hysbys_part";
/// Stand for the reader's link in the built mail. Encoded text never holds a NUL.
const IN_TEXT: &str = "\0t";
const IN_HTML: &str = "\0h";

/// Who mail comes from; the same for every mail.
#[derive(Clone, Debug)]
pub struct MailIdentity {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    list_id: String,
}

impl MailIdentity {
    /// Reads the identity from the settings.
    ///
    /// # Errors
    /// When a mailbox cannot be read.
    pub fn new(settings: &EmailSettings) -> Result<Self, ChannelProblem> {
        let mailbox = |text: &str, key: &str| {
            text.parse::<Mailbox>().map_err(|_| ChannelProblem::setting(key, "must be a mailbox: Name <address>"))
        };
        let from = mailbox(&settings.from, "email.from")?;
        let reply_to = settings.reply_to.as_deref().map(|text| mailbox(text, "email.reply_to")).transpose()?;
        let list_id = settings.list_id.clone().unwrap_or_else(|| format!("<incidents.{}>", from.email.domain()));
        Ok(Self { from, reply_to, list_id })
    }

    pub(super) fn sender(&self) -> String {
        self.from.email.to_string()
    }

    /// The domain of the sender: message ids and bounces live there.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }
}

/// The words of one update in one language.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The language.
    pub language: Language,
    /// The subject, the same for every update of the incident, since mail programs thread by it.
    pub subject: String,
    /// The plain text; [`LEAVE_LINK`] stands for the reader's link.
    pub text: String,
    /// The HTML; [`LEAVE_LINK`] stands for the reader's link.
    pub html: String,
    /// The id of the thread, without angle brackets: `inc-42@status.example`. No mail has it; all answer to it.
    pub thread: String,
    /// For complaint reports of large mailbox providers: `inc42:update:status:example`.
    pub feedback_id: String,
}

/// Everything of a mail but the recipient's own parts, encoded and ready.
#[derive(Clone, Debug)]
pub struct MailTemplate {
    language: Language,
    pieces: Vec<Piece>,
    length: usize,
    /// Whether a dot was doubled anywhere.
    has_dots: bool,
}

#[derive(Clone, Debug)]
enum Piece {
    Fixed(Vec<u8>),
    LinkInText,
    LinkInHtml,
}

/// Why a mail cannot be built. It says nothing of the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailProblem {
    /// The id cannot stand in a header.
    #[error("a message id must be one word of ASCII with one @, and at most 250 letters")]
    Id,
    /// The link cannot stand in a header.
    #[error("the link to leave must be an https URL of ASCII letters, and at most 800 letters")]
    Link,
}

impl HasKind for MailProblem {
    fn kind(&self) -> Kind {
        Kind::Broken
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Id => "mail-id",
            Self::Link => "mail-link",
        }
    }
}

impl MailTemplate {
    /// Builds the mail: headers encoded, text before HTML, both quoted-printable.
    ///
    /// # Errors
    /// When the id of the thread cannot stand in a header.
    pub fn new(identity: &MailIdentity, letter: &Letter) -> Result<Self, MailProblem> {
        if !is_message_id(&letter.thread) {
            return Err(MailProblem::Id);
        }
        let mut mail = headers(identity, letter).to_string().into_bytes();
        mail.extend(body(letter).formatted());
        let pieces = pieces(&mail);
        let length = pieces.iter().map(Piece::length).sum::<usize>();
        Ok(Self { language: letter.language, has_dots: length > mail.len(), pieces, length })
    }

    /// The language of the mail.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Whether a line of the mail begins with a dot, so that it reads otherwise than it is sent. Quoted-printable
    /// escapes such dots, and no header begins with one.
    pub(super) const fn has_dots(&self) -> bool {
        self.has_dots
    }

    /// The whole mail for one recipient, as it goes over the wire, its dots doubled and without the final one.
    ///
    /// # Errors
    /// When the message id or the link cannot stand in a header: neither can smuggle another header in.
    pub fn address(&self, mail: &Mail) -> Result<Vec<u8>, MailProblem> {
        if !is_message_id(&mail.message_id) {
            return Err(MailProblem::Id);
        }
        if !is_link(&mail.leave_url) {
            return Err(MailProblem::Link);
        }
        let in_text = link(&mail.leave_url);
        let in_html = link(&mail.leave_url.replace('&', "&amp;"));
        let mut out = Vec::with_capacity(self.length + 768 + 3 * mail.leave_url.len());
        out.extend(own_headers(mail).into_bytes());
        for piece in &self.pieces {
            out.extend_from_slice(match piece {
                Piece::Fixed(bytes) => bytes,
                Piece::LinkInText => in_text.as_bytes(),
                Piece::LinkInHtml => in_html.as_bytes(),
            });
        }
        Ok(out)
    }
}

/// The link as a piece between two soft breaks: lines stay short, and the reader sees one address.
fn link(url: &str) -> String {
    format!("{SOFT_BREAK}{}{SOFT_BREAK}", encode(url))
}

fn own_headers(mail: &Mail) -> String {
    format!(
        "Date: {}\r\nMessage-ID: <{}>\r\nTo: <{}>\r\nList-Unsubscribe:\r\n <{}>\r\n",
        mail.date.to_rfc2822(),
        mail.message_id,
        mail.to.as_str(),
        mail.leave_url,
    )
}

fn headers(identity: &MailIdentity, letter: &Letter) -> Headers {
    let mut headers = Headers::new();
    headers.set(From::from(Mailboxes::from(identity.from.clone())));
    if let Some(reply_to) = &identity.reply_to {
        headers.set(ReplyTo::from(Mailboxes::from(reply_to.clone())));
    }
    headers.set(Subject::from(single_line(&letter.subject)));
    headers.set(MIME_VERSION_1_0);
    let thread = format!("<{}>", letter.thread);
    for (name, value) in [
        ("In-Reply-To", thread.as_str()),
        ("References", &thread),
        ("List-Id", &identity.list_id),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("Feedback-ID", &letter.feedback_id),
        ("Content-Language", letter.language.code()),
    ] {
        headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), single_line(value)));
    }
    headers
}

fn body(letter: &Letter) -> MultiPart {
    MultiPart::alternative()
        .boundary(BOUNDARY)
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.text, IN_TEXT))
        .singlepart(part(ContentType::TEXT_HTML, &letter.html, IN_HTML))
}

fn part(kind: impl Header, text: &str, link: &str) -> SinglePart {
    let encoded = text.split(LEAVE_LINK).map(encode).collect::<Vec<_>>().join(link);
    let encoding = ContentTransferEncoding::QuotedPrintable;
    SinglePart::builder().header(kind).body(Body::dangerous_pre_encoded(encoded.into_bytes(), encoding))
}

impl Piece {
    /// What it takes of the mail that was built; a link stands there as two bytes.
    fn length(&self) -> usize {
        match self {
            Self::Fixed(bytes) => bytes.len(),
            Self::LinkInText | Self::LinkInHtml => IN_TEXT.len(),
        }
    }
}

/// Cuts the built mail at the places of the links. Each piece begins a line: the first stands behind a header, the
/// others behind the soft break of a link.
fn pieces(mail: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut parts = mail.split(|byte| *byte == 0);
    pieces.extend(parts.next().map(|first| Piece::Fixed(with_dots_doubled(first))));
    for part in parts {
        let (mark, rest) = part.split_first().expect("a letter follows every NUL that this file writes");
        pieces.push(if *mark == IN_TEXT.as_bytes()[1] { Piece::LinkInText } else { Piece::LinkInHtml });
        pieces.push(Piece::Fixed(with_dots_doubled(rest)));
    }
    pieces
}

/// A dot at the start of a line is doubled (RFC 5321, 4.5.2), once for all readers: their links begin with `http`.
fn with_dots_doubled(lines: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(lines.len());
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    out
}

fn is_message_id(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~@".contains(&byte);
    text.len() <= 250 && text.bytes().all(is_letter) && text.split('@').filter(|part| !part.is_empty()).count() == 2
}

/// `http` is for a page on this machine: the demo and the tests.
fn is_link(url: &str) -> bool {
    let scheme = url.starts_with("https://") || url.starts_with("http://");
    let is_letter = |byte: u8| byte.is_ascii_graphic() && !b"<>\"'`\\,".contains(&byte);
    scheme && url.len() <= 800 && url.bytes().all(is_letter)
}

#[cfg(test)]
mod tests;
