//! The way to a page that is followed, over HTTPS.

use async_trait::async_trait;
use bytes::Bytes;
use channels::ChannelProblem;
use channels::download::{Download, Downloads, NoDownload};
use http::{HeaderMap, StatusCode};
use page::{Reply, Wire, WireError};

/// A page elsewhere.
#[derive(Clone, Debug)]
pub struct Leader {
    downloads: Downloads,
}

impl Leader {
    /// The page at this address; `authorities` are certificates in PEM to trust besides those of the system.
    ///
    /// # Errors
    /// When the address or a certificate cannot work.
    pub fn at(url: &str, authorities: Option<&[u8]>) -> Result<Self, ChannelProblem> {
        Ok(Self { downloads: Downloads::from(url, authorities)? })
    }
}

#[async_trait]
impl Wire for Leader {
    async fn get(&self, path: &str, headers: HeaderMap) -> Result<Box<dyn Reply>, WireError> {
        let download = self.downloads.get(path, headers).await.map_err(silent)?;
        Ok(Box::new(Answer(download)))
    }
}

struct Answer(Download);

#[async_trait]
impl Reply for Answer {
    fn status(&self) -> StatusCode {
        self.0.status()
    }

    fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, WireError> {
        Ok(self.0.piece().await.map_err(silent)?.map(Bytes::from))
    }
}

fn silent(error: NoDownload) -> WireError {
    WireError(error.to_string())
}
