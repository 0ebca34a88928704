//! What a visitor may change: their own subscription, known by its contact or by the id in a signed link.

use domain::subscriber::{ConsentSource, SubscriberState, Wishes};
use domain::{Catalogue, Contact, Subscriber};
use sea_orm::{EntityTrait, Value};

use super::published::public_catalogue;
use super::subscriber::COLUMNS;
use crate::column::{get, ms};
use crate::entities::subscriber::Entity;
use crate::{StoreError, SubTx, Subscriptions};

impl Subscriptions {
    /// The subscription of a contact, also one that has ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, contact: &Contact) -> Result<Option<Subscriber>, StoreError> {
        let Some(model) = self.store.subscriber_row(contact).await? else { return Ok(None) };
        self.store.subscriber_of(model, Some(contact))
    }

    /// The subscription of an id. None also for one that has ended, whose contact is not kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_id(&self, id: i64) -> Result<Option<Subscriber>, StoreError> {
        let Some(model) = Entity::find_by_id(id).one(&self.store.db()).await? else { return Ok(None) };
        self.store.subscriber_of(model, None)
    }

    /// The lists that a visitor chooses from, in public words.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn catalogue(&self) -> Result<Catalogue, StoreError> {
        Ok(public_catalogue(self.store.catalogue().await?))
    }
}

impl SubTx {
    /// Begins or renews a subscription and returns its id. Whoever left before is welcome again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscribe(
        &self,
        contact: &Contact,
        wishes: Wishes,
        source: ConsentSource,
        wording_version: &str,
    ) -> Result<i64, StoreError> {
        let core = &self.tx.core;
        let now = ms(core.env.now());
        let blind = core.vault.blind(contact);
        let sql = format!(
            "INSERT INTO subscriber ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $10)
             ON CONFLICT (channel, blind) DO UPDATE SET
                 contact = excluded.contact, language = excluded.language, areas = excluded.areas,
                 min_severity = excluded.min_severity, state = 1, source = excluded.source,
                 wording = excluded.wording, consented_at = excluded.consented_at,
                 changed_at = excluded.changed_at, reason = NULL, soft_bounces = 0, rests_until = 0
             RETURNING id"
        );
        let values: [Value; 10] = [
            core.env.id().into(),
            contact.channel().number().into(),
            blind.to_vec().into(),
            core.vault.seal_contact("subscriber", contact, &blind).into(),
            wishes.language.number().into(),
            wishes.areas.0.into(),
            wishes.min_severity.level().into(),
            source.key().into(),
            wording_version.into(),
            now.into(),
        ];
        let row = self.tx.row(sql, values).await?;
        row.map_or_else(|| Err(StoreError::broken("a subscription was not written")), |row| get(&row, "id"))
    }

    /// Changes what an active subscriber wants; false when there is none of this id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_wishes(&self, id: i64, wishes: Wishes) -> Result<bool, StoreError> {
        let sql = "UPDATE subscriber SET language = $2, areas = $3, min_severity = $4, changed_at = $5
            WHERE id = $1 AND state = 1";
        let values: [Value; 5] = [
            id.into(),
            wishes.language.number().into(),
            wishes.areas.0.into(),
            wishes.min_severity.level().into(),
            ms(self.tx.core.env.now()).into(),
        ];
        Ok(self.tx.run(sql, values).await? == 1)
    }

    /// Ends a subscription and forgets its contact; the keyed hash stays as the stop list. False when there is no
    /// active one of this id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn leave(&self, id: i64, reason: &str) -> Result<bool, StoreError> {
        self.end(id, SubscriberState::Left, reason).await
    }

    /// As [`SubTx::leave`], by contact. Returns the subscription as it was; none when there was no active one. Whoever was
    /// never known is on the stop list from then on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn leave_contact(&self, contact: &Contact, reason: &str) -> Result<Option<Subscriber>, StoreError> {
        let mut known = self.tx.subscriber_row(contact).await?;
        if known.is_none() && !self.tx.add_a_stop_mark(contact, reason).await? {
            known = self.tx.subscriber_row(contact).await?;
        }
        let Some(model) = known else { return Ok(None) };
        let before = self.tx.subscriber_of(model, Some(contact))?;
        let Some(before) = before.filter(|one| one.state == SubscriberState::Active) else { return Ok(None) };
        Ok(self.leave(before.id, reason).await?.then_some(before))
    }

    /// Ends a subscription whose contact does not exist any more. False when there is no active one of this id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_gone(&self, id: i64) -> Result<bool, StoreError> {
        self.end(id, SubscriberState::Gone, "gone").await
    }

    async fn end(&self, id: i64, state: SubscriberState, reason: &str) -> Result<bool, StoreError> {
        // A text that says STOP reaches the provider first, which remembers it longer than we do.
        let sql = "UPDATE subscriber SET state = $2, contact = NULL, changed_at = $3, reason = $4,
                stopped_at = CASE WHEN $4 = 'text' THEN $3 ELSE stopped_at END
            WHERE id = $1 AND state = 1";
        let now = ms(self.tx.core.env.now());
        let values: [Value; 4] = [id.into(), state.number().into(), now.into(), reason.into()];
        Ok(self.tx.run(sql, values).await? == 1)
    }
}
