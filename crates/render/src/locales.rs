//! Holds the words of the interface in every language (Project Fluent), and finds them by key.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::Serialize;
use unic_langid::LanguageIdentifier;

use crate::renderer::RenderError;

type Bundle = FluentBundle<FluentResource>;

/// The value of one placeholder in a message.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Argument {
    /// Text, inserted as it is.
    Text(String),
    /// A number: chooses the plural form and is printed with thousands separated.
    Number(f64),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Argument {
    #[expect(clippy::cast_precision_loss, reason = "counts shown to people are far below 2^53")]
    fn from(number: i64) -> Self {
        Self::Number(number as f64)
    }
}

impl From<u64> for Argument {
    #[expect(clippy::cast_precision_loss, reason = "counts shown to people are far below 2^53")]
    fn from(number: u64) -> Self {
        Self::Number(number as f64)
    }
}

impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        Self::from(number as u64)
    }
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<i32> for Argument {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}

/// The placeholders of a message by name.
pub type Args = BTreeMap<String, Argument>;

/// Every message of every language.
pub(crate) struct Locales {
    bundles: BTreeMap<&'static str, Bundle>,
}

impl Locales {
    /// Reads all files; fails on a syntax error, on a key defined twice and on a language without files.
    pub(crate) fn load(files: &BTreeMap<String, String>) -> Result<Self, RenderError> {
        let mut bundles = BTreeMap::new();
        for language in Language::ALL {
            bundles.insert(language.code(), bundle_of(language, files)?);
        }
        Ok(Self { bundles })
    }

    /// The message, or why there is none: an unknown key and a missing placeholder are both faults of the program.
    pub(crate) fn text(&self, language: Language, key: &str, args: &Args) -> Result<String, RenderError> {
        let missing = || RenderError::MissingText { key: key.to_owned(), language: language.code() };
        let bundle = self.bundles.get(language.code()).ok_or_else(missing)?;
        let pattern = bundle.get_message(key).and_then(|message| message.value()).ok_or_else(missing)?;
        let args = fluent_args(args);
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        match errors.first() {
            None => Ok(text.into_owned()),
            Some(error) => {
                Err(RenderError::Text { key: key.to_owned(), language: language.code(), detail: error.to_string() })
            }
        }
    }

    /// Whether a message of this key exists in this language.
    pub(crate) fn has(&self, language: Language, key: &str) -> bool {
        self.bundles.get(language.code()).is_some_and(|bundle| bundle.has_message(key))
    }
}

fn files_of(language: Language, files: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    files.iter().filter(move |(name, _)| {
        name.strip_suffix(".ftl").and_then(|name| name.split('/').next()) == Some(language.code())
    })
}

fn bundle_of(language: Language, files: &BTreeMap<String, String>) -> Result<Bundle, RenderError> {
    let id: LanguageIdentifier = language.code().parse().expect("language codes are BCP 47 tags");
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Isolation marks are invisible letters that break text messages and string searches; both languages run left to right.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(group_thousands));
    for (name, source) in files_of(language, files) {
        let resource = FluentResource::try_new(source.clone())
            .map_err(|(_, errors)| RenderError::Locale { file: name.clone(), detail: describe(&errors) })?;
        bundle
            .add_resource(resource)
            .map_err(|errors| RenderError::Locale { file: name.clone(), detail: describe(&errors) })?;
    }
    Ok(bundle)
}

fn describe<E: std::fmt::Display>(errors: &[E]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn fluent_args(args: &Args) -> FluentArgs<'_> {
    args.iter()
        .map(|(name, value)| {
            let value = match value {
                Argument::Text(text) => FluentValue::String(Cow::Borrowed(text.as_str())),
                Argument::Number(number) => FluentValue::from(*number),
            };
            (name.as_str(), value)
        })
        .collect()
}

/// Both languages write 12,418.
fn group_thousands<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(grouped(&number.as_string())),
        _ => None,
    }
}

/// Separates the thousands of a printed number with commas: `12418` becomes `12,418`.
pub(crate) fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}
