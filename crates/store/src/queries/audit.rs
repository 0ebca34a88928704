//! The audit log: appended to, chained by hashes, and never changed (triggers refuse it).

use domain::audit::{AuditEntry, AuditNote, origin};
use domain::staff::Actor;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::column::{ms, time, to_json};
use crate::entities::audit_entry::{Column, Entity, Model};
use crate::{Reads, StoreError, Tx};

impl Reads {
    /// Lines with a number above `after`, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit(&self, after: i64, limit: u64) -> Result<Vec<AuditEntry>, StoreError> {
        let select = Entity::find().filter(Column::Number.gt(after)).order_by_asc(Column::Number).limit(limit);
        select.all(&self.db()).await?.into_iter().map(entry_of).collect()
    }

    /// Lines with a number below `before`, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_newest(&self, before: Option<i64>, limit: u64) -> Result<Vec<AuditEntry>, StoreError> {
        let select = Entity::find().order_by_desc(Column::Number).limit(limit);
        let select = before.into_iter().fold(select, |select, number| select.filter(Column::Number.lt(number)));
        select.all(&self.db()).await?.into_iter().map(entry_of).collect()
    }
}

impl Tx {
    /// Appends a line. From here to the commit nobody else can append one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record(&self, actor: &Actor, note: AuditNote) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            self.row("SELECT pg_advisory_xact_lock(7498239472)", []).await?;
        }
        let last = self.audit_newest(None, 1).await?.pop();
        let mut entry = AuditEntry {
            number: last.as_ref().map_or(1, |last| last.number + 1),
            at: self.core.env.now(),
            actor: actor.id,
            actor_name: actor.name.clone(),
            action: note.action.to_owned(),
            subject: note.subject,
            details: to_json(&note.details)?,
            previous: last.map_or_else(origin, |last| last.hash),
            hash: String::new(),
        };
        entry.hash = entry.expected_hash();
        let model = model_of(entry).into_active_model().reset_all();
        Entity::insert(model).exec_without_returning(&self.db()).await?;
        Ok(())
    }
}

fn entry_of(model: Model) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        number: model.number,
        at: time(model.at)?,
        actor: model.actor,
        actor_name: model.actor_name,
        action: model.action,
        subject: model.subject,
        details: model.details,
        previous: model.previous,
        hash: model.hash,
    })
}

fn model_of(entry: AuditEntry) -> Model {
    Model {
        number: entry.number,
        at: ms(entry.at),
        actor: entry.actor,
        actor_name: entry.actor_name,
        action: entry.action,
        subject: entry.subject,
        details: entry.details,
        previous: entry.previous,
        hash: entry.hash,
    }
}
