//! Makes the finished messages of an update: exactly what will be shown and sent, so that an approval can bind to it.
//!
//! Nothing here may depend on the time of publication, or what was approved would not be what is sent.

mod views;

use std::collections::BTreeMap;

use domain::announcement::LEAVE_LINK;
use domain::audience::Areas;
use domain::revision::Purpose;
use domain::thread::{Limit, split_with_link};
use domain::{Announcement, Audience, Catalogue, Content, Incident, Language, MailText, PostText, Site, sms, text};
use render::{Args, RenderError, Renderer};

pub(crate) use views::{Fragment, MailHtml, MailPlain, Update, certainty};

/// What a Mastodon server takes unless it says otherwise.
const POST: Limit = Limit::mastodon(500, 23);

/// Makes announcements.
#[derive(Clone, Copy, Debug)]
pub struct Composer<'a> {
    /// Templates and texts.
    pub renderer: &'a Renderer,
    /// Where links lead.
    pub site: &'a Site,
    /// What keys mean.
    pub catalogue: &'a Catalogue,
}

impl Composer<'_> {
    /// Who an update is for.
    #[must_use]
    pub fn audience(&self, content: &Content) -> Audience {
        let keys = content.organisations.iter().map(String::as_str);
        Audience { areas: Areas::concerned(self.catalogue, keys), severity: content.severity }
    }

    /// Everything that the update shows and sends, in each language that it has a title in.
    ///
    /// # Errors
    /// When a template of ours is broken.
    pub fn announcement(
        &self,
        incident: &Incident,
        (purpose, content): (Purpose, &Content),
    ) -> Result<Announcement, RenderError> {
        let mut made = Announcement::default();
        for language in incident.languages.iter().copied() {
            if content.words.title.get(language).is_none() {
                continue;
            }
            let update = Update::new((self.catalogue, self.site), incident, (purpose, content), language);
            made.page.insert(language, self.renderer.render(&Fragment { update: update.clone() }, language)?);
            made.mail.insert(language, self.mail(update, language)?);
            if let Some(words) = content.words.sms.get(language) {
                let words = self.marked(words, purpose, language)?;
                made.sms.insert(language, self.sms(incident, &words, language));
            }
            if let Some(words) = content.words.post.get(language) {
                let words = self.marked(words, purpose, language)?;
                made.posts.insert(language, self.post(incident, &words, language));
            }
        }
        Ok(made)
    }

    /// The announcement with the hash that an approval binds to.
    ///
    /// # Errors
    /// When a template of ours is broken.
    pub fn announced(
        &self,
        incident: &Incident,
        (purpose, content): (Purpose, &Content),
    ) -> Result<(Announcement, String), RenderError> {
        let announcement = self.announcement(incident, (purpose, content))?;
        let hash = announcement.hash(content, self.audience(content));
        Ok((announcement, hash))
    }

    /// A correction says so with its first word: else it looks like the same message sent twice, and whoever has read
    /// the wrong one does not read it again. Who wrote the word already gets it once.
    fn marked(&self, words: &str, purpose: Purpose, language: Language) -> Result<String, RenderError> {
        if purpose != Purpose::Correction {
            return Ok(words.to_owned());
        }
        let mark = self.renderer.text(language, "upd-correction", &Args::new())?;
        let words = words.trim_start();
        let is_marked = words.to_lowercase().starts_with(&mark.to_lowercase());
        Ok(if is_marked { words.to_owned() } else { format!("{mark}: {words}") })
    }

    fn sms(&self, incident: &Incident, words: &str, language: Language) -> String {
        let link = self.site.short_link(language, incident.number);
        let bare = link.split_once("://").map_or(link.as_str(), |(_, rest)| rest);
        sms::prepare(words.replace("{link}", bare).trim())
    }

    /// A text that no thread can hold is cut short: the page has all of it.
    fn post(&self, incident: &Incident, words: &str, language: Language) -> PostText {
        let link = self.site.short_link(language, incident.number);
        let words = words.replace("{link}", &link);
        let parts = split_with_link(&words, &link, &POST)
            .unwrap_or_else(|_| vec![format!("{}\n\n{link}", text::shorten(words.trim(), 400))]);
        PostText { parts }
    }

    fn mail(&self, update: Update, language: Language) -> Result<MailText, RenderError> {
        Ok(MailText {
            subject: text::single_line(&update.subject),
            text: self.renderer.render(&MailPlain { update: update.clone(), leave_url: LEAVE_LINK }, language)?,
            html: self.renderer.render(&MailHtml { update, leave_url: LEAVE_LINK }, language)?,
        })
    }
}

/// The texts that a count of people stands for: readers of a language without a text get the other language's.
pub(crate) fn sms_parts(announcement: &Announcement, people: &BTreeMap<(domain::ChannelKind, Language), i64>) -> i64 {
    let of_sms = people.iter().filter(|((channel, _), _)| *channel == domain::ChannelKind::Sms);
    of_sms
        .filter_map(|((_, language), people)| {
            let (_, text) = announcement.sms_for(*language)?;
            Some(people * i64::try_from(sms::count(text).parts).unwrap_or(i64::MAX))
        })
        .sum()
}
