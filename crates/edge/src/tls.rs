//! TLS for those who have no proxy: a certificate from files, which is taken anew when they change, while nobody is cut
//! off. Files that cannot be used never take the place of those that can.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use domain::WithCauses;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read.
    #[error("cannot read {0}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file holds no certificate in PEM.
    #[error("{0} holds no certificate in PEM")]
    NoCertificate(PathBuf),
    /// The file holds no private key in PEM.
    #[error("{0} holds no private key in PEM, or one with a password")]
    NoKey(PathBuf),
    /// The two do not belong together, or are of a kind that TLS does not use.
    #[error("the certificate and the key cannot be used together")]
    Unusable(#[source] rustls::Error),
}

/// The certificate of a server with its key, as their files were when they could last be used.
pub struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    current: ArcSwap<CertifiedKey>,
    /// A hash of what the files held when they were last looked at, whether it could be used or not.
    seen: Mutex<[u8; 32]>,
}

impl Certificates {
    /// Reads a chain of certificates, the server's own first, and its private key.
    ///
    /// # Errors
    /// When a file cannot be read, or what they hold cannot be used.
    pub fn read(certificate: &Path, key: &Path) -> Result<Arc<Self>, CertificateError> {
        let files = Files::read(certificate, key)?;
        let current = ArcSwap::from_pointee(files.certified(certificate, key)?);
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        Ok(Arc::new(Self { certificate, key, current, seen: Mutex::new(files.hash()) }))
    }

    /// What agrees on TLS 1.2 or 1.3 and on HTTP/2 or 1.1, always with the newest certificate.
    ///
    /// # Panics
    /// Never: the versions are those of the provider.
    pub(crate) fn acceptor(self: &Arc<Self>) -> TlsAcceptor {
        let mut config = rustls::ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("the provider knows the versions of TLS")
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        // A returning reader goes on without a new agreement, and nothing is kept for those who do not return.
        if let Ok(ticketer) = aws_lc_rs::Ticketer::new() {
            config.ticketer = ticketer;
        }
        TlsAcceptor::from(Arc::new(config))
    }

    /// Looks at the files every so often, and at once on SIGHUP, until told to stop.
    pub async fn follow(self: Arc<Self>, every: Duration, stop: CancellationToken) {
        let mut beat = tokio::time::interval(every);
        let Ok(mut hangup) = signal(SignalKind::hangup()) else { return stop.cancelled().await };
        loop {
            let is_asked = tokio::select! {
                () = stop.cancelled() => return,
                _ = hangup.recv() => true,
                _ = beat.tick() => false,
            };
            self.look(is_asked);
        }
    }

    /// Takes the files anew when they changed. What cannot be used is said once, and again when somebody asks.
    fn look(&self, is_asked: bool) {
        let files = match Files::read(&self.certificate, &self.key) {
            Ok(files) => files,
            // Files are often replaced one after the other, so a missing one is only said to whoever asks.
            Err(error) if is_asked => return refuse(&error),
            Err(_) => return,
        };
        let hash = files.hash();
        if std::mem::replace(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner), hash) == hash && !is_asked
        {
            return;
        }
        match files.certified(&self.certificate, &self.key) {
            Ok(certified) => {
                self.current.store(Arc::new(certified));
                tracing::info!(file = %self.certificate.display(), "the certificate was read; new connections get it");
            }
            Err(error) => refuse(&error),
        }
    }
}

fn refuse(error: &CertificateError) {
    tracing::error!(error = %WithCauses(error), "the new certificate cannot be used; the one before stays in use");
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// What the two files hold.
struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Files {
    fn read(certificate: &Path, key: &Path) -> Result<Self, CertificateError> {
        let read =
            |file: &Path| std::fs::read(file).map_err(|error| CertificateError::Unreadable(file.to_owned(), error));
        Ok(Self { certificate: read(certificate)?, key: read(key)? })
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::new().chain_update(Sha256::digest(&self.certificate)).chain_update(&self.key).finalize().into()
    }

    fn certified(&self, certificate: &Path, key: &Path) -> Result<CertifiedKey, CertificateError> {
        let chain: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_slice_iter(&self.certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| CertificateError::NoCertificate(certificate.to_owned()))?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| CertificateError::NoKey(key.to_owned()))?;
        CertifiedKey::from_der(chain, key, &provider()).map_err(CertificateError::Unusable)
    }
}
