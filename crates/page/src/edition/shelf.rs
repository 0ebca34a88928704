//! Keeps the last edition on disk, so that the page is there after a restart before the database is: what speaks of the
//! present in one file, and beside it the packs of the archive, which that file names.
//!
//! The file: a mark, the length of the index, the index (postcard), the bytes of all documents one after the other
//! without the plain form of what is there in gzip, and the SHA-256 of everything before it. It is written beside, made
//! durable, and renamed over the old one.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::WithCauses;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::archive::Archive;
use super::body::Body;
use super::document::{Document, Encoded, Encodings, Nature, Tag};
use super::parcel::Taken;
use super::{Documents, Edition};
use crate::model::{Entry, Model, Print};

/// The first bytes of the file; another number means another form.
const MARK: &[u8; 16] = b"hysbys-edition-4";
const DIGEST: usize = 32;

/// Why a kept edition cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShelfError {
    #[error("the file could not be read or written")]
    Io(#[from] io::Error),
    #[error("the file is torn or was changed")]
    Torn,
    #[error("the file cannot be understood")]
    Index(#[from] postcard::Error),
    #[error("what the file says of its incidents cannot be understood")]
    Model(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct Index {
    built_at_ms: i64,
    published_version: i64,
    next_moment_ms: Option<i64>,
    /// As JSON, because postcard cannot read what describes itself (flattened words).
    model: String,
    /// The headers that the documents were finished with: a policy names the style sheet inside the page.
    common: Vec<(String, Vec<u8>)>,
    /// The packs of the archive, the newest last, and what in them is public no more.
    packs: Vec<String>,
    gone: Vec<Arc<str>>,
    /// The incidents that packs have a line on, and that are public no more.
    unlisted: Vec<i64>,
    documents: Vec<Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    path: String,
    nature: Nature,
    print: Print,
    incident: Option<i64>,
    is_old: bool,
    /// Length and tag of the plain form.
    identity: (u64, Tag),
    gzip: Option<u64>,
    brotli: Option<u64>,
}

/// What is written down of an edition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'a> {
    pub(crate) edition: &'a Edition,
    pub(crate) model: &'a Model,
    /// The headers that its documents were finished with.
    pub(crate) common: &'a HeaderMap,
    /// The packs that belong to it, the newest last; also those that are still to be fetched.
    pub(crate) packs: &'a [String],
}

/// The place of the last edition.
#[derive(Debug)]
pub(crate) struct Shelf {
    path: PathBuf,
    archive: PathBuf,
    /// The packs that the file on disk names.
    named: Mutex<BTreeSet<String>>,
}

impl Shelf {
    /// In this folder.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        let (path, archive) = (folder.join("edition.hysbys"), folder.join("archive"));
        Self { path, archive, named: Mutex::default() }
    }

    /// The folder of the packs.
    pub(crate) fn archive(&self) -> &Path {
        &self.archive
    }

    /// Puts an edition on the shelf. After a power cut either the old file or the new one is there, whole; the packs
    /// that it names, and that are here, were made durable before.
    pub(crate) fn put(&self, content: Content<'_>) -> Result<(), ShelfError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // Another process that shares the folder may have put packs together.
        content.edition.archive().packs().try_for_each(|pack| pack.ensure_in(&self.archive))?;
        let beside = self.path.with_extension(format!("{}.part", std::process::id()));
        let written = write(&beside, content);
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written?;
        fs::rename(&beside, &self.path)?;
        // The new name is durable only when the folder is.
        File::open(folder)?.sync_all()?;
        self.sweep(content.packs.iter().cloned().collect());
        Ok(())
    }

    /// Puts an edition that has all its packs on the shelf, and says in the log when that fails. Whether it is there now.
    pub(crate) fn keep(&self, edition: &Edition, model: &Model, common: &HeaderMap) -> bool {
        let packs: Vec<String> = edition.archive().pack_names().map(str::to_owned).collect();
        let kept = self.put(Content { edition, model, common, packs: &packs });
        if let Err(error) = &kept {
            let error = WithCauses(error);
            tracing::error!(%error, "the edition could not be kept on disk; a restart without the database would have none");
        }
        kept.is_ok()
    }

    /// Whether packs that the file names could not be opened with this edition, which was taken from it.
    pub(crate) fn lacks_packs(&self, edition: &Edition) -> bool {
        let here: BTreeSet<&str> = edition.archive().pack_names().collect();
        let named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named.iter().any(|name| !here.contains(name.as_str()))
    }

    /// Removes the packs that the file named before and does not name any more. Readers that have them open keep them.
    fn sweep(&self, names: BTreeSet<String>) {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        for name in named.difference(&names) {
            let _ = fs::remove_file(self.archive.join(name));
        }
        *named = names;
    }

    /// Removes what no edition names: packs whose naming a crash prevented, and editions that were never finished. Only
    /// while none is being made.
    pub(crate) fn sweep_strays(&self) {
        self.sweep_unfinished();
        let names = self.named.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Ok(folder) = fs::read_dir(&self.archive) else { return };
        let files = folder.filter_map(|file| file.ok()?.file_name().into_string().ok());
        for stray in files.filter(|file| !names.contains(file)) {
            let _ = fs::remove_file(self.archive.join(stray));
        }
    }

    fn sweep_unfinished(&self) {
        let Some(Ok(folder)) = self.path.parent().map(fs::read_dir) else { return };
        let files = folder.filter_map(|file| Some(file.ok()?.path()));
        for unfinished in files.filter(|file| file.extension().is_some_and(|end| end == "part")) {
            let _ = fs::remove_file(unfinished);
        }
    }

    /// The kept edition with what it was made from; `None` when nothing was ever kept.
    pub(crate) fn take(&self) -> Result<Option<(Edition, Arc<Model>)>, ShelfError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => Bytes::from(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let sealed = bytes.len().checked_sub(DIGEST).ok_or(ShelfError::Torn)?;
        let (content, digest) = (bytes.slice(..sealed), &bytes[sealed..]);
        if Sha256::digest(&content)[..] != *digest {
            return Err(ShelfError::Torn);
        }
        let taken = read_content(content, &self.archive, Lacking::IsDamage)?;
        *self.named.lock().unwrap_or_else(PoisonError::into_inner) = taken.packs.into_iter().collect();
        Ok(Some((taken.edition, taken.model)))
    }
}

/// What it means when a pack is not in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacking {
    IsDamage,
    IsOnItsWay,
}

/// No document is larger than this, and no edition unpacked is; larger numbers are damage.
const LARGEST_DOCUMENT: u64 = 64 << 20;
const LARGEST_EDITION: u64 = 1 << 30;

fn write(path: &Path, content: Content<'_>) -> Result<(), ShelfError> {
    let mut out = Sealed { file: BufWriter::new(File::create(path)?), hash: Sha256::new() };
    write_content(content, &mut |bytes| out.put(bytes))?;
    let digest = out.hash.finalize();
    out.file.write_all(&digest)?;
    out.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(())
}

/// Everything but the digest at the end.
pub(super) fn write_content(
    content: Content<'_>,
    put: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), ShelfError> {
    let mut documents: Vec<_> = content.edition.all().iter().collect();
    documents.sort_unstable_by_key(|(path, _)| Arc::clone(path));
    let index = postcard::to_stdvec(&index(content, &documents)?)?;
    put(MARK)?;
    put(&(index.len() as u64).to_be_bytes())?;
    put(&index)?;
    for (_, document) in documents {
        let plain = document.gzip.is_none().then_some(&document.identity);
        for encoded in [plain, document.gzip.as_ref(), document.brotli.as_ref()].into_iter().flatten() {
            put(&encoded.body.bytes())?;
        }
    }
    Ok(())
}

struct Sealed {
    file: BufWriter<File>,
    hash: Sha256,
}

impl Sealed {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.file.write_all(bytes)
    }
}

fn index(content: Content<'_>, documents: &[(&Arc<str>, &Arc<Document>)]) -> Result<Index, ShelfError> {
    let Content { edition, model, common, packs } = content;
    let length = |encoded: &Encoded| encoded.body.len() as u64;
    let (archive, old) = (edition.archive(), edition.old().iter().collect::<HashSet<_>>());
    // What the packs say already is not said again, or this file would grow with all that ever happened.
    let unsaid = model.entries.iter().filter(|entry| !archive.lists(entry));
    let unsaid = Model {
        entries: unsaid.cloned().collect(),
        stories: model.stories.clone(),
        catalogue: Arc::clone(&model.catalogue),
        installation: model.installation.clone(),
        ..Model { version: model.version, confirmed_at: model.confirmed_at, ..Model::default() }
    };
    let kept = |(path, document): &(&Arc<str>, &Arc<Document>)| Kept {
        path: path.to_string(),
        nature: document.nature,
        print: document.print,
        incident: document.incident,
        is_old: old.contains(*path),
        identity: (length(&document.identity), document.identity.body.tag()),
        gzip: document.gzip.as_ref().map(length),
        brotli: document.brotli.as_ref().map(length),
    };
    Ok(Index {
        built_at_ms: edition.built_at.timestamp_millis(),
        published_version: edition.published_version,
        next_moment_ms: edition.next_moment.map(|at| at.timestamp_millis()),
        model: serde_json::to_string(&unsaid)?,
        common: common.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect(),
        packs: packs.to_vec(),
        gone: archive.gone().cloned().collect(),
        unlisted: archive.listed().filter(|id| !model.entries.has(*id)).collect(),
        documents: documents.iter().map(kept).collect(),
    })
}

/// What was written by [`write_content`].
pub(super) fn read_content(content: Bytes, folder: &Path, lacking: Lacking) -> Result<Taken, ShelfError> {
    let mut rest = content;
    if cut(&mut rest, MARK.len() as u64)? != MARK[..] {
        return Err(ShelfError::Torn);
    }
    let length = cut(&mut rest, 8)?.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let index: Index = postcard::from_bytes(&cut(&mut rest, length)?)?;
    let unpacked = index.documents.iter().try_fold(0, |sum: u64, kept| sum.checked_add(kept.identity.0));
    let largest = index.documents.iter().map(|kept| kept.identity.0).max().unwrap_or(0);
    if largest > LARGEST_DOCUMENT || unpacked.is_none_or(|sum| sum > LARGEST_EDITION) {
        return Err(ShelfError::Torn);
    }
    let mut model: Model = serde_json::from_str(&index.model)?;
    let is_awaited = |name: &String| lacking == Lacking::IsOnItsWay && !folder.join(name).exists();
    let packs: Vec<String> = index.packs.iter().filter(|name| !is_awaited(name)).cloned().collect();
    let (archive, entries) = Archive::open(folder, &packs, index.gone);
    remember(&mut model, entries, &index.unlisted);
    let common = headers(&index.common);
    let (mut documents, mut old) = (Documents::with_capacity(index.documents.len()), Vec::new());
    for kept in index.documents {
        let encodings = encodings(&mut rest, &kept)?;
        let document = Document::finish(kept.nature, kept.print, encodings, &common).about(kept.incident);
        let path: Arc<str> = kept.path.into();
        if kept.is_old {
            old.push(Arc::clone(&path));
        }
        documents.insert(path, Arc::new(document));
    }
    let model = Arc::new(model);
    let edition = Edition::new(documents, index.published_version, time(index.built_at_ms));
    let edition = edition.upon(Arc::new(archive), Arc::clone(&model)).aged(old.into());
    let edition = edition.until(index.next_moment_ms.map(time));
    Ok(Taken { edition, model, packs: index.packs, common })
}

fn encodings(rest: &mut Bytes, kept: &Kept) -> Result<Encodings, ShelfError> {
    let (length, tag) = kept.identity;
    let gzip = kept.gzip.map(|length| cut(rest, length)).transpose()?;
    let identity = match &gzip {
        Some(gzip) => Body::packed(gzip.clone(), (usize::try_from(length).map_err(|_| ShelfError::Torn)?, tag)),
        None => cut(rest, length)?.into(),
    };
    let brotli = kept.brotli.map(|length| cut(rest, length)).transpose()?;
    Ok(Encodings { identity, gzip: gzip.map(Body::from), brotli: brotli.map(Body::from) })
}

/// Adds the lines that packs have on incidents. What the file itself says is newer.
fn remember(model: &mut Model, entries: Vec<Entry>, unlisted: &[i64]) {
    let unlisted: HashSet<&i64> = unlisted.iter().collect();
    let listed = entries.into_iter().filter(|entry| !unlisted.contains(&entry.id)).map(Arc::new);
    let mut known: BTreeMap<i64, Arc<Entry>> = BTreeMap::new();
    for entry in listed.chain(model.entries.iter().cloned()) {
        if known.get(&entry.id).is_none_or(|one| one.changed <= entry.changed) {
            known.insert(entry.id, entry);
        }
    }
    model.entries = known.into_values().collect();
}

/// The next `length` bytes, without copying them.
fn cut(rest: &mut Bytes, length: u64) -> Result<Bytes, ShelfError> {
    let length = usize::try_from(length).ok().filter(|length| *length <= rest.len()).ok_or(ShelfError::Torn)?;
    Ok(rest.split_to(length))
}

fn headers(kept: &[(String, Vec<u8>)]) -> HeaderMap {
    let pair = |(name, value): &(String, Vec<u8>)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::from_bytes(value).ok()?))
    };
    kept.iter().filter_map(pair).collect()
}

fn time(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}
