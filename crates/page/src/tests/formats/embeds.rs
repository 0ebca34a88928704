//! Pieces for other sites: they say what is wrong, and nothing when nothing is.

use serde_json::Value;

use super::super::fixture::{at, now, text};
use super::tree::read;
use super::{HOSTILE, afternoon, edition, editions, ending, press};

#[test]
fn nothing_is_shown_when_nothing_is_wrong() {
    let calm = &editions()[2].1;
    let frame = text(calm, "/embed/en/pthb.html");
    let (_, body) = frame.split_once("<body>").unwrap();
    assert_eq!(body.split_once("</body>").unwrap().0.trim(), "");
    assert!(!frame.contains("<style") && !frame.contains("color-scheme"), "an empty frame is see-through");
    let json: Value = serde_json::from_str(&text(calm, "/embed/en/pthb.json")).unwrap();
    assert_eq!((&json["calm"], json["problems"].as_array().unwrap().len()), (&Value::Bool(true), 0));
    for path in ["/badge/cy.svg", "/badge/en/pthb.svg"] {
        let badge = read(&text(calm, path));
        assert_eq!((badge.attribute("width"), badge.attribute("height")), (Some("0"), Some("0")), "{path}");
        assert!(badge.children.is_empty() && badge.text.is_empty(), "{path}");
    }
}

#[test]
fn what_is_wrong_is_said_in_words_and_late_words_say_so_by_themselves() {
    let press = press(true);
    let mut later = now(afternoon());
    let before = edition(&press, &later, None);
    later.at = at("17:00");
    let after = edition(&press, &later, Some(&before));
    for (path, words) in [
        ("/embed/en/pthb.html", "This update is late"),
        ("/embed/en/pthb.json", "This update is late"),
        ("/badge/en/pthb.svg", "This update is late"),
        ("/badge/cy.svg", "diweddariad hwn yn hwyr"),
    ] {
        assert!(!text(&before, path).contains(words), "{path}");
        assert!(text(&after, path).contains(words), "{path}: {}", text(&after, path));
    }
    let frame = text(&after, "/embed/en/pthb.html");
    assert!(frame.contains("target=\"_top\"") && frame.contains(super::super::fixture::WALES), "{frame}");
    // A board has news of its own and of the nation; other boards have that of the nation alone.
    let count = |path: &str| serde_json::from_str::<Value>(&text(&after, path)).unwrap()["total"].clone();
    assert_eq!((count("/embed/en/pthb.json"), count("/embed/cy/abuhb.json")), (2.into(), 1.into()));
}

#[test]
fn a_badge_says_the_state_to_a_screen_reader_and_without_colours() {
    for (name, edition) in editions().iter().filter(|(name, _)| matches!(*name, "afternoon" | "hostile")) {
        let badges: Vec<_> = ending(edition, ".svg").collect();
        assert!(badges.len() > 20, "{name}");
        for (path, badge) in badges {
            let svg = read(&badge);
            assert_eq!((svg.attribute("role"), svg.attribute("aria-labelledby")), (Some("img"), Some("t")), "{path}");
            let (title, shown) = (svg.text_of("title"), svg.all("text").last().unwrap());
            let words = shown.text.trim_start_matches(['\u{2715}', '\u{25b2}', ' ']);
            assert!(title.contains(words) && words.chars().count() > 5, "{path}: {title} / {words}");
            assert!(
                svg.every().iter().all(|one| matches!(one.name.as_str(), "svg" | "title" | "rect" | "text")),
                "{path}"
            );
            assert!(!badge.contains("<script"), "{name} {path}");
            assert!(!badge.contains("blood tests"), "{name} {path}: a badge holds no words of authors");
        }
    }
}

#[test]
fn nobody_says_that_all_is_well_who_cannot_make_sure() {
    let press = press(true);
    let mut moment = now(super::calm());
    moment.unconfirmed_since = Some(at("15:50"));
    let edition = &edition(&press, &moment, None);
    assert!(text(edition, "/badge/en.svg").contains("No information"));
    let json: Value = serde_json::from_str(&text(edition, "/embed/en/pthb.json")).unwrap();
    assert_eq!(json["unconfirmed_since"], "2018-01-24T15:50:00.000Z");
}

#[test]
fn hostile_words_stay_words_on_other_sites() {
    let edition = &editions()[1].1;
    let frame = text(edition, "/embed/en/pthb.html");
    assert!(!frame.contains("<script") && !frame.contains("<b on") && !frame.contains('\u{202e}'), "{frame}");
    assert!(frame.len() < 40_000, "a long headline is cut: {}", frame.len());
    let json: Value = serde_json::from_str(&text(edition, "/embed/en/pthb.json")).unwrap();
    let title = json["problems"][0]["title"].as_str().unwrap();
    assert!(title.starts_with(&HOSTILE[..30]) && title.chars().count() <= 200, "{title}");
    assert!(!title.contains(|letter: char| letter.is_control() || letter == '\u{202e}'));
}

#[test]
fn the_module_is_small_and_inserts_text_alone() {
    let edition = &editions()[0].1;
    let script = text(edition, "/embed/status.js");
    assert!(script.len() < 1024, "{} bytes", script.len());
    for danger in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "Function(", "import("] {
        assert!(!script.contains(danger), "{danger}");
    }
}

#[test]
fn only_the_frame_may_be_framed_and_programs_may_read_the_rest() {
    let edition = &editions()[0].1;
    let header = |path: &str, name: &str| {
        let headers = &edition.document(path).unwrap().identity.headers;
        headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    assert!(header("/embed/en/pthb.html", "content-security-policy").contains("frame-ancestors *"));
    assert!(header("/embed/en/pthb.html", "content-security-policy").contains("default-src 'none'"));
    assert_eq!(header("/embed/en/pthb.html", "x-robots-tag"), "noindex");
    let frame = text(edition, "/embed/en/pthb.html");
    assert!(frame.contains("<style>body{") && frame.len() < 4_000, "a small style of its own: {frame}");
    let style = render::framed_style_source();
    assert!(header("/embed/en/pthb.html", "content-security-policy").contains(&style), "{style}");
    for (path, document) in edition.documents().filter(|(_, document)| document.class() != crate::MediaClass::Frame) {
        let policy = document.identity.headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
    }
    for path in [
        "/embed/en/pthb.json",
        "/embed/status.js",
        "/badge/en.svg",
        "/cap/1-1.xml",
        "/cap/feed.atom",
        "/en/planned.ics",
    ] {
        assert_eq!(header(path, "access-control-allow-origin"), "*", "{path}");
        assert_eq!(header(path, "cross-origin-resource-policy"), "cross-origin", "{path}");
        assert!(header(path, "cache-control").starts_with("public, max-age=10"), "{path}");
    }
    assert_eq!(header("/cap/1-1.xml", "content-type"), "application/cap+xml; charset=utf-8");
    assert_eq!(header("/embed/status.js", "content-type"), "text/javascript; charset=utf-8");
}
