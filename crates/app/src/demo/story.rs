//! Reads a story: staff, incidents, updates with their times, and how many people listen. Data, not code.

use std::path::Path;

use anyhow::{Context, ensure};
use chrono::{DateTime, Duration, Utc};
use domain::staff::Role;
use domain::{IncidentKind, Localized};
use serde::Deserialize;

use super::people::Crowd;

/// A story as `story.toml` tells it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Story {
    /// The heading: when it begins and what every page says about the clock.
    #[serde(rename = "story")]
    pub(crate) opening: Opening,
    /// Who writes and approves.
    pub(crate) staff: Vec<Person>,
    /// What happens.
    #[serde(rename = "incident")]
    pub(crate) incidents: Vec<Happening>,
    /// What is published, in the order of time.
    #[serde(rename = "update")]
    pub(crate) updates: Vec<Update>,
    /// What somebody has begun to write when the story ends, and nobody has published.
    #[serde(rename = "draft", default)]
    pub(crate) drafts: Vec<Update>,
    /// Who listens.
    pub(crate) subscribers: Crowd,
}

/// The heading of a story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opening {
    /// What the story is called.
    pub(crate) title: String,
    /// What its clock shows at the start.
    pub(crate) starts_at: DateTime<Utc>,
    /// Said on every page.
    pub(crate) clock_note: Localized,
    /// The clock leaps over pauses longer than this.
    pub(crate) longest_pause_minutes: i64,
}

/// A member of staff of the story.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// The name.
    pub(crate) name: String,
    /// What they sign in with.
    pub(crate) email: String,
    /// What they may do.
    pub(crate) role: Role,
    /// Whom they speak for.
    pub(crate) organisation: Option<String>,
}

/// An incident or planned work of the story.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Happening {
    /// What updates call it.
    pub(crate) key: String,
    /// The number of its short link.
    pub(crate) number: i64,
    /// Who speaks.
    pub(crate) organisation: String,
    /// Problem or planned work.
    pub(crate) kind: IncidentKind,
    /// The last part of its address.
    pub(crate) slug: Localized,
    /// When planned work begins, or when a problem began; none when it began with its first update.
    pub(crate) starts_at: Option<DateTime<Utc>>,
    /// When planned work ends.
    pub(crate) ends_at: Option<DateTime<Utc>>,
}

/// One publication of the story.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Update {
    /// The key of its incident.
    pub(crate) incident: String,
    /// When it is published.
    pub(crate) at: DateTime<Utc>,
    /// Who writes it.
    pub(crate) author: String,
    /// Who approves it.
    pub(crate) approver: String,
    /// What it says: the fields of a revision as the API takes them.
    #[serde(flatten)]
    pub(crate) revision: serde_json::Map<String, serde_json::Value>,
}

impl Story {
    /// Reads a story.
    ///
    /// # Errors
    /// When the file cannot be read, or an update names an incident or a person that the story does not have.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} is not as expected", file.display()))
    }

    /// Reads a story from its text.
    ///
    /// # Errors
    /// As [`Story::read`].
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut story: Self = toml::from_str(text)?;
        story.updates.sort_by_key(|update| update.at);
        for update in story.updates.iter().chain(&story.drafts) {
            let incident = story.incidents.iter().find(|one| one.key == update.incident);
            let incident = incident.with_context(|| format!("the update of {} names no incident", update.at))?;
            let speaker = update.revision.get("organisations").and_then(|list| list.get(0)?.as_str());
            ensure!(speaker == Some(&incident.organisation), "the update of {} speaks for another body", update.at);
            for email in [&update.author, &update.approver] {
                let known = story.staff.iter().any(|one| one.email == *email);
                ensure!(known, "the update of {} names {email}, who is not in the story", update.at);
            }
        }
        Ok(story)
    }

    /// How long the clock runs before each update: the true pause, or the longest allowed one before it leaps.
    #[must_use]
    pub(crate) fn pauses(&self) -> Vec<Duration> {
        let longest = Duration::minutes(self.opening.longest_pause_minutes);
        let mut before = self.opening.starts_at;
        let pause = |update: &Update| {
            let pause = (update.at - before).clamp(Duration::zero(), longest);
            before = update.at;
            pause
        };
        self.updates.iter().map(pause).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../../../samples/2018-01-24/story.toml");

    #[test]
    fn the_sample_story_can_be_told() {
        let story = Story::parse(SAMPLE).unwrap();
        let last = story.updates.iter().rev().find(|update| update.incident == "data-centres").unwrap();
        assert_eq!(last.revision["phase"], "resolved");
        assert!(story.pauses().iter().all(|pause| *pause <= Duration::minutes(45)));
    }

    #[test]
    fn an_update_by_a_stranger_is_refused() {
        let story = SAMPLE.replacen("author = \"alys.morgan@", "author = \"nobody@", 1);
        assert!(Story::parse(&story).is_err());
    }
}
