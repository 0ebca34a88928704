//! The rest of a broadcast that is not sent any more: a newer update overtook it, or it is too late to be true.
//!
//! Whoever it spares is counted at once and by the chunk, not by the person. A notifier in the middle of a group learns
//! of it within half a second, and what had left by then is counted as sent after all.

use std::ops::RangeBounds;

use chrono::{DateTime, Utc};
use domain::delivery::{Broadcast, Chunk, OutcomeState};
use domain::{ChannelKind, Severity};
use sea_orm::Value;

use super::state::{
    BROADCAST_PAUSED, BROADCAST_SENDING, CHUNK_EXPIRED, CHUNK_OPEN, CHUNK_SUPERSEDED, OUTCOME_WAITING, POST_DROPPED,
    POST_EXPIRED, POST_OPEN, POST_PUBLIC,
};
use super::tally::{Tally, counter};
use crate::column::{get, ms};
use crate::handles::Store;
use crate::{StoreError, Tx};

/// Which part of a broadcast ends, and how.
struct Ending {
    broadcast: i64,
    /// The channels as SQL, with `$2` for the value.
    channels: &'static str,
    value: Value,
    chunks_become: i16,
    people_become: OutcomeState,
}

impl Ending {
    fn values(&self) -> [Value; 2] {
        [self.broadcast.into(), self.value.clone()]
    }
}

impl Tx {
    /// Ends what older broadcasts of the same incident have not sent yet, wherever the new one reaches the same
    /// people by the same channel: nobody gets an update that is already outdated. Call it after the chunks and
    /// posts of the new one are there. Returns how many messages this spares. Where the new one reaches only some of
    /// the people, [`Store::group`] and [`Store::due_retries`] say who is overtaken.
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
            let ending = Ending {
                broadcast: old,
                channels: "SELECT channel FROM chunk WHERE broadcast = $2",
                value: newer.id.into(),
                chunks_become: CHUNK_SUPERSEDED,
                people_become: OutcomeState::Superseded,
            };
            spared += self.end_people(&ending).await?;
            self.supersede_posts(old, newer.id).await?;
            self.close_if_complete(old).await?;
        }
        Ok(spared)
    }

    async fn end_people(&self, ending: &Ending) -> Result<i64, StoreError> {
        Ok(self.end_chunks(ending).await? + self.end_retries_of(ending).await?)
    }

    async fn end_chunks(&self, ending: &Ending) -> Result<i64, StoreError> {
        let Ending { channels, chunks_become, people_become, .. } = ending;
        let counter = counter(*people_become);
        let rest = "(audience - n_sent - n_failed - n_skipped - n_expired - n_superseded - n_unknown - n_waiting)";
        let sql = format!(
            "UPDATE chunk SET state = {chunks_become},
                 {counter} = {counter} + CASE WHEN {rest} > 0 THEN {rest} ELSE 0 END
             WHERE broadcast = $1 AND state = {CHUNK_OPEN} AND channel IN ({channels})
             RETURNING {counter} AS spared"
        );
        let rows = self.rows(sql, ending.values()).await?;
        rows.iter().map(|row| get::<i64>(row, "spared")).sum()
    }

    async fn end_retries_of(&self, ending: &Ending) -> Result<i64, StoreError> {
        let Ending { channels, people_become, broadcast, .. } = ending;
        let sql =
            format!("DELETE FROM retry WHERE broadcast = $1 AND channel IN ({channels}) RETURNING subscriber, chunk");
        let rows = self.rows(sql, ending.values()).await?;
        let mut tally = Tally::default();
        tally.shift(OutcomeState::Waiting, *people_become);
        let sql = format!(
            "UPDATE outcome SET state = {} WHERE broadcast = $1 AND subscriber = $2 AND state = {OUTCOME_WAITING}",
            people_become.number()
        );
        for row in &rows {
            let subscriber: i64 = get(row, "subscriber")?;
            if self.run(sql.clone(), [(*broadcast).into(), subscriber.into()]).await? == 1 {
                self.count_on_chunk(get(row, "chunk")?, tally).await?;
            }
        }
        Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
    }

    /// Somebody of a chunk that ended while they were sent to is not tried again.
    pub(crate) async fn end_retries_with(&self, chunk: &Chunk) -> Result<(), StoreError> {
        let Some(row) = self.row("SELECT state FROM chunk WHERE id = $1", [chunk.id.into()]).await? else {
            return Ok(());
        };
        let chunks_become = get::<i16>(&row, "state")?;
        let people_become = match chunks_become {
            CHUNK_SUPERSEDED => OutcomeState::Superseded,
            CHUNK_EXPIRED => OutcomeState::Expired,
            _ => return Ok(()),
        };
        let value = chunk.channel.number().into();
        let ending = Ending { broadcast: chunk.broadcast, channels: "$2", value, chunks_become, people_become };
        self.end_retries_of(&ending).await?;
        Ok(())
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

impl Store {
    /// Ends what one channel has not sent yet of updates that were published before `too_old`, in the time that people
    /// read. A broadcast that somebody holds is left alone. Returns how many messages this spares.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn expire(&self, channel: ChannelKind, too_old: DateTime<Utc>) -> Result<i64, StoreError> {
        self.expire_some(channel, too_old, ..).await
    }

    /// As [`Store::expire`], but only updates of these severities.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn expire_some(
        &self,
        channel: ChannelKind,
        too_old: DateTime<Utc>,
        severities: impl RangeBounds<Severity>,
    ) -> Result<i64, StoreError> {
        let levels = Severity::ALL.into_iter().filter(|one| severities.contains(one));
        let levels = levels.map(|one| one.level().to_string()).collect::<Vec<_>>().join(", ");
        let open = match channel {
            ChannelKind::Mastodon => {
                format!("EXISTS (SELECT 1 FROM post WHERE post.broadcast = broadcast.id AND post.state = {POST_OPEN})")
            }
            ChannelKind::Sms | ChannelKind::Email => format!(
                "(EXISTS (SELECT 1 FROM chunk
                      WHERE chunk.broadcast = broadcast.id AND chunk.state = {CHUNK_OPEN} AND chunk.channel = $2)
                  OR EXISTS (SELECT 1 FROM retry WHERE retry.broadcast = broadcast.id AND retry.channel = $2))"
            ),
        };
        let sql = format!(
            "SELECT id FROM broadcast
             WHERE state = {BROADCAST_SENDING} AND created_at <= $1 AND $2 > 0 AND severity IN ({levels}) AND {open}
             ORDER BY id"
        );
        let mut spared = 0;
        for row in self.rows(sql, [ms(too_old).into(), channel.number().into()]).await? {
            spared += self.expire_one(get(&row, "id")?, channel).await?;
        }
        Ok(spared)
    }

    async fn expire_one(&self, broadcast: i64, channel: ChannelKind) -> Result<i64, StoreError> {
        let tx = self.begin().await?;
        tx.lock_broadcast(broadcast).await?;
        let spared = match channel {
            ChannelKind::Mastodon => tx.expire_posts(broadcast).await?,
            ChannelKind::Sms | ChannelKind::Email => {
                let ending = Ending {
                    broadcast,
                    channels: "$2",
                    value: channel.number().into(),
                    chunks_become: CHUNK_EXPIRED,
                    people_become: OutcomeState::Expired,
                };
                tx.end_people(&ending).await?
            }
        };
        tx.close_if_complete(broadcast).await?;
        tx.commit().await?;
        Ok(spared)
    }
}

impl Tx {
    async fn expire_posts(&self, broadcast: i64) -> Result<i64, StoreError> {
        let sql = format!("UPDATE post SET state = {POST_EXPIRED} WHERE broadcast = $1 AND state = {POST_OPEN}");
        Ok(self.run(sql, [broadcast.into()]).await?.cast_signed())
    }
}
