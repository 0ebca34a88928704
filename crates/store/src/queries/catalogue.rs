//! The catalogue: one row per item, in the order in which it is shown.

use std::collections::BTreeMap;

use domain::{Catalogue, IncidentKind, Phase};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};

use crate::column::{ROWS_AT_ONCE, json, to_json};
use crate::entities::catalogue_item::{Column, Entity, Model};
use crate::watch::Wake;
use crate::{Reads, StoreError, Tx};

const ORGANISATION: &str = "organisation";

impl Reads {
    /// Every list, in order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn catalogue(&self) -> Result<Catalogue, StoreError> {
        let select = Entity::find().order_by_asc(Column::Kind).order_by_asc(Column::Position);
        let mut catalogue = Catalogue::default();
        for item in select.all(&self.db()).await? {
            match item.kind.as_str() {
                ORGANISATION => catalogue.organisations.push(json(&item.body)?),
                "group" => catalogue.groups.push(json(&item.body)?),
                "service" => catalogue.services.push(json(&item.body)?),
                "component" => catalogue.components.push(json(&item.body)?),
                "cause" => catalogue.causes.push(json(&item.body)?),
                "advice" => catalogue.advice.push(json(&item.body)?),
                "template" => catalogue.templates.push(json(&item.body)?),
                _ => {}
            }
        }
        Ok(catalogue)
    }
}

impl Tx {
    /// Adds and changes items. Nothing is ever removed, because old incidents name it. An organisation keeps its
    /// place for ever, because its place is its bit in every subscriber's choice; everything else takes the order
    /// of `catalogue`, and what is absent from it comes last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn save_catalogue(&self, catalogue: &Catalogue) -> Result<(), StoreError> {
        // Two loads at once would give two organisations the same bit: whoever bumps the counter goes first.
        self.touch_publication().await?;
        let kept = self.catalogue_positions().await?;
        let mut items = items_of(catalogue)?;
        number(&mut items, &kept);
        for some in items.chunks(ROWS_AT_ONCE) {
            let rows = some.iter().cloned().map(|item| item.into_active_model().reset_all());
            let conflict = OnConflict::columns([Column::Kind, Column::Key])
                .update_columns([Column::Position, Column::Body])
                .to_owned();
            Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(&self.db()).await?;
        }
        self.announce(Wake::Publication);
        Ok(())
    }

    async fn catalogue_positions(&self) -> Result<BTreeMap<(String, String), Model>, StoreError> {
        let items = Entity::find().all(&self.db()).await?;
        Ok(items.into_iter().map(|item| ((item.kind.clone(), item.key.clone()), item)).collect())
    }
}

/// Gives every item its place, and adds to `items` those that are only in the database and move to the end.
fn number(items: &mut Vec<Model>, kept: &BTreeMap<(String, String), Model>) {
    let mut next_place: BTreeMap<String, i64> = BTreeMap::new();
    let organisations = kept.values().filter(|item| item.kind == ORGANISATION);
    next_place.insert(ORGANISATION.to_owned(), organisations.map(|item| item.position + 1).max().unwrap_or(0));
    let mut absent: Vec<Model> = kept
        .values()
        .filter(|old| old.kind != ORGANISATION)
        .filter(|old| !items.iter().any(|new| (&new.kind, &new.key) == (&old.kind, &old.key)))
        .cloned()
        .collect();
    absent.sort_by_key(|item| item.position);
    items.append(&mut absent);
    for item in items {
        let old = kept.get(&(item.kind.clone(), item.key.clone()));
        if let Some(old) = old.filter(|old| old.kind == ORGANISATION) {
            item.position = old.position;
            continue;
        }
        let place = next_place.entry(item.kind.clone()).or_default();
        item.position = *place;
        *place += 1;
    }
}

fn items_of(catalogue: &Catalogue) -> Result<Vec<Model>, StoreError> {
    let mut items = Vec::new();
    let mut add = |kind: &str, key: String, body: Result<String, StoreError>| {
        body.map(|body| items.push(Model { kind: kind.to_owned(), key, position: 0, body }))
    };
    for one in &catalogue.organisations {
        add(ORGANISATION, one.key.clone(), to_json(one))?;
    }
    for one in &catalogue.groups {
        add("group", one.key.clone(), to_json(one))?;
    }
    for one in &catalogue.services {
        add("service", one.key.clone(), to_json(one))?;
    }
    for one in &catalogue.components {
        add("component", one.key.clone(), to_json(one))?;
    }
    for one in &catalogue.causes {
        add("cause", one.key.clone(), to_json(one))?;
    }
    for one in &catalogue.advice {
        add("advice", one.key.clone(), to_json(one))?;
    }
    for one in &catalogue.templates {
        add("template", template_key(one.kind, one.phase), to_json(one))?;
    }
    Ok(items)
}

fn template_key(kind: IncidentKind, phase: Phase) -> String {
    format!("{}/{}", kind.key(), phase.key())
}
