//! Where the public site lives and how its addresses are built, so that the page, the messages that link to it and the
//! staff's previews can never disagree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Language, Localized, StaffKey};

/// The words of the public addresses in one language. They are stable for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathWords {
    /// One incident: `/en/incidents/{slug}`.
    pub incidents: &'static str,
    /// Every service.
    pub services: &'static str,
    /// The areas, and one of them: `/en/areas/{organisation}`.
    pub areas: &'static str,
    /// Past incidents, and one month of them: `/en/history/2018-01`.
    pub history: &'static str,
    /// Planned work.
    pub planned: &'static str,
    /// What happened and why, of each incident that was looked into.
    pub reviews: &'static str,
    /// Sign-up for messages.
    pub alerts: &'static str,
    /// Below `alerts`: the code or link that proves a contact.
    pub confirm: &'static str,
    /// Below `alerts`: changing what was chosen.
    pub manage: &'static str,
    /// Below `alerts`: leaving.
    pub leave: &'static str,
    /// The accessibility statement.
    pub accessibility: &'static str,
    /// The privacy notice.
    pub privacy: &'static str,
    /// What the press may quote, and one incident below it.
    pub press: &'static str,
    /// What staff are told, below a key: `/en/staff/{key}`.
    pub staff: &'static str,
    /// Below the key: a notice to put on a door.
    pub notice: &'static str,
    /// The directory of the short links, at the root of the host.
    pub short: &'static str,
}

const ENGLISH: PathWords = PathWords {
    incidents: "incidents",
    services: "services",
    areas: "areas",
    history: "history",
    planned: "planned",
    reviews: "reviews",
    alerts: "alerts",
    confirm: "confirm",
    manage: "manage",
    leave: "leave",
    accessibility: "accessibility",
    privacy: "privacy",
    press: "press",
    staff: "staff",
    notice: "notice",
    short: "i",
};

const WELSH: PathWords = PathWords {
    incidents: "digwyddiadau",
    services: "gwasanaethau",
    areas: "ardaloedd",
    history: "hanes",
    planned: "gwaith-arfaethedig",
    reviews: "adolygiadau",
    alerts: "hysbysiadau",
    confirm: "cadarnhau",
    manage: "rheoli",
    leave: "gadael",
    accessibility: "hygyrchedd",
    privacy: "preifatrwydd",
    press: "y-wasg",
    staff: "staff",
    notice: "hysbysiad",
    short: "d",
};

impl PathWords {
    /// The words of a language.
    #[must_use]
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &ENGLISH,
            Language::Cy => &WELSH,
        }
    }
}

/// Why a configured address of the site cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteProblem {
    /// A site must speak at least one language.
    #[error("site.languages is empty")]
    NoLanguage,
    /// A language has no address.
    #[error("site.url has no address for {0}")]
    Missing(Language),
    /// Not an http or https address that is a host, or a host and the code of the language.
    #[error("site.url.{0} must be like https://status.example/{0}")]
    Unusable(Language),
}

/// The public site: its name, its languages and its addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The name on every page, such as "NHS Wales service status".
    pub name: Localized,
    /// The languages, the default first.
    pub languages: Vec<Language>,
    /// The address of the home page per language, without a slash at the end: `https://status.example/en`.
    pub urls: BTreeMap<Language, String>,
    /// A line shown on every page, such as the clock of the demo.
    pub notice: Option<Localized>,
    /// Our own number that people can text `JOIN` to, as it is shown to them.
    pub sms_number: Option<String>,
    /// Who runs the site, and a mailbox for questions about it; shown in the legal pages and in `security.txt`.
    pub contact: Option<String>,
    /// How journalists reach the press office, on one line; shown on the pages for the press.
    #[serde(default)]
    pub press_office: Option<String>,
}

impl Site {
    /// A site with these names and addresses. An address without a path gets the code of its language, so that
    /// `https://status.example` and `https://status.example/en` mean the same.
    ///
    /// # Errors
    /// When a language has no address, or one that is no plain web address.
    pub fn new(
        name: Localized,
        languages: Vec<Language>,
        urls: &BTreeMap<Language, String>,
    ) -> Result<Self, SiteProblem> {
        if languages.is_empty() {
            return Err(SiteProblem::NoLanguage);
        }
        let checked = languages.iter().map(|language| Ok((*language, checked_url(*language, urls)?)));
        let urls = checked.collect::<Result<_, SiteProblem>>()?;
        Ok(Self { name, languages, urls, notice: None, sms_number: None, contact: None, press_office: None })
    }

    /// The language for those who ask for none that we have.
    #[must_use]
    pub fn default_language(&self) -> Language {
        self.languages.first().copied().unwrap_or(Language::En)
    }

    /// The address of the home page, without a slash at the end.
    #[must_use]
    pub fn home(&self, language: Language) -> &str {
        let url = self.urls.get(&language).or_else(|| self.urls.get(&language.other()));
        url.map_or("", String::as_str)
    }

    /// Scheme and host of the language's addresses: what a path beginning with a slash is joined to.
    #[must_use]
    pub fn origin(&self, language: Language) -> &str {
        let home = self.home(language);
        home.rsplit_once('/').map_or(home, |(origin, _)| origin)
    }

    /// The full address of a path that begins with a slash.
    #[must_use]
    pub fn absolute(&self, language: Language, path: &str) -> String {
        format!("{}{path}", self.origin(language))
    }

    /// The address of an incident.
    #[must_use]
    pub fn incident(&self, language: Language, slug: &Localized) -> String {
        format!("{}/{}/{}", self.home(language), PathWords::of(language).incidents, slug.text(language))
    }

    /// The short address of the incident with this number, for texts and posts.
    #[must_use]
    pub fn short_link(&self, language: Language, number: i64) -> String {
        format!("{}/{}/{number}", self.origin(language), PathWords::of(language).short)
    }

    /// The address of the sign-up form.
    #[must_use]
    pub fn alerts(&self, language: Language) -> String {
        format!("{}/{}", self.home(language), PathWords::of(language).alerts)
    }

    /// The unlisted address at which staff read what they are told.
    #[must_use]
    pub fn staff(&self, language: Language, key: &StaffKey) -> String {
        format!("{}/{}/{}", self.home(language), PathWords::of(language).staff, key.reveal())
    }

    /// The address that proves a mailbox, with a token from [`crate::Env::token`].
    #[must_use]
    pub fn confirm(&self, language: Language, token: &str) -> String {
        format!("{}/{}/{token}", self.alerts(language), PathWords::of(language).confirm)
    }

    /// The address at which one subscriber changes their choices, with a token from [`crate::link::sign`].
    #[must_use]
    pub fn manage(&self, language: Language, token: &str) -> String {
        format!("{}/{}/{token}", self.alerts(language), PathWords::of(language).manage)
    }

    /// The address at which one subscriber leaves, with a token from [`crate::link::sign`]. A POST to it leaves at once
    /// (RFC 8058); a GET only shows the button.
    #[must_use]
    pub fn leave(&self, language: Language, token: &str) -> String {
        format!("{}/{}/{token}", self.alerts(language), PathWords::of(language).leave)
    }
}

fn checked_url(language: Language, urls: &BTreeMap<Language, String>) -> Result<String, SiteProblem> {
    let given = urls.get(&language).ok_or(SiteProblem::Missing(language))?;
    let url = url::Url::parse(given.trim()).map_err(|_| SiteProblem::Unusable(language))?;
    let path = url.path().trim_matches('/');
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.query().is_none()
        && url.fragment().is_none()
        && (path.is_empty() || path == language.code());
    if !plain {
        return Err(SiteProblem::Unusable(language));
    }
    Ok(format!("{}/{}", url.origin().ascii_serialization(), language.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(en: &str, cy: &str) -> Result<Site, SiteProblem> {
        let urls = BTreeMap::from([(Language::En, en.to_owned()), (Language::Cy, cy.to_owned())]);
        Site::new(Localized::both("Status", "Statws"), vec![Language::Cy, Language::En], &urls)
    }

    #[test]
    fn addresses_are_in_the_words_of_their_language() {
        let site = site("https://status.example/en", "https://statws.example").unwrap();
        let slug = Localized::both("2018-network", "2018-rhwydwaith");
        assert_eq!(site.incident(Language::En, &slug), "https://status.example/en/incidents/2018-network");
        assert_eq!(site.incident(Language::Cy, &slug), "https://statws.example/cy/digwyddiadau/2018-rhwydwaith");
        assert_eq!(site.short_link(Language::En, 7), "https://status.example/i/7");
        assert_eq!(site.short_link(Language::Cy, 7), "https://statws.example/d/7");
        assert_eq!(site.leave(Language::Cy, "x"), "https://statws.example/cy/hysbysiadau/gadael/x");
    }

    #[test]
    fn an_address_that_pages_could_not_live_at_is_refused() {
        for bad in [
            "status.example",
            "ftp://x.example",
            "https://x.example/other",
            "https://u@x.example",
            "https://x.example/?a",
        ] {
            assert_eq!(site(bad, "https://x.example/cy/"), Err(SiteProblem::Unusable(Language::En)), "{bad}");
        }
        assert_eq!(
            site("http://127.0.0.1:8080/en/", "http://127.0.0.1:8080/cy").unwrap().origin(Language::En),
            "http://127.0.0.1:8080"
        );
    }
}
