//! Reads what mail systems send back about our mail: that it could not be delivered (RFC 3464), or that somebody called
//! it spam (RFC 5965).
//!
//! Anybody can send such a mail. Whom it is about is only believed from addresses and links that we sealed ourselves
//! and that nobody but the recipient's side has seen.

mod parts;

use domain::delivery::SendResult;

use super::codes;
use super::verp::Verp;
use parts::{Fields, Mail, Part};

/// How many recipients of one report are looked at; we never send to more than one.
const MOST_RECIPIENTS: usize = 20;

/// What a mail system reports about one of our mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailReport {
    /// Which mail.
    pub about: About,
    /// What became of it.
    pub news: News,
}

/// Which mail a report is about.
#[derive(Clone, PartialEq, Eq)]
pub enum About {
    /// The one with this reference; its seal was ours.
    Delivery(String),
    /// One that ended with a link to leave with this token. The token is not checked yet.
    LeaveToken(String),
}

/// What became of a mail that a relay had taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It did not arrive and will not be tried again.
    Bounced(SendResult),
    /// It arrived, and the recipient called it spam.
    Complained,
}

/// Why a mail is no report that changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It does not have the form of a report: somebody's answer, an out-of-office note, or spam.
    #[error("it is no report")]
    NoReport,
    /// It reports nothing final: a delay, a delivery, or that a mail was not spam after all.
    #[error("it reports nothing final")]
    NothingFinal,
    /// It does not say, under a seal of ours, which mail it is about.
    #[error("it carries no seal of ours")]
    NoSeal,
}

impl std::fmt::Debug for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Delivery(delivery) => write!(f, "Delivery({delivery})"),
            // Whoever holds the token can end a subscription.
            Self::LeaveToken(_) => f.write_str("LeaveToken(***)"),
        }
    }
}

impl MailReport {
    /// Reads a whole mail as it came over the wire. `envelope` is the address that it was delivered to, where the
    /// caller knows it; otherwise the headers that name it count.
    ///
    /// # Errors
    /// Says why it changes nothing. Nothing of the mail is in that.
    pub fn read(mail: &[u8], envelope: Option<&str>, verp: &Verp) -> Result<Self, Unread> {
        let mail = Mail::read(mail).ok_or(Unread::NoReport)?;
        if let Some(status) = mail.part("delivery-status").or_else(|| mail.part("global-delivery-status")) {
            let news = News::Bounced(bounce(status)?);
            let delivery = delivered_to(&mail, envelope, verp).ok_or(Unread::NoSeal)?;
            return Ok(Self { about: About::Delivery(delivery), news });
        }
        let feedback = mail.part("feedback-report").ok_or(Unread::NoReport)?.fields();
        if !is_complaint(&feedback) {
            return Err(Unread::NothingFinal);
        }
        let about = complained_about(&mail, &feedback, verp).ok_or(Unread::NoSeal)?;
        Ok(Self { about, news: News::Complained })
    }
}

/// The first recipient whom the mail system gave up.
fn bounce(status: &Part<'_>) -> Result<SendResult, Unread> {
    let groups = status.groups();
    let is_given_up = |group: &&Fields| group.get("action").trim().eq_ignore_ascii_case("failed");
    let failed = groups.iter().take(MOST_RECIPIENTS).find(is_given_up).ok_or(Unread::NothingFinal)?;
    Ok(codes::given_up(failed.get("status"), failed.get("diagnostic-code")))
}

/// The envelope recipient names the mail (VERP); mail systems repeat it in these headers.
fn delivered_to(mail: &Mail<'_>, envelope: Option<&str>, verp: &Verp) -> Option<String> {
    let headers = ["delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "to"];
    let named = headers.iter().flat_map(|name| mail.head.all(name));
    envelope.into_iter().chain(named).find_map(|value| verp.delivery_of(bare(value)))
}

/// Complaints come from forms and buttons: `abuse` and what means the same. The others are not about the subscription.
fn is_complaint(feedback: &Fields) -> bool {
    let kind = feedback.get("feedback-type").trim().to_ascii_lowercase();
    matches!(kind.as_str(), "abuse" | "fraud" | "opt-out" | "opt-out-list")
}

/// The sender that we sealed, or the link to leave. The recipient's address is often blacked out, and our message id
/// could be made up by anybody.
fn complained_about(mail: &Mail<'_>, feedback: &Fields, verp: &Verp) -> Option<About> {
    let sealed = |value: &str| verp.delivery_of(bare(value)).map(About::Delivery);
    let original = mail.original();
    let sender = sealed(feedback.get("original-mail-from"));
    let path = || original.as_ref().and_then(|head| sealed(head.get("return-path")));
    let link = || original.as_ref().and_then(|head| leave_token(head.get("list-unsubscribe")));
    sender.or_else(path).or_else(|| link().map(About::LeaveToken))
}

/// The last word of the first web address.
fn leave_token(header: &str) -> Option<String> {
    let address = header.split(',').map(bare).find(|one| one.starts_with("http"))?;
    let token = address.rsplit('/').next()?;
    (!token.is_empty() && token.len() <= 100).then(|| token.to_owned())
}

/// An address without the name before it and the brackets around it.
fn bare(value: &str) -> &str {
    let inner = value.rsplit_once('<').map_or(value, |(_, address)| address);
    inner.split_once('>').map_or(inner, |(address, _)| address).trim()
}

#[cfg(test)]
mod tests;
