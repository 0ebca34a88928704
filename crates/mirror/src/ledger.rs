//! What a place holds that came from here, as far as is known. It is kept on disk, so that a restart neither writes
//! everything again nor forgets what has to be taken away one day.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use page::FileTag;
use serde::{Deserialize, Serialize};

/// The files, and the marker that was written last.
#[derive(Debug)]
pub(crate) struct Ledger {
    path: PathBuf,
    pub(crate) book: Book,
}

/// What is in it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Book {
    /// What the marker said when it was written. Another one means that somebody else wrote there, or that it is
    /// another place now.
    pub(crate) marker: Vec<u8>,
    /// The tag of each file that may be there; none while it is not known which content it has.
    pub(crate) files: BTreeMap<String, Option<FileTag>>,
}

impl Ledger {
    /// The ledger of a place. One that cannot be read is begun anew: then everything is written once more.
    pub(crate) fn in_folder(folder: &Path, name: &str) -> Self {
        let path = folder.join(format!("{name}.ledger"));
        let book = std::fs::read(&path).ok().and_then(|bytes| postcard::from_bytes(&bytes).ok());
        Self { path, book: book.unwrap_or_default() }
    }

    /// The file that it is kept in, and what is to stand there.
    pub(crate) fn written(&self) -> io::Result<(PathBuf, Vec<u8>)> {
        let bytes = postcard::to_stdvec(&self.book).map_err(io::Error::other)?;
        Ok((self.path.clone(), bytes))
    }

    /// Whether the content of a file is known to be this.
    pub(crate) fn has(&self, name: &str, tag: FileTag) -> bool {
        self.book.files.get(name) == Some(&Some(tag))
    }

    /// No content is known any more; the names stay.
    pub(crate) fn doubt_all(&mut self) {
        self.book.files.values_mut().for_each(|tag| *tag = None);
        self.book.marker.clear();
    }
}
