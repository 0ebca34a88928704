//! The style sheets, small enough to travel inside each page, and the hashes that let a page's security policy allow
//! them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Environment, Error, ErrorKind, Value};
use sha2::{Digest, Sha256};

use crate::assets;

/// The sheets that `css("name")` knows; each begins with what all pages share.
const SHEETS: [&str; 2] = ["public", "staff"];

/// Sheets that only a few pages carry, beside one of [`SHEETS`] or alone. Their hashes are not in every policy.
const ADDITIONS: [&str; 2] = ["papers", "embed"];

/// The shared beginning.
const BASE: &str = "base";

/// The style sheets in the form in which pages carry them.
pub(crate) struct Styles {
    sheets: BTreeMap<&'static str, String>,
}

impl Styles {
    pub(crate) fn load() -> Self {
        let source = |name: &str| assets::static_file(&format!("{name}.css")).unwrap_or_default();
        let text = |name| shorten(&String::from_utf8_lossy(&source(name)));
        let sheet = |name| (name, text(BASE) + &text(name));
        let additions = ADDITIONS.map(|name| (name, text(name)));
        Self { sheets: SHEETS.map(sheet).into_iter().chain(additions).collect() }
    }

    /// Adds `css("name")`, the content of a `style` element.
    pub(crate) fn install(self: &Arc<Self>, environment: &mut Environment<'static>) {
        let styles = Arc::clone(self);
        environment.add_function("css", move |name: String| {
            let sheet = styles.sheets.get(name.as_str()).cloned().map(Value::from_safe_string);
            sheet.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no style sheet {name:?}")))
        });
    }

    /// One `'sha256-…'` per sheet, as CSP level 3 wants it.
    pub(crate) fn sources(&self) -> Vec<String> {
        SHEETS.iter().map(|name| self.source(name)).collect()
    }

    /// That of one sheet; of the empty one for a name that there is none of.
    pub(crate) fn source(&self, name: &str) -> String {
        let sheet = self.sheets.get(name).map_or("", String::as_str);
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(sheet)))
    }
}

/// The `'sha256-…'` of the sheet of the page that other sites frame: the only one in its policy.
#[must_use]
pub fn framed_style_source() -> String {
    Styles::load().source("embed")
}

/// Drops comments and the white space that CSS does not need. Strings and `url()` in our sheets hold no comment marks.
fn shorten(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("/*") {
        push_tight(&mut out, before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    push_tight(&mut out, rest);
    out.replace(";}", "}")
}

fn push_tight(out: &mut String, text: &str) {
    for letter in text.chars() {
        let last = out.chars().next_back();
        match letter {
            '\n' | '\r' | '\t' | ' ' => {
                if !matches!(last, None | Some(' ' | '{' | '}' | ';' | ',' | '>')) {
                    out.push(' ');
                }
            }
            '{' | '}' | ';' | ',' | '>' => {
                if last == Some(' ') {
                    out.pop();
                }
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortening_keeps_what_css_needs() {
        let sheet =
            "/* why */\na > b,\n.c { margin: 0 auto;\n  color: red; }\n@media (min-width: 1rem) { d { x: y } }\n";
        assert_eq!(shorten(sheet), "a>b,.c{margin: 0 auto;color: red}@media (min-width: 1rem){d{x: y}}");
    }

    /// Words on their ground, as WCAG 2.2 wants it (1.4.3).
    #[test]
    fn every_pair_of_colours_can_be_read_in_light_and_dark() {
        let sheet = String::from_utf8(assets::static_file("base.css").unwrap().into_owned()).unwrap();
        let (light, dark) = sheet.split_once("@media screen and (prefers-color-scheme: dark)").unwrap();
        let light = colours(light);
        let mut night = light.clone();
        night.extend(colours(dark.split_once("\n}").unwrap().0));
        let grounds = ["ok", "slow", "part", "out", "catch", "plan", "none"];
        let statuses = grounds.map(|name| (name.to_owned(), format!("{name}-bg")));
        let words =
            [("ink", "page"), ("ink", "card"), ("dim", "page"), ("dim", "card"), ("link", "page"), ("link", "card")];
        let others =
            [("error", "card"), ("error", "page"), ("brand-ink", "brand"), ("brand-ink", "go"), ("focus-ink", "focus")];
        let named = words.into_iter().chain(others).map(|(front, ground)| (front.to_owned(), ground.to_owned()));
        for (front, ground) in named.chain(statuses) {
            for (scheme, name) in [(&light, "light"), (&night, "dark")] {
                let ratio = contrast(&scheme[&front], &scheme[&ground]);
                assert!(ratio >= 4.5, "{front} on {ground} is {ratio:.2}:1 in {name}");
            }
        }
    }

    fn colours(css: &str) -> BTreeMap<String, String> {
        css.split("--")
            .filter_map(|part| part.split_once(": #"))
            .map(|(name, rest)| (name.to_owned(), rest.chars().take_while(char::is_ascii_hexdigit).collect()))
            .collect()
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(colour: &str) -> f64 {
        let full: String =
            if colour.len() == 3 { colour.chars().flat_map(|digit| [digit, digit]).collect() } else { colour.into() };
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&full[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }
}
