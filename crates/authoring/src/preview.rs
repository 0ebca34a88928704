//! What every channel will show, whom it reaches and what it costs, before anything is sent.

use std::collections::BTreeMap;

use domain::revision::Purpose;
use domain::{Announcement, ChannelKind, Content, Incident, Language, Localized, MailText, sms};
use serde::Serialize;

use crate::compose::{Composer, sms_parts};
use crate::error::Result;
use crate::judge::most_parts;
use crate::{Authoring, Settings};

/// Everything that an approver must see.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    /// What an approval binds to.
    pub hash: String,
    /// What readers of each language get.
    pub languages: BTreeMap<Language, LanguagePreview>,
    /// How many people each channel reaches.
    pub reach: Vec<Reach>,
    /// What the text messages cost.
    pub texts: TextCost,
}

/// What readers of one language get.
#[derive(Clone, Debug, Serialize)]
pub struct LanguagePreview {
    /// The update on the page, as HTML.
    pub page: String,
    /// The text message.
    pub sms: Option<SmsPreview>,
    /// The mail.
    pub mail: MailText,
    /// The parts of the post.
    pub posts: Vec<String>,
    /// What staff read at the unlisted address, and nobody else.
    pub staff: StaffPreview,
}

/// The words for staff in one language; empty where there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StaffPreview {
    /// What still works.
    pub works: String,
    /// How to work until it is mended.
    pub workaround: String,
    /// What to record on the answering machine.
    pub line: String,
}

/// A text message and what it costs.
#[derive(Clone, Debug, Serialize)]
pub struct SmsPreview {
    /// The text, letter by letter as it is sent.
    pub text: String,
    /// `GSM-7` or `UCS-2`.
    pub encoding: &'static str,
    /// Septets or UTF-16 units.
    pub units: usize,
    /// Billed parts.
    pub parts: usize,
    /// The parts that a text of this language may have.
    pub most_parts: usize,
    /// Units in each of these parts.
    pub per_part: usize,
    /// Units left before the next part begins.
    pub room: usize,
    /// The letters that force UCS-2.
    pub offenders: Vec<char>,
    /// The parts that it would take without those letters.
    pub parts_without_offenders: usize,
}

/// People reached by one channel in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The way out.
    pub channel: ChannelKind,
    /// Their language.
    pub language: Language,
    /// How many people, or accounts for posts.
    pub people: i64,
    /// Whether this update goes out that way.
    pub chosen: bool,
}

/// The text messages as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct TextCost {
    /// Parts of all texts together.
    pub parts: i64,
    /// The estimate in pence.
    pub pence: i64,
    /// Seconds until the last text is handed to a provider.
    pub seconds: i64,
}

impl StaffPreview {
    fn of(content: &Content, language: Language) -> Self {
        let text = |words: &Localized| words.get(language).unwrap_or_default().to_owned();
        let words = &content.words;
        Self {
            works: text(&words.staff_works),
            workaround: text(&words.staff_workaround),
            line: text(&words.staff_line),
        }
    }
}

impl SmsPreview {
    pub(crate) fn new(text: &str, language: Language) -> Self {
        let count = sms::count(text);
        let plain: String =
            text.chars().map(|letter| if count.offenders.contains(&letter) { 'x' } else { letter }).collect();
        Self {
            text: text.to_owned(),
            encoding: count.encoding.name(),
            units: count.units,
            parts: count.parts,
            most_parts: most_parts(language),
            per_part: count.per_part,
            room: count.room,
            parts_without_offenders: sms::count(&plain).parts,
            offenders: count.offenders,
        }
    }
}

impl Authoring {
    /// What every channel will show of a content.
    ///
    /// # Errors
    /// When the database cannot be read or a template is broken.
    pub(crate) async fn preview(
        &self,
        composer: Composer<'_>,
        incident: &Incident,
        (purpose, content): (Purpose, &Content),
    ) -> Result<Preview> {
        let (announcement, hash) = composer.announced(incident, (purpose, content))?;
        let people = self.store().reach(composer.audience(content)).await?;
        Ok(self.previewed(&announcement, hash, content, &people))
    }

    fn previewed(
        &self,
        announcement: &Announcement,
        hash: String,
        content: &Content,
        people: &BTreeMap<(ChannelKind, Language), i64>,
    ) -> Preview {
        let languages = announcement.page.iter().map(|(language, page)| {
            let preview = LanguagePreview {
                page: page.clone(),
                sms: announcement.sms.get(language).map(|text| SmsPreview::new(text, *language)),
                mail: announcement.mail.get(language).cloned().unwrap_or_default(),
                posts: announcement.posts.get(language).map(|post| post.parts.clone()).unwrap_or_default(),
                staff: StaffPreview::of(content, *language),
            };
            (*language, preview)
        });
        let sends_texts = content.channels.contains(&ChannelKind::Sms);
        let parts = if sends_texts { sms_parts(announcement, people) } else { 0 };
        Preview {
            hash,
            languages: languages.collect(),
            reach: self.reach_lines(content, people),
            texts: cost(parts, self.settings()),
        }
    }

    fn reach_lines(&self, content: &Content, people: &BTreeMap<(ChannelKind, Language), i64>) -> Vec<Reach> {
        let mut lines = Vec::new();
        for channel in ChannelKind::ALL {
            for language in Language::ALL {
                let count = match channel {
                    ChannelKind::Mastodon => {
                        self.social_accounts().iter().filter(|one| one.language == language).count()
                    }
                    _ => 0,
                };
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                let people = people.get(&(channel, language)).copied().unwrap_or(count);
                lines.push(Reach { channel, language, people, chosen: content.channels.contains(&channel) });
            }
        }
        lines
    }
}

fn cost(parts: i64, settings: &Settings) -> TextCost {
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "an estimate in whole pence")]
    let pence = (parts as f64 * settings.pence_per_part).round() as i64;
    let rate = i64::from(settings.parts_per_second.max(1));
    TextCost { parts, pence, seconds: (parts + rate - 1) / rate }
}
