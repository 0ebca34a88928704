//! An update as the story of 24 January 2018 tells it, to be changed where a scenario needs something else.

use std::path::{Path, PathBuf};

use authoring::ContentInput;
use domain::{ChannelKind, Language, Severity};
use serde_json::{Map, Value, json};

/// The fields of a revision, as the API takes them.
#[derive(Clone, Debug)]
pub struct Update {
    fields: Map<String, Value>,
}

/// The folder with the sample data.
#[must_use]
pub fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")
}

impl Update {
    /// The first public words about the data centres: serious, all of Wales, in both languages, on every channel.
    ///
    /// # Panics
    /// When the sample story is not as expected.
    #[must_use]
    pub fn first() -> Self {
        let text = std::fs::read_to_string(samples().join("2018-01-24/story.toml")).expect("the story");
        let story: Value = toml::from_str(&text).expect("the story is TOML");
        let updates = story["update"].as_array().expect("updates");
        let first = updates.iter().find(|update| update["incident"] == "data-centres").expect("the data centres");
        let mut fields = first.as_object().expect("a table").clone();
        for about_the_story in ["incident", "at", "author", "approver"] {
            fields.remove(about_the_story);
        }
        Self { fields }
    }

    /// A next one, in which engineers know more. Its words differ, so that its messages do.
    #[must_use]
    pub fn next() -> Self {
        Self::first()
            .phase("identified")
            .texts("NHS Wales: the cause is found. {link}", "GIG Cymru: mae'r achos yn hysbys. {link}")
    }

    /// The same in another phase. Where the phase says that things work again, the services do.
    #[must_use]
    pub fn phase(mut self, phase: &str) -> Self {
        let services = self.fields.get_mut("services").and_then(Value::as_array_mut);
        if matches!(phase, "monitoring" | "recovering" | "resolved") {
            for service in services.into_iter().flatten() {
                service["system"] = json!("operational");
                service["care"] = json!("operational");
            }
        }
        self.with("phase", json!(phase))
    }

    /// The same, more or less severe.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        self.with("severity", json!(severity.key()))
    }

    /// The same for other areas.
    #[must_use]
    pub fn about(self, organisations: &[&str]) -> Self {
        self.with("organisations", json!(organisations))
    }

    /// The same on these channels only.
    #[must_use]
    pub fn on(self, channels: &[ChannelKind]) -> Self {
        let keys: Vec<&str> = channels.iter().map(|channel| channel.key()).collect();
        self.with("channels", json!(keys))
    }

    /// The same with other text messages.
    #[must_use]
    pub fn texts(self, english: &str, welsh: &str) -> Self {
        self.with("sms", json!({ Language::En.code(): english, Language::Cy.code(): welsh }))
    }

    /// The same with another value of any field.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.fields.insert(field.to_owned(), value);
        self
    }

    /// The same without a word about this field.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        self.fields.remove(field);
        self
    }

    /// As the actions take it.
    ///
    /// # Panics
    /// When a field is not as the API takes it.
    #[must_use]
    pub fn content(&self) -> ContentInput {
        ContentInput::from_json(Value::Object(self.fields.clone())).expect("the fields of a revision")
    }
}
