//! What the public may see, and nothing else: rows that are not public never leave the database, and what is for staff
//! is dropped here.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{Catalogue, Incident, PublicContent, Revision, RevisionState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::incident::incident_of;
use super::relation::Told;
use super::revision::revision_of;
use crate::column::{ROWS_AT_ONCE, get, ms};
use crate::entities::{incident, revision};
use crate::{PublicIncident, PublicUpdate, Published, StoreError};

impl Published {
    /// The publication counter: it rises with each publication and each change of the catalogue.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn version(&self) -> Result<i64, StoreError> {
        self.store.publication_counter().await
    }

    /// The name that this database got when it was made; a copy of it has the same. None before it had one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn installation(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.installation().await
    }

    /// The lists in public words: without components, templates, staff names and causes that are for staff.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn catalogue(&self) -> Result<Catalogue, StoreError> {
        Ok(public_catalogue(self.store.catalogue().await?))
    }

    /// Incidents that are not over, and planned work that is not completed, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(&self) -> Result<Vec<PublicIncident>, StoreError> {
        self.with_updates(newest_first().filter(incident::Column::ResolvedAt.is_null())).await
    }

    /// The newest incidents.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recent(&self, limit: u64) -> Result<Vec<PublicIncident>, StoreError> {
        self.with_updates(newest_first().limit(limit)).await
    }

    /// Incidents that became public at `from` or later and before `until`, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<PublicIncident>, StoreError> {
        let column = incident::Column::PublishedAt;
        self.with_updates(newest_first().filter(column.gte(ms(from))).filter(column.lt(ms(until)))).await
    }

    /// One incident, if it is public.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn incident(&self, id: i64) -> Result<Option<PublicIncident>, StoreError> {
        let found = self.with_updates(newest_first().filter(incident::Column::Id.eq(id))).await?;
        Ok(found.into_iter().next())
    }

    /// These incidents, as far as they are public, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn incidents(&self, ids: &[i64]) -> Result<Vec<PublicIncident>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(ROWS_AT_ONCE) {
            let these = incident::Column::Id.is_in(some.iter().copied());
            found.extend(self.with_updates(newest_first().filter(these)).await?);
        }
        Ok(found)
    }

    /// Every public incident's id, with the publication counter that last touched it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn incident_versions(&self) -> Result<Vec<(i64, i64)>, StoreError> {
        self.versions_after(-1).await
    }

    /// The ids of public incidents that were touched after this value of the publication counter, each with the value
    /// that last touched it. Before 0 is before everything.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn versions_after(&self, counter: i64) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "SELECT id, changed FROM incident WHERE published_at IS NOT NULL AND changed > $1 ORDER BY id";
        let rows = self.store.rows(sql, [counter.into()]).await?;
        rows.iter().map(|row| Ok((get(row, "id")?, get(row, "changed")?))).collect()
    }

    async fn with_updates(&self, select: Select<incident::Entity>) -> Result<Vec<PublicIncident>, StoreError> {
        let models = select.all(&self.store.db()).await?;
        let ids: Vec<i64> = models.iter().map(|model| model.id).collect();
        let mut updates = self.updates_of(&ids).await?;
        let mut relations = self.relations(&ids).await?;
        let whole = |model: incident::Model| {
            let changed = model.changed;
            let incident = incident_of(model)?;
            let revisions = updates.remove(&incident.id).unwrap_or_default();
            let updates = revisions.into_iter().filter_map(|one| public_update(&incident, one)).collect();
            let Told { by_itself, by_others } = relations.remove(&incident.id).unwrap_or_default();
            Ok(PublicIncident { incident, updates, relations: by_itself, told_by_others: by_others, changed })
        };
        models.into_iter().map(whole).collect()
    }

    async fn updates_of(&self, incidents: &[i64]) -> Result<BTreeMap<i64, Vec<Revision>>, StoreError> {
        let mut updates: BTreeMap<i64, Vec<Revision>> = BTreeMap::new();
        for some in incidents.chunks(ROWS_AT_ONCE) {
            let published = revision::Column::State.eq(RevisionState::Published.key());
            let select = revision::Entity::find()
                .filter(revision::Column::Incident.is_in(some.iter().copied()))
                .filter(published)
                .order_by_asc(revision::Column::Number);
            for model in select.all(&self.store.db()).await? {
                updates.entry(model.incident).or_default().push(revision_of(model)?);
            }
        }
        Ok(updates)
    }
}

fn newest_first() -> Select<incident::Entity> {
    incident::Entity::find()
        .filter(incident::Column::PublishedAt.is_not_null())
        .order_by_desc(incident::Column::PublishedAt)
        .order_by_desc(incident::Column::Id)
}

fn public_update(incident: &Incident, revision: Revision) -> Option<PublicUpdate> {
    let content = PublicContent::from(revision.content);
    let absent = |language: &domain::Language| content.words.title.get(*language).is_none();
    Some(PublicUpdate {
        number: revision.number?,
        purpose: revision.purpose,
        missing: incident.languages.iter().copied().filter(absent).collect(),
        published_at: revision.published_at?,
        content,
    })
}

/// Takes out of the lists what is for staff alone.
pub(crate) fn public_catalogue(mut catalogue: Catalogue) -> Catalogue {
    catalogue.components = Vec::new();
    catalogue.templates = Vec::new();
    catalogue.causes.retain(|cause| !cause.staff_only);
    for service in &mut catalogue.services {
        service.staff_name = None;
    }
    for advice in &mut catalogue.advice {
        advice.owner = String::new();
    }
    catalogue
}
