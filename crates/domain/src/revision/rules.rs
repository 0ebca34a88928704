//! The gate before publication: every reason why a content may not go out yet.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::Content;
use crate::phase::{Past, StepRefused};
use crate::status::{ServiceState, Status};
use crate::{Catalogue, ChannelKind, IncidentKind, Language, Localized, Phase, relation, sms, text};

/// One reason why a content may not be published. The code is also the translation key (`invalid-{code}`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentProblem {
    /// The form field and API pointer, such as `title` or `services`.
    pub field: &'static str,
    /// The stable code.
    pub code: &'static str,
    /// The language that is at fault, where one is.
    pub language: Option<Language>,
}

/// What the content is judged against.
#[derive(Clone, Copy, Debug)]
pub struct Gate<'a> {
    /// The lists that keys must be in.
    pub catalogue: &'a Catalogue,
    /// The languages that must be there.
    pub languages: &'a [Language],
    /// Problem or planned work.
    pub kind: IncidentKind,
    /// Of the incidents that it names, the numbers of those that are others and public.
    pub public: &'a [i64],
    /// What was published before.
    pub past: Past,
    /// The time of publication, as people read it.
    pub now: DateTime<Utc>,
}

/// The longest text of one part in letters; the page is read on an old phone.
const LONGEST_PART: usize = 2_000;
/// The longest headline in letters.
const LONGEST_TITLE: usize = 120;
/// More lines of advice than this nobody remembers.
const MOST_ADVICE: usize = 8;
/// What an emergency excuses.
const EXCUSED: [&str; 4] = ["language-missing", "advice-differs", "numbers-differ", "next-update-passed"];

impl Content {
    /// Every reason why this may not be published. An empty list means that it may.
    #[must_use]
    pub fn problems(&self, gate: Gate<'_>) -> Vec<ContentProblem> {
        let mut found = Found(Vec::new());
        self.check_picks(gate, &mut found);
        self.check_facts(gate, &mut found);
        self.check_agreement(gate.catalogue, &mut found);
        self.check_step(gate, &mut found);
        self.check_languages(gate.languages, &mut found);
        self.check_words(&mut found);
        found.0
    }

    /// The problems that even an emergency does not excuse: all but a missing language, and a promise whose time passed
    /// while nobody was there to approve. The page then says that the next update is late, which is true.
    #[must_use]
    pub fn problems_in_emergency(&self, gate: Gate<'_>) -> Vec<ContentProblem> {
        let mut problems = self.problems(gate);
        problems.retain(|problem| !EXCUSED.contains(&problem.code));
        if self.words.title.is_empty() {
            problems.push(ContentProblem { field: "title", code: "blank", language: None });
        }
        problems
    }

    fn check_picks(&self, gate: Gate<'_>, found: &mut Found) {
        let known = |keys: &[String], is_known: &dyn Fn(&str) -> bool| keys.iter().all(|key| is_known(key));
        let catalogue = gate.catalogue;
        if self.organisations.is_empty() {
            found.add("organisations", "blank");
        }
        if !known(&self.organisations, &|key| catalogue.organisation(key).is_some()) {
            found.add("organisations", "unknown-key");
        }
        if self.services.iter().any(|one| catalogue.service(&one.key).is_none()) {
            found.add("services", "unknown-key");
        }
        let distinct: BTreeSet<&str> = self.services.iter().map(|one| one.key.as_str()).collect();
        if distinct.len() != self.services.len() {
            found.add("services", "repeated-key");
        }
        let advice = self.advice.all_keys();
        if advice.iter().any(|key| !catalogue.advice.iter().any(|one| one.key == *key)) {
            found.add("advice", "unknown-key");
        }
        if advice.len() > MOST_ADVICE {
            found.add("advice", "too-many");
        }
        match catalogue.cause(&self.cause.key) {
            None => found.add("cause", "unknown-key"),
            Some(cause) if cause.staff_only => found.add("cause", "staff-only"),
            Some(_) => {}
        }
    }

    fn check_facts(&self, gate: Gate<'_>, found: &mut Found) {
        for (field, fact) in [("cyber", &self.cyber), ("data", &self.data)] {
            let named = fact.stated_by.as_deref().is_some_and(text::says_something);
            if fact.answer.needs_source() && !named {
                found.add(field, "source-missing");
            }
        }
        for code in relation::problems(&self.relations, gate.public) {
            found.add("relations", code);
        }
    }

    /// What the phase and the advice say must not contradict what the services are said to be.
    fn check_agreement(&self, catalogue: &Catalogue, found: &mut Found) {
        let is_normal = |one: &ServiceState| one.shown() == Status::Operational;
        match self.phase {
            Phase::Monitoring | Phase::Recovering if self.services.iter().any(ServiceState::is_down) => {
                found.add("services", "service-still-down");
            }
            phase if phase.is_over() && !self.services.iter().all(is_normal) => {
                found.add("services", "service-not-normal");
            }
            _ => {}
        }
        let in_doubt = self.advice_in_doubt(catalogue);
        if in_doubt.iter().any(|(advice, _)| !self.advice_stands.contains(&advice.key)) {
            found.add("advice", "advice-service-down");
        }
    }

    fn check_step(&self, gate: Gate<'_>, found: &mut Found) {
        let fits = match gate.kind {
            IncidentKind::Incident => Phase::INCIDENT.contains(&self.phase),
            IncidentKind::Planned => Phase::PLANNED.contains(&self.phase),
        };
        let step = if fits { gate.past.allows(self.phase) } else { Err(StepRefused::WrongKind) };
        match step {
            Ok(()) if gate.past.ends_early(self.phase, gate.now) && self.early_reason.is_none() => {
                found.add("early_reason", "early-end");
            }
            Ok(()) => {}
            Err(StepRefused::NotNext) => found.add("phase", "phase-not-next"),
            Err(StepRefused::BacklogUnspoken) => found.add("phase", "backlog-unspoken"),
            Err(StepRefused::WrongKind) => found.add("phase", "phase-wrong-kind"),
        }
        if self.started_at.is_some_and(|at| at > gate.now || gate.kind == IncidentKind::Planned) {
            found.add("started_at", "start-ahead");
        }
        let people_wait = gate.kind == IncidentKind::Incident && !self.phase.is_over();
        if people_wait && self.next_update_by.is_none() {
            found.add("next_update_by", "next-update-missing");
        }
        if self.next_update_by.is_some_and(|by| by <= gate.now) {
            found.add("next_update_by", "next-update-passed");
        }
    }

    /// Both languages must say as much, give the same advice, and hold the same numbers, times and links.
    fn check_languages(&self, languages: &[Language], found: &mut Found) {
        for (field, words) in self.parts() {
            let must = field == "title" || (field == "sms" && self.goes_by(ChannelKind::Sms));
            let must = must || (field == "post" && self.goes_by(ChannelKind::Mastodon)) || !words.is_empty();
            for language in languages.iter().filter(|language| must && words.get(**language).is_none()) {
                found.0.push(ContentProblem { field, code: "language-missing", language: Some(*language) });
            }
            let numbers: Vec<_> =
                languages.iter().filter_map(|language| words.get(*language)).map(hard_words).collect();
            if numbers.windows(2).any(|pair| pair[0] != pair[1]) {
                found.add(field, "numbers-differ");
            }
        }
        if self.advice.differs(languages) {
            found.add("advice", "advice-differs");
        }
    }

    fn check_words(&self, found: &mut Found) {
        for (field, words) in self.parts().into_iter().chain(self.staff_parts()) {
            let longest = if matches!(field, "title" | "subject") { LONGEST_TITLE } else { LONGEST_PART };
            for (language, one) in words.iter() {
                if text::normalise(one).is_err() {
                    found.0.push(ContentProblem { field, code: "letters-refused", language: Some(language) });
                }
                if one.chars().count() > longest {
                    found.0.push(ContentProblem { field, code: "too-long", language: Some(language) });
                }
            }
        }
        for (language, one) in self.words.sms.iter() {
            // The reference caps: three parts in English, four in Welsh, whose letters cost more.
            let most = if language == Language::Cy { 4 } else { 3 };
            if sms::count(one).parts > most {
                found.0.push(ContentProblem { field: "sms", code: "too-many-parts", language: Some(language) });
            }
        }
    }

    fn goes_by(&self, channel: ChannelKind) -> bool {
        self.channels.contains(&channel)
    }

    /// Every text that the public or a subscriber reads or hears, with its field name.
    fn parts(&self) -> [(&'static str, &Localized); 10] {
        let words = &self.words;
        [
            ("title", &words.title),
            ("subject", &words.subject),
            ("know", &words.know),
            ("unknown", &words.unknown),
            ("doing", &words.doing),
            ("should", &words.should),
            ("more", &words.more),
            ("sms", &words.sms),
            ("post", &words.post),
            // Said to everybody who rings.
            ("staff_line", &words.staff_line),
        ]
    }

    /// What only staff read. It need not be in both languages: a colleague who waits for a translation waits too long.
    fn staff_parts(&self) -> [(&'static str, &Localized); 2] {
        [("staff_works", &self.words.staff_works), ("staff_workaround", &self.words.staff_workaround)]
    }
}

struct Found(Vec<ContentProblem>);

impl Found {
    fn add(&mut self, field: &'static str, code: &'static str) {
        self.0.push(ContentProblem { field, code, language: None });
    }
}

/// The numbers, times and links of a text, sorted: what must be equal in a translation. Small numbers that a language
/// may write as words are left out.
fn hard_words(text: &str) -> Vec<String> {
    let mut hard: Vec<String> = text
        .split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '{' && letter != '}'))
        .filter(|word| *word == "{link}" || word.chars().filter(char::is_ascii_digit).count() > 1)
        .map(|word| word.chars().filter(|letter| letter.is_ascii_digit() || "{link}:.".contains(*letter)).collect())
        .collect();
    hard.sort_unstable();
    hard.dedup();
    hard
}

#[cfg(test)]
mod tests;
