//! An e-mail address that can be written to: checked once, compared as people mean it, hidden from logs.

use std::fmt;

use url::Host;

use crate::kind::{HasKind, Kind};

/// An address with an ASCII local part and a domain in its ASCII form (RFC 5321, UTS #46).
///
/// It has no `Display` and its `Debug` is masked, so that it cannot reach a log by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    address: String,
    /// Where the `@` is.
    at: usize,
}

/// Why a text is no address that we can write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailProblem {
    /// Nothing was given.
    #[error("no e-mail address was given")]
    Empty,
    /// There is no `@`, or nothing before or after it.
    #[error("an e-mail address looks like name@example.org")]
    Incomplete,
    /// Longer than 64 octets before the `@`, or 254 in all (RFC 5321, 4.5.3.1, with the erratum on paths).
    #[error("the e-mail address is too long")]
    TooLong,
    /// The part before the `@` has letters that few mail servers take.
    #[error("the part before the @ has letters that mail servers may not take")]
    NotAscii,
    /// The part before the `@` has spaces, quotes, a misplaced dot or other characters that we refuse.
    #[error("the part before the @ is not usable")]
    LocalPart,
    /// The part after the `@` is no domain name of the public internet.
    #[error("the part after the @ is not a domain name")]
    Domain,
}

impl HasKind for EmailProblem {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "email-empty",
            Self::Incomplete => "email-incomplete",
            Self::TooLong => "email-too-long",
            Self::NotAscii => "email-not-ascii",
            Self::LocalPart => "email-local-part",
            Self::Domain => "email-domain",
        }
    }
}

const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_ADDRESS: usize = 254;
/// What a person may type; an international domain is shorter as typed than in its ASCII form.
const LONGEST_INPUT: usize = 1_000;

impl EmailAddress {
    /// Reads what a person typed. White space around it is dropped, the domain becomes lower-case ASCII, and the
    /// part before the `@` stays as typed.
    ///
    /// # Errors
    /// [`EmailProblem`].
    pub fn parse(input: &str) -> Result<Self, EmailProblem> {
        let input = input.trim();
        if input.is_empty() {
            return Err(EmailProblem::Empty);
        }
        if input.len() > LONGEST_INPUT {
            return Err(EmailProblem::TooLong);
        }
        let (local, domain) = input.rsplit_once('@').ok_or(EmailProblem::Incomplete)?;
        if local.is_empty() || domain.is_empty() {
            return Err(EmailProblem::Incomplete);
        }
        check_local_part(local)?;
        let address = format!("{local}@{}", ascii_domain(domain)?);
        if address.len() > LONGEST_ADDRESS {
            return Err(EmailProblem::TooLong);
        }
        Ok(Self { address, at: local.len() })
    }

    /// The whole address, for the envelope and the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// The domain in its ASCII form.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.address[self.at + 1..]
    }

    /// What two spellings of one address have in common. The standard lets the case of the local part matter, but
    /// no provider does, and a person must not be signed up twice.
    #[must_use]
    pub fn compare_key(&self) -> String {
        self.address.to_ascii_lowercase()
    }

    /// Enough for the owner to recognise, too little for anybody else: `u***@e***.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let first = |part: &str| part.chars().next().unwrap_or('*');
        let top_level = self.domain().rsplit('.').next().unwrap_or_default();
        format!("{}***@{}***.{top_level}", first(&self.address), first(self.domain()))
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.masked())
    }
}

/// A dot-atom of RFC 5322: no quotes, no comments, no second `@`, so nothing that a header could misread.
fn check_local_part(local: &str) -> Result<(), EmailProblem> {
    if !local.is_ascii() {
        return Err(EmailProblem::NotAscii);
    }
    if local.len() > LONGEST_LOCAL_PART {
        return Err(EmailProblem::TooLong);
    }
    let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    if local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom)) {
        return Ok(());
    }
    Err(EmailProblem::LocalPart)
}

/// The domain by UTS #46, if it is a name with at least two labels and not an address of a machine.
fn ascii_domain(domain: &str) -> Result<String, EmailProblem> {
    // `Host::parse` decodes percent signs and reads brackets, as URLs need and addresses must not.
    if domain.contains(['%', '[', ']', ':']) {
        return Err(EmailProblem::Domain);
    }
    let Ok(Host::Domain(ascii)) = Host::parse(domain) else {
        return Err(EmailProblem::Domain);
    };
    let labels: Vec<&str> = ascii.split('.').collect();
    let top_level_is_a_number = labels.last().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    if labels.len() < 2 || top_level_is_a_number || !labels.into_iter().all(is_label) {
        return Err(EmailProblem::Domain);
    }
    Ok(ascii)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_name_and_gets_an_ascii_domain() {
        let cases = [
            ("nel@example.wales", "nel@example.wales"),
            ("  Nel.Jones+Status@Example.WALES\n", "Nel.Jones+Status@example.wales"),
            ("nel@tŷ.example", "nel@xn--t-foa.example"),
            ("nel@ty\u{302}.example", "nel@xn--t-foa.example"),
            ("nel@ｅｘａｍｐｌｅ.org", "nel@example.org"),
            ("nel@example。org", "nel@example.org"),
            ("o'brien_#1/x=y@a-b.example.org", "o'brien_#1/x=y@a-b.example.org"),
            ("1@2.org", "1@2.org"),
        ];
        for (given, wanted) in cases {
            assert_eq!(EmailAddress::parse(given).unwrap().as_str(), wanted, "{given}");
            assert_eq!(EmailAddress::parse(wanted).unwrap().as_str(), wanted, "{wanted} again");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        use EmailProblem::{Domain, Empty, Incomplete, LocalPart, NotAscii};
        let cases = [
            ("", Empty),
            (" \t\n", Empty),
            ("nel", Incomplete),
            ("@example.org", Incomplete),
            ("nel@", Incomplete),
            ("tŷ@example.org", NotAscii),
            ("\"nel jones\"@example.org", LocalPart),
            ("nel jones@example.org", LocalPart),
            ("nel@x@example.org", LocalPart),
            ("nel..jones@example.org", LocalPart),
            (".nel@example.org", LocalPart),
            ("nel.@example.org", LocalPart),
            ("nel(x)@example.org", LocalPart),
            ("Nel <nel@example.org", LocalPart),
            ("nel\r\nBcc:x@example.org", LocalPart),
            ("nel\0@example.org", LocalPart),
            ("a@b.org,nel@example.org", LocalPart),
            ("nel@example", Domain),
            ("nel@localhost", Domain),
            ("nel@example.org.", Domain),
            ("nel@.example.org", Domain),
            ("nel@example..org", Domain),
            ("nel@[127.0.0.1]", Domain),
            ("nel@[IPv6:::1]", Domain),
            ("nel@127.0.0.1", Domain),
            ("nel@0x7f.1", Domain),
            ("nel@example.123", Domain),
            ("nel@exa mple.org", Domain),
            ("nel@example.org>", Domain),
            ("nel@example.org\r\nBcc: x", Domain),
            ("nel@exa%6dple.org", Domain),
            ("nel@example.org:25", Domain),
            ("nel@-example.org", Domain),
            ("nel@exa_mple.org", Domain),
            ("nel@xn--zzzzzzzzz.org", Domain),
        ];
        for (given, wanted) in cases {
            assert_eq!(EmailAddress::parse(given).unwrap_err(), wanted, "{given:?}");
        }
    }

    #[test]
    fn the_limits_of_the_standard_hold() {
        let local = |length| format!("{}@example.org", "a".repeat(length));
        assert!(EmailAddress::parse(&local(64)).is_ok());
        assert_eq!(EmailAddress::parse(&local(65)).unwrap_err(), EmailProblem::TooLong);
        let label = format!("{}.", "b".repeat(62));
        let whole = |last| format!("{}@{}{}", "a".repeat(50), label.repeat(3), "c".repeat(last));
        assert_eq!(whole(14).len(), 254);
        assert!(EmailAddress::parse(&whole(14)).is_ok());
        assert_eq!(EmailAddress::parse(&whole(15)).unwrap_err(), EmailProblem::TooLong);
        assert_eq!(EmailAddress::parse(&format!("a@{}.org", "b".repeat(64))).unwrap_err(), EmailProblem::Domain);
        assert_eq!(EmailAddress::parse(&"a".repeat(1_000_000)).unwrap_err(), EmailProblem::TooLong);
    }

    #[test]
    fn case_does_not_make_another_person() {
        let typed = EmailAddress::parse("Nel@Example.org").unwrap();
        assert_eq!(typed.compare_key(), EmailAddress::parse("nEL@example.ORG").unwrap().compare_key());
        assert_eq!(typed.domain(), "example.org");
    }

    #[test]
    fn debug_output_hides_the_person() {
        let address = EmailAddress::parse("user@mail.example.com").unwrap();
        assert_eq!(address.masked(), "u***@m***.com");
        assert_eq!(format!("{:?}", Some(&address)), "Some(EmailAddress(u***@m***.com))");
    }
}
