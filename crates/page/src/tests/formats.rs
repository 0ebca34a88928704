//! Every document for programs against the rules of its own format, on an ordinary afternoon, on a calm day, and with
//! hostile words wherever an author can write.

mod calendars;
mod caps;
mod checkers;
mod embeds;
mod feeds;
mod pages_api;
mod told;
mod tree;

use std::sync::{Arc, LazyLock};

use chrono::Duration;
use domain::revision::Purpose;
use domain::{Env, IncidentKind, Localized, Phase, Site};

use edge::Surface;
use render::{RenderSettings, Renderer};

use super::fixture::{at, catalogue, content, model, now, site, story};
use crate::edition::Edition;
use crate::edition::press::Press;
use crate::model::now::Now;
use crate::model::{Model, Story};

/// What nobody should ever paste in, at once.
pub(super) const HOSTILE: &str = "</title><script>alert(1)</script>]]><![CDATA[<b onmouseover=x>'\"& javascript:alert(1) \
                                  {{ t }} \u{202e}live\u{2066} \u{0}\u{8}\u{1b}\u{85}\u{ffff}\u{fffe}\u{1fffe}\u{fdd0}\u{7f} \
                                  \u{2028}\u{2029}\u{feff}\u{200b}\u{200f}\u{200d}\u{e0001}\u{e0041}\u{301}\u{301}\u{301} --> --!> <!-- %0d%0a \
                                  BEGIN:VEVENT\r\nEND:VCALENDAR;,\\\r\n X-FOLD:x\n\tX-TAB:x ŵ";

/// Planned work that changes, a problem that is taken back and comes again, one that is over, one that is in one
/// language only.
pub(super) fn afternoon() -> Model {
    let mut model = model();
    let words = |text: &str| Localized::both(text, format!("{text} (cy)"));
    let said = |title: &str, phase, organisation: &str| content(words(title), phase, organisation);
    let taken_back = vec![
        said("It may be the blood tests", Phase::Investigating, "pthb"),
        said("It was a false alarm", Phase::Withdrawn, "pthb"),
        said("It was not false", Phase::Reopened, "pthb"),
        said("The blood tests are slow", Phase::Identified, "pthb"),
    ];
    let mut taken_back = story(3, "pthb", at("12:00"), taken_back);
    taken_back.updates[1].purpose = Purpose::Withdrawal;
    taken_back.updates[3].purpose = Purpose::Correction;
    model.put(taken_back);
    let over = [Phase::Investigating, Phase::Monitoring, Phase::Resolved];
    model.put(story(4, "nhs-wales", at("08:00"), over.map(|phase| said("Over soon", phase, "nhs-wales")).to_vec()));
    model.put(work(5, &[Phase::Scheduled]));
    model.put(work(6, &[Phase::Scheduled, Phase::Cancelled]));
    model
}

/// Planned work of Powys on the evening.
pub(super) fn work(number: i64, phases: &[Phase]) -> Story {
    let title = Localized::both("Work on the app; at night, mostly", "Gwaith ar yr ap; yn y nos, fel arfer");
    let said = phases.iter().map(|phase| content(title.clone(), *phase, "pthb")).collect();
    let mut work = story(number, "pthb", at("09:00"), said);
    work.incident.kind = IncidentKind::Planned;
    work.incident.slug = Localized::both(format!("work-{number}"), format!("gwaith-{number}"));
    (work.incident.starts_at, work.incident.ends_at) = (at("22:00"), Some(at("22:00") + Duration::hours(4)));
    work
}

/// The afternoon with hostile words in every text, those of authors with ten thousand letters behind them.
pub(super) fn hostile_afternoon() -> Model {
    let mut model = afternoon();
    let hostile = format!("{HOSTILE}{}", "ŵ".repeat(10_000));
    let spoil_with = |text: &mut Localized, with: &str| *text = text.map(|_, _| with.to_owned());
    let spoil = |text: &mut Localized| spoil_with(text, HOSTILE);
    let stories: Vec<Story> = model.stories.values().map(|story| (**story).clone()).collect();
    for mut story in stories {
        for update in &mut story.updates {
            let words = &mut update.content.words;
            [&mut words.unknown, &mut words.doing, &mut words.should, &mut words.more].into_iter().for_each(spoil);
            [&mut words.title, &mut words.know].into_iter().for_each(|text| spoil_with(text, &hostile));
            update.content.cyber.stated_by = Some(HOSTILE.to_owned());
            update.content.cause.stated_by = Some(HOSTILE.to_owned());
        }
        model.put(story);
    }
    let mut lists = (*model.catalogue).clone();
    lists.organisations.iter_mut().for_each(|one| {
        [&mut one.name, &mut one.short, &mut one.area].into_iter().for_each(spoil);
    });
    lists.advice.iter_mut().for_each(|one| spoil(&mut one.text));
    lists.services.iter_mut().for_each(|one| spoil(&mut one.name));
    lists.groups.iter_mut().for_each(|one| spoil(&mut one.name));
    lists.causes.iter_mut().for_each(|one| spoil(&mut one.name));
    model.catalogue = Arc::new(lists);
    model
}

/// A site whose operator has pasted the same everywhere.
fn hostile_site() -> Site {
    let hostile = || Localized::both(HOSTILE, HOSTILE);
    let site = site();
    Site {
        name: hostile(),
        notice: Some(hostile()),
        sms_number: Some(HOSTILE.to_owned()),
        contact: Some(HOSTILE.to_owned()),
        press_office: Some(HOSTILE.to_owned()),
        ..site
    }
}

/// No incident was ever published.
pub(super) fn calm() -> Model {
    Model { version: 1, catalogue: Arc::new(catalogue()), confirmed_at: at("15:50"), ..Model::default() }
}

/// One incident, of Powys alone, and nothing before it.
fn one() -> Model {
    let mut model = calm();
    let title = Localized::both("The blood tests are slow", "Mae'r profion gwaed yn araf");
    model.put(story(3, "pthb", at("15:30"), vec![content(title, Phase::Investigating, "pthb")]));
    model
}

/// Makes editions without a page around them.
pub(super) fn press(sample_data: bool) -> Press {
    press_of(site(), sample_data)
}

fn press_of(site: Site, sample_data: bool) -> Press {
    let settings = RenderSettings { site_name: site.name.clone(), sample_data, ..RenderSettings::default() };
    let renderer = Renderer::new(settings).unwrap();
    let headers = edge::headers::security_headers(Surface::Public, &renderer, true);
    Press::new(renderer, Arc::new(site), headers, Env::fixed(at("15:52"), 1))
}

/// The edition of a moment, as the first one or after another.
pub(super) fn edition(press: &Press, now: &Now, previous: Option<&Edition>) -> Edition {
    let first = press.first(now.at).unwrap();
    press.print(now, previous.unwrap_or(&first), &[]).unwrap()
}

/// The editions that every format is tried on, with their names.
pub(super) fn editions() -> &'static [(&'static str, Edition)] {
    static EDITIONS: LazyLock<Vec<(&str, Edition)>> = LazyLock::new(|| {
        let press = press(true);
        let of = |model| edition(&press, &now(model), None);
        vec![
            ("afternoon", of(afternoon())),
            ("hostile", edition(&press_of(hostile_site(), true), &now(hostile_afternoon()), None)),
            ("calm", of(calm())),
            ("one incident", of(one())),
        ]
    });
    &EDITIONS
}

/// The documents of an edition whose paths end like this.
pub(super) fn ending<'e>(edition: &'e Edition, end: &'e str) -> impl Iterator<Item = (&'e str, String)> {
    let documents = edition.documents().filter(move |(path, _)| path.ends_with(end));
    documents.map(|(path, document)| (path, String::from_utf8(document.bytes().to_vec()).unwrap()))
}

#[test]
fn the_afternoon_has_every_document() {
    let edition = &editions()[0].1;
    for path in [
        "/cap/feed.atom",
        "/cap/3-4.xml",
        "/en/planned.ics",
        "/cy/ardaloedd/pthb/planned.ics",
        "/api/v2/summary.json",
        "/cy/api/v2/scheduled-maintenances/active.json",
        "/history.rss",
        "/cy/history.atom",
        "/embed/cy/pthb.html",
        "/embed/en/nhs-wales.json",
        "/embed/status.js",
        "/favicon.ico",
        "/badge/cy.svg",
        "/badge/en/pthb.svg",
    ] {
        assert!(edition.document(path).is_some(), "{path}");
    }
    assert!(now(afternoon()).next_moment().is_some());
}
