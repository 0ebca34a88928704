//! Incidents and planned work.

use domain::{Incident, IncidentKind};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::column::{get, json, maybe_time, meaningless, ms, time, to_json};
use crate::entities::incident::{Column, Entity, Model};
use crate::{Reads, StoreError, Tx};

impl Reads {
    /// One incident.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn incident(&self, id: i64) -> Result<Option<Incident>, StoreError> {
        Entity::find_by_id(id).one(&self.db()).await?.map(incident_of).transpose()
    }

    /// The incident of a short link.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn incident_by_number(&self, number: i64) -> Result<Option<Incident>, StoreError> {
        Entity::find().filter(Column::Number.eq(number)).one(&self.db()).await?.map(incident_of).transpose()
    }

    /// Incidents with an id below `before`, newest first, drafts included.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn incidents(&self, before: Option<i64>, limit: u64) -> Result<Vec<Incident>, StoreError> {
        let older = before.map(|id| Column::Id.lt(id));
        let select = Entity::find().order_by_desc(Column::Id).limit(limit);
        let select = older.into_iter().fold(select, QueryFilter::filter);
        select.all(&self.db()).await?.into_iter().map(incident_of).collect()
    }
}

impl Tx {
    /// Adds an incident.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its id or number is taken.
    pub async fn insert_incident(&self, incident: &Incident) -> Result<(), StoreError> {
        let model = Model {
            id: incident.id,
            number: incident.number,
            kind: incident.kind.key().to_owned(),
            organisation: incident.organisation.clone(),
            languages: to_json(&incident.languages)?,
            slug: to_json(&incident.slug)?,
            opened_at: ms(incident.opened_at),
            starts_at: ms(incident.starts_at),
            ends_at: incident.ends_at.map(ms),
            published_at: incident.published_at.map(ms),
            resolved_at: incident.resolved_at.map(ms),
            changed: 0,
        };
        Entity::insert(model.into_active_model().reset_all()).exec_without_returning(&self.db()).await?;
        Ok(())
    }

    /// The number that the next incident's short link gets. Of two at once, one insert ends in a conflict.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next_incident_number(&self) -> Result<i64, StoreError> {
        let row = self.row("SELECT COALESCE(MAX(number), 0) + 1 AS next FROM incident", []).await?;
        row.map_or(Ok(1), |row| get(&row, "next"))
    }
}

pub(crate) fn incident_of(model: Model) -> Result<Incident, StoreError> {
    let kinds = [IncidentKind::Incident, IncidentKind::Planned];
    let kind = kinds.into_iter().find(|kind| kind.key() == model.kind);
    Ok(Incident {
        id: model.id,
        number: model.number,
        kind: kind.ok_or_else(|| meaningless("kind of incident"))?,
        organisation: model.organisation,
        languages: json(&model.languages)?,
        slug: json(&model.slug)?,
        opened_at: time(model.opened_at)?,
        starts_at: time(model.starts_at)?,
        ends_at: maybe_time(model.ends_at)?,
        published_at: maybe_time(model.published_at)?,
        resolved_at: maybe_time(model.resolved_at)?,
    })
}
