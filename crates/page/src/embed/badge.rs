//! A badge: the state of an area as a small picture that says it in words.
//!
//! It reads the same without its colours, and to a screen reader. It names no incident, so that it never carries words
//! of authors. Where nothing is wrong there is nothing to see, as in all pieces for other sites: a copy that somebody
//! kept must not go on saying that all is well after that was so.

use domain::{Language, Severity};
use render::{Args, RenderError, Renderer};

use super::view::Embed;
use crate::feed::xml::Xml;
use crate::inert::inert;

/// The ground of the state, white letters on it at 4.5:1 at least.
const UNKNOWN: &str = "#4c6272";
const SLIGHT: &str = "#8a5a00";
const SERIOUS: &str = "#b51f12";

/// The mean width of a letter of the font, in tenths of a pixel, and the room around words.
const LETTER: usize = 66;
const ROOM: usize = 16;

/// The badge as a picture.
pub(super) fn draw(embed: &Embed, renderer: &Renderer, language: Language) -> Result<Vec<u8>, RenderError> {
    // Nobody may say that all is well, not even by silence, who cannot make sure of it.
    if embed.calm && embed.unconfirmed_since.is_none() {
        return Ok(nothing());
    }
    let say = |key: &str| renderer.text(language, key, &Args::new());
    let name = inert(&renderer.site_name(language)?);
    let mut state = say(match embed.severity {
        None => "st-unknown",
        Some(Severity::Serious | Severity::Critical) => "head-serious",
        Some(_) => "head-some",
    })?;
    if embed.late {
        state.push_str(". ");
        state.push_str(&say("time-late")?);
    }
    let (colour, mark) = match embed.severity {
        None => (UNKNOWN, ""),
        Some(Severity::Serious | Severity::Critical) => (SERIOUS, "\u{2715} "),
        Some(_) => (SLIGHT, "\u{25b2} "),
    };
    let title = [Some(format!("{name}: {state}")), embed.notice.clone()].into_iter().flatten();
    let title = title.collect::<Vec<_>>().join(". ");
    Ok(picture(&title, (&name, &format!("{mark}{state}")), (colour, language)))
}

/// A picture that takes no room.
fn nothing() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.empty("svg", &[("xmlns", "http://www.w3.org/2000/svg"), ("width", "0"), ("height", "0")]);
    xml.finish()
}

fn picture(title: &str, (name, state): (&str, &str), (colour, language): (&str, Language)) -> Vec<u8> {
    let (left, right) = (width(name), width(state));
    let mut xml = Xml::new();
    let whole = (left + right).to_string();
    let view = format!("0 0 {whole} 24");
    let attributes = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("role", "img"),
        ("xml:lang", language.tag()),
        ("aria-labelledby", "t"),
        ("width", &whole),
        ("height", "24"),
        ("viewBox", &view),
    ];
    xml.within("svg", &attributes, |xml| {
        xml.text("title", &[("id", "t")], title);
        block(xml, (0, left), ("#212b32", name));
        block(xml, (left, right), (colour, state));
    });
    xml.finish()
}

fn block(xml: &mut Xml, (from, width): (usize, usize), (colour, words): (&str, &str)) {
    let (x, width, words_at) = (from.to_string(), width.to_string(), (from + ROOM / 2).to_string());
    // The words are stretched or pressed into the room that was counted, whatever font the reader has.
    let length = (words.chars().count() * LETTER / 10).to_string();
    xml.empty("rect", &[("x", &x), ("width", &width), ("height", "24"), ("fill", colour)]);
    let attributes = [
        ("x", words_at.as_str()),
        ("y", "16"),
        ("fill", "#fff"),
        ("font-family", "Arial,sans-serif"),
        ("font-size", "12"),
        ("textLength", &length),
        ("lengthAdjust", "spacingAndGlyphs"),
        // The title says it already.
        ("aria-hidden", "true"),
    ];
    xml.text("text", &attributes, words);
}

/// The room that words take, in pixels.
fn width(words: &str) -> usize {
    words.chars().count() * LETTER / 10 + ROOM
}
