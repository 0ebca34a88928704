//! The one table of public addresses: every place has its twin in the other language.

use domain::site::PathWords;
use domain::{Language, Localized};

/// A page of the public site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// The state of everything.
    Home,
    /// One incident or planned work, by its slug.
    Incident(&'a Localized),
    /// Every service.
    Services,
    /// One service, by its key.
    Service(&'a str),
    /// All areas.
    Areas,
    /// One area, by its organisation's key.
    Area(&'a str),
    /// Past incidents.
    History,
    /// One month of them, as `2018-01`.
    Month(&'a str),
    /// Planned work.
    Planned,
    /// What happened and why, of each incident that was looked into.
    Reviews,
    /// What the press may quote.
    Press,
    /// The same of one incident, by its slug.
    PressOf(&'a Localized),
    /// Sign-up for messages.
    Alerts,
    /// The accessibility statement.
    Accessibility,
    /// The privacy notice.
    Privacy,
}

impl Place<'_> {
    /// The path of this place in a language.
    pub(crate) fn path(self, language: Language) -> String {
        let words = PathWords::of(language);
        let below = |rest: &str| format!("/{}/{rest}", language.code());
        match self {
            Self::Home => below(""),
            Self::Incident(slug) => below(&format!("{}/{}", words.incidents, slug.text(language))),
            Self::Services => below(words.services),
            Self::Service(key) => below(&format!("{}/{}", words.services, key.replace('_', "-"))),
            Self::Areas => below(words.areas),
            Self::Area(key) => below(&format!("{}/{key}", words.areas)),
            Self::History => below(words.history),
            Self::Month(month) => below(&format!("{}/{month}", words.history)),
            Self::Planned => below(words.planned),
            Self::Reviews => below(words.reviews),
            Self::Press => below(words.press),
            Self::PressOf(slug) => below(&format!("{}/{}", words.press, slug.text(language))),
            Self::Alerts => below(words.alerts),
            Self::Accessibility => below(words.accessibility),
            Self::Privacy => below(words.privacy),
        }
    }
}

/// What is left of an incident's address when somebody cuts off its end: no page, but it leads to the list of them.
pub(crate) fn incidents_path(language: Language) -> String {
    format!("/{}/{}", language.code(), PathWords::of(language).incidents)
}

/// The path of a feed: of everything, or of one organisation.
pub(crate) fn feed_path(language: Language, organisation: Option<&str>, file: &str) -> String {
    match organisation {
        None => format!("{}{file}", Place::Home.path(language)),
        Some(key) => format!("{}/{file}", Place::Area(key).path(language)),
    }
}

/// The path of a short link, which texts and posts carry.
pub(crate) fn short_path(language: Language, number: i64) -> String {
    format!("/{}/{number}", PathWords::of(language).short)
}

/// What a short link stands for: exactly as [`short_path`] writes it, and nothing else.
pub(crate) fn short_number(path: &str) -> Option<(Language, i64)> {
    let number = path.rsplit_once('/')?.1.parse().ok()?;
    Language::ALL.into_iter().find(|language| short_path(*language, number) == path).map(|language| (language, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_a_twin_and_no_two_places_share_a_path() {
        let slug = Localized::both("x", "y");
        let places = [
            Place::Home,
            Place::Incident(&slug),
            Place::Services,
            Place::Service("gp_appt"),
            Place::Areas,
            Place::Area("pthb"),
            Place::History,
            Place::Month("2018-01"),
            Place::Planned,
            Place::Reviews,
            Place::Press,
            Place::PressOf(&slug),
            Place::Alerts,
            Place::Accessibility,
            Place::Privacy,
        ];
        let mut paths: Vec<String> =
            Language::ALL.iter().flat_map(|one| places.map(|place| place.path(*one))).collect();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), 2 * places.len());
        assert_eq!(Place::Incident(&slug).path(Language::Cy), "/cy/digwyddiadau/y");
        assert_eq!(Place::Service("gp_appt").path(Language::Cy), "/cy/gwasanaethau/gp-appt");
        for language in Language::ALL {
            assert_eq!(short_number(&short_path(language, 12)), Some((language, 12)));
        }
        for path in ["/i/", "/i/x", "/i/+1", "/i/01", "/x/1", "/i/1/", "12", "/i/99999999999999999999"] {
            assert_eq!(short_number(path), None, "{path}");
        }
        assert_eq!(feed_path(Language::En, Some("pthb"), "feed.atom"), "/en/areas/pthb/feed.atom");
    }
}
