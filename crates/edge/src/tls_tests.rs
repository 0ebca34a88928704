//! TLS as clients meet it: the versions of HTTP they agree on, certificates that change under open connections, and
//! strangers who never agree on anything.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;

use crate::{CertificateError, Certificates, Limits, Listener, bind, serve};

const SOON: Duration = Duration::from_secs(10);

/// A server over TLS, whose certificate is in a folder.
struct Served {
    address: SocketAddr,
    folder: TempDir,
    _tasks: JoinSet<()>,
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

fn files(folder: &TempDir) -> Files {
    Files { certificate: folder.path().join("certificate.pem"), key: folder.path().join("key.pem") }
}

/// Writes a new certificate with its key, and gives what a client has to trust.
fn renew(folder: &TempDir) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = files(folder);
    std::fs::write(files.key, made.signing_key.serialize_pem()).unwrap();
    std::fs::write(files.certificate, made.cert.pem()).unwrap();
    made.cert.der().clone()
}

async fn served(limits: Limits) -> (Served, CertificateDer<'static>) {
    let folder = tempfile::tempdir().unwrap();
    let trusted = renew(&folder);
    let Files { certificate, key } = files(&folder);
    let certificates = Certificates::read(&certificate, &key).unwrap();
    let tcp = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = tcp.local_addr().unwrap();
    let (mut tasks, stop) = (JoinSet::new(), CancellationToken::new());
    let router = Router::new().route("/", get(async || "hello"));
    tasks.spawn(serve(Listener::from(tcp).tls(&certificates), router, stop.clone(), limits));
    tasks.spawn(certificates.follow(Duration::from_millis(5), stop));
    (Served { address, folder, _tasks: tasks }, trusted)
}

async fn connect(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    protocols: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

async fn is_answered(stream: &mut TlsStream<TcpStream>) -> bool {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let (mut answer, mut bytes) = (Vec::new(), [0; 1024]);
    while !answer.ends_with(b"hello") {
        match stream.read(&mut bytes).await {
            Ok(0) | Err(_) => return false,
            Ok(count) => answer.extend_from_slice(&bytes[..count]),
        }
    }
    answer.starts_with(b"HTTP/1.1 200")
}

#[tokio::test]
async fn a_client_speaks_the_version_of_http_that_it_agreed_on() {
    let (served, trusted) = served(Limits::default()).await;
    for protocols in [&[][..], &["http/1.1"]] {
        assert!(is_answered(&mut connect(served.address, &trusted, protocols).await.unwrap()).await, "{protocols:?}");
    }
    let stream = connect(served.address, &trusted, &["h2", "http/1.1"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut client, connection) = h2::client::handshake(stream).await.unwrap();
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    for _ in 0..3 {
        let request = http::Request::get("https://localhost/").body(()).unwrap();
        let (response, _) = client.send_request(request, true).unwrap();
        let mut response = response.await.unwrap();
        assert_eq!(response.body_mut().data().await.unwrap().unwrap(), "hello");
    }
}

#[tokio::test]
async fn a_new_certificate_is_taken_without_cutting_anybody_off() {
    let (served, old) = served(Limits::default()).await;
    let mut open = connect(served.address, &old, &[]).await.unwrap();
    let new = renew(&served.folder);
    let renewed = async {
        while connect(served.address, &new, &[]).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, renewed).await.expect("the new certificate is shown");
    assert!(is_answered(&mut open).await, "who was there before stays");
}

#[tokio::test]
async fn files_that_cannot_be_used_leave_the_old_certificate_in_use() {
    let (served, trusted) = served(Limits::default()).await;
    let Files { certificate, key } = files(&served.folder);
    let other = tempfile::tempdir().unwrap();
    renew(&other);
    std::fs::copy(files(&other).key, &key).unwrap();
    assert!(matches!(Certificates::read(&certificate, &key), Err(CertificateError::Unusable(_))));
    std::fs::write(&certificate, "nothing").unwrap();
    assert!(matches!(Certificates::read(&certificate, &key), Err(CertificateError::NoCertificate(_))));
    std::fs::remove_file(&key).unwrap();
    assert!(matches!(Certificates::read(&certificate, &key), Err(CertificateError::Unreadable(..))));
    assert!(is_answered(&mut connect(served.address, &trusted, &[]).await.unwrap()).await);
}

#[tokio::test]
async fn whoever_never_agrees_on_tls_is_hung_up_on() {
    let limits = Limits { head: Duration::from_millis(50), ..Limits::default() };
    let (served, _) = served(limits).await;
    for words in [&b""[..], b"\x16\x03\x01", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(words).await.unwrap();
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(SOON, stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok() && !answer.starts_with(b"HTTP/1.1 200"), "{words:?}");
    }
}
