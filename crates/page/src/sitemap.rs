//! What machines ask a site for: robots.txt, the sitemap, security.txt, the icon that browsers look for, and the picture
//! of links that are shared.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Duration, SecondsFormat, Timelike, Utc};
use domain::site::PathWords;
use domain::{Language, Site};

use crate::edition::contents::MONTHS_IN_MEMORY;
use crate::edition::document::{MediaClass, Nature};
use crate::edition::plan::Plan;
use crate::feed::xml::Xml;
use crate::model::now::Now;
use crate::routes::Place;
use crate::view::has_area_page;
use crate::view::history::months::{MonthOf, Months};

/// The sitemap, and its part for the pages that speak of the present.
const INDEX: &str = "/sitemap.xml";
const PAGES: &str = "/sitemap-pages.xml";

/// Puts these documents on the plan. The sitemap is an index with one part for each month, so that the parts of the
/// past stay as they are.
pub(crate) fn documents(
    plan: &mut Plan<'_>,
    (now, machine_now): (&Now, DateTime<Utc>),
    site: &Arc<Site>,
    months: &Months,
) {
    let plain = Nature { class: MediaClass::Text, language: None };
    plan.bytes("/robots.txt".to_owned(), plain, robots(site).into_bytes());
    if let Some(text) = security(machine_now, site) {
        plan.bytes("/.well-known/security.txt".to_owned(), plain, text.into_bytes());
    }
    let icon = Nature { class: MediaClass::Icon, language: None };
    plan.bytes(render::ICON_PATH.to_owned(), icon, render::icon().into_owned());
    let card = Nature { class: MediaClass::Picture, language: None };
    plan.bytes(render::CARD_PATH.to_owned(), card, render::card().into_owned());
    let nature = Nature { class: MediaClass::Sitemap, language: None };
    plan.bytes(INDEX.to_owned(), nature, index(site, months));
    plan.bytes(PAGES.to_owned(), nature, pages(now, site, months));
    for (place, month) in months.iter().enumerate() {
        if place >= MONTHS_IN_MEMORY {
            plan.is_past(month_path(month));
        }
        let (site, of) = (Arc::clone(site), Arc::clone(month));
        plan.made_of(month_path(month), nature, &month.print, move || Ok(incidents(&site, &of)));
    }
}

fn month_path(month: &MonthOf) -> String {
    format!("/sitemap-{}.xml", month.key())
}

/// The parts. Only those of months say when they last changed: the pages of the present always do.
fn index(site: &Site, months: &Months) -> Vec<u8> {
    let mut xml = Xml::new();
    let address = |path: &str| site.absolute(site.default_language(), path);
    xml.within("sitemapindex", &[("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")], |xml| {
        xml.within("sitemap", &[], |xml| xml.text("loc", &[], &address(PAGES)));
        for month in months.iter() {
            let changed = month.updated_at;
            xml.within("sitemap", &[], |xml| {
                xml.text("loc", &[], &address(&month_path(month)));
                xml.text("lastmod", &[], &changed.to_rfc3339_opts(SecondsFormat::Secs, true));
            });
        }
    });
    xml.finish()
}

fn pages(now: &Now, site: &Site, months: &Months) -> Vec<u8> {
    url_set(|xml| {
        let fixed = [
            Place::Home,
            Place::Services,
            Place::Areas,
            Place::Planned,
            Place::Reviews,
            Place::History,
            Place::Alerts,
            Place::Press,
            Place::Accessibility,
            Place::Privacy,
        ];
        fixed.into_iter().for_each(|place| page(xml, site, place, None));
        for one in now.catalogue().organisations.iter().filter(|one| has_area_page(one)) {
            page(xml, site, Place::Area(&one.key), None);
        }
        for one in &now.catalogue().services {
            page(xml, site, Place::Service(&one.key), None);
        }
        for month in months.iter() {
            page(xml, site, Place::Month(&month.key()), None);
        }
        // Work that is not over stands in no month yet.
        for entry in now.ahead() {
            page(xml, site, Place::Incident(&entry.slug), Some(entry.updated_at));
        }
        for story in crate::press::told(now) {
            page(xml, site, Place::PressOf(&story.incident.slug), Some(story.newest().published_at));
        }
    })
}

fn incidents(site: &Site, month: &MonthOf) -> Vec<u8> {
    url_set(|xml| {
        for entry in &month.entries {
            page(xml, site, Place::Incident(&entry.slug), Some(entry.updated_at));
        }
    })
}

fn url_set(inside: impl FnOnce(&mut Xml)) -> Vec<u8> {
    let mut xml = Xml::new();
    let attributes =
        [("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"), ("xmlns:xhtml", "http://www.w3.org/1999/xhtml")];
    xml.within("urlset", &attributes, inside);
    xml.finish()
}

fn robots(site: &Site) -> String {
    let mut text = "User-agent: *\n".to_owned();
    for language in &site.languages {
        let words = PathWords::of(*language);
        for page in [words.confirm, words.manage, words.leave] {
            text.push_str(&format!("Disallow: {}/{page}/\n", Place::Alerts.path(*language)));
        }
    }
    text.push_str(&format!("Allow: /\n\nSitemap: {}\n", site.absolute(site.default_language(), "/sitemap.xml")));
    text
}

/// One page in each language, each naming all its twins.
fn page(xml: &mut Xml, site: &Site, place: Place<'_>, changed: Option<chrono::DateTime<chrono::Utc>>) {
    let address = |language: Language| site.absolute(language, &place.path(language));
    for language in &site.languages {
        xml.within("url", &[], |xml| {
            xml.text("loc", &[], &address(*language));
            if let Some(at) = changed {
                xml.text("lastmod", &[], &at.to_rfc3339_opts(SecondsFormat::Secs, true));
            }
            for twin in &site.languages {
                xml.empty("xhtml:link", &[("rel", "alternate"), ("hreflang", twin.code()), ("href", &address(*twin))]);
            }
        });
    }
}

/// RFC 9116. Its date of expiry moves once a month, so that the document does not change with every edition. It is read
/// by programs of today, whatever day a demonstration tells of.
fn security(machine_now: DateTime<Utc>, site: &Site) -> Option<String> {
    let contact =
        site.contact.as_deref().filter(|contact| contact.contains('@') && !contact.contains(char::is_whitespace))?;
    let month = machine_now.with_day(1)?.with_hour(0)?.with_minute(0)?.with_second(0)?.with_nanosecond(0)?;
    let expires = (month + Duration::days(180)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let languages: Vec<&str> = site.languages.iter().map(|language| language.code()).collect();
    Some(format!(
        "Contact: mailto:{contact}\nExpires: {expires}\nPreferred-Languages: {}\nCanonical: {}\n",
        languages.join(", "),
        site.absolute(site.default_language(), "/.well-known/security.txt"),
    ))
}
