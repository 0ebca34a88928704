//! Broadcasts: begun at a publication, held or stopped by a person, overtaken by a newer update, or done.

use domain::audience::Areas;
use domain::delivery::{Broadcast, BroadcastState, OutcomeState};
use domain::{Announcement, Audience};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::outcome::Tally;
use super::state::{
    BROADCAST_DONE, BROADCAST_PAUSED, BROADCAST_SENDING, CHUNK_ENDED, CHUNK_OPEN, OUTCOME_SUPERSEDED, OUTCOME_WAITING,
    POST_DROPPED, POST_OPEN, POST_PUBLIC,
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
            "UPDATE broadcast SET state = $2
             WHERE id = $1 AND state IN ({BROADCAST_SENDING}, {BROADCAST_PAUSED}) AND state <> $2"
        );
        if self.run(sql, [id.into(), state.number().into()]).await? == 0 {
            return Ok(false);
        }
        if state == BroadcastState::Cancelled {
            let chunks =
                &format!("UPDATE chunk SET state = {CHUNK_ENDED} WHERE broadcast = $1 AND state = {CHUNK_OPEN}");
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

    /// Ends what older broadcasts of the same incident have not sent yet, wherever the new one reaches the same
    /// people by the same channel: nobody gets an update that is already outdated. Call it after the chunks and
    /// posts of the new one are there. Returns how many messages this spares.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn supersede_older(&self, newer: &Broadcast) -> Result<i64, StoreError> {
        let older = format!(
            "SELECT id FROM broadcast
             WHERE incident = $1 AND id < $2 AND state IN ({BROADCAST_SENDING}, {BROADCAST_PAUSED})
                 AND (areas & $3) = areas AND severity <= $4
             ORDER BY id"
        );
        let audience = newer.audience;
        let values =
            [newer.incident.into(), newer.id.into(), audience.areas.0.into(), audience.severity.level().into()];
        let mut spared = 0;
        for row in self.rows(older, values).await? {
            let old: i64 = get(&row, "id")?;
            self.lock_broadcast(old).await?;
            spared += self.supersede_chunks(old, newer.id).await?;
            spared += self.supersede_retries(old, newer.id).await?;
            self.supersede_posts(old, newer.id).await?;
            self.close_if_complete(old).await?;
        }
        Ok(spared)
    }

    async fn supersede_chunks(&self, old: i64, newer: i64) -> Result<i64, StoreError> {
        let rest = "(audience - n_sent - n_failed - n_skipped - n_expired - n_superseded - n_unknown - n_waiting)";
        let sql = format!(
            "UPDATE chunk SET state = {CHUNK_ENDED},
                 n_superseded = n_superseded + CASE WHEN {rest} > 0 THEN {rest} ELSE 0 END
             WHERE broadcast = $1 AND state = {CHUNK_OPEN}
                 AND channel IN (SELECT channel FROM chunk WHERE broadcast = $2)
             RETURNING n_superseded"
        );
        let rows = self.rows(sql, [old.into(), newer.into()]).await?;
        rows.iter().map(|row| get::<i64>(row, "n_superseded")).sum()
    }

    async fn supersede_retries(&self, old: i64, newer: i64) -> Result<i64, StoreError> {
        let sql = "DELETE FROM retry
            WHERE broadcast = $1 AND channel IN (SELECT channel FROM chunk WHERE broadcast = $2)
            RETURNING subscriber, chunk";
        let rows = self.rows(sql, [old.into(), newer.into()]).await?;
        let mut tally = Tally::default();
        tally.shift(OutcomeState::Waiting, OutcomeState::Superseded);
        for row in &rows {
            let sql = format!(
                "UPDATE outcome SET state = {OUTCOME_SUPERSEDED}
                 WHERE broadcast = $1 AND subscriber = $2 AND state = {OUTCOME_WAITING}"
            );
            let subscriber: i64 = get(row, "subscriber")?;
            if self.run(sql, [old.into(), subscriber.into()]).await? == 1 {
                self.count_on_chunk(get(row, "chunk")?, tally).await?;
            }
        }
        Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
    }

    /// A thread that has begun is finished: half a sentence is worse than an old one.
    async fn supersede_posts(&self, old: i64, newer: i64) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE post SET state = {POST_DROPPED}
             WHERE broadcast = $1 AND state = {POST_OPEN}
                 AND account IN (SELECT account FROM post WHERE broadcast = $2)
                 AND NOT EXISTS (SELECT 1 FROM post AS begun WHERE begun.broadcast = $1
                     AND begun.account = post.account AND (begun.state = {POST_PUBLIC} OR begun.lease <> 0))"
        );
        self.run(sql, [old.into(), newer.into()]).await?;
        Ok(())
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
