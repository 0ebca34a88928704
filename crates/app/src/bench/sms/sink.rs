//! A provider that takes every text and says always the same: as little as can stand behind a port.

use std::sync::{Arc, OnceLock};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What a provider like Twilio answers to a text that it took.
const BODY: &str = r#"{"account_sid":"ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","api_version":"2010-04-01","body":"Benchmark","date_created":"Tue, 24 Nov 2026 09:14:00 +0000","date_sent":null,"date_updated":"Tue, 24 Nov 2026 09:14:00 +0000","direction":"outbound-api","error_code":null,"error_message":null,"from":null,"messaging_service_sid":"MGcccccccccccccccccccccccccccccccc","num_media":"0","num_segments":"1","price":null,"price_unit":"GBP","sid":"SM0123456789abcdef0123456789abcdef","status":"accepted","subresource_uris":{"media":"/2010-04-01/Accounts/AC/Messages/SM/Media.json"},"to":"+447400000000","uri":"/2010-04-01/Accounts/AC/Messages/SM.json"}"#;

/// The whole answer as it travels.
pub(super) fn answer() -> String {
    let length = BODY.len();
    format!("HTTP/1.1 201 CREATED\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{BODY}")
}

/// The first request that the sink got, letter for letter.
pub(super) type First = Arc<OnceLock<Vec<u8>>>;

/// Takes texts until it is told to stop.
///
/// # Errors
/// When nobody can connect any more.
pub(super) async fn take(listener: std::net::TcpListener, first: First, stop: CancellationToken) -> anyhow::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let (answer, mut guests) = (Arc::new(answer()), JoinSet::new());
    loop {
        let (stream, _) = tokio::select! {
            guest = listener.accept() => guest?,
            () = stop.cancelled() => return Ok(()),
        };
        guests.spawn(serve(stream, Arc::clone(&answer), Arc::clone(&first)));
        while guests.try_join_next().is_some() {}
    }
}

/// A client that hangs up ends its connection with an error, which is fine.
async fn serve(mut stream: TcpStream, answer: Arc<String>, first: First) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::with_capacity(8 * 1024);
    loop {
        let length = loop {
            match length_of(&bytes) {
                Some(length) if length <= bytes.len() => break length,
                _ if stream.read_buf(&mut bytes).await? == 0 => return Ok(()),
                _ => {}
            }
        };
        first.get_or_init(|| bytes[..length].to_vec());
        bytes.drain(..length);
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// The length of the request that begins here, its body included; none while its head is not complete.
fn length_of(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let lines = std::str::from_utf8(&bytes[..head]).ok()?.lines();
    let mut headers = lines.filter_map(|line| line.split_once(':'));
    let body = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?.1.trim().parse::<usize>().ok()?;
    Some(head + body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_ends_where_its_length_says() {
        let request = b"POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\na=bPOST";
        assert_eq!(length_of(request), Some(request.len() - 4));
        assert_eq!(length_of(&request[..20]), None);
    }

    #[test]
    fn the_answer_is_what_a_text_channel_reads() {
        let json: serde_json::Value = serde_json::from_str(BODY).unwrap();
        assert!(json["sid"].is_string());
    }
}
