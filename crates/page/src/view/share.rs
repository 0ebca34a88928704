//! How a page is passed on without scripts: a lasting address, and links that open the reader's own programs.

use domain::Site;
use serde::Serialize;

use super::Voice;
use crate::model::Story;
use crate::routes::Place;

/// The addresses of one incident.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Share {
    /// Stays for ever.
    pub(crate) address: String,
    /// The same, short enough to be read out.
    pub(crate) short: String,
    /// Opens a new mail.
    pub(crate) mail: String,
    /// Opens a new text message on a phone.
    pub(crate) text: String,
    /// Opens WhatsApp where it is used.
    pub(crate) whatsapp: String,
}

impl Share {
    pub(crate) fn of(story: &Story, voice: Voice<'_>, site: &Site) -> Self {
        let language = voice.language;
        let address = site.absolute(language, &Place::Incident(&story.incident.slug).path(language));
        let short = site.short_link(language, story.incident.number);
        let title = voice.line(story.title()).text;
        let body = encoded(&format!("{title}\n{short}"));
        Self {
            mail: format!("mailto:?subject={}&body={body}", encoded(&title)),
            text: format!("sms:?&body={body}"),
            whatsapp: format!("https://wa.me/?text={body}"),
            address,
            short,
        }
    }
}

/// Percent-encodes all but the unreserved letters (RFC 3986, 2.3); a new line as RFC 6068 wants it.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.replace('\n', "\r\n").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn nothing_that_an_author_writes_can_leave_its_place_in_a_link() {
        assert_eq!(encoded("A&E: dŵr\n?"), "A%26E%3A%20d%C5%B5r%0D%0A%3F");
    }
}
