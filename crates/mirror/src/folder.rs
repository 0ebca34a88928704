//! A folder, perhaps on a disk that hangs: every step is a thread of its own, so that neither the page nor the end of
//! the process waits for it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use page::EditionFile;
use tokio::sync::{Semaphore, oneshot};

use crate::target::{Target, TargetError};

/// How many steps may be under way, or stuck.
const AT_ONCE: u32 = 4;

/// A folder of this machine.
pub(crate) struct Folder {
    root: PathBuf,
    permits: Arc<Semaphore>,
}

impl Folder {
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned(), permits: Arc::new(Semaphore::new(AT_ONCE as usize)) }
    }

    /// Does one step with the file of this name.
    async fn step<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Path, &Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, TargetError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| TargetError::TooSlow)?;
        let (root, file) = (self.root.clone(), self.root.join(name));
        let (answer, answered) = oneshot::channel();
        // A blocking task of the runtime would be waited for at the end of the process, perhaps for ever.
        let thread = std::thread::Builder::new().name("push".to_owned()).spawn(move || {
            let done = if root.is_dir() { work(&root, &file).map(Some) } else { Ok(None) };
            drop(permit);
            let _ = answer.send(done);
        });
        let failed = |error| TargetError::File { name: name.to_owned(), error };
        thread.map_err(failed)?;
        let done = answered.await.map_err(|_| failed(io::Error::other("the thread panicked")))?;
        done.map_err(failed)?.ok_or_else(|| TargetError::Missing(self.root.display().to_string()))
    }
}

#[async_trait]
impl Target for Folder {
    async fn rest(&self) -> Result<(), TargetError> {
        self.permits.acquire_many(AT_ONCE).await.map(drop).map_err(|_| TargetError::TooSlow)
    }

    async fn read(&self, name: &str) -> Result<Option<Bytes>, TargetError> {
        let read = |_: &Path, file: &Path| match fs::read(file) {
            Ok(content) => Ok(Some(content.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        self.step(name, read).await
    }

    async fn write(&self, name: &str, _: &'static str, content: Bytes) -> Result<(), TargetError> {
        self.step(name, move |_, file| page::write_file(file, &content)).await
    }

    async fn remove(&self, name: &str) -> Result<(), TargetError> {
        self.step(name, remove).await
    }

    fn takes(&self, _: &EditionFile) -> bool {
        true
    }
}

/// Takes a file away, and the folders that are empty then.
fn remove(root: &Path, file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let parents = file.ancestors().skip(1).take_while(|folder| *folder != root);
    for folder in parents {
        // A folder that is not empty stays, and so do those that it is in.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_goes_with_the_folders_that_it_was_alone_in_and_nothing_else_does() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::at(root.path());
        for name in ["en/a/index.html", "en/b/index.html"] {
            folder.write(name, "text/html", Bytes::from_static(b"words")).await.unwrap();
        }
        assert_eq!(folder.read("en/a/index.html").await.unwrap().as_deref(), Some(&b"words"[..]));
        folder.remove("en/a/index.html").await.unwrap();
        folder.remove("en/a/index.html").await.unwrap();
        assert!(!root.path().join("en/a").exists() && root.path().join("en/b/index.html").exists());
        folder.remove("en/b/index.html").await.unwrap();
        assert!(root.path().exists() && !root.path().join("en").exists());
        assert_eq!(folder.read("en/b/index.html").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_not_made() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::at(&root.path().join("disk"));
        let refused = folder.write("index.html", "text/html", Bytes::new()).await;
        assert!(matches!(refused, Err(TargetError::Missing(_))), "{refused:?}");
        assert!(!root.path().join("disk").exists());
    }
}
