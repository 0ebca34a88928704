//! Planned work as calendars that people subscribe to (RFC 5545 and 7986): one for each language, of everything and of
//! each area.
//!
//! All times are in UTC, so that no calendar program has to know when clocks in Britain change; each shows them in the
//! zone of its reader. Work that was called off stays, as cancelled: what merely vanishes stays in many calendars.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Phase, Site};
use render::{Args, RenderError, Renderer};

use crate::edition::document::{MediaClass, Nature};
use crate::edition::plan::Plan;
use crate::feed::tag;
use crate::inert::inert;
use crate::model::now::{Now, Scope};
use crate::model::{Print, Story, print_of};
use crate::routes::{Place, feed_path};
use crate::view::update::plain_text;
use crate::view::{Voice, has_area_page};

/// The name of the file, below a home page or the page of an area.
pub(crate) const FILE: &str = "planned.ics";

/// A line may have this many octets; what is longer goes on in the next line after a space.
const LINE: usize = 75;

/// A calendar must have a component (RFC 5545, 3.4); one without events has this.
const ZONE: [&str; 9] = [
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// Puts the calendars of one language on the plan. Each is written only when planned work that it tells of has changed,
/// by an update or by the clock.
pub(crate) fn documents(plan: &mut Plan<'_>, voice: Voice<'_>, site: &Arc<Site>, catalogue: Print) {
    let nature = Nature { class: MediaClass::Calendar, language: Some(voice.language) };
    let (now, renderer) = (voice.now, plan.renderer);
    let planned: Vec<&Arc<Story>> = now.model.stories.values().filter(|story| story.is_planned()).collect();
    let areas = voice.catalogue().organisations.iter().filter(|one| has_area_page(one));
    for organisation in areas.map(|one| Some(one.key.as_str())).chain([None]) {
        let told = planned.iter().filter(|story| concerns(now, organisation, story));
        let told: Vec<Arc<Story>> = told.map(|story| Arc::clone(story)).collect();
        let print = print(&told, now, catalogue);
        plan.want(feed_path(voice.language, organisation, FILE), nature, print, || {
            let (now, site, renderer) = (now.clone(), Arc::clone(site), renderer.clone());
            let (language, organisation) = (voice.language, organisation.map(str::to_owned));
            Box::new(move || {
                let voice = Voice { now: &now, language };
                Calendar { voice, site: &site, renderer: &renderer }.write(organisation.as_deref(), &told)
            })
        });
    }
}

fn concerns(now: &Now, organisation: Option<&str>, story: &Story) -> bool {
    organisation.is_none_or(|key| now.concerns(Scope::Area(key), &story.newest().content.organisations))
}

fn print(told: &[Arc<Story>], now: &Now, catalogue: Print) -> Print {
    let facts = |story: &Arc<Story>| (story.incident.id, story.changed, story.phase(now.at), story.is_late(now.at));
    let facts: Vec<_> = told.iter().map(facts).collect();
    print_of(format!("{catalogue:?} {facts:?}").as_bytes())
}

/// The host that ids are made with: it never changes, whatever the addresses become.
pub(crate) fn host(site: &Site) -> String {
    let tag = tag(site);
    let host = tag.trim_start_matches("tag:").split(',').next().unwrap_or_default();
    // An address of version 6 has brackets, which other formats cannot take.
    host.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-')).collect()
}

/// What a calendar is written with.
struct Calendar<'a> {
    voice: Voice<'a>,
    site: &'a Site,
    renderer: &'a Renderer,
}

impl Calendar<'_> {
    fn write(&self, organisation: Option<&str>, told: &[Arc<Story>]) -> Result<Vec<u8>, RenderError> {
        let (language, mut lines) = (self.voice.language, Lines::default());
        let site_name = self.renderer.site_name(language)?;
        let area = organisation.map(|key| self.voice.full_name(key).text);
        let name = escape(&area.map_or(site_name.clone(), |area| format!("{area}: {site_name}")));
        let own = self.site.absolute(language, &feed_path(language, organisation, FILE));
        lines.add("BEGIN:VCALENDAR");
        lines.add("VERSION:2.0");
        lines.add("PRODID:-//Hysbys//Planned work//EN");
        lines.add("CALSCALE:GREGORIAN");
        lines.add("METHOD:PUBLISH");
        lines.add(&format!("NAME;LANGUAGE={}:{name}", language.tag()));
        // Programs that do not know RFC 7986 know these.
        lines.add(&format!("X-WR-CALNAME:{name}"));
        lines.add(&format!("X-WR-TIMEZONE:{}", self.renderer.settings().time_zone.name()));
        lines.add("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
        lines.add("X-PUBLISHED-TTL:PT1H");
        lines.add(&format!("SOURCE;VALUE=URI:{own}"));
        if told.is_empty() {
            ZONE.iter().for_each(|line| lines.add(line));
        }
        for story in told {
            self.event(story, &mut lines)?;
        }
        lines.add("END:VCALENDAR");
        Ok(lines.0.into_bytes())
    }

    fn event(&self, story: &Story, lines: &mut Lines) -> Result<(), RenderError> {
        let (newest, incident) = (story.newest(), &story.incident);
        let language = self.voice.language;
        let title = self.voice.line(story.title());
        let spoken = title.lang.unwrap_or(language.tag());
        let path = Place::Incident(&incident.slug).path(language);
        lines.add("BEGIN:VEVENT");
        lines.add(&format!("UID:planned-{}@{}", incident.number, host(self.site)));
        lines.add(&format!("DTSTAMP:{}", time(newest.published_at)));
        lines.add(&format!("CREATED:{}", time(story.first_published())));
        lines.add(&format!("LAST-MODIFIED:{}", time(newest.published_at)));
        // Updates are counted, so that each change of time or state counts as one.
        lines.add(&format!("SEQUENCE:{}", newest.number));
        lines.add(&format!("DTSTART:{}", time(incident.starts_at)));
        let end = incident.ends_at.filter(|end| time(*end) > time(incident.starts_at));
        end.into_iter().for_each(|end| lines.add(&format!("DTEND:{}", time(end))));
        lines.add(&format!("SUMMARY;LANGUAGE={spoken}:{}", escape(&title.text)));
        lines.add(&format!("DESCRIPTION;LANGUAGE={spoken}:{}", escape(&self.description(story)?)));
        let places = self.places(story);
        if !places.is_empty() {
            lines.add(&format!("LOCATION;LANGUAGE={}:{}", language.tag(), escape(&places)));
        }
        lines.add(&format!("URL:{}", self.site.absolute(language, &path)));
        lines.add("CATEGORIES:MAINTENANCE");
        lines.add("TRANSP:TRANSPARENT");
        let cancelled = newest.content.phase == Phase::Cancelled;
        lines.add(if cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        lines.add("END:VEVENT");
        Ok(())
    }

    /// How far the work is, whether word of it is late, and what was said.
    fn description(&self, story: &Story) -> Result<String, RenderError> {
        let (none, at) = (Args::new(), self.voice.now.at);
        let mut text = self.renderer.text(self.voice.language, &story.phase_key(at), &none)?;
        if story.is_late(at) {
            text.push_str(". ");
            text.push_str(&self.renderer.text(self.voice.language, "time-late", &none)?);
        }
        text.push_str("\n\n");
        text.push_str(&plain_text(story.newest(), self.voice));
        Ok(text)
    }

    fn places(&self, story: &Story) -> String {
        let names = story.newest().content.organisations.iter().map(|key| self.voice.full_name(key).text);
        names.collect::<Vec<_>>().join(", ")
    }
}

/// In UTC, so that no calendar needs a table of time zones.
fn time(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in inert(text).chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter => out.push(letter),
        }
    }
    out
}

/// The lines of a calendar.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// Adds a line, folded at 75 octets without cutting a letter.
    fn add(&mut self, text: &str) {
        let mut used = 0;
        for letter in text.chars() {
            if used + letter.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(letter);
            used += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_welsh_lines_are_folded_by_octets() {
        let summary =
            "Cynnal a chadw: gwasanaeth ŵyna a’r tŷ – bydd y gwasanaeth yn ôl; gweler manylion, os gwelwch yn dda\\";
        let mut lines = Lines::default();
        lines.add(&format!("SUMMARY;LANGUAGE=cy:{}", escape(summary)));
        let lines: Vec<&str> = lines.0.split("\r\n").collect();
        assert_eq!(lines[0], "SUMMARY;LANGUAGE=cy:Cynnal a chadw: gwasanaeth ŵyna a’r tŷ – bydd y g");
        assert_eq!(lines[1], " wasanaeth yn ôl\\; gweler manylion\\, os gwelwch yn dda\\\\");
        assert_eq!((lines[0].len(), lines[1].len()), (75, 57));
    }
}
