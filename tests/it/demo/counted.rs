//! Who should have heard what, worked out from the story alone, and who did, as phones and inboxes tell.

use std::collections::BTreeMap;
use std::path::Path;

use scenarios::update::samples;
use serde_json::Value;

/// Severities as their names stand in files, the least first.
const SEVERITIES: [&str; 5] = ["info", "minor", "moderate", "serious", "critical"];

/// How often each contact heard each update of the story, by the place of the update in the file.
pub(super) type Heard = BTreeMap<(String, usize), usize>;

/// The story as its file tells it.
pub(super) struct Story {
    updates: Vec<Value>,
    parents: BTreeMap<String, String>,
}

/// A line of `hysbys subscribers export`.
pub(super) struct Person {
    channel: String,
    contact: String,
    language: String,
    areas: Vec<String>,
    min_severity: String,
}

impl Person {
    /// The people of an export.
    pub(super) fn all(export: &str) -> Vec<Self> {
        export.lines().skip(1).map(Self::read).collect()
    }

    fn read(line: &str) -> Self {
        let fields: Vec<&str> = line.split(',').collect();
        let [channel, contact, language, areas, min_severity] = fields[..] else { panic!("five columns: {line}") };
        Self {
            channel: channel.to_owned(),
            contact: contact.to_owned(),
            language: language.to_owned(),
            areas: areas.split(';').map(str::to_owned).collect(),
            min_severity: min_severity.to_owned(),
        }
    }
}

impl Story {
    /// Reads the story and the bodies that it speaks of.
    pub(super) fn read() -> Self {
        let story = toml_file(&samples().join("2018-01-24/story.toml"));
        let bodies = ["nhs-wales/organisations.toml", "2018-01-24/organisations.toml"]
            .map(|file| list(&toml_file(&samples().join(file))["organisation"]));
        let parent = |body: Value| Some((body["key"].as_str()?.to_owned(), body["parent"].as_str()?.to_owned()));
        Self { updates: list(&story["update"]), parents: bodies.into_iter().flatten().filter_map(parent).collect() }
    }

    /// The places of the updates of an incident, in their order.
    pub(super) fn of_incident(&self, key: &str) -> Vec<usize> {
        (0..self.updates.len()).filter(|place| self.updates[*place]["incident"] == key).collect()
    }

    /// One text of an update.
    pub(super) fn words(&self, place: usize, field: &str, language: &str) -> &str {
        self.updates[place][field][language].as_str().expect("words")
    }

    /// Whether an update goes out on this channel.
    pub(super) fn goes_by(&self, place: usize, channel: &str) -> bool {
        list(&self.updates[place]["channels"]).iter().any(|one| one == channel)
    }

    /// What everybody should hear: each update of their areas that is severe enough, once.
    pub(super) fn expected(&self, people: &[Person], channel: &str) -> Heard {
        let mut heard = Heard::new();
        for person in people.iter().filter(|person| person.channel == channel) {
            for place in (0..self.updates.len()).filter(|place| self.goes_by(*place, channel)) {
                if self.concerns(place, person) {
                    heard.insert((person.contact.clone(), place), 1);
                }
            }
        }
        heard
    }

    /// What the phones got, in the language that each person reads.
    pub(super) fn texts(&self, people: &[Person], phones: &Value) -> Heard {
        let languages: BTreeMap<_, _> =
            people.iter().map(|one| (one.contact.as_str(), one.language.as_str())).collect();
        let mut heard = Heard::new();
        for phone in phones["phones"].as_array().expect("phones") {
            let number = phone["number"].as_str().expect("a number");
            for text in phone["texts"].as_array().expect("texts") {
                let text = text["text"].as_str().expect("its words");
                let place = self.place_of_text(text, languages[number]);
                *heard.entry((number.to_owned(), place)).or_default() += 1;
            }
        }
        heard
    }

    fn place_of_text(&self, text: &str, language: &str) -> usize {
        let is_it = |update: &Value| {
            let words = update["sms"][language].as_str();
            words.is_some_and(|words| text.starts_with(words.split("{link}").next().unwrap_or(words)))
        };
        self.updates.iter().position(is_it).unwrap_or_else(|| panic!("no update of the story says this: {text}"))
    }

    /// What the inboxes got. `incidents` names the incident of each id, as threads carry it.
    pub(super) fn mails(&self, mails: &Value, incidents: &BTreeMap<String, &str>) -> Heard {
        let mut heard = Heard::new();
        for mail in mails["mails"].as_array().expect("mails") {
            let to = mail["to"][0].as_str().expect("a recipient").to_owned();
            let id = mail["headers"]["Message-ID"].as_str().expect("an id");
            let mut parts = id.trim_start_matches("<inc-").split('.');
            let incident = incidents[parts.next().expect("an incident")];
            let number: usize = parts.next().expect("an update")[1..].parse().expect("a number");
            *heard.entry((to, self.of_incident(incident)[number - 1])).or_default() += 1;
        }
        heard
    }

    fn concerns(&self, place: usize, person: &Person) -> bool {
        let update = &self.updates[place];
        let severity = update["severity"].as_str().expect("a severity");
        let bodies = list(&update["organisations"]);
        let bodies = bodies.iter().map(|body| body.as_str().expect("a key"));
        rank(severity) >= rank(&person.min_severity)
            && bodies.into_iter().any(|body| person.areas.iter().any(|area| self.are_in_line(area, body)))
    }

    /// Whether one of the two is the other, or stands above it.
    fn are_in_line(&self, one: &str, other: &str) -> bool {
        one == other
            || self.parents.get(one).is_some_and(|parent| parent == other)
            || self.parents.get(other).is_some_and(|parent| parent == one)
    }
}

fn rank(severity: &str) -> usize {
    SEVERITIES.iter().position(|one| *one == severity).expect("a severity")
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}

fn toml_file(path: &Path) -> Value {
    toml::from_str(&std::fs::read_to_string(path).expect("a sample")).expect("TOML")
}
