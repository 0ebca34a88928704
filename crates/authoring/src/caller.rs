//! Who calls an action, what they may do, and the key that makes a repeated call harmless.

use domain::digest::hex;
use domain::staff::{Act, Actor};
use domain::{Catalogue, Incident};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::{StoredAnswer, Tx};

use crate::Authoring;
use crate::error::{ActionError, Result};

/// Somebody who has been identified, with the key of their request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// Makes a repeated request harmless; none where the program or form sent no key.
    pub once: Option<Once>,
}

/// A request that must have its effect at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// The key that the sender chose.
    pub key: String,
    /// The hash of the request, to notice a key that is used for two different requests.
    pub request_hash: String,
}

impl Once {
    /// The key with the hash of what was asked: where, and with which body.
    #[must_use]
    pub fn new(key: &str, path: &str, body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update((path.len() as u64).to_be_bytes());
        hash.update(path);
        hash.update(body);
        Self { key: key.to_owned(), request_hash: hex(&hash.finalize()) }
    }
}

impl From<Actor> for Caller {
    fn from(actor: Actor) -> Self {
        Self { actor, once: None }
    }
}

impl Caller {
    /// Ends the action unless the role has this right.
    pub(crate) fn permit(&self, act: Act) -> Result<()> {
        if self.actor.role.may(act) { Ok(()) } else { Err(ActionError::Forbidden("role")) }
    }

    /// Ends the action unless the incident belongs to the organisation that the caller speaks for, or to one below it.
    pub(crate) fn within(&self, incident: &Incident, catalogue: &Catalogue) -> Result<()> {
        match self.actor.organisation.as_deref() {
            Some(own) if !catalogue.line_up(&incident.organisation).contains(&own) => {
                Err(ActionError::Forbidden("other-organisation"))
            }
            _ => Ok(()),
        }
    }
}

/// A transaction that has just begun, or the answer that an earlier request with the same key got.
pub(crate) enum Begun<T> {
    Fresh(Tx),
    Replayed(T),
}

impl Authoring {
    /// Begins the transaction of an action. The key is claimed inside it, so that key and effect exist together or not
    /// at all.
    pub(crate) async fn begin<T: DeserializeOwned>(&self, caller: &Caller) -> Result<Begun<T>> {
        let tx = self.store().begin().await?;
        let Some(once) = &caller.once else { return Ok(Begun::Fresh(tx)) };
        let staff = caller.actor.id;
        if tx.claim_idempotency(&once.key, staff, &once.request_hash).await? {
            return Ok(Begun::Fresh(tx));
        }
        let answer = tx.idempotent(&once.key, staff).await?.ok_or(ActionError::Conflict("idempotency-busy"))?;
        if answer.request_hash != once.request_hash {
            return Err(ActionError::Conflict("idempotency-mismatch"));
        }
        if answer.status.is_none() {
            return Err(ActionError::Conflict("idempotency-busy"));
        }
        let kept = serde_json::from_str(&answer.body).map_err(|_| ActionError::Conflict("idempotency-mismatch"))?;
        Ok(Begun::Replayed(kept))
    }

    /// Ends the transaction of an action, keeping its result for a repeated request.
    pub(crate) async fn commit<T: Serialize>(&self, tx: Tx, caller: &Caller, result: &T) -> Result<()> {
        if let Some(once) = &caller.once {
            let body = serde_json::to_string(result).map_err(|_| ActionError::Broken("a result is not JSON"))?;
            let answer = StoredAnswer { request_hash: once.request_hash.clone(), status: Some(200), body };
            tx.save_answer(&once.key, caller.actor.id, &answer).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
