//! A place for the files of an edition.

use async_trait::async_trait;
use bytes::Bytes;
use page::EditionFile;

/// Why a place did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TargetError {
    /// The place itself is not there.
    #[error("{0} is not there")]
    Missing(String),
    /// A file cannot be read or written.
    #[error("{name}: {error}")]
    File {
        /// Its name.
        name: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// A store does not do what it should.
    #[error("the store refuses")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It does not answer.
    #[error("it takes too long to answer")]
    TooSlow,
}

/// What a place can do. Whoever calls sees to it that nothing takes too long.
#[async_trait]
pub(crate) trait Target: Send + Sync {
    /// Ends when nothing is under way there any more: what was given up must not arrive after what came later.
    async fn rest(&self) -> Result<(), TargetError>;

    /// The content of a file; none when it is not there.
    async fn read(&self, name: &str) -> Result<Option<Bytes>, TargetError>;

    /// Makes this the content of a file. Whoever reads meanwhile gets the old content or the new one, whole.
    async fn write(&self, name: &str, media_type: &'static str, content: Bytes) -> Result<(), TargetError>;

    /// Takes a file away; it may be gone already.
    async fn remove(&self, name: &str) -> Result<(), TargetError>;

    /// Whether it has a use for this file.
    fn takes(&self, file: &EditionFile) -> bool;
}
