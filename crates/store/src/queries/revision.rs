//! Revisions: drafts that change, and publications that never do.

use domain::phase::Past;
use domain::revision::Purpose;
use domain::{Phase, Revision, RevisionState};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::column::{get, json, maybe_time, meaningless, ms, time, to_json};
use crate::entities::revision::{Column, Entity, Model};
use crate::{Reads, StoreError, Tx};

impl Reads {
    /// One revision.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revision(&self, id: i64) -> Result<Option<Revision>, StoreError> {
        Entity::find_by_id(id).one(&self.db()).await?.map(revision_of).transpose()
    }

    /// Every revision of an incident, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revisions(&self, incident: i64) -> Result<Vec<Revision>, StoreError> {
        let select = Entity::find().filter(Column::Incident.eq(incident)).order_by_asc(Column::Id);
        select.all(&self.db()).await?.into_iter().map(revision_of).collect()
    }

    /// Every revision that waits for an approver or for its publication, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revisions_waiting(&self) -> Result<Vec<Revision>, StoreError> {
        let waiting = [RevisionState::Submitted.key(), RevisionState::Approved.key()];
        let select = Entity::find().filter(Column::State.is_in(waiting)).order_by_asc(Column::Id);
        select.all(&self.db()).await?.into_iter().map(revision_of).collect()
    }

    /// What was published of an incident so far, as far as the next step depends on it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn past(&self, incident: i64) -> Result<Past, StoreError> {
        let published = Column::State.eq(RevisionState::Published.key());
        let of_incident = Entity::find().filter(Column::Incident.eq(incident)).filter(published);
        let select = of_incident.order_by_asc(Column::Number);
        let mut past = Past::default();
        for model in select.all(&self.db()).await? {
            let Revision { content, published_at, .. } = revision_of(model)?;
            // Work that moves to paper once more needs another word about its backlog.
            past.recovered &= !content.on_paper || past.on_paper;
            past.on_paper |= content.on_paper;
            past.recovered |= past.on_paper && content.phase == Phase::Recovering;
            past.monitoring_since = match content.phase {
                Phase::Monitoring => past.monitoring_since.or(published_at),
                _ => None,
            };
            past.phase = Some(content.phase);
        }
        Ok(past)
    }
}

impl Tx {
    /// Adds a revision.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its id or its number within the incident is taken.
    pub async fn insert_revision(&self, revision: &Revision) -> Result<(), StoreError> {
        let model = model_of(revision)?.into_active_model().reset_all();
        Entity::insert(model).exec_without_returning(&self.db()).await?;
        Ok(())
    }

    /// Saves a revision if it still has `expected_version` and is not public; false when somebody was faster.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its number within the incident is taken.
    pub async fn update_revision(&self, revision: &Revision, expected_version: i64) -> Result<bool, StoreError> {
        let mut columns = model_of(revision)?.into_active_model().reset_all();
        columns.id = sea_orm::ActiveValue::NotSet;
        let changed = Entity::update_many()
            .set(columns)
            .filter(Column::Id.eq(revision.id))
            .filter(Column::Version.eq(expected_version))
            .filter(Column::State.ne(RevisionState::Published.key()))
            .exec(&self.db())
            .await?;
        Ok(changed.rows_affected == 1)
    }

    /// The number that the next published update of an incident gets.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next_update_number(&self, incident: i64) -> Result<i64, StoreError> {
        let sql = "SELECT COALESCE(MAX(number), 0) + 1 AS next FROM revision WHERE incident = $1";
        self.row(sql, [incident.into()]).await?.map_or(Ok(1), |row| get(&row, "next"))
    }
}

pub(crate) fn revision_of(model: Model) -> Result<Revision, StoreError> {
    Ok(Revision {
        id: model.id,
        incident: model.incident,
        number: model.number,
        purpose: purpose_of(&model.purpose)?,
        state: RevisionState::from_key(&model.state).ok_or_else(|| meaningless("state of a revision"))?,
        content: json(&model.content)?,
        version: model.version,
        author: model.author,
        writers: json(&model.writers)?,
        submitted_by: model.submitted_by,
        approved_by: model.approved_by,
        approved_hash: model.approved_hash,
        rejection: model.rejection,
        break_glass: model.break_glass,
        created_at: time(model.created_at)?,
        updated_at: time(model.updated_at)?,
        published_at: maybe_time(model.published_at)?,
    })
}

fn model_of(revision: &Revision) -> Result<Model, StoreError> {
    Ok(Model {
        id: revision.id,
        incident: revision.incident,
        number: revision.number,
        purpose: purpose_key(revision.purpose).to_owned(),
        state: revision.state.key().to_owned(),
        content: to_json(&revision.content)?,
        version: revision.version,
        author: revision.author,
        writers: to_json(&revision.writers)?,
        submitted_by: revision.submitted_by,
        approved_by: revision.approved_by,
        approved_hash: revision.approved_hash.clone(),
        rejection: revision.rejection.clone(),
        break_glass: revision.break_glass.clone(),
        created_at: ms(revision.created_at),
        updated_at: ms(revision.updated_at),
        published_at: revision.published_at.map(ms),
    })
}

const fn purpose_key(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Update => "update",
        Purpose::Correction => "correction",
        Purpose::Withdrawal => "withdrawal",
    }
}

fn purpose_of(key: &str) -> Result<Purpose, StoreError> {
    let all = [Purpose::Update, Purpose::Correction, Purpose::Withdrawal];
    all.into_iter().find(|purpose| purpose_key(*purpose) == key).ok_or_else(|| meaningless("purpose"))
}
