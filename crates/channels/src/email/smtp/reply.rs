//! One reply of a relay: a code and one or more lines of text.

/// A reply. Its text may quote an address, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::email) struct Reply {
    /// The basic code, 200 to 599.
    pub(in crate::email) code: u16,
    lines: Vec<String>,
}

/// What a single line says of the whole reply.
pub(super) enum Line {
    /// More lines follow.
    More,
    /// It is the last.
    Last,
    /// It is no reply.
    Nonsense,
}

impl Line {
    pub(super) fn of(line: &str) -> Self {
        let digits = line.len() >= 3 && line.bytes().take(3).all(|byte| byte.is_ascii_digit());
        match line.as_bytes().get(3) {
            _ if !digits => Self::Nonsense,
            Some(b'-') => Self::More,
            None | Some(b' ') => Self::Last,
            Some(_) => Self::Nonsense,
        }
    }
}

impl Reply {
    /// Reads a whole reply.
    pub(in crate::email) fn parse(text: &str) -> Option<Self> {
        let code = text.get(..3)?.parse().ok().filter(|code| (200..600).contains(code))?;
        let lines = text.lines().map(|line| line.get(4..).unwrap_or_default().trim().to_owned()).collect();
        Some(Self { code, lines })
    }

    /// Whether the relay agreed: to a command with 2xx, to DATA with 354.
    pub(super) const fn is_positive(&self) -> bool {
        self.code < 400
    }

    /// The enhanced code of the first line (RFC 3463), wherever in the line it stands.
    pub(in crate::email) fn enhanced(&self) -> Option<(u16, u16, u16)> {
        let is_edge = |c: char| !c.is_ascii_digit() && c != '.';
        self.lines.first()?.split_whitespace().find_map(|word| enhanced(word.trim_matches(is_edge)))
    }

    /// The relay's id of a mail it took, from `… queued as 4F1C2`, for support questions.
    pub(in crate::email) fn queue_id(&self) -> Option<String> {
        let after = self.lines.first()?.split_once("queued as ")?.1;
        let id: String = after.chars().take_while(char::is_ascii_alphanumeric).take(40).collect();
        (!id.is_empty()).then_some(id)
    }

    /// The keywords of the lines after the first: what a relay offers in answer to EHLO.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        self.offer(keyword).is_some()
    }

    /// The words after a keyword in the answer to EHLO.
    pub(super) fn offer(&self, keyword: &str) -> Option<Vec<&str>> {
        self.lines.iter().skip(1).find_map(|line| {
            let mut words = line.split_ascii_whitespace();
            words.next().is_some_and(|first| first.eq_ignore_ascii_case(keyword)).then(|| words.collect())
        })
    }
}

fn enhanced(word: &str) -> Option<(u16, u16, u16)> {
    let number = |part: &str| (1..=3).contains(&part.len()).then(|| part.parse().ok()).flatten();
    let mut parts = word.split('.');
    let code = (number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?);
    (parts.next().is_none() && matches!(code.0, 2 | 4 | 5)).then_some(code)
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({})", self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enhanced_code_is_found_where_relays_put_it() {
        for (text, expected) in [
            ("550 5.1.1 <x>: user unknown", Some((5, 1, 1))),
            ("550-5.7.26 first\r\n550 5.1.1 second", Some((5, 7, 26))),
            ("550 #5.1.0 Address rejected.", Some((5, 1, 0))),
            ("554 Message refused (5.7.1)", Some((5, 7, 1))),
            ("550 blocked: 5.1.1.9 is on a list", None),
            ("550 192.0.2.5 is on a list", None),
            ("250 OK", None),
        ] {
            assert_eq!(Reply::parse(text).unwrap().enhanced(), expected, "{text}");
        }
    }

    #[test]
    fn a_reply_is_never_shown() {
        let reply = Reply::parse("550 5.1.1 <nel@example.wales> unknown").unwrap();
        assert_eq!(format!("{reply:?}"), "Reply(550)");
    }

    #[test]
    fn the_queue_id_is_kept() {
        let id = |text: &str| Reply::parse(text).unwrap().queue_id();
        assert_eq!(id("250 2.0.0 Ok: queued as 4bXk1Z2").as_deref(), Some("4bXk1Z2"));
        assert_eq!(id("250 queued as <a@b>"), None);
        assert_eq!(id("250"), None);
    }

    #[test]
    fn offers_are_read_without_regard_to_case() {
        let hello = Reply::parse("250-relay.example\r\n250-pipelining\r\n250 AUTH LOGIN PLAIN\r\n").unwrap();
        assert!(hello.offers("PIPELINING") && !hello.offers("STARTTLS") && !hello.offers("relay.example"));
        assert_eq!(hello.offer("AUTH"), Some(vec!["LOGIN", "PLAIN"]));
    }
}
