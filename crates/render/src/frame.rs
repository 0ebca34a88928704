//! What surrounds a page: navigation, languages, notices and the facts that the base templates need.

use chrono::{DateTime, Utc};
use domain::Language;
use serde::Serialize;

/// A frame that a base template (`_base_public.html`, `_base_staff.html`) knows how to draw.
pub trait Frame: Serialize {}

impl Frame for PublicFrame {}
impl Frame for StaffFrame {}

/// The frame of a page for the public. URLs are absolute where a host is configured, else paths.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PublicFrame {
    /// This very page in every language, the page's own among them; empty where no twin exists.
    pub languages: Vec<LanguageLink>,
    /// The same with absolute addresses, for search engines (`rel="alternate" hreflang`); empty where nothing is
    /// indexed.
    pub alternates: Vec<LanguageLink>,
    /// The absolute address to index, if this page may be indexed.
    pub canonical: Option<String>,
    /// Where a reader without a language in the address is sent to choose one (`hreflang="x-default"`).
    pub language_chooser: Option<String>,
    /// The home page in this language.
    pub home_url: String,
    /// The main navigation.
    pub nav: Vec<Link>,
    /// The links at the foot of the page.
    pub footer: Vec<Link>,
    /// The feeds that a reader program may find.
    pub feeds: Vec<FeedLink>,
    /// True for pages with personal links and for error pages.
    pub noindex: bool,
    /// One sentence for search results and link previews.
    pub description: Option<String>,
    /// The absolute address of the picture for link previews.
    pub image: Option<String>,
    /// When what the page says was last changed.
    pub modified: Option<DateTime<Utc>>,
    /// When the service last made sure that the page is current; printed at its foot.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Notices above the content.
    pub banners: Vec<Banner>,
    /// The hidden `csrf` value of the page's forms.
    pub csrf: Option<String>,
}

impl PublicFrame {
    /// The smallest frame that still leads home and to the other language: for error pages.
    #[must_use]
    pub fn bare(language: Language) -> Self {
        let home = |language: Language| format!("/{}/", language.code());
        let link = |language| LanguageLink { language, url: home(language) };
        Self { languages: Language::ALL.map(link).to_vec(), home_url: home(language), noindex: true, ..Self::default() }
    }
}

/// The frame of a screen for staff.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StaffFrame {
    /// The name of the signed-in person, if one is.
    pub staff_name: Option<String>,
    /// The main navigation; empty when nobody is signed in.
    pub nav: Vec<Link>,
    /// The hidden `csrf` value of the page's forms.
    pub csrf: Option<String>,
    /// Where the choice of language is posted or linked to: this page in every language.
    pub languages: Vec<LanguageLink>,
    /// Notices above the content.
    pub banners: Vec<Banner>,
}

/// This page in one language.
#[derive(Clone, Debug, Serialize)]
pub struct LanguageLink {
    /// The language of the page behind the link.
    pub language: Language,
    /// Where it is.
    pub url: String,
}

/// A link of a navigation, with words from the locales.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// The key of the link's words.
    pub key: &'static str,
    /// Where it leads.
    pub url: String,
    /// True on the page that it leads to.
    pub current: bool,
    /// A number to show behind the words, such as approvals that wait.
    pub count: Option<u64>,
}

impl Link {
    /// A link to another page.
    #[must_use]
    pub fn to(key: &'static str, url: impl Into<String>) -> Self {
        Self { key, url: url.into(), current: false, count: None }
    }

    /// The same link, marked as the page that is shown.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    /// The same link with a number behind its words.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

/// A feed for reader programs.
#[derive(Clone, Debug, Serialize)]
pub struct FeedLink {
    /// For example `application/atom+xml`.
    pub media_type: &'static str,
    /// What a reader program shows.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// A notice above the content of a page.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Banner {
    /// The demonstration's clock stands elsewhere; every time on the page agrees with it.
    DemoClock {
        /// What that clock showed when the page was rendered.
        now: DateTime<Utc>,
    },
    /// Something went well: the words of the text `key`.
    Success {
        /// A key without placeholders.
        key: String,
    },
    /// Something to know: the words of the text `key`.
    Notice {
        /// A key without placeholders.
        key: String,
    },
    /// Words that are already in the reader's language.
    Words {
        /// The whole notice.
        text: String,
    },
}
