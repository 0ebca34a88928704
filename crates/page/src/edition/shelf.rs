//! Keeps the last edition in one file, so that the page is there after a restart before the database is.
//!
//! The file: a mark, the length of the index, the index (postcard), the bytes of all documents one after the other, and
//! the SHA-256 of everything before it. It is written beside, made durable, and renamed over the old one.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::{Document, Encodings, Nature};
use super::{Documents, Edition};
use crate::model::{Model, Print};

/// The first bytes of the file; another number means another form.
const MARK: &[u8; 16] = b"hysbys-edition-2";
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
    documents: Vec<Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    path: String,
    nature: Nature,
    print: Print,
    identity: u64,
    gzip: Option<u64>,
    brotli: Option<u64>,
}

/// The file of the last edition.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    path: PathBuf,
}

impl Shelf {
    /// In this folder.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("edition.hysbys") }
    }

    /// Puts an edition on the shelf. After a power cut either the old file or the new one is there, whole.
    pub(crate) fn put(&self, edition: &Edition, model: &Model, common: &HeaderMap) -> Result<(), ShelfError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let beside = self.path.with_extension(format!("{}.part", std::process::id()));
        let written = write(&beside, edition, model, common);
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written?;
        fs::rename(&beside, &self.path)?;
        // The new name is durable only when the folder is.
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// The kept edition with what it was made from; `None` when nothing was ever kept.
    pub(crate) fn take(&self) -> Result<Option<(Edition, Model)>, ShelfError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => Bytes::from(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        read(&bytes).map(Some)
    }
}

fn write(path: &Path, edition: &Edition, model: &Model, common: &HeaderMap) -> Result<(), ShelfError> {
    let mut documents: Vec<_> = edition.all().iter().collect();
    documents.sort_unstable_by_key(|(path, _)| Arc::clone(path));
    let index = postcard::to_stdvec(&index(edition, model, common, &documents)?)?;
    let mut out = Sealed { file: BufWriter::new(File::create(path)?), hash: Sha256::new() };
    out.put(MARK)?;
    out.put(&(index.len() as u64).to_be_bytes())?;
    out.put(&index)?;
    for (_, document) in documents {
        out.put(&document.identity.bytes)?;
        for encoded in [&document.gzip, &document.brotli].into_iter().flatten() {
            out.put(&encoded.bytes)?;
        }
    }
    let digest = out.hash.finalize();
    out.file.write_all(&digest)?;
    out.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
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

fn index(
    edition: &Edition,
    model: &Model,
    common: &HeaderMap,
    documents: &[(&Arc<str>, &Arc<Document>)],
) -> Result<Index, ShelfError> {
    let length = |bytes: &Bytes| bytes.len() as u64;
    let kept = |(path, document): &(&Arc<str>, &Arc<Document>)| Kept {
        path: path.to_string(),
        nature: document.nature,
        print: document.print,
        identity: length(&document.identity.bytes),
        gzip: document.gzip.as_ref().map(|one| length(&one.bytes)),
        brotli: document.brotli.as_ref().map(|one| length(&one.bytes)),
    };
    Ok(Index {
        built_at_ms: edition.built_at.timestamp_millis(),
        published_version: edition.published_version,
        next_moment_ms: edition.next_moment.map(|at| at.timestamp_millis()),
        model: serde_json::to_string(model)?,
        common: common.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect(),
        documents: documents.iter().map(kept).collect(),
    })
}

fn read(bytes: &Bytes) -> Result<(Edition, Model), ShelfError> {
    let sealed = bytes.len().checked_sub(DIGEST).ok_or(ShelfError::Torn)?;
    let (content, digest) = (bytes.slice(..sealed), &bytes[sealed..]);
    if Sha256::digest(&content)[..] != *digest {
        return Err(ShelfError::Torn);
    }
    let mut rest = content;
    if cut(&mut rest, MARK.len() as u64)? != MARK[..] {
        return Err(ShelfError::Torn);
    }
    let length = cut(&mut rest, 8)?.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let index: Index = postcard::from_bytes(&cut(&mut rest, length)?)?;
    let model: Model = serde_json::from_str(&index.model)?;
    let common = headers(&index.common);
    let mut documents = Documents::with_capacity(index.documents.len());
    for kept in index.documents {
        let encodings = Encodings {
            identity: cut(&mut rest, kept.identity)?,
            gzip: kept.gzip.map(|length| cut(&mut rest, length)).transpose()?,
            brotli: kept.brotli.map(|length| cut(&mut rest, length)).transpose()?,
        };
        let document = Document::finish(kept.nature, kept.print, encodings, &common);
        documents.insert(kept.path.into(), Arc::new(document));
    }
    let edition = Edition::new(documents, index.published_version, time(index.built_at_ms));
    Ok((edition.until(index.next_moment_ms.map(time)), model))
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
