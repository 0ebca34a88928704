//! Templates that fill both languages of an update from what the author picked, so that nothing need be typed.

use serde::{Deserialize, Serialize};

use crate::fact::{Cause, Certainty};
use crate::revision::Words;
use crate::{Catalogue, Content, IncidentKind, Language, Localized, Phase};

/// The words of one phase, with placeholders in braces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// For incidents or for planned work.
    pub kind: IncidentKind,
    /// The phase it words.
    pub phase: Phase,
    /// Pre-approved: one person may publish it unchanged up to severity minor.
    #[serde(default)]
    pub holding: bool,
    /// The headline.
    pub title: Localized,
    /// What we know.
    #[serde(default)]
    pub know: Localized,
    /// What we do not know yet.
    #[serde(default)]
    pub unknown: Localized,
    /// What we are doing.
    #[serde(default)]
    pub doing: Localized,
    /// What you should do, beside the advice lines.
    #[serde(default)]
    pub should: Localized,
    /// When you will hear more.
    #[serde(default)]
    pub more: Localized,
    /// The text message.
    #[serde(default)]
    pub sms: Localized,
    /// The social post.
    #[serde(default)]
    pub post: Localized,
    /// In place of the words above while the cause is only suspected.
    #[serde(default, skip_serializing_if = "Variant::is_empty")]
    pub suspected: Variant,
    /// In place of the words above while nobody knows the cause.
    #[serde(default, skip_serializing_if = "Variant::is_empty")]
    pub unknown_cause: Variant,
}

/// Other words for some parts of a template. What is empty stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Variant {
    /// The headline.
    pub title: Localized,
    /// What we know.
    pub know: Localized,
    /// What we do not know yet.
    pub unknown: Localized,
    /// What we are doing.
    pub doing: Localized,
    /// The text message.
    pub sms: Localized,
    /// The social post.
    pub post: Localized,
}

impl Variant {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the placeholders stand for in one language.
#[derive(Clone, Debug, Default)]
pub struct Filling {
    /// The time of the next update as people read it, such as `3:45pm`; empty when none is promised.
    pub next: String,
}

impl Template {
    /// The template as it reads while the cause stands as it does: what is only suspected is not told as a fact.
    #[must_use]
    pub fn for_cause(&self, cause: &Cause) -> Self {
        let variant = match cause.standing() {
            Certainty::Confirmed => &Variant::default(),
            Certainty::Suspected => &self.suspected,
            Certainty::Unknown => &self.unknown_cause,
        };
        let either = |own: &Localized, other: &Localized| if other.is_empty() { own } else { other }.clone();
        Self {
            title: either(&self.title, &variant.title),
            know: either(&self.know, &variant.know),
            unknown: either(&self.unknown, &variant.unknown),
            doing: either(&self.doing, &variant.doing),
            sms: either(&self.sms, &variant.sms),
            post: either(&self.post, &variant.post),
            suspected: Variant::default(),
            unknown_cause: Variant::default(),
            ..self.clone()
        }
    }

    /// The parts that name the cause and have no other words for when it is only suspected: they would make a suspicion
    /// a fact.
    #[must_use]
    pub fn overstated(&self) -> Vec<&'static str> {
        let suspected = &self.suspected;
        let parts = [
            ("title", &self.title, &suspected.title),
            ("know", &self.know, &suspected.know),
            ("unknown", &self.unknown, &suspected.unknown),
            ("doing", &self.doing, &suspected.doing),
            ("sms", &self.sms, &suspected.sms),
            ("post", &self.post, &suspected.post),
        ];
        let names = |text: &Localized| text.iter().any(|(_, words)| words.contains("{cause}"));
        parts.iter().filter(|(_, own, other)| names(own) && other.is_empty()).map(|(name, ..)| *name).collect()
    }

    /// The words of this template for a content, in every language of the template.
    pub fn fill(&self, content: &Content, catalogue: &Catalogue, next: impl Fn(Language) -> Filling) -> Words {
        let own = self.for_cause(&content.cause);
        let fill = |text: &Localized| {
            text.map(|language, words| {
                let filling = next(language);
                tidy(&replace(words, |name| placeholder(name, language, content, catalogue, &filling)))
            })
        };
        Words {
            title: fill(&own.title),
            subject: fill(&own.title),
            know: fill(&own.know),
            unknown: fill(&own.unknown),
            doing: fill(&own.doing),
            should: fill(&own.should),
            more: fill(&own.more),
            sms: fill(&own.sms),
            post: fill(&own.post),
            ..Words::default()
        }
    }
}

/// `{link}` stays: the short link is put in when the number of the incident is known.
fn placeholder(
    name: &str,
    language: Language,
    content: &Content,
    catalogue: &Catalogue,
    filling: &Filling,
) -> Option<String> {
    Some(match name {
        "body" => content
            .organisations
            .first()
            .and_then(|key| catalogue.organisation(key))
            .map_or_else(String::new, |one| one.sms_name(language).to_owned()),
        "services" => {
            listed(content.services.iter().filter_map(|one| catalogue.service(&one.key)), |one| one.name.text(language))
        }
        "areas" => listed(content.organisations.iter().filter_map(|key| catalogue.organisation(key)), |one| {
            one.short.text(language)
        }),
        "cause" => {
            catalogue.cause(&content.cause.key).map_or_else(String::new, |one| one.name.text(language).to_owned())
        }
        "advice" => catalogue
            .advice_in_order(content.advice.keys(language))
            .map(|one| one.sms.text(language).to_owned())
            .collect::<Vec<_>>()
            .join(" "),
        "next" => filling.next.clone(),
        _ => return None,
    })
}

fn listed<'a, T: 'a>(items: impl Iterator<Item = &'a T>, name: impl Fn(&'a T) -> &'a str) -> String {
    items.map(name).collect::<Vec<_>>().join(", ")
}

/// Replaces `{name}` where `value` knows the name, and leaves any other brace as it is.
fn replace(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        out.push_str(before);
        match after.find('}').and_then(|end| value(&after[1..end]).map(|words| (words, end))) {
            Some((words, end)) => {
                out.push_str(&words);
                rest = &after[end + 1..];
            }
            None => {
                out.push('{');
                rest = &after[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// An empty placeholder must not leave two spaces behind.
fn tidy(text: &str) -> String {
    text.lines()
        .map(|line| line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_placeholders_and_lone_braces_stay_as_typed() {
        let text = replace("a {x} b {link} c {", |name| (name == "x").then(|| "1".to_owned()));
        assert_eq!(text, "a 1 b {link} c {");
    }

    #[test]
    fn a_suspicion_is_told_as_one() {
        let template: Template = serde_json::from_value(serde_json::json!({
            "kind": "incident", "phase": "identified",
            "title": {"en": "Found"}, "know": {"en": "Found. Cause: {cause}."},
            "sms": {"en": "Cause: {cause}."},
            "suspected": {"title": {"en": "Perhaps found"}, "know": {"en": "Suspected: {cause}."}},
        }))
        .unwrap();
        let network = |certainty| Cause { key: "network".to_owned(), certainty, stated_by: None };
        let title = |cause: &Cause| template.for_cause(cause).title.text(Language::En).to_owned();
        assert_eq!(title(&network(Certainty::Confirmed)), "Found");
        assert_eq!(title(&network(Certainty::Suspected)), "Perhaps found");
        assert_eq!(title(&network(Certainty::Unknown)), "Perhaps found");
        assert_eq!(template.overstated(), ["sms"], "there are no words for a suspicion");
    }
}
