//! Fetches from one host what may be large: piece by piece, with a limit on every silence instead of one on the whole.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Certificate, Client, Response, StatusCode, redirect};
use url::Url;

use crate::ChannelProblem;
use crate::http::NoAnswer;

/// How long a connection may take, and how long the host may say nothing.
const CONNECT: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(20);

/// The way to one host. It follows no redirect and takes no proxy from the environment.
#[derive(Clone, Debug)]
pub struct Downloads {
    client: Client,
    base: Url,
}

/// An answer that has begun.
#[derive(Debug)]
pub struct Download {
    response: Response,
}

/// Why there is nothing, or nothing more. It names no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDownload {
    /// There is no connection.
    #[error("no connection")]
    NoConnection,
    /// The connection broke off, or nothing came in time.
    #[error("the answer broke off")]
    BrokenOff,
}

impl Downloads {
    /// From the host of this address; `authorities` are certificates in PEM to trust besides those of the system.
    ///
    /// # Errors
    /// When it is no address that may be asked, a certificate cannot be read, or the machine has none at all.
    pub fn from(base: &str, authorities: Option<&[u8]>) -> Result<Self, ChannelProblem> {
        let safe = Url::parse(base).ok().filter(|_| crate::settings::is_safe_url(base));
        let base = safe.ok_or_else(|| ChannelProblem::setting("url", "must be an https URL without a path"))?;
        let tls = |error: reqwest::Error| ChannelProblem::Tls(error.without_url().to_string());
        let authorities = authorities.map(Certificate::from_pem_bundle).transpose().map_err(tls)?;
        let client = Client::builder()
            .tls_certs_merge(authorities.unwrap_or_default())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("hysbys/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(tls)?;
        Ok(Self { client, base })
    }

    /// Asks for a path.
    ///
    /// # Errors
    /// When no answer begins in time.
    pub async fn get(&self, path: &str, headers: HeaderMap) -> Result<Download, NoDownload> {
        let mut url = self.base.clone();
        url.set_path(path);
        let response = self.client.get(url).headers(headers).send().await;
        response.map(|response| Download { response }).map_err(|error| match crate::http::doubt_of(&error) {
            NoAnswer::NotSent | NoAnswer::Unbuildable => NoDownload::NoConnection,
            NoAnswer::Doubtful => NoDownload::BrokenOff,
        })
    }
}

impl Download {
    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next piece of its body; none at the end.
    ///
    /// # Errors
    /// When the connection breaks, or nothing comes in time.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, NoDownload> {
        let piece = self.response.chunk().await.map_err(|_| NoDownload::BrokenOff)?;
        Ok(piece.map(|piece| piece.to_vec()))
    }
}
