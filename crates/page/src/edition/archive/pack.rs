//! A pack: old documents in one file that is written once and never changed, so that what was safe stays safe whatever
//! happens to what is new.
//!
//! The file: a mark; the compressed forms of the documents one after the other; where each is (postcard); one line on
//! each of their incidents (postcard); the lengths of these two, the SHA-256 over both and the lengths, and the mark
//! again. The documents themselves are checked when they are read, each against its own tag.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use domain::digest::hex;
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::edition::document::{Coding, Document, Nature, Tag, tag_of};
use crate::model::{Entry, Print};

/// The first and the last bytes of the file; another number means another form.
const MARK: &[u8; 16] = b"hysbys-archive-1";
const DIGEST: usize = 32;
/// Two lengths, the digest, the mark.
const TAIL: usize = 8 + 8 + DIGEST + MARK.len();

/// No list of documents is longer than this; a larger number is damage.
const LONGEST_INDEX: u64 = 1 << 30;

/// Why a pack cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackError {
    #[error("the file could not be read or written")]
    Io(#[from] io::Error),
    #[error("the file is torn or was changed")]
    Torn,
    #[error("the file cannot be understood")]
    Index(#[from] postcard::Error),
}

/// A file of old documents, open for reading.
#[derive(Debug)]
pub(crate) struct Pack {
    /// Its name in the folder, after what it holds.
    pub(crate) name: String,
    /// The bytes of all its documents.
    pub(crate) size: u64,
    /// The incidents that it has a line on.
    pub(crate) listed: Vec<i64>,
    digest: [u8; DIGEST],
    file: File,
}

/// Where a document is in its pack, and all that answers need to know without reading it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) nature: Nature,
    pub(crate) print: Print,
    pub(crate) incident: Option<i64>,
    offset: u64,
    /// In the order of [`Coding::ALL`]; 0 for a form that it does not have.
    lengths: [u32; 3],
    tags: [Tag; 3],
}

/// What a pack says of itself.
pub(crate) struct Opened {
    pub(crate) pack: Arc<Pack>,
    pub(crate) records: Vec<(Arc<str>, Record)>,
    pub(crate) entries: Vec<Entry>,
}

impl Record {
    /// Whether the document has this form.
    pub(crate) fn has(&self, coding: Coding) -> bool {
        coding == Coding::Identity || self.lengths[coding as usize] > 0
    }

    /// The tag of one form.
    pub(crate) fn tag(&self, coding: Coding) -> Tag {
        self.tags[coding as usize]
    }

    /// The forms that are in the file. The plain one is only there when it does not get smaller.
    fn kept(&self) -> impl Iterator<Item = Coding> {
        let packed = self.lengths[Coding::Gzip as usize] > 0;
        Coding::ALL.into_iter().filter(move |coding| match coding {
            Coding::Identity => !packed,
            _ => self.lengths[*coding as usize] > 0,
        })
    }

    /// How many bytes of the file are its own.
    pub(crate) fn size(&self) -> u64 {
        self.kept().map(|coding| u64::from(self.lengths[coding as usize])).sum()
    }
}

impl Pack {
    /// Opens a pack, and checks all but the documents.
    pub(crate) fn open(folder: &Path, name: &str) -> Result<Opened, PackError> {
        let file = File::open(folder.join(name))?;
        let length = file.metadata()?.len();
        let data_and_index = length.checked_sub(TAIL as u64).ok_or(PackError::Torn)?;
        let mut tail = [0; TAIL];
        file.read_exact_at(&mut tail, data_and_index)?;
        let number = |at: usize| tail[at..at + 8].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let (documents, lines) = (number(0), number(8));
        let size = data_and_index.checked_sub(MARK.len() as u64).and_then(|size| size.checked_sub(documents));
        let size = size.and_then(|size| size.checked_sub(lines)).ok_or(PackError::Torn)?;
        if tail[TAIL - MARK.len()..] != MARK[..] || documents.max(lines) > LONGEST_INDEX {
            return Err(PackError::Torn);
        }
        let read = |length: u64, at: u64| {
            let mut bytes = vec![0; usize::try_from(length).map_err(|_| PackError::Torn)?];
            file.read_exact_at(&mut bytes, at)?;
            Ok::<_, PackError>(bytes)
        };
        let index = read(documents, MARK.len() as u64 + size)?;
        let lines = read(lines, MARK.len() as u64 + size + documents)?;
        let digest = digest(&index, &lines);
        if digest[..] != tail[16..16 + DIGEST] {
            return Err(PackError::Torn);
        }
        let records = postcard::from_bytes(&index)?;
        // The lines may be in the form of an older version: then the database is asked for them again.
        let entries: Vec<Entry> = postcard::from_bytes(&lines).unwrap_or_default();
        let listed = entries.iter().map(|entry| entry.id).collect();
        Ok(Opened { pack: Arc::new(Self { name: name.to_owned(), size, listed, digest, file }), records, entries })
    }

    /// The name that says what is in it: the digest covers the tags of all its documents.
    pub(crate) fn proper_name(&self) -> String {
        name_of(&self.digest)
    }

    /// How long the file is, in bytes.
    pub(crate) fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// So many bytes of the file from here on, or fewer; none at its end.
    pub(crate) fn piece(&self, at: u64, most: usize) -> io::Result<Bytes> {
        let mut bytes = vec![0; most];
        let read = self.file.read_at(&mut bytes, at)?;
        bytes.truncate(read);
        Ok(bytes.into())
    }

    /// Puts the file back into its folder, if it is there no more.
    pub(crate) fn ensure_in(&self, folder: &Path) -> io::Result<()> {
        let path = folder.join(&self.name);
        if path.exists() {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        let beside = path.with_extension(format!("{}.part", std::process::id()));
        let (mut out, length, mut at) = (File::create(&beside)?, self.file.metadata()?.len(), 0);
        let mut bytes = vec![0; 1024 * 1024];
        while at < length {
            let read = self.file.read_at(&mut bytes, at)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            out.write_all(&bytes[..read])?;
            at += read as u64;
        }
        out.sync_all()?;
        fs::rename(&beside, &path)?;
        File::open(folder)?.sync_all()
    }

    /// A document in one form, whole or not at all.
    pub(crate) fn read(&self, record: &Record, coding: Coding) -> Result<Bytes, PackError> {
        if coding == Coding::Identity && record.has(Coding::Gzip) {
            let packed = self.read(record, Coding::Gzip)?;
            let length = record.lengths[0];
            let mut plain = Vec::with_capacity(length as usize);
            // A byte more than there should be is enough to see that it is not the same.
            GzDecoder::new(&packed[..]).take(u64::from(length) + 1).read_to_end(&mut plain)?;
            return checked(plain, record.tag(coding));
        }
        let before = record.kept().take_while(|kept| *kept != coding);
        let offset = record.offset + before.map(|kept| u64::from(record.lengths[kept as usize])).sum::<u64>();
        let mut bytes = vec![0; record.lengths[coding as usize] as usize];
        self.file.read_exact_at(&mut bytes, offset)?;
        checked(bytes, record.tag(coding))
    }
}

fn name_of(digest: &[u8; DIGEST]) -> String {
    format!("{}.pack", hex(&digest[..12]))
}

fn checked(bytes: Vec<u8>, tag: Tag) -> Result<Bytes, PackError> {
    if tag_of(&bytes) == tag { Ok(bytes.into()) } else { Err(PackError::Torn) }
}

fn digest(index: &[u8], lines: &[u8]) -> [u8; DIGEST] {
    let mut hash = Sha256::new();
    hash.update((index.len() as u64).to_be_bytes());
    hash.update((lines.len() as u64).to_be_bytes());
    hash.update(index);
    hash.update(lines);
    hash.finalize().into()
}

/// A pack that is being written.
pub(crate) struct Writer {
    folder: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
    at: u64,
    records: Vec<(Arc<str>, Record)>,
}

impl Writer {
    /// Begins a file beside the packs of this folder.
    pub(crate) fn begin(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let beside = folder.join(format!("{}.part", std::process::id()));
        let mut file = BufWriter::new(File::create(&beside)?);
        file.write_all(MARK)?;
        Ok(Self { folder: folder.to_owned(), beside, file, at: MARK.len() as u64, records: Vec::new() })
    }

    /// Adds a finished document.
    pub(crate) fn put(&mut self, path: &Arc<str>, document: &Document) -> Result<(), PackError> {
        let mut record = Record {
            nature: document.nature,
            print: document.print,
            incident: document.incident,
            offset: self.at,
            lengths: [0; 3],
            tags: [Tag::default(); 3],
        };
        for coding in Coding::ALL {
            let Some(encoded) = document.encoded(coding) else { continue };
            record.lengths[coding as usize] = u32::try_from(encoded.body.len()).map_err(|_| PackError::Torn)?;
            record.tags[coding as usize] = encoded.body.tag();
        }
        for coding in record.kept() {
            self.file.write_all(&document.encoded(coding).map(|encoded| encoded.body.bytes()).unwrap_or_default())?;
        }
        self.at += record.size();
        self.records.push((Arc::clone(path), record));
        Ok(())
    }

    /// Adds a document from another pack.
    pub(crate) fn copy(&mut self, path: &Arc<str>, pack: &Pack, record: &Record) -> Result<(), PackError> {
        // All is read before anything is written, so that a damaged one leaves no trace.
        let forms = record.kept().map(|coding| pack.read(record, coding)).collect::<Result<Vec<_>, _>>()?;
        for form in forms {
            self.file.write_all(&form)?;
        }
        self.records.push((Arc::clone(path), Record { offset: self.at, ..record.clone() }));
        self.at += record.size();
        Ok(())
    }

    /// Makes it durable, and opens it. After a power cut it is there whole, or as nothing that anybody asks for.
    pub(crate) fn finish(mut self, entries: &[Arc<Entry>]) -> Result<Opened, PackError> {
        let index = postcard::to_stdvec(&self.records)?;
        let lines = postcard::to_stdvec(entries)?;
        let digest = digest(&index, &lines);
        for bytes in [&index[..], &lines] {
            self.file.write_all(bytes)?;
        }
        for length in [index.len(), lines.len()] {
            self.file.write_all(&(length as u64).to_be_bytes())?;
        }
        self.file.write_all(&digest)?;
        self.file.write_all(MARK)?;
        self.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        let name = name_of(&digest);
        fs::rename(&self.beside, self.folder.join(&name))?;
        File::open(&self.folder)?.sync_all()?;
        Pack::open(&self.folder, &name)
    }
}
