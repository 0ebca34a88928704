//! A nation that keeps its connections open, and clients that send one byte at a time: readers are answered as before,
//! and memory is bounded.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::process::{Process, Program};
use scenarios::update::Update;
use scenarios::waiting::PATIENCE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Readers who keep their connection after they have read.
const KEPT: usize = 10_000;
/// Clients that send their request in drops.
const DRIPPING: usize = 1_000;
/// Files that the test needs for other things.
const OTHER_FILES: usize = 500;
/// How much memory one kept connection may take, in bytes, in the kind of build that tests run on: a task and a socket,
/// and no buffer.
const PER_KEPT: usize = 4 * 1024;
/// How much one may take whose request is not whole: the library of HTTP keeps its buffers.
const PER_DRIPPING: usize = 24 * 1024;
/// How long one reader may wait in the worst case, on a machine that does other things too.
const PROMPT: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_kept_connections_and_a_thousand_in_drops_keep_no_reader_waiting() {
    let count = KEPT.min(allowed_files().saturating_sub(OTHER_FILES + DRIPPING));
    if count < KEPT {
        println!("this system allows {count} connections and not {KEPT}");
    }
    let db = Database::sqlite().await;
    let (process, address) = page(&db).await;
    let before = process.resident_bytes();

    let mut kept = Vec::new();
    while kept.len() < count {
        let more = (kept.len()..count).take(200).map(|_| Reader::connect(address));
        kept.extend(join_all(more).await);
        let newest = kept.len() - kept.len().min(200);
        join_all(kept[newest..].iter_mut().map(Reader::reads)).await;
    }
    let grown = process.resident_bytes().saturating_sub(before);
    println!("{count} kept connections take {} MiB", grown >> 20);
    assert!(grown < count * PER_KEPT, "{} bytes for each connection", grown / count);
    println!("the slowest of 200 reads beside them took {:?}", slowest_read(address).await);

    let stop = CancellationToken::new();
    let dripping: JoinSet<Duration> = (0..DRIPPING).map(|_| drips(address, stop.clone())).collect();
    println!("the slowest of 200 reads beside {DRIPPING} in drops took {:?}", slowest_read(address).await);
    let lived = tokio::time::timeout(PATIENCE, dripping.join_all()).await.expect("all are hung up on");
    let longest = lived.into_iter().max().unwrap_or_default();
    println!("the last of those in drops was hung up on after {longest:?}");
    let with_both = process.resident_bytes().saturating_sub(before);
    let bound = count * PER_KEPT + DRIPPING * PER_DRIPPING;
    assert!(with_both < bound, "{} MiB for all", with_both >> 20);

    for readers in kept.chunks_mut(200) {
        join_all(readers.iter_mut().map(Reader::reads)).await;
    }
}

/// A page as a process of its own, with one incident.
async fn page(db: &Database) -> (Process, SocketAddr) {
    let app = Installation::with(db).without_notifier().start().await;
    app.publish(&Update::first()).await;
    let mut config = app.other_program();
    config.connections.head_ms = 3_000;
    config.connections.idle_ms = 600_000;
    let process = Program::new("page", &config, db.folder.path()).start();
    process.until_ready().await;
    app.stop().await;
    (process, config.page.listen)
}

/// The slowest of 200 readers who come one after the other, each with a new connection.
async fn slowest_read(address: SocketAddr) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..200 {
        let begun = Instant::now();
        Reader::connect(address).await.reads().await;
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < PROMPT, "a reader waited for {slowest:?}");
    slowest
}

/// Sends a request one byte at a time until it is hung up on, and gives how long that took.
async fn drips(address: SocketAddr, stop: CancellationToken) -> Duration {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let mut drops = tokio::time::interval(Duration::from_millis(200));
    let mut answer = [0; 16];
    for byte in b"GET /en/ HTTP/1.1\r\nhost: ".iter().chain(std::iter::repeat(&b'x')) {
        tokio::select! {
            () = stop.cancelled() => break,
            read = stream.read(&mut answer) => {
                assert!(!matches!(read, Ok(1..)), "nothing was asked, so nothing is answered");
                break;
            }
            _ = drops.tick() => if stream.write_all(&[*byte]).await.is_err() { break },
        }
    }
    begun.elapsed()
}

/// A reader with a connection that stays open.
struct Reader(TcpStream);

impl Reader {
    async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.expect("a connection"))
    }

    /// Reads the home page, which must come whole.
    async fn reads(&mut self) {
        let request = b"GET /en/ HTTP/1.1\r\nhost: status.example\r\naccept-encoding: br\r\n\r\n";
        self.0.write_all(request).await.expect("a request");
        let (mut answer, mut bytes) = (Vec::new(), [0; 16 * 1024]);
        while !is_whole(&answer) {
            let count = self.0.read(&mut bytes).await.expect("an answer");
            assert!(count > 0, "the connection was closed");
            answer.extend_from_slice(&bytes[..count]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"));
    }
}

fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = std::str::from_utf8(&answer[..end]).expect("a head in ASCII");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    answer.len() == end + 4 + length.parse::<usize>().expect("a number")
}

/// Raises the limit of open files of this process as far as it goes, and says how far that is. The server does the same
/// by itself.
fn allowed_files() -> usize {
    let hard = limit_of_files(2);
    let own = std::process::id().to_string();
    let raised = Command::new("prlimit").args(["--pid", &own, &format!("--nofile={hard}:{hard}")]).status();
    assert!(raised.expect("prlimit runs; install util-linux").success());
    limit_of_files(1)
}

/// The soft (1) or the hard limit (2) of open files of this process.
fn limit_of_files(which: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").expect("the limits of this process");
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("the limit of files");
    line.split_whitespace().nth(which - 1).and_then(|number| number.parse().ok()).unwrap_or(1_000_000)
}
