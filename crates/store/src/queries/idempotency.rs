//! Answers kept for repeated requests: a client that did not hear the first answer must not publish twice.

use sea_orm::{EntityTrait, Value};

use crate::column::ms;
use crate::entities::idempotency::Entity;
use crate::{Reads, StoreError, StoredAnswer, Tx};

impl Reads {
    /// What was kept for a key of an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn idempotent(&self, key: &str, staff: i64) -> Result<Option<StoredAnswer>, StoreError> {
        let found = Entity::find_by_id((key.to_owned(), staff)).one(&self.db()).await?;
        Ok(found.map(|model| StoredAnswer {
            request_hash: model.request_hash,
            status: model.status.and_then(|status| u16::try_from(status).ok()),
            body: model.body,
        }))
    }
}

impl Tx {
    /// Takes a key for a request; false when it is taken already, perhaps by the same request.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim_idempotency(&self, key: &str, staff: i64, request_hash: &str) -> Result<bool, StoreError> {
        let sql = "INSERT INTO idempotency (key, staff, request_hash, body, created_at) VALUES ($1, $2, $3, '', $4)
            ON CONFLICT (key, staff) DO NOTHING";
        let now = ms(self.core.env.machine_now());
        Ok(self.run(sql, [key.into(), staff.into(), request_hash.into(), now.into()]).await? == 1)
    }

    /// Keeps the answer of the request that took the key.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when that request did not take it.
    pub async fn save_answer(&self, key: &str, staff: i64, answer: &StoredAnswer) -> Result<(), StoreError> {
        let sql = "UPDATE idempotency SET status = $4, body = $5 WHERE key = $1 AND staff = $2 AND request_hash = $3";
        let values: [Value; 5] = [
            key.into(),
            staff.into(),
            answer.request_hash.clone().into(),
            answer.status.map(i32::from).into(),
            answer.body.clone().into(),
        ];
        match self.run(sql, values).await? {
            1 => Ok(()),
            _ => Err(StoreError::broken("an answer was to be kept for a key that the request does not hold")),
        }
    }
}
