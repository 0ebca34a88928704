//! Keeps the board for staff in a file beside the edition, readable by the page's own user alone, so that the staff
//! view survives a restart without the database. The key is not in it, only what tells a right key from a wrong one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::board::Known;

/// Why a board could not be kept, or a kept one cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeepError {
    #[error("the file could not be read or written")]
    Io(#[from] io::Error),
    #[error("the file cannot be understood")]
    Meaning(#[from] serde_json::Error),
}

/// The file.
#[derive(Clone, Debug)]
pub(super) struct Keep {
    path: PathBuf,
}

impl Keep {
    /// In this folder.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("staff.json") }
    }

    /// After a power cut either the old file or the new one is there, whole.
    pub(super) fn put(&self, known: &Known) -> Result<(), KeepError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let beside = self.path.with_extension(format!("{}.part", std::process::id()));
        let written = write_private(&beside, &serde_json::to_vec(known)?);
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written?;
        fs::rename(&beside, &self.path)?;
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// The kept board; none when there never was one.
    pub(super) fn take(&self) -> Result<Option<Known>, KeepError> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// A left-over of a killed process may have other rights, so it is not written into.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let _ = fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}
