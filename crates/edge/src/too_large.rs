//! Refuses bodies that say beforehand that they are too large, in a way that their senders hear.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, EXPECT};
use http_body_util::BodyExt;

/// Of a refused body, so many bytes are read away before the answer.
const MOST_READ_AWAY: u64 = 16 * 1024 * 1024;

/// How long reading away may take.
const LONGEST_READ: Duration = Duration::from_secs(10);

/// What the headers say of the length of the body, if that is more than the limit in bytes.
///
/// A route that does not read its body would never notice how large it is.
pub(crate) fn announced(headers: &HeaderMap, limit: usize) -> Option<u64> {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    length.filter(|length: &u64| *length > limit as u64)
}

/// Lets the sender finish, and keeps nothing of it.
///
/// A server that answers and closes while the sender still writes resets the connection, and most clients then tell
/// of a broken pipe instead of the answer (RFC 9112 section 9.6). Who asked beforehand is answered before it writes,
/// and who has far too much to say is cut off all the same.
pub(crate) async fn read_away(request: Request, announced: u64) {
    if announced > MOST_READ_AWAY || request.headers().contains_key(EXPECT) {
        return;
    }
    let _ = tokio::time::timeout(LONGEST_READ, to_its_end(request.into_body())).await;
}

async fn to_its_end(mut body: Body) {
    while let Some(Ok(_)) = body.frame().await {}
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use axum::body::Bytes;
    use futures_util::{StreamExt, stream};

    use super::*;

    /// How many kilobytes of so many are read when their sender has said so many bytes, and may have asked first.
    async fn kilobytes_read(kilobytes: u64, said: u64, asked: bool) -> u64 {
        let read = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&read);
        let pieces = stream::iter(0..kilobytes).map(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from_static(&[b'a'; 1024]))
        });
        let mut request = Request::post("/").header(CONTENT_LENGTH, said);
        if asked {
            request = request.header(EXPECT, "100-continue");
        }
        let request = request.body(Body::from_stream(pieces)).expect("a request");
        let announced = announced(request.headers(), 1024).expect("it is too large");
        read_away(request, announced).await;
        read.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn a_sender_may_finish_before_it_is_refused() {
        assert_eq!(kilobytes_read(2000, 2000 * 1024, false).await, 2000);
    }

    #[tokio::test]
    async fn who_asks_first_or_has_far_too_much_is_not_listened_to() {
        assert_eq!(kilobytes_read(2000, 2000 * 1024, true).await, 0);
        assert_eq!(kilobytes_read(2000, MOST_READ_AWAY + 1, false).await, 0);
    }
}
