//! A bucket of a store that speaks S3. The one place that names `object_store`.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutOptions, PutPayload, RetryConfig,
};
use page::{EditionFile, PushSettings};

use crate::target::{Target, TargetError};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// A store says much about what it refuses, and nothing that is secret.
impl From<Error> for TargetError {
    fn from(error: Error) -> Self {
        Self::Store(Box::new(error))
    }
}

/// A bucket, or what is below a prefix of it.
pub(crate) struct Bucket {
    store: AmazonS3,
    prefix: Path,
}

impl Bucket {
    /// The bucket of these settings. Nothing is connected yet.
    pub(crate) fn of(settings: &PushSettings, bucket: &str) -> Result<Self, TargetError> {
        // We try again ourselves, with what is newest then.
        let retry = RetryConfig { max_retries: 0, ..RetryConfig::default() };
        let patience = Duration::from_millis(settings.timeout_ms);
        let client = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(patience);
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_region(settings.region.as_str())
            .with_retry(retry)
            // Many stores that speak S3 do not know the deletion of several at once.
            .with_disable_bulk_delete(true);
        if let Some(endpoint) = &settings.endpoint {
            // Where it may be plain http is checked with the configuration.
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http:"));
        }
        if let (Some(id), Some(secret)) = (&settings.access_key_id, &settings.secret_access_key) {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret.reveal());
        }
        let allows_http = settings.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http:"));
        let store = builder.with_client_options(client.with_allow_http(allows_http)).build()?;
        Ok(Self { store, prefix: Path::from(settings.prefix.as_str()) })
    }

    fn path(&self, name: &str) -> Path {
        name.split('/').fold(self.prefix.clone(), |path, part| path.join(part))
    }
}

#[async_trait]
impl Target for Bucket {
    async fn rest(&self) -> Result<(), TargetError> {
        Ok(())
    }

    async fn read(&self, name: &str) -> Result<Option<Bytes>, TargetError> {
        let found = match self.store.get(&self.path(name)).await {
            Err(Error::NotFound { .. }) => return Ok(None),
            found => found?,
        };
        Ok(Some(found.bytes().await?))
    }

    async fn write(&self, name: &str, media_type: &'static str, content: Bytes) -> Result<(), TargetError> {
        let attributes: Attributes =
            [(Attribute::ContentType, media_type), (Attribute::CacheControl, page::CACHE_CONTROL)]
                .into_iter()
                .collect();
        let options = PutOptions { attributes, ..PutOptions::default() };
        self.store.put_opts(&self.path(name), PutPayload::from(content), options).await?;
        Ok(())
    }

    async fn remove(&self, name: &str) -> Result<(), TargetError> {
        match self.store.delete(&self.path(name)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// It sends what it has as it is, whatever a browser asks for: twins would never be found.
    fn takes(&self, file: &EditionFile) -> bool {
        !file.is_compressed
    }
}
