//! The finished messages of one update: exactly what will be shown and sent, and the hash that an approval binds to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::sha256;
use crate::{Audience, Content, Language};

/// The words in a mail that are replaced for each recipient with their own signed link.
pub const LEAVE_LINK: &str = "%LEAVE-LINK%";

/// A mail in one language, complete but for the recipient's own links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailText {
    /// The subject; the same for every update of the incident.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// A social post in one language, split into the parts of a thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostText {
    /// The parts, in order.
    pub parts: Vec<String>,
}

/// Everything that one update sends, in every language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Text messages.
    pub sms: BTreeMap<Language, String>,
    /// Mails.
    pub mail: BTreeMap<Language, MailText>,
    /// Posts.
    pub posts: BTreeMap<Language, PostText>,
    /// The page fragment of the update, as HTML without the time of publication.
    pub page: BTreeMap<Language, String>,
}

impl Announcement {
    /// The text for a reader of `language`: theirs, or the other one when there is no translation.
    #[must_use]
    pub fn sms_for(&self, language: Language) -> Option<(Language, &str)> {
        best(&self.sms, language).map(|(language, text)| (language, text.as_str()))
    }

    /// The mail for a reader of `language`: theirs, or the other one when there is no translation.
    #[must_use]
    pub fn mail_for(&self, language: Language) -> Option<(Language, &MailText)> {
        best(&self.mail, language)
    }

    /// SHA-256, in hexadecimal, over the content, every finished message and the audience. Maps are sorted by key, so
    /// equal things give equal hashes.
    ///
    /// # Panics
    /// Never: all of it is plain data that JSON can hold.
    #[must_use]
    pub fn hash(&self, content: &Content, audience: Audience) -> String {
        let everything = serde_json::to_vec(&(content, self, audience)).expect("plain data is always valid JSON");
        sha256(everything)
    }
}

fn best<T>(texts: &BTreeMap<Language, T>, language: Language) -> Option<(Language, &T)> {
    [language, language.other()].into_iter().find_map(|one| texts.get(&one).map(|text| (one, text)))
}
