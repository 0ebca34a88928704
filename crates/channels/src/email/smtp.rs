//! Our own side of SMTP (RFC 5321): lettre's connection waits 40 ms for every mail (no `TCP_NODELAY`), does not
//! pipeline, hangs up after each refused recipient, and bounds only the connections that rest.

mod connection;
mod pool;
mod reply;
mod wire;

pub(super) use pool::Pool;
pub(super) use reply::Reply;

/// Who a mail is from and to, as the relay needs it. There is always one recipient: nobody sees anyone else's
/// address, and one refusal concerns one person.
pub(super) struct Envelope {
    sender: String,
    recipient: String,
}

impl Envelope {
    /// None when an address holds anything but visible ASCII letters, which could end the command and begin another.
    pub(super) fn new(sender: String, recipient: &str) -> Option<Self> {
        let is_plain = |address: &str| {
            let is_letter = |byte: u8| byte.is_ascii_graphic() && !b"<>".contains(&byte);
            !address.is_empty() && address.len() <= 254 && address.bytes().all(is_letter)
        };
        (is_plain(&sender) && is_plain(recipient)).then(|| Self { sender, recipient: recipient.to_owned() })
    }
}

/// A mail as it goes over the wire.
pub(super) struct Content {
    /// All of it, with whole lines, each dot at the start of a line doubled.
    pub(super) bytes: Vec<u8>,
    /// Whether there was a dot to double.
    pub(super) has_dots: bool,
}

/// How far a conversation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connecting, and the relay's greeting.
    Connect,
    /// EHLO, STARTTLS and AUTH.
    Session,
    /// MAIL.
    Sender,
    /// RCPT.
    Recipient,
    /// DATA, up to and including writing the mail.
    Data,
    /// The whole mail is written, its final dot included.
    Content,
}

/// Why a mail was not taken.
#[derive(Debug)]
pub(super) enum Failure {
    /// The relay said no.
    Refused {
        /// To what.
        stage: Stage,
        /// In these words.
        reply: Reply,
    },
    /// No answer in time, a closed connection, or not SMTP.
    Lost {
        /// While we waited for the answer to this.
        stage: Stage,
    },
    /// The relay's certificate is not trusted, or TLS does not come about.
    Tls,
    /// STARTTLS is required and not offered.
    Unprotected,
    /// There is a password, and AUTH PLAIN is not offered.
    Unauthenticated,
}

impl Failure {
    pub(super) const fn stage(&self) -> Stage {
        match self {
            Self::Refused { stage, .. } | Self::Lost { stage } => *stage,
            Self::Tls | Self::Unprotected | Self::Unauthenticated => Stage::Session,
        }
    }

    pub(super) const fn code(&self) -> u16 {
        match self {
            Self::Refused { reply, .. } => reply.code,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_carry_a_second_command() {
        let is_taken = |recipient: &str| Envelope::new("b+1.x@bounce.example".to_owned(), recipient).is_some();
        assert!(is_taken("nel+alerts@example.wales"));
        for hostile in ["a@b>\r\nRCPT TO:<c@d", "a b@c.example", "a@b.example>", "tŷ@b.example", "", "a@b\n"] {
            assert!(!is_taken(hostile), "{hostile:?}");
        }
    }
}
