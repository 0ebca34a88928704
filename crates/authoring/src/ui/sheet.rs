//! The writing form as it travels between browser and server: every field as text, so that nothing typed is ever lost.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use domain::fact::{Answer, Cause, Certainty, Fact};
use domain::relation::MOST_RELATIONS;
use domain::revision::{AdviceChoice, Words};
use domain::status::ServiceState;
use domain::{ChannelKind, Content, Language, Localized, Phase, Relation, RelationKind, Severity, Status};
use edge::{Problem, RawForm};

use crate::compose::certainty;
use crate::content::{ContentInput, WORDS, words_of};

/// The fields of the writing form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pairs: Vec<(String, String)>,
}

impl Sheet {
    /// What was posted.
    pub(crate) fn posted(form: &RawForm) -> Self {
        let kept = form.pairs().filter(|(name, _)| *name != "csrf");
        Self { pairs: kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() }
    }

    /// A form that shows a content.
    pub(crate) fn of(content: &Content, zone: Tz) -> Self {
        let mut sheet = Self::default();
        sheet.set("phase", content.phase.key());
        sheet.set("severity", content.severity.key());
        sheet.set("speaker", content.organisations.first().map_or("", String::as_str));
        sheet.set_all("organisations", content.organisations.iter().skip(1).cloned());
        sheet.set_all("components", content.components.iter().cloned());
        sheet.set_services(&content.services, content.phase);
        sheet.set("cause", &content.cause.key);
        sheet.set("certainty", certainty(content.cause.certainty));
        sheet.set("cause.stated_by", content.cause.stated_by.as_deref().unwrap_or_default());
        for (name, fact) in [("cyber", &content.cyber), ("data", &content.data)] {
            sheet.set(name, fact.answer.key());
            sheet.set(&format!("{name}.stated_by"), fact.stated_by.as_deref().unwrap_or_default());
        }
        for (row, one) in content.relations.iter().enumerate() {
            sheet.set(&format!("relation.{row}.number"), &one.number.to_string());
            sheet.set(&format!("relation.{row}.kind"), one.kind.key());
            sheet.set(&format!("relation.{row}.stated_by"), one.stated_by.as_deref().unwrap_or_default());
        }
        sheet.set_all("advice", content.advice.all_keys().into_iter().map(str::to_owned));
        sheet.set_all("advice_stands", content.advice_stands.iter().cloned());
        sheet.set_all("on_paper", content.on_paper.then(|| "yes".to_owned()));
        sheet.set("next", content.next_update_by.map(stamp).as_deref().unwrap_or_default());
        let local = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string();
        sheet.set("started_at", &content.started_at.map(local).unwrap_or_default());
        sheet.set("early_reason", content.early_reason.as_deref().unwrap_or_default());
        let page_alone = content.channels.is_empty().then_some("page");
        sheet.set_all("channels", content.channels.iter().map(|one| one.key()).chain(page_alone).map(str::to_owned));
        sheet.set_words(&content.words, &WORDS);
        sheet
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    pub(crate) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.pairs
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.set_all(name, [value.to_owned()]);
    }

    pub(crate) fn set_all(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        self.pairs.retain(|(key, _)| key != name);
        self.pairs.extend(values.into_iter().map(|value| (name.to_owned(), value)));
    }

    /// Fills word fields; empty languages are left as they are.
    pub(crate) fn set_words(&mut self, words: &Words, fields: &[&str]) {
        for field in fields {
            let Some(texts) = words_of(words, field) else { continue };
            for (language, text) in texts.iter() {
                self.set(&format!("{field}.{language}"), text);
            }
        }
    }

    /// Puts the template's words into the fields that are empty.
    pub(crate) fn fill_empty(&mut self, words: &Words) {
        for field in WORDS {
            let Some(texts) = words_of(words, field) else { continue };
            for (language, text) in texts.iter() {
                let name = format!("{field}.{language}");
                if self.get(&name).is_empty() {
                    self.set(&name, text);
                }
            }
        }
    }

    /// The commonest pair of statuses becomes that of all, so that the form asks for as little as can be. Planned work
    /// stops nothing that is not said to stop.
    fn set_services(&mut self, services: &[ServiceState], phase: Phase) {
        self.set_all("services", services.iter().map(|one| one.key.clone()));
        let mut counts: BTreeMap<(Status, Status), usize> = BTreeMap::new();
        for one in services {
            *counts.entry((one.system, one.care)).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count).map(|(pair, _)| pair);
        let (system, care) = most.unwrap_or(match Phase::PLANNED.contains(&phase) {
            true => (Status::Maintenance, Status::Operational),
            false => (Status::Outage, Status::Degraded),
        });
        self.set("system", system.key());
        self.set("care", care.key());
        for one in services {
            self.set(&format!("system.{}", one.key), if one.system == system { "" } else { one.system.key() });
            self.set(&format!("care.{}", one.key), if one.care == care { "" } else { one.care.key() });
        }
    }

    /// The form for the templates.
    pub(crate) fn form(&self, problems: Vec<Problem>) -> render::Form {
        render::Form::posted(self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))).refused(problems)
    }

    /// Everything in it, to tell a form sent twice from one that was changed in between.
    pub(crate) fn fingerprint(&self) -> String {
        self.pairs.iter().map(|(name, value)| format!("{}:{name}={}:{value};", name.len(), value.len())).collect()
    }

    /// Whether any word was typed or filled in.
    pub(crate) fn has_words(&self) -> bool {
        let typed = |field: &str| {
            Language::ALL.into_iter().any(|language| !self.get(&format!("{field}.{language}")).is_empty())
        };
        WORDS.into_iter().filter(|field| !field.starts_with("staff_")).any(typed)
    }

    /// What it says of a revision, in local times of `zone`.
    pub(crate) fn input(&self, zone: Tz) -> (ContentInput, Vec<Problem>) {
        let mut problems = Vec::new();
        let input = ContentInput {
            phase: Phase::from_key(self.get("phase")),
            severity: Severity::from_key(self.get("severity")),
            organisations: Some(self.organisations()),
            components: Some(self.all("components").map(str::to_owned).collect()),
            services: Some(self.services()),
            cause: Some(self.cause()),
            cyber: Some(self.fact("cyber")),
            data: Some(self.fact("data")),
            relations: Some(self.relations(&mut problems)),
            advice: Some(AdviceChoice::Shared(self.all("advice").map(str::to_owned).collect())),
            advice_stands: Some(self.all("advice_stands").map(str::to_owned).collect()),
            on_paper: Some(!self.get("on_paper").is_empty()),
            next_update_by: Some(self.next(zone, &mut problems)),
            started_at: Some(self.local_time("started_at", zone).unwrap_or_else(|problem| {
                problems.push(problem);
                None
            })),
            early_reason: Some(self.source("early_reason")),
            words: self.words(),
            channels: self.channels(),
        };
        (input, problems)
    }

    /// The Welsh words alone: what a translator's form has.
    pub(crate) fn welsh(&self, before: &Words) -> ContentInput {
        let mut words = BTreeMap::new();
        for field in WORDS {
            let name = format!("{field}.cy");
            if let (Some(texts), true) = (words_of(before, field), self.pairs.iter().any(|(key, _)| *key == name)) {
                let mut texts = texts.clone();
                texts.set(Language::Cy, self.get(&name));
                words.insert(field, texts);
            }
        }
        ContentInput { words, ..ContentInput::default() }
    }

    /// A local time of the form `2018-01-24T15:45`; an hour that the clocks skip does not exist.
    pub(crate) fn local_time(&self, name: &str, zone: Tz) -> Result<Option<DateTime<Utc>>, Problem> {
        let typed = self.get(name);
        if typed.is_empty() {
            return Ok(None);
        }
        let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
            .into_iter()
            .find_map(|format| NaiveDateTime::parse_from_str(typed, format).ok());
        let time = local.and_then(|local| zone.from_local_datetime(&local).earliest());
        time.map(|time| Some(time.with_timezone(&Utc))).ok_or_else(|| Problem::new(name, "time"))
    }

    fn organisations(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for key in self.all("speaker").chain(self.all("organisations")) {
            if !keys.iter().any(|one| one == key) {
                keys.push(key.to_owned());
            }
        }
        keys
    }

    fn services(&self) -> Vec<ServiceState> {
        let status = |kind: &str, key: &str| {
            let own = Status::from_key(self.get(&format!("{kind}.{key}")));
            own.or_else(|| Status::from_key(self.get(kind))).unwrap_or(Status::Unknown)
        };
        let keys = self.all("services");
        keys.map(|key| ServiceState { key: key.to_owned(), system: status("system", key), care: status("care", key) })
            .collect()
    }

    /// Nothing ticked leaves it to the severity; "page" ticked alone means the page alone.
    fn channels(&self) -> Option<Vec<ChannelKind>> {
        self.all("channels").next()?;
        Some(self.all("channels").filter_map(ChannelKind::from_key).collect())
    }

    fn cause(&self) -> Cause {
        let certain = [Certainty::Suspected, Certainty::Confirmed];
        let given = self.get("certainty");
        let key = match self.get("cause") {
            "" => Cause::default().key,
            key => key.to_owned(),
        };
        Cause {
            key,
            certainty: certain.into_iter().find(|one| certainty(*one) == given).unwrap_or_default(),
            stated_by: self.source("cause.stated_by"),
        }
    }

    fn fact(&self, name: &str) -> Fact {
        let answers = [Answer::No, Answer::NoEvidence, Answer::Yes];
        let answer = answers.into_iter().find(|answer| answer.key() == self.get(name)).unwrap_or_default();
        Fact { answer, stated_by: self.source(&format!("{name}.stated_by")), stated_at: None }
    }

    /// The rows of the form for other incidents: those that are filled in, and one more.
    pub(crate) fn relation_rows(&self) -> usize {
        let is_used = |row: &usize| {
            ["number", "kind", "stated_by"].iter().any(|name| !self.get(&format!("relation.{row}.{name}")).is_empty())
        };
        let used = (0..MOST_RELATIONS).rev().find(is_used).map_or(0, |row| row + 1);
        (used + 1).min(MOST_RELATIONS)
    }

    /// A row without an incident says nothing. Which of the two it is must be said, never assumed.
    fn relations(&self, problems: &mut Vec<Problem>) -> Vec<Relation> {
        let mut relations = Vec::new();
        for row in 0..MOST_RELATIONS {
            let name = |part: &str| format!("relation.{row}.{part}");
            let number = self.get(&name("number"));
            if number.is_empty() {
                continue;
            }
            let Some(kind) = RelationKind::from_key(self.get(&name("kind"))) else {
                problems.push(Problem::new(name("kind"), "choice"));
                continue;
            };
            // No incident has the number 0: what was not picked from the list is refused as one that is not public.
            let number = number.parse().unwrap_or_default();
            relations.push(Relation { number, kind, stated_by: self.source(&name("stated_by")), stated_at: None });
        }
        relations
    }

    fn source(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|source| !source.is_empty())
    }

    fn next(&self, zone: Tz, problems: &mut Vec<Problem>) -> Option<DateTime<Utc>> {
        match self.get("next") {
            "" => None,
            "at" => self.local_time("next_at", zone).unwrap_or_else(|problem| {
                problems.push(problem);
                None
            }),
            time => match time.parse() {
                Ok(time) => Some(time),
                Err(_) => {
                    problems.push(Problem::new("next", "time"));
                    None
                }
            },
        }
    }

    /// A form without any word asks for the template's words. As soon as there are words, an empty field means empty.
    fn words(&self) -> BTreeMap<&'static str, Localized> {
        let mut words = BTreeMap::new();
        for field in WORDS.into_iter().filter(|field| *field != "subject") {
            let mut texts = Localized::default();
            for language in Language::ALL {
                texts.set(language, self.get(&format!("{field}.{language}")));
            }
            if self.has_words() || !texts.is_empty() {
                words.insert(field, texts);
            }
        }
        words
    }
}

/// A time as the value of a choice.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(body: &str) -> Sheet {
        Sheet::posted(&RawForm::parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_form_and_its_content_say_the_same() {
        let posted = sheet(
            "phase=identified&severity=serious&speaker=nhs-wales&organisations=pthb&services=gp_appt&services=ed&system=outage\
             &care=degraded&system.ed=partial&cause=network&certainty=confirmed&cause.stated_by=DHCW&cyber=no\
             &cyber.stated_by=NCSC&data=not_known&advice=call_999&on_paper=yes&next=2018-01-24T15%3A45%3A00Z&channels=sms\
             &title.en=Title&title.cy=Teitl&relation.0.number=8&relation.0.kind=not_related&relation.0.stated_by=MFT\
             &started_at=2018-07-24T13:05&relation.3.number=9&relation.3.kind=related&relation.4.kind=related",
        );
        let (input, problems) = posted.input(Tz::Europe__London);
        assert!(problems.is_empty());
        let content = input.into_first(domain::IncidentKind::Incident);
        let (again, _) = Sheet::of(&content, Tz::Europe__London).input(Tz::Europe__London);
        let mut same = content.clone();
        again.apply(&mut same);
        assert_eq!(same, content);
        let related: Vec<_> = content.relations.iter().map(|one| (one.number, one.kind)).collect();
        assert_eq!(related, [(8, RelationKind::NotRelated), (9, RelationKind::Related)]);
        assert_eq!(content.services[1].system, Status::Partial);
        assert_eq!(content.services[0].system, Status::Outage);
    }

    #[test]
    fn which_of_the_two_it_is_must_be_said() {
        let (input, problems) = sheet("relation.0.number=8&relation.0.stated_by=MFT").input(Tz::Europe__London);
        assert_eq!(input.relations, Some(Vec::new()));
        assert_eq!(problems, [Problem::new("relation.0.kind", "choice")]);
        for (posted, rows) in [("", 1), ("relation.0.number=8", 2), ("relation.7.stated_by=x", MOST_RELATIONS)] {
            assert_eq!(sheet(posted).relation_rows(), rows, "{posted}");
        }
    }

    #[test]
    fn an_hour_that_the_clocks_skip_is_no_time() {
        let zone = Tz::Europe__London;
        assert!(sheet("t=2018-03-25T01%3A30").local_time("t", zone).is_err());
        let summer = sheet("t=2018-07-01T09%3A00").local_time("t", zone).unwrap().unwrap();
        assert_eq!(stamp(summer), "2018-07-01T08:00:00.000Z");
        assert!(sheet("t=tomorrow").local_time("t", zone).is_err());
    }
}
