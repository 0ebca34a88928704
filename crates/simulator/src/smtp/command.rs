//! The commands of SMTP, read from one line.

/// One command of a mail sender.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Hello,
    ExtendedHello,
    /// Where bounces go (empty for a bounce itself), and the size announced for the mail.
    Mail {
        from: String,
        size: Option<usize>,
    },
    Recipient(String),
    Data,
    Reset,
    Nothing,
    Quit,
    AuthPlain {
        with_secret: bool,
    },
    AuthLogin {
        with_name: bool,
    },
    Verify,
    Help,
    /// A known command with arguments that make no sense.
    Malformed,
    Unknown,
}

impl Command {
    /// Reads a line; letters that are not UTF-8 are replaced.
    pub(crate) fn read(line: &[u8]) -> Self {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches(['\r', '\n']);
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "HELO" => Self::Hello,
            "EHLO" => Self::ExtendedHello,
            "MAIL" => Self::mail(rest).unwrap_or(Self::Malformed),
            "RCPT" => Self::recipient(rest).unwrap_or(Self::Malformed),
            "DATA" => Self::Data,
            "RSET" => Self::Reset,
            "NOOP" => Self::Nothing,
            "QUIT" => Self::Quit,
            "AUTH" => Self::auth(rest),
            "VRFY" => Self::Verify,
            "HELP" => Self::Help,
            _ => Self::Unknown,
        }
    }

    fn mail(rest: &str) -> Option<Self> {
        let (from, parameters) = address(rest, "FROM:")?;
        let size = parameters.split(' ').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.eq_ignore_ascii_case("SIZE").then(|| value.parse().ok())?
        });
        Some(Self::Mail { from, size })
    }

    fn recipient(rest: &str) -> Option<Self> {
        let (to, _) = address(rest, "TO:")?;
        (!to.is_empty()).then_some(Self::Recipient(to))
    }

    fn auth(rest: &str) -> Self {
        let mut words = rest.split_whitespace();
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let has_more = words.next().is_some();
        match mechanism.as_str() {
            "PLAIN" => Self::AuthPlain { with_secret: has_more },
            "LOGIN" => Self::AuthLogin { with_name: has_more },
            _ => Self::Malformed,
        }
    }
}

/// The address in `FROM:<…>` or `TO:<…>` and what follows it.
fn address<'a>(rest: &'a str, prefix: &str) -> Option<(String, &'a str)> {
    let rest = rest.trim_start();
    let start = rest.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix))?;
    let (address, parameters) = rest[start.len()..].trim_start().strip_prefix('<')?.split_once('>')?;
    let is_plain = !address.chars().any(|letter| letter.is_whitespace() || letter.is_control() || letter == '<');
    (is_plain && address.len() <= 320).then(|| (address.to_owned(), parameters.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_in_any_case() {
        let mail = |from: &str, size| Command::Mail { from: from.into(), size };
        let cases: [(&[u8], Command); 13] = [
            (b"ehlo [127.0.0.1]\r\n", Command::ExtendedHello),
            (b"MAIL FROM:<a@b.example> BODY=8BITMIME SIZE=12\r\n", mail("a@b.example", Some(12))),
            (b"mail from: <>\r\n", mail("", None)),
            (b"MAIL a@b.example\r\n", Command::Malformed),
            (b"RCPT TO:<nel@example.org>\r\n", Command::Recipient("nel@example.org".into())),
            ("RCPT TO:<tŷ@example.org>\r\n".as_bytes(), Command::Recipient("tŷ@example.org".into())),
            (b"RCPT TO:<>\r\n", Command::Malformed),
            (b"RCPT TO:<a b>\r\n", Command::Malformed),
            (b"RCPT T\xff:<a>\r\n", Command::Malformed),
            (b"AUTH PLAIN AGEAYg==\r\n", Command::AuthPlain { with_secret: true }),
            (b"auth login\r\n", Command::AuthLogin { with_name: false }),
            (b"AUTH GSSAPI\r\n", Command::Malformed),
            (b"GET / HTTP/1.1\r\n", Command::Unknown),
        ];
        for (line, command) in cases {
            assert_eq!(Command::read(line), command, "{}", String::from_utf8_lossy(line));
        }
    }
}
