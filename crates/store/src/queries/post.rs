//! Posts: parts of a thread, each due when the one before it is public.

use std::time::Duration;

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryResult, Value};

use super::state::{BROADCAST_SENDING, POST_DROPPED, POST_EXPIRED, POST_FAILED, POST_OPEN, POST_PUBLIC};
use crate::column::{ROWS_AT_ONCE, get, language, ms};
use crate::entities::post::{Entity, Model};
use crate::handles::Store;
use crate::watch::Wake;
use crate::{PostJob, PostOutcome, StoreError, Tx};

/// The first `$2` parts that are due and free at the time `$1`, with what they answer.
fn due() -> String {
    format!(
        "SELECT post.id, post.broadcast, post.incident, post.account, post.language, post.part, post.body,
             post.idempotency_key, post.attempts,
             (SELECT newest.remote_id FROM post AS newest
              WHERE newest.incident = post.incident AND newest.account = post.account AND newest.state = {POST_PUBLIC}
              ORDER BY newest.broadcast DESC, newest.part DESC LIMIT 1) AS reply_to
         FROM post
         WHERE post.state = {POST_OPEN} AND post.next_at <= $1 AND post.lease_until <= $1
           AND post.broadcast IN (SELECT id FROM broadcast WHERE state = {BROADCAST_SENDING})
           AND NOT EXISTS (SELECT 1 FROM post AS before
               WHERE before.broadcast = post.broadcast AND before.account = post.account
                 AND before.part < post.part AND before.state <> {POST_PUBLIC})
         ORDER BY post.next_at, post.id LIMIT $2"
    )
}

impl Tx {
    /// Adds the parts of posts. At the commit the notifiers wake up.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a part is there already.
    pub async fn insert_posts(&self, posts: &[PostJob]) -> Result<(), StoreError> {
        let model = |post: &PostJob| Model {
            id: post.id,
            broadcast: post.broadcast,
            incident: post.incident,
            account: post.account.clone(),
            language: post.language.number(),
            part: post.part,
            body: post.text.clone(),
            idempotency_key: post.idempotency_key.clone(),
            state: POST_OPEN,
            next_at: 0,
            lease: 0,
            lease_until: 0,
            attempts: 0,
            remote_id: None,
            code: 0,
            done_at: None,
        };
        for some in posts.chunks(ROWS_AT_ONCE) {
            let rows = some.iter().map(|post| model(post).into_active_model().reset_all());
            Entity::insert_many(rows).exec_without_returning(&self.db()).await?;
        }
        self.announce(Wake::Work);
        Ok(())
    }
}

impl Store {
    /// Leases parts of posts that are due: the part before them is public, and so is known what they answer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due_posts(&self, limit: u64, lease_for: Duration) -> Result<Vec<PostJob>, StoreError> {
        let (now, until) = self.lease_times(lease_for);
        let values: [Value; 2] = [now.into(), limit.cast_signed().into()];
        if self.row(due(), values.clone()).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.begin().await?;
        let rows = tx.rows(due() + self.either("", " FOR UPDATE OF post SKIP LOCKED"), values).await?;
        let lease = self.new_lease();
        let jobs = rows.iter().map(|row| job_of(row, lease)).collect::<Result<Vec<_>, _>>()?;
        let sql = "UPDATE post SET lease = $2, lease_until = $3, attempts = attempts + 1 WHERE id = $1";
        for job in &jobs {
            tx.run(sql, [job.id.into(), lease.into(), until.into()]).await?;
        }
        tx.commit().await?;
        Ok(jobs)
    }

    /// Writes what became of a post. False when the lease was lost; then another process knows better.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle_post(&self, job: &PostJob, outcome: PostOutcome) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        tx.lock_broadcast(job.broadcast).await?;
        // A post that was cancelled while it was under way and is public all the same must be known, or the next
        // update would not continue the thread.
        let mine = format!("WHERE id = $1 AND lease = $2 AND state IN ({POST_OPEN}, {POST_DROPPED}, {POST_EXPIRED})");
        let key: [Value; 2] = [job.id.into(), job.lease.into()];
        let settled = match outcome {
            PostOutcome::Posted { remote_id } => {
                let sql =
                    format!("UPDATE post SET state = {POST_PUBLIC}, remote_id = $3, done_at = $4, lease = 0 {mine}");
                let more = [remote_id.into(), ms(self.core.env.now()).into()];
                tx.run(sql, key.into_iter().chain(more)).await?
            }
            PostOutcome::Retry { at } => {
                let sql = format!("UPDATE post SET next_at = $3, lease = 0, lease_until = 0 {mine}");
                tx.run(sql, key.into_iter().chain([ms(at).into()])).await?
            }
            PostOutcome::Failed { code } => {
                let sql = format!("UPDATE post SET state = {POST_FAILED}, code = $3, lease = 0 {mine}");
                let settled = tx.run(sql, key.into_iter().chain([code.into()])).await?;
                tx.end_later_parts(job, POST_FAILED).await?;
                settled
            }
            PostOutcome::Expired => {
                let settled = tx.run(format!("UPDATE post SET state = {POST_EXPIRED}, lease = 0 {mine}"), key).await?;
                tx.end_later_parts(job, POST_EXPIRED).await?;
                settled
            }
        };
        if settled == 0 {
            return Ok(false);
        }
        tx.close_if_complete(job.broadcast).await?;
        tx.announce(Wake::Work);
        tx.commit().await?;
        Ok(true)
    }
}

impl Tx {
    async fn end_later_parts(&self, job: &PostJob, state: i16) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE post SET state = {state}
             WHERE broadcast = $1 AND account = $2 AND part > $3 AND state = {POST_OPEN}"
        );
        self.run(sql, [job.broadcast.into(), job.account.clone().into(), job.part.into()]).await?;
        Ok(())
    }
}

fn job_of(row: &QueryResult, lease: i64) -> Result<PostJob, StoreError> {
    Ok(PostJob {
        id: get(row, "id")?,
        broadcast: get(row, "broadcast")?,
        incident: get(row, "incident")?,
        account: get(row, "account")?,
        language: language(get(row, "language")?)?,
        part: get(row, "part")?,
        text: get(row, "body")?,
        reply_to: get(row, "reply_to")?,
        idempotency_key: get(row, "idempotency_key")?,
        attempts: get::<i32>(row, "attempts")? + 1,
        lease,
    })
}
