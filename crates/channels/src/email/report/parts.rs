//! The outermost parts of a mail, and the fields in them.
//!
//! mail-parser reads the headers. It is not given whole mails of strangers: it follows messages within messages as deep
//! as they go, and dropping some ten thousand of them ends the process. A report needs no more than its own parts.

use mail_parser::{MessageParser, MimeHeaders, PartType};

/// No mail has so many parts, and no report so many fields.
const MOST_PARTS: usize = 20;
const MOST_FIELDS: usize = 500;

/// A mail of several parts.
pub(super) struct Mail<'m> {
    pub(super) head: Fields,
    parts: Vec<Part<'m>>,
}

/// One part of a mail.
pub(super) struct Part<'m> {
    /// The second half of its media type, in small letters.
    subtype: String,
    /// `base64`, `quoted-printable`, or nothing of interest.
    encoding: String,
    body: &'m [u8],
}

/// Fields by their names in small letters, unfolded, in their order.
pub(super) struct Fields(Vec<(String, String)>);

impl<'m> Mail<'m> {
    /// None when it is not one of several parts.
    pub(super) fn read(mail: &'m [u8]) -> Option<Self> {
        let (head, body) = split_head(mail);
        let boundary = boundary(head)?;
        let parts = between(body, &boundary).into_iter().map(Part::read).collect();
        Some(Self { head: Fields::read(head), parts })
    }

    /// The first part of type `message/` and this.
    pub(super) fn part(&self, subtype: &str) -> Option<&Part<'m>> {
        self.parts.iter().find(|part| part.subtype == subtype)
    }

    /// The headers of the mail that a report is about.
    pub(super) fn original(&self) -> Option<Fields> {
        let original = self
            .parts
            .iter()
            .find(|part| matches!(part.subtype.as_str(), "rfc822" | "global" | "rfc822-headers" | "global-headers"))?;
        let content = original.content();
        Some(Fields::read(split_head(&content).0))
    }
}

impl<'m> Part<'m> {
    fn read(part: &'m [u8]) -> Self {
        let (head, body) = split_head(part);
        let parsed = MessageParser::new().with_mime_headers().parse_headers(head);
        let content_type = parsed.as_ref().and_then(|one| one.content_type());
        let subtype = content_type.and_then(|one| one.subtype()).unwrap_or_default().to_ascii_lowercase();
        let encoding = parsed.as_ref().and_then(|one| one.content_transfer_encoding()).unwrap_or_default();
        Self { subtype, encoding: encoding.to_ascii_lowercase(), body }
    }

    /// One block of fields after another, as in a delivery status.
    pub(super) fn groups(&self) -> Vec<Fields> {
        let content = String::from_utf8_lossy(&self.content()).replace("\r\n", "\n");
        content.split("\n\n").map(|group| Fields::read(group.trim_start_matches('\n').as_bytes())).collect()
    }

    /// All its fields.
    pub(super) fn fields(&self) -> Fields {
        Fields::read(&self.content())
    }

    /// The content without its transfer encoding, as a part of plain text, in which nothing is nested.
    fn content(&self) -> Vec<u8> {
        if !matches!(self.encoding.as_str(), "base64" | "quoted-printable") {
            return self.body.to_vec();
        }
        let head = format!("Content-Transfer-Encoding: {}\r\n\r\n", self.encoding);
        let plain = [head.as_bytes(), self.body].concat();
        let parsed = MessageParser::new().with_mime_headers().parse(&plain);
        match parsed.and_then(|mut mail| mail.parts.pop()).map(|part| part.body) {
            Some(PartType::Text(text) | PartType::Html(text)) => text.into_owned().into_bytes(),
            _ => Vec::new(),
        }
    }
}

impl Fields {
    /// Reads `Name: value` lines; a line that begins with a space goes on with the one before. Rubbish is left out.
    fn read(lines: &[u8]) -> Self {
        let text = String::from_utf8_lossy(lines);
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines().take(MOST_FIELDS) {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// The first value of a field, or nothing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every value of a field.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

fn boundary(head: &[u8]) -> Option<String> {
    let parsed = MessageParser::new().with_mime_headers().parse_headers(head)?;
    let content_type = parsed.content_type()?;
    let is_several = content_type.ctype().eq_ignore_ascii_case("multipart");
    let boundary = content_type.attribute("boundary").filter(|one| is_several && !one.is_empty())?;
    Some(boundary.to_owned())
}

/// The head with its last line end, and what comes after the empty line.
fn split_head(mail: &[u8]) -> (&[u8], &[u8]) {
    let mut start = 0;
    while let Some(length) = mail.get(start..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
        let line = &mail[start..start + length];
        let next = start + length + 1;
        if line.is_empty() || line == b"\r" {
            return (&mail[..start], &mail[next..]);
        }
        start = next;
    }
    (mail, &[])
}

/// What stands between the lines with the boundary.
fn between<'m>(body: &'m [u8], boundary: &str) -> Vec<&'m [u8]> {
    let (open, close) = (format!("--{boundary}"), format!("--{boundary}--"));
    let mut parts = Vec::new();
    let (mut begun, mut place) = (None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii_end();
        if text == open.as_bytes() || text == close.as_bytes() {
            parts.extend(begun.map(|begin: usize| &body[begin..place]));
            begun = (text == open.as_bytes()).then_some(place + line.len());
            if begun.is_none() || parts.len() >= MOST_PARTS {
                return parts;
            }
        }
        place += line.len();
    }
    // A report that was cut short is read as far as it goes.
    parts.extend(begun.map(|begin| &body[begin..]));
    parts
}
