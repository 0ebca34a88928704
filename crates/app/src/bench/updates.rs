//! Writes and approves the updates of a benchmark: the first one of the sample story, with a number of its own.

use anyhow::{Context, ensure};
use authoring::{Caller, ContentInput, OpenIncident};
use chrono::{DateTime, Duration, Utc};
use domain::staff::Role;
use domain::{Content, Incident, IncidentKind, Localized, Phase, Revision, RevisionState};
use serde_json::{Map, Value, json};

use super::http::Client;
use super::site::Site;

/// The incident of the story that benchmarks publish about.
const INCIDENT: &str = "data-centres";

/// The incident that a benchmark keeps open.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    author: Caller,
    approver: Caller,
    bearer: String,
    template: Map<String, Value>,
    /// The number of its incident, and the last parts of its addresses.
    place: (i64, String, String),
    incident: Option<i64>,
}

impl Desk {
    /// The people of the story, with no incident open yet.
    ///
    /// # Errors
    /// When the story has changed too much.
    pub(super) fn of(site: &Site) -> anyhow::Result<Self> {
        let update =
            site.story.updates.iter().find(|one| one.incident == INCIDENT).context("the story has no update")?;
        let token = site.ready.tokens.get(Role::Approver.key()).context("the story has no approver")?;
        Ok(Self {
            author: site.ready.caller(&update.author)?,
            approver: site.ready.caller(&update.approver)?,
            bearer: format!("Authorization: Bearer {token}"),
            template: update.revision.clone(),
            place: (9_000, "benchmark".to_owned(), "meincnod".to_owned()),
            incident: None,
        })
    }

    /// The same people with an incident of their own, not open yet.
    pub(super) fn another(&self, which: i64) -> Self {
        let place = (9_100 + which, format!("benchmark-{which}"), format!("meincnod-{which}"));
        Self { place, incident: None, ..self.clone() }
    }

    /// Opens its incident with the words of the story; nothing of it is public.
    ///
    /// # Errors
    /// When a rule refuses it.
    pub(super) async fn open(&self, site: &Site) -> anyhow::Result<(Incident, Revision)> {
        let content = ContentInput::from_json(Value::Object(promised(self.template.clone(), site)))
            .map_err(|problems| anyhow::anyhow!("the update of the benchmark is refused: {problems:?}"))?;
        let (number, en, cy) = &self.place;
        let opened = site.parts.authoring.open_incident(&self.author, opening(content, (*number, en, cy))).await?;
        Ok((opened.incident, opened.revision))
    }

    /// The path of the incident's page.
    pub(super) const PATH: &str = "/en/incidents/benchmark";

    /// The place of the incident that the past is copied from.
    const PAST_PLACE: (i64, &str, &str) = (9_001, "pattern", "patrwm");

    /// The words that only the update of this number has on the page.
    pub(super) fn mark(number: usize) -> String {
        format!("This is update {number} of a benchmark.")
    }

    /// Opens the incident with the words of the story as they are; approved and ready to publish.
    ///
    /// # Errors
    /// When a rule refuses it.
    pub(super) async fn write_sample(&mut self, site: &Site) -> anyhow::Result<i64> {
        self.approved(site, promised(self.template.clone(), site)).await
    }

    /// Writes the update of this number; approved and ready to publish.
    ///
    /// # Errors
    /// When a rule refuses it.
    pub(super) async fn write(&mut self, site: &Site, number: usize) -> anyhow::Result<i64> {
        let mut content = promised(self.template.clone(), site);
        let welsh = format!("Dyma ddiweddariad {number} o feincnod.");
        content.insert("know".to_owned(), json!({"en": Self::mark(number), "cy": welsh}));
        // One part each, so that a rate in parts is a rate in texts.
        let sms = json!({"en": format!("Benchmark {number}. {{link}}"), "cy": format!("Meincnod {number}. {{link}}")});
        content.insert("sms".to_owned(), sms);
        content.insert("channels".to_owned(), json!(["sms"]));
        self.approved(site, content).await
    }

    async fn approved(&mut self, site: &Site, content: Map<String, Value>) -> anyhow::Result<i64> {
        let staff = &site.parts.authoring;
        let content = ContentInput::from_json(Value::Object(content))
            .map_err(|problems| anyhow::anyhow!("the update of the benchmark is refused: {problems:?}"))?;
        let revision = match self.incident {
            Some(incident) => staff.add_revision(&self.author, incident, content).await?,
            None => {
                let (number, en, cy) = &self.place;
                staff.open_incident(&self.author, opening(content, (*number, en, cy))).await?.revision
            }
        };
        self.incident = Some(revision.incident);
        staff.submit(&self.author, revision.id).await?;
        let hash = staff.hash(&self.approver, revision.id).await?;
        staff.approve(&self.approver, revision.id, &hash).await?;
        Ok(revision.id)
    }

    /// Publishes by the API, as another program would. It answers when the page shows the update.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn publish(&self, client: &mut Client, revision: i64) -> anyhow::Result<()> {
        let key = format!("Idempotency-Key: benchmark-{revision}");
        let answer = client.post(&format!("/api/v1/revisions/{revision}/publish"), &[&self.bearer, &key], "{}").await?;
        ensure!(answer.status == 200, "publishing was refused: {}", String::from_utf8_lossy(&answer.body));
        Ok(())
    }

    /// Publishes in an installation that is not started.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn publish_directly(&self, site: &Site, revision: i64) -> anyhow::Result<()> {
        site.parts.authoring.publish(&self.approver, revision).await?;
        Ok(())
    }

    /// Puts so many resolved incidents into the past, one a day, without publishing each of them.
    ///
    /// # Errors
    /// When the database refuses them.
    pub(super) async fn remember(&self, site: &Site, count: i32) -> anyhow::Result<()> {
        let content = ContentInput::from_json(Value::Object(promised(self.template.clone(), site)))
            .map_err(|problems| anyhow::anyhow!("the past of the benchmark is refused: {problems:?}"))?;
        let pattern = site.parts.authoring.open_incident(&self.author, opening(content, Self::PAST_PLACE)).await?;
        let tx = site.parts.store.begin().await?;
        let now = site.parts.env.now();
        for day in 1..=count {
            let incident = past_incident(&pattern.incident, site.parts.env.id(), (day, now));
            tx.insert_incident(&incident).await?;
            tx.insert_revision(&past_revision(&pattern.revision, site.parts.env.id(), &incident)).await?;
            tx.mark_published(&incident).await?;
        }
        tx.touch_publication().await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What the template says, with a promise that lies ahead of now.
fn promised(mut content: Map<String, Value>, site: &Site) -> Map<String, Value> {
    let by = site.parts.env.now() + Duration::hours(1);
    content.insert("next_update_by".to_owned(), json!(by));
    content
}

fn opening(content: ContentInput, (number, en, cy): (i64, &str, &str)) -> OpenIncident {
    let place = Some((number, Localized::both(en, cy)));
    OpenIncident { kind: IncidentKind::Incident, starts_at: None, ends_at: None, place, content }
}

fn past_incident(pattern: &Incident, id: i64, (day, now): (i32, DateTime<Utc>)) -> Incident {
    let at = now - Duration::days(i64::from(day));
    let slug = Localized::both(format!("past-{day}"), format!("gynt-{day}"));
    let number = i64::from(day) + 10_000;
    let (published_at, resolved_at) = (Some(at), Some(at + Duration::hours(2)));
    Incident { id, number, slug, opened_at: at, starts_at: at, published_at, resolved_at, ..pattern.clone() }
}

fn past_revision(pattern: &Revision, id: i64, incident: &Incident) -> Revision {
    let at = incident.published_at.unwrap_or(incident.opened_at);
    let content = Content { phase: Phase::Resolved, next_update_by: None, ..pattern.content.clone() };
    Revision {
        id,
        incident: incident.id,
        number: Some(1),
        state: RevisionState::Published,
        content,
        created_at: at,
        updated_at: at,
        published_at: Some(at),
        ..pattern.clone()
    }
}
