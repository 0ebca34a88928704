//! What staff are told, for the page at the unlisted address; and the key of that address, which is kept sealed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{RevisionState, StaffKey};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::revision::revision_of;
use crate::column::{get, ms};
use crate::entities::{incident, revision};
use crate::vault::Place;
use crate::{Briefing, Briefings, Reads, StaffBoard, StoreError, Tx};

/// Where the key stands.
const PLACE: Place<'_> = Place { table: "setting", row: b"staff-key" };

impl Briefings {
    /// Everything that the staff view shows beside what is public: of incidents that are open, or were over at `since`
    /// or later. Nothing at all while nobody has made an address for it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn board(&self, since: DateTime<Utc>) -> Result<StaffBoard, StoreError> {
        let Some(key) = self.store.staff_key().await? else { return Ok(StaffBoard::default()) };
        let services = self.store.catalogue().await?.services;
        let names = services.into_iter().filter_map(|one| Some((one.key, one.staff_name?)));
        Ok(StaffBoard {
            lock: Some(key.lock()),
            briefings: self.briefings(since).await?,
            system_names: names.collect::<BTreeMap<_, _>>(),
        })
    }

    async fn briefings(&self, since: DateTime<Utc>) -> Result<Vec<Briefing>, StoreError> {
        let over = incident::Column::ResolvedAt;
        let current = Condition::any().add(over.is_null()).add(over.gte(ms(since)));
        let public = incident::Column::PublishedAt.is_not_null();
        let incidents = incident::Entity::find().filter(public).filter(current).all(&self.store.db()).await?;
        let mut briefings = Vec::with_capacity(incidents.len());
        for one in incidents {
            let newest = revision::Entity::find()
                .filter(revision::Column::Incident.eq(one.id))
                .filter(revision::Column::State.eq(RevisionState::Published.key()))
                .order_by_desc(revision::Column::Number)
                .one(&self.store.db())
                .await?;
            let Some(newest) = newest.map(revision_of).transpose()? else { continue };
            briefings.push(Briefing { incident: one.id, words: newest.content.words.into() });
        }
        Ok(briefings)
    }
}

impl Reads {
    /// The key of the staff address; none while there is no such address.
    ///
    /// # Errors
    /// When the database does not answer, or the key was sealed with another one.
    pub async fn staff_key(&self) -> Result<Option<StaffKey>, StoreError> {
        let Some(row) = self.row("SELECT value FROM setting WHERE name = 'staff-key'", []).await? else {
            return Ok(None);
        };
        let sealed: Vec<u8> = get(&row, "value")?;
        let plain = self.core.vault.open(PLACE, &sealed)?;
        let text = String::from_utf8(plain).unwrap_or_default();
        StaffKey::typed(&text).map(Some).ok_or_else(|| StoreError::broken("the kept staff key is none"))
    }
}

impl Tx {
    /// Puts a key in place of the one before, or takes it away. The pages learn of it as they learn of a publication,
    /// and the old key opens nothing any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_staff_key(&self, key: Option<&StaffKey>) -> Result<(), StoreError> {
        self.run("DELETE FROM setting WHERE name = 'staff-key'", []).await?;
        if let Some(key) = key {
            let sealed = self.core.vault.seal(PLACE, key.reveal().as_bytes());
            self.run("INSERT INTO setting (name, value) VALUES ('staff-key', $1)", [sealed.into()]).await?;
        }
        self.touch_publication().await
    }
}
