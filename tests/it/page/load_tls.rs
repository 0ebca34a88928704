//! A page without a proxy: it speaks TLS itself, leads there from the plain port, and takes a new certificate on the
//! signal HUP without cutting off who is reading.

use std::net::SocketAddr;
use std::path::Path;

use hysbys::config::Config;
use hysbys::listening::{Name, Tls};
use reqwest::{Certificate, Client, redirect};
use scenarios::databases::Database;
use scenarios::installation::{Installation, free_address};
use scenarios::process::Program;
use scenarios::waiting::until;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_a_proxy_speaks_tls_and_takes_new_certificates_while_it_is_read() {
    let db = Database::sqlite().await;
    let app = Installation::with(&db).without_notifier().start().await;
    let folder = tempfile::tempdir().unwrap();
    let old = renewed(folder.path());
    let plain = free_address();
    let config = with_tls(app.other_program(), folder.path(), plain);
    let address = config.page.listen;
    let process = Program::new("page", &config, db.folder.path()).start();
    process.until_ready().await;

    let url = format!("https://localhost:{}/en/", address.port());
    let reader = client(&old);
    let answer = reader.get(&url).send().await.expect("an answer over TLS");
    assert!(answer.status().is_success());
    assert!(answer.headers()["strict-transport-security"].to_str().unwrap().starts_with("max-age="));
    answer.bytes().await.expect("a page");
    assert!(reader.get(format!("http://{address}/en/")).send().await.is_err(), "the port of TLS speaks nothing else");
    let led = reader.get(format!("http://{plain}/en/services?x=1")).send().await.expect("the plain port answers");
    assert_eq!(led.status(), 301);
    assert_eq!(led.headers()["location"].to_str().unwrap(), url.replace("/en/", "/en/services?x=1"));
    assert!(!led.headers().contains_key("strict-transport-security"));

    let new = renewed(folder.path());
    assert!(client(&new).get(&url).send().await.is_err(), "nobody has told the process yet");
    process.hang_up();
    until("newcomers get the new certificate", async || client(&new).get(&url).send().await.is_ok()).await;
    assert!(client(&old).get(&url).send().await.is_err(), "and only that");
    assert!(reader.get(&url).send().await.is_ok(), "who was connected before reads on");
}

#[tokio::test]
async fn a_page_whose_certificate_cannot_be_used_says_so_and_does_not_start() {
    let db = Database::sqlite().await;
    let app = Installation::with(&db).without_notifier().start().await;
    let folder = tempfile::tempdir().unwrap();
    renewed(folder.path());
    std::fs::write(folder.path().join("key.pem"), "no key").unwrap();
    let config = with_tls(app.other_program(), folder.path(), free_address());
    let output = Program::new("page", &config, db.folder.path()).run().await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("key.pem holds no private key"), "{said}");
}

pub(super) fn with_tls(mut config: Config, folder: &Path, plain: SocketAddr) -> Config {
    for url in config.site.url.values_mut() {
        *url = url.replace("http://127.0.0.1", "https://localhost");
    }
    config.tls = Some(Tls {
        certificate: folder.join("certificate.pem"),
        key: folder.join("key.pem"),
        listeners: vec![Name::Page],
        redirect_listen: Some(plain),
        look_ms: 3_600_000,
    });
    config
}

/// A new certificate with its key in place of the one before, and what a client has to trust.
pub(super) fn renewed(folder: &Path) -> Certificate {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    std::fs::write(folder.join("certificate.pem"), made.cert.pem()).expect("a file");
    Certificate::from_der(made.cert.der()).expect("a certificate")
}

fn client(trusted: &Certificate) -> Client {
    let builder = Client::builder().tls_certs_only([trusted.clone()]).no_proxy();
    builder.redirect(redirect::Policy::none()).build().expect("a client")
}
