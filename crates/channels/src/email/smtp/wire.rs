//! The bytes below SMTP: a TCP connection that waits for nothing, and TLS on top of it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{Failure, Stage};
use crate::ChannelProblem;
use crate::settings::EmailSettings;

/// A relay that does not take a connection this soon is down.
const CONNECT: Duration = Duration::from_secs(5);

/// Anything that SMTP can be spoken over.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Connects without Nagle's algorithm: it would hold back the end of each mail until the relay acknowledges its start.
pub(super) async fn connect(host: &str, port: u16) -> Result<TcpStream, Failure> {
    const LOST: Failure = Failure::Lost { stage: Stage::Connect };
    let stream = timeout(CONNECT, TcpStream::connect((host, port))).await.map_err(|_| LOST)?.map_err(|_| LOST)?;
    stream.set_nodelay(true).map_err(|_| LOST)?;
    Ok(stream)
}

/// TLS as the relay's clients should speak it: certificates checked, by the operating system's roots and our own.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    pub(super) fn new(settings: &EmailSettings, host: &str) -> Result<Self, ChannelProblem> {
        let broken = |error: rustls::Error| ChannelProblem::Tls(error.to_string());
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| ChannelProblem::setting("email.relay", "is no name that a certificate can hold"))?;
        let extra = settings.ca_file.as_deref().map(certificates).transpose()?.unwrap_or_default();
        let provider = Arc::new(default_provider());
        let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider)).map_err(broken)?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(broken)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    pub(super) async fn protect(&self, wire: impl Wire + 'static, limit: Duration) -> Result<Box<dyn Wire>, Failure> {
        let handshake = self.connector.connect(self.name.clone(), wire);
        match timeout(limit, handshake).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(_)) => Err(Failure::Tls),
            Err(_) => Err(Failure::Lost { stage: Stage::Session }),
        }
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, ChannelProblem> {
    let unreadable = |_| ChannelProblem::setting("email.ca_file", "cannot be read as PEM certificates");
    CertificateDer::pem_file_iter(file).map_err(unreadable)?.collect::<Result<_, _>>().map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// With Nagle's algorithm each mail would wait for a relay that delays its acknowledgements, 40 ms on Linux.
    #[tokio::test]
    async fn nothing_waits_for_an_acknowledgement() {
        let relay = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = connect("127.0.0.1", relay.local_addr().unwrap().port()).await.unwrap();
        assert!(stream.nodelay().unwrap());
    }
}
