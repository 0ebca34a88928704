//! What listeners promise: patience that ends, room for newcomers, and work in hand that is finished.

use std::io::Write as _;

use axum::Router;
use axum::body::Bytes;
use axum::routing::get;
use http::{HeaderMap, Method, Response, Uri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use super::protocol::{HTTP2_PREFACE, LONGEST_HEAD};
use super::*;
use crate::{Ask, Shortcut};

const SOON: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(50);

fn long_for_all() -> Limits {
    Limits { head: SOON * 9, idle: SOON * 9, stall: SOON * 9, ..Limits::default() }
}

/// Has one answer ready, as large as a test may want.
struct Ready;

/// Larger than what the system takes from us before the client takes it.
const LARGE: usize = 32 << 20;

impl Shortcut for Ready {
    fn response(&self, method: &Method, uri: &Uri, _: &HeaderMap) -> Option<Response<Bytes>> {
        (method == Method::GET).then(|| body_of(uri.path())).flatten().map(Response::new)
    }

    fn plain(&self, ask: &Ask<'_>, head: &mut Vec<u8>) -> Option<Bytes> {
        let body = body_of(ask.path)?;
        write!(head, "HTTP/1.1 200 OK\r\nx-plain: yes\r\ncontent-length: {}\r\n", body.len()).unwrap();
        Some(body)
    }
}

fn body_of(path: &str) -> Option<Bytes> {
    match path {
        "/ready" => Some(Bytes::from("made")),
        "/large" => Some(Bytes::from(vec![b'x'; LARGE])),
        _ => None,
    }
}

async fn started(limits: Limits) -> (SocketAddr, CancellationToken, TaskTracker) {
    let slow = get(|| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        "slow"
    });
    let endless = get(|| async { vec![b'x'; 64 << 20] });
    let stop = CancellationToken::new();
    let (began, asked_to_stop) = (Arc::new(Notify::new()), stop.clone());
    let begins = Arc::clone(&began);
    let held = get(|| async move {
        begins.notify_one();
        asked_to_stop.cancelled().await;
        "done all the same"
    });
    let begun = get(|| async move { began.notified().await });
    let router = Router::new().route("/", get(|| async { "hello" })).route("/slow", slow).route("/endless", endless);
    let router = router.route("/held", held).route("/begun", begun);
    let served = Served::with_shortcut(router, Arc::new(Ready));
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let (address, tasks) = (listener.local_addr().unwrap(), TaskTracker::new());
    tasks.spawn(serve(listener, served, stop.clone(), limits));
    tasks.close();
    (address, stop, tasks)
}

async fn say(address: SocketAddr, words: impl Into<String>) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(words.into().as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn a_head_without_end_is_not_kept() {
    let (address, _stop, _) = started(Limits::default()).await;
    let head = |length: usize| {
        format!("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-long: {}\r\n\r\n", "a".repeat(length))
    };
    assert!(say(address, head(LONGEST_HEAD / 2)).await.starts_with("HTTP/1.1 200"));
    // The limit is looked at between reads, and one read may take as much again.
    assert!(!say(address, head(4 * LONGEST_HEAD)).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_request_in_hand_is_finished_after_the_signal() {
    let (address, stop, tasks) = started(Limits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /held HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // Answered as soon as the other request is in hand.
    say(address, "GET /begun HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    stop.cancel();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("done all the same"), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), tasks.wait()).await.expect("the server ends");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn what_is_ready_made_takes_the_shortcut_and_all_else_the_router() {
    let (address, ..) = started(Limits::default()).await;
    let ask = |path| say(address, format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
    for (path, expected) in [("/ready", "made"), ("/", "hello")] {
        let answer = ask(path).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(expected), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_connection_may_ask_for_what_is_ready_and_for_what_is_not_in_any_order_and_without_waiting() {
    let (address, ..) = started(long_for_all()).await;
    let ask = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n{more}\r\n");
    let words: String =
        [ask("/ready", ""), ask("/ready?x", ""), ask("/", ""), ask("/ready", "connection: close\r\n")].concat();
    let (first, rest) = words.split_at(words.len() / 2);
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(first.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    let heads: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).collect();
    let said: Vec<(bool, &str)> =
        heads.iter().map(|one| (one.contains("x-plain"), one.split_once("\r\n\r\n").unwrap().1)).collect();
    assert_eq!(said, [(true, "made"), (true, "made"), (false, "hello"), (false, "made")]);
    assert!(heads.iter().all(|head| head.starts_with("200 OK\r\n") && head.contains("\r\ndate: ")), "{answers}");
}

#[tokio::test]
async fn what_a_slow_reader_does_not_take_at_once_arrives_whole_and_so_does_what_follows() {
    let (address, ..) = started(long_for_all()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    stream.write_all((ask("/large") + &ask("/ready")).as_bytes()).await.unwrap();
    let mut answers = Vec::new();
    while !answers.ends_with(b"made") {
        assert!(stream.read_buf(&mut answers).await.unwrap() > 0, "the connection ended after {}", answers.len());
    }
    assert_eq!(answers.iter().filter(|byte| **byte == b'x').count(), LARGE + 2 * "x-plain".matches('x').count());
}

#[tokio::test]
async fn a_client_that_says_nothing_whole_is_hung_up_on() {
    let limits = Limits { head: SHORT, ..long_for_all() };
    let (address, ..) = started(limits).await;
    for words in ["", "PRI", "GET / HTTP/1.1\r\nhost", "PRI * HTTP/2.0\r\n\r\nS"] {
        let answer = tokio::time::timeout(Duration::from_secs(5), say(address, words)).await;
        assert!(!answer.expect("the server hangs up").contains("200"), "{words}");
    }
}

#[tokio::test]
async fn http2_is_spoken_to_who_speaks_it() {
    let (address, ..) = started(Limits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (first, rest) = HTTP2_PREFACE.split_at(10);
    stream.write_all(first).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    stream.write_all(rest).await.unwrap();
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], 4, "the answer is a SETTINGS frame");
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_up_the_end() {
    let (address, stop, tasks) = started(Limits::default()).await;
    let _idle = kept(address, "/").await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), tasks.wait()).await.expect("the server ends");
}

/// A connection that was answered once and is kept.
async fn kept(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    assert!(asked_again(&mut stream, path).await, "the first answer");
    stream
}

/// Asks over a connection that is open; false when it is closed.
async fn asked_again(stream: &mut TcpStream, path: &str) -> bool {
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    let (mut answer, mut bytes) = (Vec::new(), [0; 1024]);
    if stream.write_all(request.as_bytes()).await.is_err() {
        return false;
    }
    while !answer.ends_with(b"made") && !answer.ends_with(b"hello") {
        match tokio::time::timeout(SOON, stream.read(&mut bytes)).await.expect("an answer or an end") {
            Ok(0) | Err(_) => return false,
            Ok(count) => answer.extend_from_slice(&bytes[..count]),
        }
    }
    answer.starts_with(b"HTTP/1.1 200")
}

async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    tokio::time::timeout(SOON, stream.read_to_end(&mut rest)).await.is_ok()
}

#[tokio::test]
async fn a_connection_is_kept_between_requests_and_not_for_ever() {
    let (address, ..) = started(Limits { idle: SHORT, ..long_for_all() }).await;
    for path in ["/ready", "/"] {
        let mut stream = kept(address, path).await;
        assert!(asked_again(&mut stream, path).await, "a second answer over the same connection");
        assert!(is_closed(&mut stream).await, "an idle connection is closed");
    }
}

#[tokio::test]
async fn the_next_head_in_drops_is_not_waited_for() {
    let (address, ..) = started(Limits { head: SHORT, ..long_for_all() }).await;
    let mut stream = kept(address, "/ready").await;
    stream.write_all(b"GET / HT").await.unwrap();
    assert!(is_closed(&mut stream).await);
}

#[tokio::test]
async fn a_reader_who_takes_nothing_is_hung_up_on() {
    for path in ["/endless", "/large"] {
        nothing_is_taken(path).await;
    }
}

async fn nothing_is_taken(path: &str) {
    let (address, stop, tasks) = started(Limits { stall: SHORT, drain: SOON * 9, ..long_for_all() }).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    let mut first = [0; 1];
    stream.read_exact(&mut first).await.unwrap();
    stop.cancel();
    tokio::time::timeout(SOON, tasks.wait()).await.expect("the stalled connection does not hold up the end");
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.len() < 64 << 20, "the answer was cut");
}

#[tokio::test]
async fn when_all_places_are_taken_whoever_waited_longest_makes_room() {
    let (address, ..) = started(Limits { connections: 3, head: SHORT * 8, ..long_for_all() }).await;
    let mut oldest = kept(address, "/ready").await;
    // The clock of a listener goes on in beats, and whoever sat down within one of them is equally old.
    tokio::time::sleep(SHORT * 2).await;
    let mut others = [kept(address, "/ready").await, kept(address, "/ready").await];
    let mut newcomer = kept(address, "/ready").await;
    assert!(is_closed(&mut oldest).await, "the oldest makes room");
    for stream in others.iter_mut().chain([&mut newcomer]) {
        assert!(asked_again(stream, "/ready").await, "everybody else stays");
    }
}

#[tokio::test]
async fn those_at_work_stay_and_newcomers_wait_for_a_place() {
    let (address, ..) = started(Limits { connections: 1, ..long_for_all() }).await;
    let slow = || say(address, "GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    for answer in futures_util::future::join_all([slow(), slow(), slow()]).await {
        assert!(answer.ends_with("slow"), "{answer}");
    }
}

#[tokio::test]
async fn a_client_who_takes_back_what_it_asks_is_hung_up_on() {
    let (address, ..) = started(long_for_all()).await;
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut client, connection) = h2::client::handshake(stream).await.unwrap();
    let driver = tokio::task::JoinSet::from_iter([connection]);
    let ask = || http::Request::get("http://x/slow").body(()).unwrap();
    for number in 0..20_000 {
        let asked = match futures_util::future::poll_fn(|context| client.poll_ready(context)).await {
            Ok(()) => client.send_request(ask(), true),
            Err(error) => Err(error),
        };
        match asked {
            Ok((_, mut stream)) => stream.send_reset(h2::Reason::CANCEL),
            Err(error) => {
                assert!(error.reason() == Some(h2::Reason::ENHANCE_YOUR_CALM) || error.is_io(), "{error}");
                return;
            }
        }
        if number % 32 == 0 {
            tokio::task::yield_now().await;
        }
    }
    drop(driver);
    panic!("20,000 requests were taken back, and nobody minded");
}
