//! What of an update the public may read, as a type: words for staff and technical parts have no field here, so no
//! page, feed or message can be made from them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AdviceChoice, Content, Words, named};
use crate::fact::{Cause, Fact};
use crate::service::Service;
use crate::status::ServiceState;
use crate::{Catalogue, ChannelKind, Localized, Phase, Severity};

/// The words of [`Words`] that are for the public.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct PublicWords {
    /// The headline of page and incident.
    pub title: Localized,
    /// The subject of the mail.
    pub subject: Localized,
    /// What we know.
    pub know: Localized,
    /// What we do not know yet.
    pub unknown: Localized,
    /// What we are doing.
    pub doing: Localized,
    /// What you should do, beside the advice lines.
    pub should: Localized,
    /// When you will hear more.
    pub more: Localized,
    /// The text message.
    pub sms: Localized,
    /// The social post.
    pub post: Localized,
}

/// A published [`Content`] without what is for staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicContent {
    /// Where the incident stands.
    pub phase: Phase,
    /// How much the public is hit.
    pub severity: Severity,
    /// The bodies whose areas are affected; the first one speaks.
    pub organisations: Vec<String>,
    /// The services with their two statuses.
    #[serde(default)]
    pub services: Vec<ServiceState>,
    /// The cause.
    #[serde(default)]
    pub cause: Cause,
    /// Is it a cyber attack?
    #[serde(default)]
    pub cyber: Fact,
    /// Is personal information affected?
    #[serde(default)]
    pub data: Fact,
    /// What people should do.
    #[serde(default)]
    pub advice: AdviceChoice,
    /// Work moved to paper, so a backlog will follow.
    #[serde(default)]
    pub on_paper: bool,
    /// When people will hear more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update_by: Option<DateTime<Utc>>,
    /// The words.
    #[serde(flatten)]
    pub words: PublicWords,
    /// The ways out beside page and feeds.
    #[serde(default)]
    pub channels: Vec<ChannelKind>,
}

impl PublicContent {
    /// The service states, each with the catalogue's public name at hand.
    pub fn services_in<'a>(
        &'a self,
        catalogue: &'a Catalogue,
    ) -> impl Iterator<Item = (&'a ServiceState, &'a Service)> {
        named(&self.services, catalogue)
    }
}

/// What an update tells staff who treat patients or answer telephones: at the unlisted address, never in public.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct StaffWords {
    /// What still works.
    pub works: Localized,
    /// How to work until it is mended.
    pub workaround: Localized,
    /// What to record on the answering machine.
    pub line: Localized,
}

impl StaffWords {
    /// Whether nothing is said in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.works, &self.workaround, &self.line].into_iter().all(Localized::is_empty)
    }
}

// Both structures are taken apart by name: whoever adds a field has to say here whether it is public.
impl From<Words> for PublicWords {
    fn from(words: Words) -> Self {
        let Words {
            title,
            subject,
            know,
            unknown,
            doing,
            should,
            more,
            sms,
            post,
            staff_note: _,
            staff_works: _,
            staff_workaround: _,
            staff_line: _,
        } = words;
        Self { title, subject, know, unknown, doing, should, more, sms, post }
    }
}

impl From<Content> for PublicContent {
    fn from(content: Content) -> Self {
        let Content {
            phase,
            severity,
            organisations,
            components: _,
            services,
            cause,
            cyber,
            data,
            // Told by the incident and not by its updates, because what another incident says of it is told there too.
            relations: _,
            advice,
            advice_stands: _,
            on_paper,
            next_update_by,
            // Told by the incident: its start.
            started_at: _,
            early_reason: _,
            words,
            channels,
        } = content;
        let words = words.into();
        Self {
            phase,
            severity,
            organisations,
            services,
            cause,
            cyber,
            data,
            advice,
            on_paper,
            next_update_by,
            words,
            channels,
        }
    }
}

impl From<Words> for StaffWords {
    fn from(words: Words) -> Self {
        Self { works: words.staff_works, workaround: words.staff_workaround, line: words.staff_line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row as it was kept before updates had words for staff.
    const OLD: &str = r#"{"phase":"investigating","severity":"minor","organisations":["a"],"title":{"en":"T"},
        "staff_note":{"en":"SECRET"},"components":["SECRET"]}"#;

    #[test]
    fn an_update_from_before_there_were_words_for_staff_still_loads() {
        let content: Content = serde_json::from_str(OLD).unwrap();
        assert!(StaffWords::from(content.words.clone()).is_empty());
        let again = serde_json::to_string(&content).unwrap();
        assert!(!again.contains("staff_works"), "an approval given before must still be for the same bytes: {again}");
    }

    #[test]
    fn the_public_form_has_no_word_for_staff() {
        let mut content: Content = serde_json::from_str(OLD).unwrap();
        for words in
            [&mut content.words.staff_works, &mut content.words.staff_workaround, &mut content.words.staff_line]
        {
            *words = Localized::both("SECRET", "SECRET");
        }
        let public = serde_json::to_string(&PublicContent::from(content)).unwrap();
        assert!(!public.contains("SECRET") && public.contains("\"T\""), "{public}");
        // What an earlier program kept on disk may still name them; they are not read.
        let kept: PublicContent = serde_json::from_str(OLD).unwrap();
        assert!(!format!("{kept:?}").contains("SECRET"));
    }
}
