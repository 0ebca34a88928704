//! Reads what changed since the last time, so that ten thousand old incidents cost nothing at a publication.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::{Published, StoreError};

use super::{Model, Story};

/// Above this many changed incidents one query for all is cheaper than one for each.
const ONE_BY_ONE: usize = 50;

impl Model {
    /// The model at the present publication counter. `version` was read before, so that a publication in between is
    /// only read twice and never missed.
    pub(crate) async fn refreshed(
        &self,
        published: &Published,
        version: i64,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut model = self.clone();
        model.version = version;
        model.confirmed_at = now;
        model.catalogue = Arc::new(published.catalogue().await?);
        let versions = published.incident_versions().await?;
        let known: HashSet<i64> = versions.iter().map(|(id, _)| *id).collect();
        let gone: Vec<i64> = model.entries.keys().copied().filter(|id| !known.contains(id)).collect();
        gone.into_iter().for_each(|id| model.remove(id));
        let is_new = |(id, changed): &(i64, i64)| self.entries.get(id).is_none_or(|entry| entry.changed != *changed);
        let changed: Vec<i64> = versions.iter().filter(|one| is_new(one)).map(|(id, _)| *id).collect();
        for story in stories(published, &changed).await? {
            model.put(story);
        }
        model.forget_old();
        Ok(model)
    }
}

/// These incidents in full.
pub(crate) async fn stories(published: &Published, ids: &[i64]) -> Result<Vec<Story>, StoreError> {
    if ids.len() > ONE_BY_ONE {
        let wanted: HashSet<i64> = ids.iter().copied().collect();
        let (first, last) =
            (DateTime::<Utc>::UNIX_EPOCH, DateTime::<Utc>::UNIX_EPOCH + chrono::Duration::days(100_000));
        let all = published.between(first, last).await?;
        return Ok(all.into_iter().filter(|one| wanted.contains(&one.incident.id)).filter_map(Story::of).collect());
    }
    let mut stories = Vec::with_capacity(ids.len());
    for id in ids {
        stories.extend(published.incident(*id).await?.and_then(Story::of));
    }
    Ok(stories)
}
