//! What an update changes since the last one, in words that the approver reads: each text word by word, each list by
//! what came and what went.

use domain::status::ServiceState;
use domain::{Catalogue, ChannelKind, Content, Language, Relation};
use render::dates::Dates;
use render::{Args, RenderError};

use super::diff;
use super::editor::PARTS;
use super::incidents::short_name;
use super::views::Difference;
use crate::Authoring;
use crate::content::words_of;
use crate::wording::relation_key;

type Made<T> = Result<T, RenderError>;
/// The label of a list, and its items by their keys.
type List = (&'static str, Vec<(String, String)>);

impl Authoring {
    /// The parts that read otherwise than before: texts in both languages, lists in the language of the reader.
    pub(super) fn changes(
        &self,
        catalogue: &Catalogue,
        language: Language,
        (last, new): (&Content, &Content),
    ) -> Made<Vec<Difference>> {
        let mut found = of_words(last, new);
        let before = self.picked(catalogue, language, last)?;
        let after = self.picked(catalogue, language, new)?;
        for ((label, before), (_, after)) in before.into_iter().zip(after) {
            let lines = diff::items(&before, &after);
            if !lines.is_empty() {
                found.push(Difference { label, language: None, lines });
            }
        }
        Ok(found)
    }

    /// Everything that was picked, by its key, as it is called on the screen.
    fn picked(&self, catalogue: &Catalogue, language: Language, content: &Content) -> Made<Vec<List>> {
        let say = |key: &str| self.renderer().text(language, key, &Args::new());
        let service = |one: &ServiceState| {
            let name = catalogue.service(&one.key).map_or(one.key.as_str(), |known| known.name.text(language));
            let (system, care) = (say(&format!("st-{}", one.system.key()))?, say(&format!("st-{}", one.care.key()))?);
            let (of_system, of_care) = (say("st-system")?, say("st-care")?);
            Ok((one.key.clone(), format!("{name}. {of_system}: {system}. {of_care}: {care}.")))
        };
        let severity = say(&format!("sev-{}", content.severity.key()))?;
        let advice = content.advice.all_keys();
        let advice = catalogue.advice.iter().filter(|one| advice.contains(&one.key.as_str()));
        let area = |key: &String| (key.clone(), short_name(catalogue, key).text(language).to_owned());
        let channel = |one: &ChannelKind| Ok((one.key().to_owned(), say(&format!("au-channel-{}", one.key()))?));
        let relation = |one: &Relation| {
            let (kind, by) = (say(relation_key(one.kind))?, one.stated_by.as_deref().unwrap_or_default());
            // By its link, as in the preview: it may be planned work as well as an incident.
            let link = self.site().short_link(language, one.number);
            Ok((one.number.to_string(), format!("{kind}: {link}. {}", catalogue.source(by, language))))
        };
        let dates = Dates::new(self.renderer().settings().time_zone, language);
        let start = content.started_at.map(|at| (at.to_rfc3339(), dates.date_time(at)));
        Ok(vec![
            ("au-field-started_at", start.into_iter().collect()),
            ("au-field-severity", vec![("severity".to_owned(), severity)]),
            ("au-field-services", content.services.iter().map(service).collect::<Made<_>>()?),
            ("au-field-relations", content.relations.iter().map(relation).collect::<Made<_>>()?),
            ("au-field-advice", advice.map(|one| (one.key.clone(), one.text.text(language).to_owned())).collect()),
            ("au-field-organisations", content.organisations.iter().map(area).collect()),
            ("au-field-channels", content.channels.iter().map(channel).collect::<Made<_>>()?),
        ])
    }
}

fn of_words(last: &Content, new: &Content) -> Vec<Difference> {
    let mut found = Vec::new();
    for (field, label, _) in PARTS {
        let (Some(old), Some(words)) = (words_of(&last.words, field), words_of(&new.words, field)) else { continue };
        for language in Language::ALL {
            let (before, after) = (old.get(language).unwrap_or_default(), words.get(language).unwrap_or_default());
            if before != after {
                found.push(Difference { label, language: Some(language), lines: vec![diff::words(before, after)] });
            }
        }
    }
    found
}
