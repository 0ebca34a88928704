//! What incidents say of each other. Rows are written by publications alone, so that all of them are public.

use std::collections::BTreeMap;

use domain::{Incident, Relation, RelationKind};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::column::{ROWS_AT_ONCE, maybe_time, meaningless, ms};
use crate::entities::incident;
use crate::entities::incident_relation::{Column, Entity, Model};
use crate::{Published, Reads, StoreError, Tx};

impl Reads {
    /// Of the incidents with these numbers, the numbers of those that are public.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_numbers(&self, numbers: &[i64]) -> Result<Vec<i64>, StoreError> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.public_ids(numbers).await?.into_keys().collect())
    }

    /// The ids of those that are public, by their numbers.
    async fn public_ids(&self, numbers: &[i64]) -> Result<BTreeMap<i64, i64>, StoreError> {
        let select = incident::Entity::find()
            .filter(incident::Column::Number.is_in(numbers.iter().copied()))
            .filter(incident::Column::PublishedAt.is_not_null());
        let found = select.all(&self.db()).await?;
        Ok(found.into_iter().map(|one| (one.number, one.id)).collect())
    }

    /// Everything that these incidents say of others, and that others say of them, each with the number of the other.
    async fn relations_of(&self, incidents: &[i64]) -> Result<BTreeMap<i64, Told>, StoreError> {
        let mut found: BTreeMap<i64, Told> = BTreeMap::new();
        for some in incidents.chunks(ROWS_AT_ONCE / 2) {
            let models = Entity::find()
                .filter(touching(some))
                .order_by_asc(Column::Other)
                .order_by_asc(Column::Incident)
                .all(&self.db())
                .await?;
            let numbers = self.numbers_of(&models).await?;
            // What an incident says itself comes first.
            for own in [true, false] {
                for model in &models {
                    let (teller, other) =
                        if own { (model.incident, model.other) } else { (model.other, model.incident) };
                    let Some(number) = numbers.get(&other).filter(|_| some.contains(&teller)) else { continue };
                    let Told { by_itself, by_others } = found.entry(teller).or_default();
                    let relation = relation_of(model, *number)?;
                    let says_so = |one: &Relation| (one.number, one.kind) == (relation.number, relation.kind);
                    if !by_itself.iter().any(says_so) {
                        if own { by_itself } else { by_others }.push(relation);
                    }
                }
            }
        }
        Ok(found)
    }

    async fn numbers_of(&self, models: &[Model]) -> Result<BTreeMap<i64, i64>, StoreError> {
        let mut numbers = BTreeMap::new();
        let ids: Vec<i64> = models.iter().flat_map(|one| [one.incident, one.other]).collect();
        for some in ids.chunks(ROWS_AT_ONCE) {
            let these = incident::Column::Id.is_in(some.iter().copied());
            let found = incident::Entity::find().filter(these).all(&self.db()).await?;
            numbers.extend(found.into_iter().map(|one| (one.id, one.number)));
        }
        Ok(numbers)
    }
}

/// What is told of an incident and others, each with the number of the other one.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// By the incident itself.
    pub(crate) by_itself: Vec<Relation>,
    /// By those others. Whoever publishes them answers for it.
    pub(crate) by_others: Vec<Relation>,
}

impl Published {
    /// What these incidents say of others, and others of them. Of two who say the same, the incident itself is heard.
    pub(crate) async fn relations(&self, incidents: &[i64]) -> Result<BTreeMap<i64, Told>, StoreError> {
        self.store.relations_of(incidents).await
    }
}

impl Tx {
    /// Puts what an incident says of others now in the place of what it said before, and marks the others as changed:
    /// their pages tell it too, with the headline that the incident has now. Costs as much as it has relations.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn relate(&self, incident: &Incident, relations: &[Relation]) -> Result<(), StoreError> {
        let before = self.partners(incident.id).await?;
        if before.is_empty() && relations.is_empty() {
            return Ok(());
        }
        Entity::delete_many().filter(Column::Incident.eq(incident.id)).exec(&self.db()).await?;
        let numbers: Vec<i64> = relations.iter().map(|one| one.number).collect();
        let ids = self.public_ids(&numbers).await?;
        for one in relations {
            let Some(other) = ids.get(&one.number).copied().filter(|other| *other != incident.id) else { continue };
            let model = Model {
                incident: incident.id,
                other,
                kind: one.kind.key().to_owned(),
                stated_by: one.stated_by.clone(),
                stated_at: one.stated_at.map(ms),
            };
            Entity::insert(model.into_active_model().reset_all()).exec_without_returning(&self.db()).await?;
        }
        let others: Vec<i64> = before.into_iter().chain(ids.into_values()).filter(|id| *id != incident.id).collect();
        self.mark_changed(&others).await
    }

    /// Those of whom an incident says something, and those that say something of it.
    async fn partners(&self, incident: i64) -> Result<Vec<i64>, StoreError> {
        let models = Entity::find().filter(touching(&[incident])).all(&self.db()).await?;
        Ok(models.into_iter().map(|one| if one.incident == incident { one.other } else { one.incident }).collect())
    }
}

/// Rows in which one of these incidents is either side.
fn touching(incidents: &[i64]) -> Condition {
    let these = || incidents.iter().copied();
    Condition::any().add(Column::Incident.is_in(these())).add(Column::Other.is_in(these()))
}

fn relation_of(model: &Model, number: i64) -> Result<Relation, StoreError> {
    let kind = RelationKind::from_key(&model.kind).ok_or_else(|| meaningless("kind of relation"))?;
    Ok(Relation { number, kind, stated_by: model.stated_by.clone(), stated_at: maybe_time(model.stated_at)? })
}
