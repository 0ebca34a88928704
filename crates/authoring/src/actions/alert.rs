//! Alerts of machines become drafts: a person publishes, never a machine.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::digest::sha256;
use domain::revision::AdviceChoice;
use domain::staff::Act;
use domain::status::{ServiceState, Status};
use domain::{Catalogue, IncidentKind, Language, Localized, Severity, text};
use serde::Deserialize;

use crate::Authoring;
use crate::actions::{OpenIncident, Opened};
use crate::caller::Caller;
use crate::content::ContentInput;
use crate::error::{ActionError, Result};

/// A flapping alert makes no second draft within this time.
const QUIET: Duration = Duration::from_secs(15 * 60);
/// More alerts than this in one call are no notification any more.
const MOST_ALERTS: usize = 500;

/// A notification of Alertmanager (version 4). Fields that we do not use are ignored: Grafana sends more.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertGroup {
    pub(crate) group_key: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    common_labels: BTreeMap<String, String>,
    #[serde(default)]
    common_annotations: BTreeMap<String, String>,
    #[serde(default)]
    alerts: Vec<Alert>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    #[serde(default)]
    status: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

impl Authoring {
    /// Opens a draft for a group of firing alerts. None when nothing fires, the group is to be ignored, or a draft for
    /// the same group is not a quarter of an hour old.
    ///
    /// # Errors
    /// When the caller may not write, or the database is not there (the sender then tries again).
    pub(crate) async fn open_from_alerts(&self, caller: &Caller, group: &AlertGroup) -> Result<Option<Opened>> {
        caller.permit(Act::Write)?;
        if group.alerts.len() > MOST_ALERTS {
            return Err(ActionError::field("alerts", "too-many"));
        }
        if !group.fires() || group.label("status_page") == Some("ignore") {
            return Ok(None);
        }
        let tx = self.store().begin().await?;
        let key = format!("alert:{}", sha256(&group.group_key));
        if tx.count(&key, QUIET).await? > 1 {
            return Ok(None);
        }
        let catalogue = tx.catalogue().await?;
        let order = group.order(&catalogue, caller);
        let opened = self.open_in(&tx, caller, order).await?;
        tx.commit().await?;
        Ok(Some(opened))
    }
}

impl AlertGroup {
    fn fires(&self) -> bool {
        let any = self.alerts.iter().any(|alert| alert.status != "resolved");
        if self.alerts.is_empty() { self.status == "firing" } else { any }
    }

    fn label(&self, name: &str) -> Option<&str> {
        let common = self.common_labels.get(name);
        common.or_else(|| self.alerts.iter().find_map(|alert| alert.labels.get(name))).map(String::as_str)
    }

    fn order(&self, catalogue: &Catalogue, caller: &Caller) -> OpenIncident {
        let own = caller.actor.organisation.as_deref().or_else(|| self.label("organisation"));
        let root = catalogue.organisations.iter().find(|one| one.parent.is_none());
        let known = own.and_then(|key| catalogue.organisation(key)).or(root);
        let mut note = Localized::default();
        note.set(Language::En, self.note());
        OpenIncident {
            kind: IncidentKind::Incident,
            content: ContentInput {
                severity: Some(self.severity()),
                organisations: Some(known.map(|one| one.key.clone()).into_iter().collect()),
                services: Some(self.services(catalogue)),
                advice: Some(AdviceChoice::default()),
                words: BTreeMap::from([("staff_note", note)]),
                ..ContentInput::default()
            },
            ..OpenIncident::default()
        }
    }

    /// How hard a machine finds it says little about patients; a person sets the severity.
    fn severity(&self) -> Severity {
        let label = self.label("severity").unwrap_or_default();
        Severity::from_key(label).filter(|severity| *severity < Severity::Moderate).unwrap_or(Severity::Minor)
    }

    fn services(&self, catalogue: &Catalogue) -> Vec<ServiceState> {
        let named: Vec<String> = [&self.common_labels]
            .into_iter()
            .chain(self.alerts.iter().map(|alert| &alert.labels))
            .filter_map(|labels| labels.get("service").or_else(|| labels.get("component")))
            .cloned()
            .collect();
        let fed: Vec<&str> = catalogue.services_fed_by(&named).into_iter().map(|one| one.key.as_str()).collect();
        let hit = catalogue.services.iter().map(|one| one.key.as_str());
        let hit = hit.filter(|key| fed.contains(key) || named.iter().any(|name| name == key));
        hit.map(|key| ServiceState { key: key.to_owned(), system: Status::Degraded, care: Status::Unknown }).collect()
    }

    /// The machine's words may name hosts or patients' systems: they are for staff alone.
    fn note(&self) -> String {
        let own = self.alerts.iter().filter_map(|alert| alert.annotations.get("summary"));
        let summaries: Vec<&str> =
            self.common_annotations.get("summary").into_iter().chain(own).map(String::as_str).collect();
        let mut lines: Vec<String> = Vec::new();
        for line in summaries.iter().map(|summary| text::shorten(&text::single_line(summary), 300)) {
            if !lines.contains(&line) && lines.len() < 20 {
                lines.push(line);
            }
        }
        lines.join("\n")
    }
}
