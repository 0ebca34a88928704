//! Bodies that are too large or no text: refused on every route, and the house is still there.

use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::doors::forms_of_staff;
use crate::authoring::desk::{Desk, serious};

const FORM: &str = "application/x-www-form-urlencoded";
const MEGABYTE: usize = 1_000_000;

/// Sends a body that says how long it is, and reads the status; the server may stop reading at any time.
async fn send(address: &str, head: &str, body: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{head}\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    // A refused body may end the connection before all of it is sent.
    let _ = stream.write_all(body).await;
    status(stream).await
}

/// Sends a body in pieces that never say how long they will be.
async fn trickle(address: &str, head: &str, bytes: usize) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{head}\r\nhost: {address}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..bytes / 10_000 {
        let piece = [b"2710\r\n".as_slice(), &[b'a'; 10_000], b"\r\n"].concat();
        if stream.write_all(&piece).await.is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n").await;
    status(stream).await
}

async fn status(mut stream: TcpStream) -> u16 {
    let mut answer = Vec::new();
    // What was not read of our body makes the system cut the connection after the answer.
    let _ = stream.read_to_end(&mut answer).await;
    let text = String::from_utf8_lossy(&answer);
    text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no answer: {text:?}"))
}

on_both! {
    async fn staff_forms_take_no_megabyte_and_no_broken_letters(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let address = desk.url.trim_start_matches("http://").to_owned();
        for path in forms_of_staff(&revision) {
            let head = format!("POST {path} HTTP/1.1\r\ncontent-type: {FORM}");
            assert_eq!(send(&address, &head, &vec![b'a'; MEGABYTE]).await, 413, "{path}");
            assert_eq!(trickle(&address, &head, MEGABYTE).await, 413, "{path}, in pieces");
            for body in [b"reason=%ff%fe".as_slice(), b"reason=\xff\xfe", b"reason=%00", b"%c3%28=1", b"a=%"] {
                assert_eq!(send(&address, &head, body).await, 400, "{path} with {body:?}");
            }
            let json = format!("POST {path} HTTP/1.1\r\ncontent-type: application/json");
            assert_eq!(send(&address, &json, b"{}").await, 415, "{path}");
        }
        assert_eq!(desk.signed_in("mari").await.get("/incidents").await.status, 200, "the house is still there");
    }
}

on_both! {
    async fn the_api_takes_no_megabyte_and_no_broken_letters(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let address = desk.url.trim_start_matches("http://").to_owned();
        let token = desk.authoring.add_token(&crate::authoring::desk::operator(), "huw@staff.example", "t").await.unwrap();
        for (method, path) in authoring::routes().into_iter().filter(|(method, _)| *method != "GET") {
            let path = path.replace("{id}", &revision);
            let head = format!(
                "{method} {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\nif-match: x\r\ncontent-type: application/json"
            );
            assert_eq!(send(&address, &head, &vec![b'a'; MEGABYTE]).await, 413, "{method} {path}");
            assert_eq!(trickle(&address, &head, MEGABYTE).await, 413, "{method} {path}, in pieces");
            let deep = "[".repeat(100_000);
            for body in [b"{\"reason\":\"\xff\"}".as_slice(), b"\xff", b"{", deep.as_bytes()] {
                assert_eq!(send(&address, &head, body).await, 400, "{method} {path} with {} bytes", body.len());
            }
        }
        assert_eq!(desk.get("mari", "/incidents").await.status, 200, "the house is still there");
        assert_eq!(desk.get("mari", &format!("/revisions/{revision}")).await.body["state"], "draft", "and nothing happened");
    }
}

on_both! {
    async fn public_forms_take_no_megabyte_and_no_broken_letters(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let address = app.parts.config.page.listen.to_string();
        let paths = [
            "/en/alerts",
            "/cy/hysbysiadau",
            "/en/alerts/confirm",
            "/cy/hysbysiadau/cadarnhau",
            "/en/alerts/confirm/x",
            "/en/alerts/manage/x",
            "/cy/hysbysiadau/rheoli/x",
            "/en/alerts/leave/x",
            "/en/",
            "/api/v2/summary.json",
        ];
        for path in paths {
            let head = format!("POST {path} HTTP/1.1\r\ncontent-type: {FORM}");
            let status = send(&address, &head, &vec![b'a'; MEGABYTE]).await;
            assert!([413, 405].contains(&status), "{path}: {status}");
            let status = trickle(&address, &head, MEGABYTE).await;
            assert!((400..500).contains(&status), "{path}, in pieces: {status}");
            let status = send(&address, &head, b"mobile=%ff%fe&channel=sms").await;
            assert!((400..500).contains(&status) && status != 422, "{path}, broken letters: {status}");
        }
        for path in &paths[..4] {
            let head = format!("POST {path} HTTP/1.1\r\ncontent-type: {FORM}");
            assert_eq!(trickle(&address, &head, MEGABYTE).await, 413, "{path}, in pieces");
            assert_eq!(send(&address, &head, b"mobile=%00").await, 400, "{path}");
        }
        assert_eq!(send(&address, "GET /en/alerts HTTP/1.1", b"").await, 200, "the house is still there");
    }
}
