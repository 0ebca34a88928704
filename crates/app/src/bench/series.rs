//! Updates that are published with as little work as it takes: written and approved beforehand in the mind of the
//! benchmark, each is one short transaction. What staff do before a publication is not what is measured here.

use domain::{Content, Incident, Localized, Revision, RevisionState};

use super::site::Site;
use super::updates::Desk;

/// An incident that gets one update after the other.
pub(super) struct Series {
    incident: Incident,
    pattern: Revision,
    number: i64,
}

impl Series {
    /// Opens the incident of a desk; nothing of it is public yet.
    ///
    /// # Errors
    /// When a rule refuses it.
    pub(super) async fn open(desk: &Desk, site: &Site) -> anyhow::Result<Self> {
        let (incident, pattern) = desk.open(site).await?;
        Ok(Self { incident, pattern, number: 0 })
    }

    /// Publishes the next update.
    ///
    /// # Errors
    /// When the database refuses it.
    pub(super) async fn publish(&mut self, site: &Site) -> anyhow::Result<()> {
        self.number += 1;
        let (env, number) = (&site.parts.env, self.number);
        let at = env.now();
        self.incident.published_at.get_or_insert(at);
        let mut content: Content = self.pattern.content.clone();
        content.words.know =
            Localized::both(format!("Update {number} of a benchmark."), format!("Diweddariad {number} o feincnod."));
        let revision = Revision {
            id: env.id(),
            // The pattern itself stays a draft.
            number: Some(number),
            state: RevisionState::Published,
            content,
            created_at: at,
            updated_at: at,
            published_at: Some(at),
            ..self.pattern.clone()
        };
        let tx = site.parts.store.begin().await?;
        tx.insert_revision(&revision).await?;
        tx.mark_published(&self.incident).await?;
        Ok(tx.commit().await?)
    }
}
