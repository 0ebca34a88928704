//! Takes what the leader sent: puts the edition in place of the last, keeps it on disk, and fetches the packs of old
//! pages that are not here yet. What is new goes first.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use domain::WithCauses;
use http::{HeaderMap, StatusCode};
use tokio::io::AsyncWriteExt;

use super::{Trail, TrailError};
use crate::edition::archive::pack::{Pack, PackError};
use crate::edition::parcel::{Taken, taken};
use crate::edition::shelf::Content;
use crate::wire::{PACKS, Wire};

/// The largest pack that is taken, in bytes, and how long it may take to fetch.
const LARGEST_PACK: u64 = 4 << 30;
const PACK_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// For how long a pack is fetched before the leader is asked for news again.
const SLICE: Duration = Duration::from_secs(2);

/// A pack that is being fetched.
pub(super) struct Fetching {
    name: String,
    rest: Pin<Box<dyn Future<Output = Result<(), TrailError>> + Send>>,
}

impl Trail {
    /// Serves this edition from now on.
    pub(super) async fn take(&mut self, named: String, parcel: Bytes) -> Result<(), TrailError> {
        let (shared, bytes) = (Arc::clone(&self.page.shared), parcel.clone());
        let read = tokio::task::spawn_blocking(move || taken(&bytes, shared.shelf.archive())).await??;
        let Taken { edition, model, packs, common } = read;
        let made = (edition.published_version(), edition.built_at());
        if self.accepted.is_some_and(|accepted| made < accepted) {
            return Err(TrailError::Older);
        }
        if !packs.iter().all(|name| is_pack_name(name)) {
            return Err(PackError::Torn.into());
        }
        let is_here = |name: &String| edition.archive().pack_names().any(|here| here == name);
        self.missing = packs.iter().filter(|name| !is_here(name)).cloned().collect();
        let missing = &self.missing;
        let fetching = self.fetching.get_mut().unwrap_or_else(PoisonError::into_inner);
        // The leader may have put it together with others.
        fetching.take_if(|fetching| !missing.contains(&fetching.name));
        self.parcel = (!self.missing.is_empty()).then_some(parcel);
        let shared = &self.page.shared;
        shared.catching_up.store(!self.missing.is_empty(), Ordering::Relaxed);
        shared.model.store(Some(Arc::clone(&model)));
        let version = edition.published_version();
        tracing::debug!(edition.id = edition.id(), "a new edition of the page that we follow is here");
        shared.show(edition);
        shared.shown.send_replace(version);
        (self.named, self.accepted) = (Some(named), Some(made));
        let (shared, edition) = (Arc::clone(shared), self.page.edition());
        let put =
            move || shared.shelf.put(Content { edition: &edition, model: &model, common: &common, packs: &packs });
        let kept = tokio::task::spawn_blocking(put).await?;
        if let Err(error) = kept {
            let error = WithCauses(&error);
            tracing::error!(%error, "the edition could not be kept on disk; a restart without the leader would have none");
        }
        Ok(())
    }

    /// Goes on for a while with fetching a pack. After the last one the edition is put together again, with everything.
    pub(super) async fn fetch(&mut self) -> Result<(), TrailError> {
        let Some(first) = self.missing.front() else { return Ok(()) };
        let (wire, headers) = (Arc::clone(&self.wire), self.headers([]));
        let folder = self.page.shared.shelf.archive().to_owned();
        let begin = || Fetching {
            name: first.clone(),
            rest: Box::pin(in_time(fetch_file(wire, headers, (folder, first.clone())))),
        };
        let fetching = self.fetching.get_mut().unwrap_or_else(PoisonError::into_inner);
        let under_way = fetching.get_or_insert_with(begin);
        let Ok(outcome) = tokio::time::timeout(SLICE, under_way.rest.as_mut()).await else { return Ok(()) };
        let Some(Fetching { name, .. }) = fetching.take() else { return Ok(()) };
        if matches!(outcome, Err(TrailError::Status(StatusCode::NOT_FOUND))) {
            // The leader put it together with others, so its edition has to come again with other names.
            self.named = None;
        }
        outcome?;
        self.missing.retain(|one| *one != name);
        match (self.parcel.take_if(|_| self.missing.is_empty()), self.named.clone()) {
            (Some(parcel), Some(named)) => self.take(named, parcel).await,
            _ => Ok(()),
        }
    }

    /// Takes the packs away that these documents were damaged in.
    pub(super) async fn forget(&mut self, damaged: Vec<Arc<str>>) -> Result<(), TrailError> {
        let (edition, folder) = (self.page.edition(), self.page.shared.shelf.archive().to_owned());
        let packs: BTreeSet<String> =
            damaged.iter().filter_map(|path| Some(edition.archive().get(path)?.pack.name.clone())).collect();
        for name in packs {
            tracing::warn!(pack = name, "old pages are damaged; they are fetched again");
            let _ = tokio::fs::remove_file(folder.join(name)).await;
        }
        self.named = None;
        Ok(())
    }
}

async fn in_time(work: impl Future<Output = Result<(), TrailError>>) -> Result<(), TrailError> {
    tokio::time::timeout(PACK_PATIENCE, work).await.map_err(|_| TrailError::TooSlow)?
}

async fn fetch_file(
    wire: Arc<dyn Wire>,
    headers: HeaderMap,
    (folder, name): (PathBuf, String),
) -> Result<(), TrailError> {
    let mut reply = wire.get(&format!("{PACKS}/{name}"), headers).await?;
    if reply.status() != StatusCode::OK {
        return Err(TrailError::Status(reply.status()));
    }
    tokio::fs::create_dir_all(&folder).await?;
    let beside = format!("{name}.part");
    let mut file = tokio::fs::File::create(folder.join(&beside)).await?;
    let mut length = 0;
    while let Some(piece) = reply.piece().await? {
        length += piece.len() as u64;
        if length > LARGEST_PACK {
            return Err(PackError::Torn.into());
        }
        file.write_all(&piece).await?;
    }
    file.sync_all().await?;
    tokio::task::spawn_blocking(move || settle(&folder, &beside, &name)).await?
}

/// Gives a pack its name when it is what the name says.
fn settle(folder: &Path, beside: &str, name: &str) -> Result<(), TrailError> {
    let checked = Pack::open(folder, beside)
        .and_then(|opened| if opened.pack.proper_name() == name { Ok(()) } else { Err(PackError::Torn) });
    if let Err(error) = checked {
        let _ = fs::remove_file(folder.join(beside));
        return Err(error.into());
    }
    fs::rename(folder.join(beside), folder.join(name))?;
    Ok(fs::File::open(folder)?.sync_all()?)
}

/// A name that a pack may have, and that leads to no other place of the disk.
fn is_pack_name(name: &str) -> bool {
    let digits = name.strip_suffix(".pack").unwrap_or_default();
    digits.len() == 24 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}
