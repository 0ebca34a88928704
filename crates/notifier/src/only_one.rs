//! Keeps a second notifier away from a SQLite file: SQLite has one writer, and its notifiers would only wait for each
//! other. PostgreSQL takes any number.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Another process already sends from this database.
#[derive(Debug, thiserror::Error)]
pub enum SecondNotifier {
    /// It holds the lock.
    #[error(
        "another notifier already works on {}; with SQLite there can be only one, with PostgreSQL any number",
        database.display()
    )]
    Running {
        /// The database.
        database: PathBuf,
    },
    /// Nobody can tell.
    #[error("the lock file {} cannot be used", file.display())]
    NoLock {
        /// The lock file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The place of the only notifier, kept until it is dropped. The operating system frees it when the process ends,
/// however that happens.
pub(crate) struct Place(Option<File>);

impl Place {
    /// Whether nobody else can be at work: then every lease is one of a dead predecessor.
    pub(crate) fn is_alone(&self) -> bool {
        self.0.is_some()
    }
}

/// Takes the place beside the database file. The lock file stays behind: removing it would let two processes lock two
/// different files of the same name.
pub(crate) fn take(database: Option<&Path>) -> Result<Place, SecondNotifier> {
    let Some(database) = database else { return Ok(Place(None)) };
    let mut name = database.as_os_str().to_owned();
    name.push(".notifier");
    let file = PathBuf::from(name);
    let no_lock = |source| SecondNotifier::NoLock { file: file.clone(), source };
    let lock = File::options().create(true).truncate(false).write(true).open(&file).map_err(no_lock)?;
    match lock.try_lock() {
        Ok(()) => Ok(Place(Some(lock))),
        Err(TryLockError::WouldBlock) => Err(SecondNotifier::Running { database: database.to_owned() }),
        Err(TryLockError::Error(source)) => Err(no_lock(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_notifier_is_refused_until_the_first_is_gone() {
        let folder = std::env::temp_dir().join(format!("hysbys-only-one-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = folder.join("hysbys.db");
        let first = take(Some(&database)).unwrap();
        assert!(first.is_alone());
        assert!(matches!(take(Some(&database)), Err(SecondNotifier::Running { .. })));
        drop(first);
        assert!(take(Some(&database)).is_ok());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn postgresql_takes_any_number() {
        assert!(!take(None).unwrap().is_alone());
    }
}
