//! Direct messages: somebody waits for them, so they go before everything else.

use std::time::Duration;

use domain::{ChannelKind, Language};
use sea_orm::{QueryResult, Value};
use serde::{Deserialize, Serialize};

use super::state::{MESSAGE_EXPIRED, MESSAGE_FAILED, MESSAGE_OPEN, MESSAGE_SENT, MESSAGE_UNKNOWN};
use crate::column::{channel, get, language, ms, time, to_json};
use crate::handles::Store;
use crate::vault::Place;
use crate::watch::Wake;
use crate::{DirectMessage, LeasedMessage, MessageOutcome, MessageState, StoreError, SubTx, Tx};

/// The first `$2` messages that are due and free at the time `$1`.
fn due() -> String {
    format!(
        "SELECT id, channel, blind, contact, language, body, dedupe_key, expires_at, attempts
         FROM message
         WHERE state = {MESSAGE_OPEN} AND next_at <= $1 AND lease_until <= $1
         ORDER BY next_at, id LIMIT $2"
    )
}

/// What is sealed in one piece.
#[derive(Serialize, Deserialize)]
struct Body {
    subject: Option<String>,
    text: String,
    html: Option<String>,
}

impl Tx {
    /// Puts a message in line unless one with its `dedupe_key` was there before; then false. At the commit the
    /// notifiers wake up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enqueue_message(&self, message: &DirectMessage) -> Result<bool, StoreError> {
        let vault = &self.core.vault;
        let blind = vault.blind(&message.contact);
        let body = Body { subject: message.subject.clone(), text: message.text.clone(), html: message.html.clone() };
        let sealed = vault.seal(body_place(&message.id.to_be_bytes()), to_json(&body)?.as_bytes());
        let sql = format!(
            "INSERT INTO message (id, channel, blind, contact, language, body, dedupe_key, expires_at,
                 state, next_at, lease, lease_until, attempts)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, {MESSAGE_OPEN}, 0, 0, 0, 0)
             ON CONFLICT (dedupe_key) DO NOTHING"
        );
        let values: [Value; 8] = [
            message.id.into(),
            message.contact.channel().number().into(),
            blind.to_vec().into(),
            vault.seal_contact("message", &message.contact, &blind).into(),
            message.language.number().into(),
            sealed.into(),
            message.dedupe_key.clone().into(),
            ms(message.expires_at).into(),
        ];
        let added = self.run(sql, values).await? == 1;
        self.announce(Wake::Work);
        Ok(added)
    }
}

impl SubTx {
    /// As [`Tx::enqueue_message`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enqueue_message(&self, message: &DirectMessage) -> Result<bool, StoreError> {
        self.tx.enqueue_message(message).await
    }
}

impl Store {
    /// Leases messages that are due, oldest first. What is too late is dropped.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due_messages(&self, limit: u64, lease_for: Duration) -> Result<Vec<LeasedMessage>, StoreError> {
        let (now, until) = self.lease_times(lease_for);
        let values: [Value; 2] = [now.into(), limit.cast_signed().into()];
        if self.row(due(), values.clone()).await?.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.begin().await?;
        let expired = format!(
            "UPDATE message SET state = {MESSAGE_EXPIRED}, contact = NULL, body = NULL
             WHERE state = {MESSAGE_OPEN} AND expires_at <= $1 AND lease_until <= $1"
        );
        tx.run(expired, [now.into()]).await?;
        let rows = tx.rows(due() + self.either("", " FOR UPDATE SKIP LOCKED"), values).await?;
        let lease = self.new_lease();
        let sql = "UPDATE message SET lease = $2, lease_until = $3, attempts = attempts + 1 WHERE id = $1";
        for row in &rows {
            tx.run(sql, [get::<i64>(row, "id")?.into(), lease.into(), until.into()]).await?;
        }
        tx.commit().await?;
        self.readable(rows.iter().map(|row| self.message_of(row, lease)))
    }

    /// Writes what became of a message. When it ended, its contact and text are wiped. False when the lease was lost.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle_message(&self, id: i64, lease: i64, outcome: MessageOutcome) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let settled = match outcome {
            MessageOutcome::Done { state } => {
                let sql = format!(
                    "UPDATE message SET state = $3, contact = NULL, body = NULL
                     WHERE id = $1 AND lease = $2 AND state = {MESSAGE_OPEN}"
                );
                tx.run(sql, [id.into(), lease.into(), number(state).into()]).await?
            }
            MessageOutcome::Retry { at } => {
                let sql = format!(
                    "UPDATE message SET next_at = $3, lease = 0, lease_until = 0
                     WHERE id = $1 AND lease = $2 AND state = {MESSAGE_OPEN}"
                );
                tx.run(sql, [id.into(), lease.into(), ms(at).into()]).await?
            }
        };
        tx.commit().await?;
        Ok(settled == 1)
    }

    fn message_of(&self, row: &QueryResult, lease: i64) -> Result<LeasedMessage, StoreError> {
        let vault = &self.core.vault;
        let id: i64 = get(row, "id")?;
        let kind: ChannelKind = channel(get(row, "channel")?)?;
        let blind: Vec<u8> = get(row, "blind")?;
        let contact: Vec<u8> = get(row, "contact")?;
        let sealed: Vec<u8> = get(row, "body")?;
        let body: Body = serde_json::from_slice(&vault.open(body_place(&id.to_be_bytes()), &sealed)?)?;
        let spoken: Language = language(get(row, "language")?)?;
        let message = DirectMessage {
            id,
            contact: vault.open_contact("message", kind, &blind, &contact)?,
            language: spoken,
            subject: body.subject,
            text: body.text,
            html: body.html,
            dedupe_key: get(row, "dedupe_key")?,
            expires_at: time(get(row, "expires_at")?)?,
        };
        Ok(LeasedMessage { message, lease, attempts: get::<i32>(row, "attempts")? + 1 })
    }
}

const fn body_place(id: &[u8; 8]) -> Place<'_> {
    Place { table: "message.body", row: id }
}

const fn number(state: MessageState) -> i16 {
    match state {
        MessageState::Sent => MESSAGE_SENT,
        MessageState::Failed => MESSAGE_FAILED,
        MessageState::Expired => MESSAGE_EXPIRED,
        MessageState::Unknown => MESSAGE_UNKNOWN,
    }
}
