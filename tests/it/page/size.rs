//! The home page is one small answer: also on a busy day it is there before a slow phone has asked twice.

use scenarios::databases::Database;
use scenarios::on_both;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::busy::busy;
use super::reader::Reader;
use crate::tidy::html::tags;

/// In bytes, with the head of the answer: it travels in the first seven packets.
const LIMIT: usize = 9 * 1024;

/// Attributes and elements from which a browser would fetch by itself.
const FETCHING: [&str; 8] = ["img", "script", "iframe", "video", "audio", "object", "embed", "source"];

on_both! {
    async fn the_home_page_of_a_busy_day_fits_into_nine_kilobytes(db: Database) {
        let app = busy(db).await;
        for path in ["/en/", "/cy/"] {
            let size = transferred(&app.parts.config.page.listen.to_string(), path).await;
            println!("{path}: {size} bytes as transferred");
            assert!(size <= LIMIT, "{path} takes {size} bytes");
        }
        let home = Reader::of(&app).open("/en/").await.body;
        for tag in tags(&home) {
            assert!(!FETCHING.contains(&tag.name), "<{}> asks for more", tag.name);
            // The icon stands in the page itself.
            let is_here = tag.attribute("href").is_some_and(|address| address.starts_with("data:"));
            let is_named = matches!(tag.attribute("rel"), Some("alternate" | "canonical"));
            let is_fetched = tag.name == "link" && !is_named && !is_here;
            assert!(!is_fetched, "a link fetches {:?}", tag.attribute("href"));
        }
        assert!(!home.contains("@font-face") && !home.contains("url("), "the style fetches nothing");
    }
}

/// How many bytes an answer has on the wire, for a browser that takes brotli.
async fn transferred(address: &str, path: &str) -> usize {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\naccept-encoding: gzip, deflate, br, zstd\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("it takes the request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the whole answer");
    let head = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("content-encoding: br"), "{head}");
    answer.len()
}
