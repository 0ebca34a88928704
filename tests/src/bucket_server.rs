//! A small store that speaks S3: it keeps objects in memory, checks the signature of every request (AWS Signature
//! Version 4) and its body, and can be told to fail.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use domain::digest::{hex, sha256};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// The keys that it takes.
pub const ACCESS_KEY: &str = "AKEXAMPLE";
/// The secret one.
pub const SECRET_KEY: &str = "a secret that signs";

/// What it does with requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// What it should.
    Fine,
    /// 503 to everything.
    Unavailable,
    /// Takes requests and says nothing.
    Silent,
}

/// An object with its headers, by their names in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it holds.
    pub body: Vec<u8>,
    /// What it was sent with.
    pub headers: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Shelf {
    objects: BTreeMap<String, Object>,
    mood: Mood,
    refused: usize,
    /// The paths of what was written and removed, in order.
    log: Vec<String>,
}

/// The store. It ends when dropped.
pub struct BucketServer {
    address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
    _stop: DropGuard,
}

struct Request {
    method: String,
    target: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl BucketServer {
    /// Starts one on a port of its own.
    ///
    /// # Panics
    /// When there is none.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shelf = Shelf { objects: BTreeMap::new(), mood: Mood::Fine, refused: 0, log: Vec::new() };
        let (shelf, stop, tasks) = (Arc::new(Mutex::new(shelf)), CancellationToken::new(), TaskTracker::new());
        let (kept, stopped) = (Arc::clone(&shelf), stop.clone());
        let serving = tasks.clone();
        tasks.spawn(async move {
            while let Some(Ok((stream, _))) = stopped.run_until_cancelled(listener.accept()).await {
                let (shelf, stopped) = (Arc::clone(&kept), stopped.clone());
                serving.spawn(async move { stopped.run_until_cancelled(talk(stream, shelf)).await });
            }
        });
        Self { address, shelf, _stop: stop.drop_guard() }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that it holds, by path.
    #[must_use]
    pub fn objects(&self) -> BTreeMap<String, Object> {
        self.lock().objects.clone()
    }

    /// How many requests had a wrong signature or body.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.lock().refused
    }

    /// What was written and removed since it was last asked, in order.
    #[must_use]
    pub fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().log)
    }

    /// From now on it does this.
    pub fn is(&self, mood: Mood) {
        self.lock().mood = mood;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.shelf.lock().expect("nobody panicked")
    }
}

async fn talk(stream: TcpStream, shelf: Arc<Mutex<Shelf>>) {
    let mut stream = BufStream::new(stream);
    while let Some(request) = read(&mut stream).await {
        let mood = shelf.lock().expect("nobody panicked").mood;
        let (status, object) = match mood {
            Mood::Silent => std::future::pending().await,
            Mood::Unavailable => ("503 Slow Down", None),
            Mood::Fine => answer(&mut shelf.lock().expect("nobody panicked"), request),
        };
        let body = object.map(|object| object.body).unwrap_or_default();
        let when = "last-modified: Wed, 24 Jan 2018 15:05:00 GMT\r\netag: \"x\"";
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{when}\r\n\r\n", body.len());
        let said = async {
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await?;
            stream.flush().await
        };
        if said.await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufStream<TcpStream>) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        let read = stream.read_line(&mut line).await.ok()?;
        match line.trim_end() {
            _ if read == 0 => return None,
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut first = lines.first()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let pair = |line: &String| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    let headers: BTreeMap<String, String> = lines[1..].iter().filter_map(pair).collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { method, target, headers, body })
}

fn answer(shelf: &mut Shelf, request: Request) -> (&'static str, Option<Object>) {
    if !is_signed(&request).unwrap_or(false) {
        shelf.refused += 1;
        return ("403 Forbidden", None);
    }
    let Request { method, target, headers, body } = request;
    match method.as_str() {
        "PUT" => {
            shelf.log.push(format!("PUT {target}"));
            shelf.objects.insert(target, Object { body, headers });
            ("200 OK", None)
        }
        "DELETE" => {
            shelf.log.push(format!("DELETE {target}"));
            shelf.objects.remove(&target);
            ("204 No Content", None)
        }
        "GET" => match shelf.objects.get(&target) {
            Some(object) => ("200 OK", Some(object.clone())),
            None => ("404 Not Found", None),
        },
        _ => ("405 Method Not Allowed", None),
    }
}

/// Makes the signature anew, as Amazon describes it, and compares.
fn is_signed(request: &Request) -> Option<bool> {
    let said = request.headers.get("authorization")?.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let said: BTreeMap<&str, &str> = said.split(',').filter_map(|part| part.trim().split_once('=')).collect();
    let (access_key, scope) = said.get("Credential")?.split_once('/')?;
    let (signed, hash) = (said.get("SignedHeaders")?, request.headers.get("x-amz-content-sha256")?);
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut canonical = format!("{}\n{path}\n{query}\n", request.method);
    for name in signed.split(';') {
        canonical.push_str(&format!("{name}:{}\n", request.headers.get(name)?));
    }
    canonical.push_str(&format!("\n{signed}\n{hash}"));
    let date = request.headers.get("x-amz-date")?;
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", sha256(canonical));
    let first = format!("AWS4{SECRET_KEY}").into_bytes();
    let key = scope.split('/').fold(first, |key, part| mac(&key, part));
    let is_right = hex(&mac(&key, &text)) == **said.get("Signature")? && access_key == ACCESS_KEY;
    Some(is_right && *hash == sha256(&request.body) && signed.contains("host"))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
