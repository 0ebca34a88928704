//! The style sheets, small enough to travel inside each page, and the hashes that let a page's security policy allow them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Environment, Error, ErrorKind, Value};
use sha2::{Digest, Sha256};

use crate::assets;

/// The sheets that `css("name")` knows; each begins with what all pages share.
const SHEETS: [&str; 2] = ["public", "staff"];

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
        Self {
            sheets: SHEETS.map(sheet).into_iter().collect(),
        }
    }

    /// Adds `css("name")`, the content of a `style` element.
    pub(crate) fn install(self: &Arc<Self>, environment: &mut Environment<'static>) {
        let styles = Arc::clone(self);
        environment.add_function("css", move |name: String| {
            let sheet = styles
                .sheets
                .get(name.as_str())
                .cloned()
                .map(Value::from_safe_string);
            sheet.ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidOperation,
                    format!("no style sheet {name:?}"),
                )
            })
        });
    }

    /// One `'sha256-…'` per sheet, as CSP level 3 wants it.
    pub(crate) fn sources(&self) -> Vec<String> {
        self.sheets
            .values()
            .map(|sheet| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(sheet))))
            .collect()
    }
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
