//! What surrounds every public page: navigation, the twin in the other language, feeds and notices.

use chrono::{DateTime, Duration, DurationRound, Utc};
use domain::{Language, Site};
use render::{Args, Banner, FeedLink, LanguageLink, Link, PublicFrame, RenderError, Renderer};

use crate::model::now::{Now, Scope};
use crate::routes::{Place, feed_path};
use crate::{calendar, cap};

/// How often the home page says anew that it has been confirmed.
pub(crate) const STAMP: Duration = Duration::minutes(5);

/// What frames are made from.
#[derive(Clone, Copy)]
pub(crate) struct Frames<'a> {
    pub(crate) site: &'a Site,
    pub(crate) renderer: &'a Renderer,
}

impl Frames<'_> {
    /// The frame of a place. `frozen` pages say nothing about the present, so that they never need to be printed again.
    pub(crate) fn of(&self, place: Place<'_>, language: Language) -> Result<PublicFrame, RenderError> {
        let mut frame = self.around(place, language)?;
        frame.canonical = Some(self.site.absolute(language, &place.path(language)));
        let twin = |one: &Language| LanguageLink { language: *one, url: self.site.absolute(*one, &place.path(*one)) };
        frame.alternates = self.site.languages.iter().map(twin).collect();
        frame.image = Some(self.site.absolute(language, render::CARD_PATH));
        frame.language_chooser = Some(self.site.absolute(self.site.default_language(), "/"));
        Ok(frame)
    }

    /// The frame of a page that belongs to one person, of a form, or of an error.
    pub(crate) fn private(&self, place: Place<'_>, language: Language) -> Result<PublicFrame, RenderError> {
        let mut frame = self.around(place, language)?;
        frame.noindex = true;
        Ok(frame)
    }

    /// Adds that nobody could make sure whether something newer exists.
    pub(crate) fn doubt(&self, frame: &mut PublicFrame, now: &Now, language: Language) -> Result<(), RenderError> {
        let Some(since) = now.unconfirmed_since else { return Ok(()) };
        let zone = self.renderer.settings().time_zone;
        let words = render::dates::Dates::new(zone, language).date_time(since);
        let args = Args::from([("at".to_owned(), words.into())]);
        frame.confirmed_at = Some(since);
        frame.banners.push(Banner::Words { text: self.renderer.text(language, "page-unconfirmed", &args)? });
        Ok(())
    }

    /// Adds to the line that stands on every page of the demonstration what its clock shows: in the steps in which
    /// pages confirm themselves, so that none is printed more often for it.
    pub(crate) fn clock(&self, frame: &mut PublicFrame, now: &Now, language: Language) -> Result<(), RenderError> {
        let Some(Banner::Words { text }) = frame.banners.first_mut().filter(|_| self.site.notice.is_some()) else {
            return Ok(());
        };
        let zone = self.renderer.settings().time_zone;
        let at = render::dates::Dates::new(zone, language).date_time(stamp(now.at, now.updated_at(Scope::Home)));
        let words = self.renderer.text(language, "page-demo-clock", &Args::from([("at".to_owned(), at.into())]))?;
        *text = format!("{text} {words}");
        Ok(())
    }

    fn around(&self, place: Place<'_>, language: Language) -> Result<PublicFrame, RenderError> {
        let link = |key, to: Place<'_>| Link::to(key, to.path(language)).current(to == place);
        let notice = self.site.notice.as_ref().map(|text| Banner::Words { text: text.text(language).to_owned() });
        Ok(PublicFrame {
            languages: self.site.languages.iter().map(|one| self.twin(place, *one, language)).collect(),
            home_url: Place::Home.path(language),
            nav: vec![
                link("page-nav-now", Place::Home),
                link("nav-services", Place::Services),
                link("page-nav-areas", Place::Areas),
                link("nav-maintenance", Place::Planned),
                link("nav-history", Place::History),
                link("nav-subscribe", Place::Alerts),
            ],
            footer: vec![
                Link::to("page-web-feed", feed_path(language, None, "feed.atom")),
                link("press-title", Place::Press),
                link("ft-a11y", Place::Accessibility),
                link("ft-privacy", Place::Privacy),
            ],
            feeds: self.feeds(place, language)?,
            description: Some(self.renderer.text(language, "page-description", &Args::new())?),
            banners: notice.into_iter().collect(),
            ..PublicFrame::default()
        })
    }

    /// A path where both languages live on one host: then a copy of the site on another host leads to itself.
    fn twin(&self, place: Place<'_>, language: Language, from: Language) -> LanguageLink {
        let path = place.path(language);
        let same_host = self.site.origin(language) == self.site.origin(from);
        LanguageLink { language, url: if same_host { path } else { self.site.absolute(language, &path) } }
    }

    fn feeds(&self, place: Place<'_>, language: Language) -> Result<Vec<FeedLink>, RenderError> {
        let organisation = match place {
            Place::Area(key) => Some(key),
            _ => None,
        };
        let title = self.renderer.site_name(language)?;
        let link = |media_type, url, title: &str| FeedLink { media_type, title: title.to_owned(), url };
        let feed = |media_type, file| link(media_type, feed_path(language, organisation, file), &title);
        let said = |key| self.renderer.text(language, key, &Args::new());
        let alerts = organisation.map_or_else(|| cap::FEED.to_owned(), cap::area_feed);
        let calendar = feed_path(language, organisation, calendar::FILE);
        Ok(vec![
            feed("application/atom+xml", "feed.atom"),
            feed("application/rss+xml", "feed.rss"),
            feed("application/feed+json", "feed.json"),
            link("text/calendar", calendar, &said("page-calendar")?),
            link("application/atom+xml", alerts, &format!("{title}: {}", said("cap-feed")?)),
        ])
    }
}

/// The time that a page is stamped with: the last full five minutes, or its newest update, which nobody may read as
/// news of the future.
pub(crate) fn stamp(at: DateTime<Utc>, updated_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let full = step(at);
    updated_at.filter(|updated| *updated <= at).map_or(full, |updated| updated.max(full))
}

/// The last full five minutes.
pub(crate) fn step(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(STAMP).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_confirmed_before_it_was_said() {
        let minutes = |minutes| DateTime::<Utc>::UNIX_EPOCH + Duration::minutes(minutes);
        for (now, updated, stamped) in
            [(9, None, 5), (9, Some(3), 5), (9, Some(7), 7), (10, Some(7), 10), (9, Some(12), 5)]
        {
            assert_eq!(stamp(minutes(now), updated.map(minutes)), minutes(stamped), "{now} {updated:?}");
        }
    }
}
