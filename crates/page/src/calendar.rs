//! Planned work as a calendar that people subscribe to (RFC 5545), one for each language.

use chrono::{DateTime, Utc};
use domain::{Phase, Site};
use render::{RenderError, Renderer};

use crate::edition::document::{MediaClass, Nature};
use crate::edition::plan::Plan;
use crate::feed::tag;
use crate::model::Story;
use crate::routes::{Place, feed_path};
use crate::view::Voice;

/// A line may have this many octets; what is longer goes on in the next line after a space.
const LINE: usize = 75;

/// Puts the calendar of one language on the plan.
pub(crate) fn document(plan: &mut Plan<'_>, voice: Voice<'_>, site: &Site) -> Result<(), RenderError> {
    let text = calendar(voice, site, plan.renderer)?;
    let nature = Nature { class: MediaClass::Calendar, language: Some(voice.language) };
    plan.bytes(feed_path(voice.language, None, "planned.ics"), nature, text.into_bytes());
    Ok(())
}

fn calendar(voice: Voice<'_>, site: &Site, renderer: &Renderer) -> Result<String, RenderError> {
    let name = renderer.site_name(voice.language)?;
    let own = site.absolute(voice.language, &feed_path(voice.language, None, "planned.ics"));
    let mut out = String::new();
    let mut line = |text: &str| fold(text, &mut out);
    for text in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hysbys//Planned work//EN", "METHOD:PUBLISH"] {
        line(text);
    }
    line(&format!("NAME:{}", escape(&name)));
    line(&format!("X-WR-CALNAME:{}", escape(&name)));
    line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    line(&format!("SOURCE;VALUE=URI:{own}"));
    for story in voice.now.model.stories.values().filter(|story| story.is_planned()) {
        event(story, voice, site).iter().for_each(|text| line(text));
    }
    line("END:VCALENDAR");
    Ok(out)
}

fn event(story: &Story, voice: Voice<'_>, site: &Site) -> Vec<String> {
    let newest = story.newest();
    let language = voice.language.tag();
    let path = Place::Incident(&story.incident.slug).path(voice.language);
    let host = tag(site).trim_start_matches("tag:").split(',').next().unwrap_or_default().to_owned();
    let cancelled = newest.content.phase == Phase::Cancelled;
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:planned-{}@{host}", story.incident.number),
        format!("DTSTAMP:{}", time(newest.published_at)),
        format!("LAST-MODIFIED:{}", time(newest.published_at)),
        format!("SEQUENCE:{}", newest.number),
        format!("DTSTART:{}", time(story.incident.starts_at)),
    ];
    lines.extend(story.incident.ends_at.map(|end| format!("DTEND:{}", time(end))));
    lines.extend([
        format!("SUMMARY;LANGUAGE={language}:{}", escape(&voice.line(story.title()).text)),
        format!("DESCRIPTION;LANGUAGE={language}:{}", escape(&crate::view::update::plain_text(newest, voice))),
        format!("URL:{}", site.absolute(voice.language, &path)),
        "CATEGORIES:MAINTENANCE".to_owned(),
        "TRANSP:TRANSPARENT".to_owned(),
        format!("STATUS:{}", if cancelled { "CANCELLED" } else { "CONFIRMED" }),
        "END:VEVENT".to_owned(),
    ]);
    lines
}

/// In UTC, so that no calendar needs a table of time zones.
fn time(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Adds a line, folded at 75 octets without cutting a letter.
fn fold(text: &str, out: &mut String) {
    let mut used = 0;
    for letter in text.chars() {
        if used + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(letter);
        used += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_welsh_lines_are_folded_by_octets() {
        let summary =
            "Cynnal a chadw: gwasanaeth ŵyna a’r tŷ – bydd y gwasanaeth yn ôl; gweler manylion, os gwelwch yn dda\\";
        let mut out = String::new();
        fold(&format!("SUMMARY;LANGUAGE=cy:{}", escape(summary)), &mut out);
        let lines: Vec<&str> = out.split("\r\n").collect();
        assert_eq!(lines[0], "SUMMARY;LANGUAGE=cy:Cynnal a chadw: gwasanaeth ŵyna a’r tŷ – bydd y g");
        assert_eq!(lines[1], " wasanaeth yn ôl\\; gweler manylion\\, os gwelwch yn dda\\\\");
        assert_eq!((lines[0].len(), lines[1].len()), (75, 57));
    }
}
