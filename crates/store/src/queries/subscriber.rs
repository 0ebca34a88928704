//! Subscribers in bulk, for the operator: brought in, taken out, forgotten.

use domain::audience::Areas;
use domain::subscriber::{ConsentSource, SubscriberState, Wishes};
use domain::{ChannelKind, Contact, Language, Subscriber};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use crate::column::{ROWS_AT_ONCE, channel, language, meaningless, ms, severity};
use crate::entities::subscriber::{Column, Entity, Model};
use crate::handles::Store;
use crate::{NewSubscriber, Reads, StoreError, Tx};

pub(crate) const COLUMNS: &str = "id, channel, blind, contact, language, areas, min_severity, state, source, wording,
    consented_at, changed_at";

/// Why a row has nothing in it.
const ERASED: &str = "erased";

impl Store {
    /// Brings in people with recorded consent, all or none, and returns how many are new. Who is there already keeps
    /// their own choice, and who left stays away.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn import_subscribers(&self, people: &[NewSubscriber]) -> Result<usize, StoreError> {
        let tx = self.begin().await?;
        let mut added = 0;
        for some in people.chunks(ROWS_AT_ONCE) {
            let sql = format!(
                "INSERT INTO subscriber ({COLUMNS}) VALUES {} ON CONFLICT (channel, blind) DO NOTHING",
                tx.tuples(some.len(), 12)
            );
            added += tx.run(sql, some.iter().flat_map(|one| tx.import_values(one))).await?;
        }
        tx.commit().await?;
        Ok(usize::try_from(added).unwrap_or(usize::MAX))
    }

    /// How many of these people have asked not to be contacted: an import leaves them alone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stopped_among(&self, people: &[NewSubscriber]) -> Result<u64, StoreError> {
        let mut stopped = 0;
        for some in people.chunks(ROWS_AT_ONCE) {
            let these = ChannelKind::ALL.into_iter().fold(Condition::any(), |any, channel| {
                let of_channel = some.iter().filter(|one| one.contact.channel() == channel);
                let blinds = of_channel.map(|one| self.core.vault.blind(&one.contact).to_vec());
                any.add(Condition::all().add(Column::Channel.eq(channel.number())).add(Column::Blind.is_in(blinds)))
            });
            let left = Entity::find().filter(Column::State.ne(SubscriberState::Active.number())).filter(these);
            stopped += left.count(&self.db()).await?;
        }
        Ok(stopped)
    }

    /// Active subscribers with an id above `after`, in the order of ids.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when none of them can be decrypted.
    pub async fn export_subscribers(&self, after: i64, limit: u64) -> Result<Vec<Subscriber>, StoreError> {
        let active = Entity::find().filter(Column::State.eq(SubscriberState::Active.number()));
        let select = active.filter(Column::Id.gt(after)).order_by_asc(Column::Id).limit(limit);
        let models = select.all(&self.db()).await?;
        self.readable(models.into_iter().filter_map(|model| self.subscriber_of(model, None).transpose()))
    }

    /// Forgets a person: the subscription, sign-ups, messages in line, and what providers called their messages. Of
    /// somebody who was known, the keyed hash stays as a stop mark, so that no old list brings them back; they may come
    /// back themselves. False when nothing was known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn erase(&self, contact: &Contact) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let found = tx.subscriber_row(contact).await?.filter(|model| model.reason.as_deref() != Some(ERASED));
        if let Some(model) = &found {
            // Goes from broadcast to broadcast, each a look-up by key, instead of through every message.
            let sql = "UPDATE outcome SET reference = NULL WHERE subscriber = $1
                AND broadcast IN (SELECT id FROM broadcast)";
            tx.run(sql, [model.id.into()]).await?;
            tx.leave_a_stop_mark(model.id).await?;
        }
        let key: [Value; 2] = [contact.channel().number().into(), self.core.vault.blind(contact).to_vec().into()];
        let sign_ups = tx.run("DELETE FROM verification WHERE channel = $1 AND blind = $2", key.clone()).await?;
        let messages = tx.run("DELETE FROM message WHERE channel = $1 AND blind = $2", key).await?;
        tx.commit().await?;
        Ok(found.is_some() || sign_ups + messages > 0)
    }
}

impl Reads {
    /// The row of a contact, whatever its state.
    pub(crate) async fn subscriber_row(&self, contact: &Contact) -> Result<Option<Model>, StoreError> {
        let blind = self.core.vault.blind(contact).to_vec();
        let of_channel = Entity::find().filter(Column::Channel.eq(contact.channel().number()));
        Ok(of_channel.filter(Column::Blind.eq(blind)).one(&self.db()).await?)
    }

    /// Reads a row. The contact of somebody who left is not kept: it must be `known`, or there is nobody to show.
    pub(crate) fn subscriber_of(
        &self,
        model: Model,
        known: Option<&Contact>,
    ) -> Result<Option<Subscriber>, StoreError> {
        let kind: ChannelKind = channel(model.channel)?;
        let contact = match (known, &model.contact) {
            (Some(contact), _) => contact.clone(),
            (None, Some(sealed)) => self.core.vault.open_contact("subscriber", kind, &model.blind, sealed)?,
            (None, None) => return Ok(None),
        };
        Ok(Some(Subscriber {
            id: model.id,
            contact,
            wishes: Wishes {
                language: language(model.language)?,
                areas: Areas(model.areas),
                min_severity: severity(model.min_severity)?,
            },
            state: SubscriberState::from_number(model.state).ok_or_else(|| meaningless("state of a subscriber"))?,
        }))
    }
}

impl Tx {
    /// Nothing stays in the row but the keyed hash and that it may not be written to.
    async fn leave_a_stop_mark(&self, id: i64) -> Result<(), StoreError> {
        let sql = "UPDATE subscriber SET state = $2, contact = NULL, language = 1, areas = 0, min_severity = 0,
            source = $3, wording = '', consented_at = 0, changed_at = $4, reason = $3 WHERE id = $1";
        let left = SubscriberState::Left.number();
        self.run(sql, [id.into(), left.into(), ERASED.into(), ms(self.core.env.now()).into()]).await?;
        Ok(())
    }

    /// The same of somebody who was never a subscriber, so that no list brings them in. False when they signed up at this
    /// very moment.
    pub(crate) async fn add_a_stop_mark(&self, contact: &Contact, reason: &str) -> Result<bool, StoreError> {
        let sql = "INSERT INTO subscriber (id, channel, blind, language, areas, min_severity, state, source, wording,
                consented_at, changed_at, reason)
            VALUES ($1, $2, $3, $4, 0, 0, $5, $6, '', 0, $7, $8) ON CONFLICT (channel, blind) DO NOTHING";
        let values: [Value; 8] = [
            self.core.env.id().into(),
            contact.channel().number().into(),
            self.core.vault.blind(contact).to_vec().into(),
            Language::Cy.number().into(),
            SubscriberState::Left.number().into(),
            ConsentSource::Text.key().into(),
            ms(self.core.env.now()).into(),
            reason.into(),
        ];
        Ok(self.run(sql, values).await? == 1)
    }

    fn import_values(&self, one: &NewSubscriber) -> [Value; 12] {
        let now = ms(self.core.env.now());
        let blind = self.core.vault.blind(&one.contact);
        [
            self.core.env.id().into(),
            one.contact.channel().number().into(),
            blind.to_vec().into(),
            self.core.vault.seal_contact("subscriber", &one.contact, &blind).into(),
            one.wishes.language.number().into(),
            one.wishes.areas.0.into(),
            one.wishes.min_severity.level().into(),
            SubscriberState::Active.number().into(),
            one.source.key().into(),
            one.wording_version.clone().into(),
            now.into(),
            now.into(),
        ]
    }
}
