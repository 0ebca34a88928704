//! Reads what changed since the last time, so that ten thousand old incidents cost nothing at a publication.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::{Published, StoreError};

use super::{Model, Story};

/// Why the model cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("the database does not answer")]
    Store(#[from] StoreError),
    /// An emptied database knows of no incident, and that must not look like good news.
    #[error(
        "the database is another one than that of the last edition, or was emptied; put it back from a copy, or, to \
         begin anew, stop this process and remove edition.hysbys and archive from page.data_dir"
    )]
    Stranger,
}

/// How many incidents are in memory at once while all are read.
const AT_ONCE: usize = 500;

/// How much is compared with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Only what was published after the model was read.
    News,
    /// Every incident: the database may be another one, or one that was put back from a copy.
    All,
}

impl Model {
    /// The model at the present publication counter. `version` was read before, so that a publication in between is
    /// only read twice and never missed.
    pub(crate) async fn refreshed(
        &self,
        published: &Published,
        (version, extent): (i64, Extent),
        now: DateTime<Utc>,
    ) -> Result<Self, ReadError> {
        let mut model = self.clone();
        model.installation = self.same_installation(published).await?;
        model.version = version;
        model.confirmed_at = now;
        model.catalogue = Arc::new(published.catalogue().await?);
        model.printed.take();
        // A counter that went backwards belongs to another database.
        let all = extent == Extent::All || version < self.version;
        let versions = match all {
            true => published.incident_versions().await?,
            false => published.versions_after(self.version).await?,
        };
        if all {
            let known: HashSet<i64> = versions.iter().map(|(id, _)| *id).collect();
            let gone: Vec<i64> = model.entries.iter().map(|entry| entry.id).filter(|id| !known.contains(id)).collect();
            gone.into_iter().for_each(|id| model.remove(id));
        }
        let is_new = |(id, changed): &(i64, i64)| self.entries.get(*id).is_none_or(|entry| entry.changed != *changed);
        let changed: Vec<i64> = versions.iter().filter(|one| is_new(one)).map(|(id, _)| *id).collect();
        for some in changed.chunks(AT_ONCE) {
            stories(published, some).await?.into_iter().for_each(|story| model.put(story));
            // Not at the end, or all words of all incidents would be in memory together.
            model.forget_old();
        }
        Ok(model)
    }

    /// The name of the database, when it is the one that was read before.
    async fn same_installation(&self, published: &Published) -> Result<Option<Vec<u8>>, ReadError> {
        let present = published.installation().await?;
        match (&self.installation, &present) {
            (Some(known), present) if present.as_ref() != Some(known) => Err(ReadError::Stranger),
            _ => Ok(present),
        }
    }
}

/// These incidents in full.
pub(crate) async fn stories(published: &Published, ids: &[i64]) -> Result<Vec<Story>, StoreError> {
    Ok(published.incidents(ids).await?.into_iter().filter_map(Story::of).collect())
}
