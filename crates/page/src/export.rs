//! Writes an edition as plain files, the same bytes, for a second host that needs nothing but a web server.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domain::Site;

use crate::edition::Edition;
use crate::files::{DamagedFile, files};

/// Why an edition could not be written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nothing was ever read from the database, and nothing was kept on disk.
    #[error("there is no edition yet")]
    NoEdition,
    /// An old page is not what was written.
    #[error(transparent)]
    Damaged(#[from] DamagedFile),
    /// A file could not be written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// Writes every document into `folder` and gives the number of files. Each is written beside and renamed, so that a
/// reader of the folder never meets half a page. Files of earlier editions stay: their addresses are stable.
pub(crate) fn export(edition: &Edition, site: &Site, folder: &Path) -> Result<usize, ExportError> {
    if edition.published_version() < 0 {
        return Err(ExportError::NoEdition);
    }
    let mut files = files(edition, site);
    files.sort_by_key(|file| file.rank);
    for file in &files {
        let path = folder.join(&file.name);
        write_file(&path, &file.read()?).map_err(|error| ExportError::Io { path, error })?;
    }
    Ok(files.len())
}

/// Makes `content` the content of a file, if it is not already: written beside, made durable, and renamed. What could
/// not be finished is taken away again.
///
/// # Errors
/// When the file or its folder cannot be written.
pub fn write_file(file: &Path, content: &[u8]) -> io::Result<()> {
    if fs::read(file).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
    let mut beside = OsString::from(file);
    beside.push(".part");
    let written = File::create(&beside).and_then(|mut out| {
        out.write_all(content)?;
        out.sync_data()
    });
    let written = written.and_then(|()| fs::rename(&beside, file));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
