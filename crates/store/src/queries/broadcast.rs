//! Broadcasts: begun at a publication, held or stopped by a person, or done.

use std::collections::BTreeMap;

use domain::audience::Areas;
use domain::delivery::{Broadcast, BroadcastState};
use domain::{Announcement, Audience};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::state::{
    BROADCAST_DONE, BROADCAST_PAUSED, BROADCAST_SENDING, CHUNK_CANCELLED, CHUNK_OPEN, POST_DROPPED, POST_OPEN,
};
use crate::column::{get, json, meaningless, ms, severity, time, to_json};
use crate::entities::{announcement, broadcast};
use crate::watch::Wake;
use crate::{Reads, StoreError, Tx};

impl Reads {
    /// One broadcast.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn broadcast(&self, id: i64) -> Result<Option<Broadcast>, StoreError> {
        broadcast::Entity::find_by_id(id).one(&self.db()).await?.map(broadcast_of).transpose()
    }

    /// Whether any broadcast is under way that nobody holds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_sending(&self) -> Result<bool, StoreError> {
        let sql = format!("SELECT id FROM broadcast WHERE state = {BROADCAST_SENDING} LIMIT 1");
        Ok(self.row(sql, []).await?.is_some())
    }

    /// Every broadcast that is under way and that nobody holds, with the newest one of its incident.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn broadcasts_under_way(&self) -> Result<BTreeMap<i64, i64>, StoreError> {
        let sql = format!(
            "SELECT this.id, (SELECT MAX(newer.id) FROM broadcast AS newer WHERE newer.incident = this.incident) AS newest
             FROM broadcast AS this WHERE this.state = {BROADCAST_SENDING}"
        );
        let rows = self.rows(sql, []).await?;
        rows.iter().map(|row| Ok((get(row, "id")?, get(row, "newest")?))).collect()
    }

    /// The id of the newest broadcast of an incident: an older one may be outdated.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn newest_broadcast(&self, incident: i64) -> Result<Option<i64>, StoreError> {
        let of_incident = broadcast::Entity::find().filter(broadcast::Column::Incident.eq(incident));
        let newest = of_incident.order_by_desc(broadcast::Column::Id).one(&self.db()).await?;
        Ok(newest.map(|model| model.id))
    }

    /// The finished messages of a broadcast.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn announcement(&self, broadcast: i64) -> Result<Option<Announcement>, StoreError> {
        let found = announcement::Entity::find_by_id(broadcast).one(&self.db()).await?;
        found.map(|model| json(&model.body)).transpose()
    }
}

impl Tx {
    /// Adds a broadcast with its finished messages.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one with this id.
    pub async fn save_announcement(&self, one: &Broadcast, announcement: &Announcement) -> Result<(), StoreError> {
        let row = broadcast::Model {
            id: one.id,
            incident: one.incident,
            update_number: one.update,
            areas: one.audience.areas.0,
            severity: one.audience.severity.level(),
            state: one.state.number(),
            created_at: ms(one.created_at),
        };
        let body = announcement::Model { broadcast: one.id, body: to_json(announcement)? };
        let db = self.db();
        broadcast::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&db).await?;
        announcement::Entity::insert(body.into_active_model().reset_all()).exec_without_returning(&db).await?;
        Ok(())
    }

    /// Pauses, resumes or cancels a broadcast. Notifiers obey at their next checkpoint. False when it is over, or
    /// already so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_broadcast_state(&self, id: i64, state: BroadcastState) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE broadcast SET state = $2, held_for = NULL,
                 watched = CASE WHEN held_for IS NULL THEN watched ELSE 1 END
             WHERE id = $1 AND state IN ({BROADCAST_SENDING}, {BROADCAST_PAUSED}) AND state <> $2"
        );
        if self.run(sql, [id.into(), state.number().into()]).await? == 0 {
            return Ok(false);
        }
        if state == BroadcastState::Cancelled {
            let chunks =
                &format!("UPDATE chunk SET state = {CHUNK_CANCELLED} WHERE broadcast = $1 AND state = {CHUNK_OPEN}");
            let posts = &format!("UPDATE post SET state = {POST_DROPPED} WHERE broadcast = $1 AND state = {POST_OPEN}");
            let retries = "DELETE FROM retry WHERE broadcast = $1";
            for sql in [chunks, posts, retries] {
                self.run(sql, [id.into()]).await?;
            }
        }
        self.announce(Wake::Work);
        Ok(true)
    }

    /// Marks a broadcast as done when nothing of it is open or waits. Call it last at a publication, for the case
    /// that it concerns nobody. True when it is now done.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close_if_complete(&self, id: i64) -> Result<bool, StoreError> {
        self.lock_broadcast(id).await?;
        let sql = format!(
            "UPDATE broadcast SET state = {BROADCAST_DONE}
             WHERE id = $1 AND state IN ({BROADCAST_SENDING}, {BROADCAST_PAUSED})
                 AND NOT EXISTS (SELECT 1 FROM chunk WHERE broadcast = $1 AND state = {CHUNK_OPEN})
                 AND NOT EXISTS (SELECT 1 FROM retry WHERE broadcast = $1)
                 AND NOT EXISTS (SELECT 1 FROM post WHERE broadcast = $1 AND state = {POST_OPEN})"
        );
        Ok(self.run(sql, [id.into()]).await? == 1)
    }
}

fn broadcast_of(model: broadcast::Model) -> Result<Broadcast, StoreError> {
    Ok(Broadcast {
        id: model.id,
        incident: model.incident,
        update: model.update_number,
        audience: Audience { areas: Areas(model.areas), severity: severity(model.severity)? },
        state: BroadcastState::from_number(model.state).ok_or_else(|| meaningless("state of a broadcast"))?,
        created_at: time(model.created_at)?,
    })
}
