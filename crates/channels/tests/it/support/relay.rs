//! A mail relay whose answer depends on the recipient's name, and which remembers what it was told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What the relay offers and demands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Manners {
    /// Offers PIPELINING.
    pub(crate) pipelining: bool,
    /// Offers CHUNKING.
    pub(crate) chunking: bool,
    /// Keeps its answers to itself for as long as a client that pipelines need not wait for them.
    pub(crate) withholds: bool,
    /// Offers STARTTLS.
    pub(crate) starttls: bool,
    /// Speaks TLS from the first byte.
    pub(crate) tls: bool,
    /// Demands `AUTH PLAIN` for user `u` and password `p`.
    pub(crate) auth: bool,
    /// Sends a forged line together with its agreement to STARTTLS.
    pub(crate) injects: bool,
    /// Hangs up after this many mails, without a word.
    pub(crate) hangs_up_after: Option<usize>,
}

/// What it has seen.
#[derive(Default)]
pub(crate) struct Seen {
    /// Connections taken.
    pub(crate) connections: AtomicUsize,
    /// Connections open now, and at most at once.
    pub(crate) open: AtomicUsize,
    pub(crate) most_open: AtomicUsize,
    /// How often it has answered: each time is a round trip for the client.
    pub(crate) answers: AtomicUsize,
    /// Command lines, without the mails.
    pub(crate) lines: Mutex<Vec<String>>,
    /// Mails with their recipient.
    pub(crate) mails: Mutex<Vec<(String, String)>>,
}

/// A running relay.
pub(crate) struct Relay {
    address: SocketAddr,
    pub(crate) seen: Arc<Seen>,
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Relay {
    pub(crate) fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let seen = Arc::clone(&shared);
                thread::spawn(move || {
                    seen.connections.fetch_add(1, Ordering::SeqCst);
                    let open = seen.open.fetch_add(1, Ordering::SeqCst) + 1;
                    seen.most_open.fetch_max(open, Ordering::SeqCst);
                    // A client that hangs up ends the conversation with an error, which is fine.
                    let _ = converse(stream.unwrap(), manners, &seen);
                    seen.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, seen }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn has_heard(&self, line: &str) -> bool {
        self.seen.lines.lock().unwrap().iter().any(|heard| heard == line)
    }
}

/// The folder with the certificates of the tests.
pub(crate) fn tls_folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls")
}

fn encrypted(stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
    let chain = vec![CertificateDer::from_pem_file(tls_folder().join("relay.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(tls_folder().join("relay.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream)
}

fn converse(tcp: TcpStream, manners: Manners, seen: &Seen) -> std::io::Result<()> {
    tcp.set_nodelay(true)?;
    if manners.tls {
        return Conversation::new(encrypted(tcp), manners, seen).run(true).map(drop);
    }
    let mut plain = Conversation::new(tcp.try_clone()?, manners, seen);
    if plain.run(true)? {
        Conversation::new(encrypted(tcp), Manners { starttls: false, ..manners }, seen).run(false)?;
    }
    Ok(())
}

struct Conversation<'a, S: Stream> {
    stream: BufReader<S>,
    manners: Manners,
    seen: &'a Seen,
    recipient: String,
    withheld: String,
    mails: usize,
}

impl<'a, S: Stream> Conversation<'a, S> {
    fn new(stream: S, manners: Manners, seen: &'a Seen) -> Self {
        Self {
            stream: BufReader::new(stream),
            manners,
            seen,
            recipient: String::new(),
            withheld: String::new(),
            mails: 0,
        }
    }

    /// Talks until the client leaves; true when the client asked for STARTTLS.
    fn run(&mut self, greets: bool) -> std::io::Result<bool> {
        if greets {
            self.say("220 relay.example ready")?;
        }
        let mut line = String::new();
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Ok(false);
            }
            let command = line.trim_end().to_owned();
            self.seen.lines.lock().unwrap().push(command.clone());
            match command.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => self.hello()?,
                "STARTTLS" if self.manners.injects => {
                    self.say("220 go on\r\n250 forged")?;
                    return Ok(true);
                }
                "STARTTLS" => {
                    self.say("220 go on")?;
                    return Ok(true);
                }
                "AUTH" if command == "AUTH PLAIN AHUAcA==" => self.say("235 2.7.0 welcome")?,
                "AUTH" => self.say("535 5.7.8 wrong password")?,
                "MAIL" => self.say_in_time("250 2.1.0 ok")?,
                "RSET" => self.say("250 2.0.0 ok")?,
                "RCPT" => {
                    self.recipient = command["RCPT TO:<".len()..].trim_end_matches('>').to_owned();
                    match self.name() {
                        name if name.starts_with("gone") => {
                            self.say_in_time("550-5.1.1 no such user\r\n550 5.1.1 here")?;
                            self.recipient.clear();
                        }
                        "grey" => {
                            self.say_in_time("450 4.2.0 greylisted")?;
                            self.recipient.clear();
                        }
                        "closing" => {
                            self.say("421 4.3.2 shutting down")?;
                            return Ok(false);
                        }
                        _ => self.say_in_time("250 2.1.5 ok")?,
                    }
                }
                "BDAT" => {
                    let length = command.split(' ').nth(1).and_then(|length| length.parse().ok()).unwrap();
                    let mut mail = vec![0; length];
                    self.stream.read_exact(&mut mail)?;
                    if !self.take(String::from_utf8(mail).unwrap())? {
                        return Ok(false);
                    }
                }
                // Like a relay that follows RFC 2920 to the letter, it waits for a mail even without a recipient.
                "DATA" => {
                    self.say("354 go on")?;
                    if !self.mail()? {
                        return Ok(false);
                    }
                }
                "QUIT" => return self.say("221 bye").map(|()| false),
                _ => self.say("502 5.5.1 what?")?,
            }
        }
    }

    fn hello(&mut self) -> std::io::Result<()> {
        let mut offers = vec!["relay.example"];
        offers.extend(self.manners.pipelining.then_some("PIPELINING"));
        offers.extend(self.manners.chunking.then_some("CHUNKING"));
        offers.extend(self.manners.starttls.then_some("STARTTLS"));
        offers.extend(self.manners.auth.then_some("AUTH LOGIN PLAIN"));
        offers.push("8BITMIME");
        let last = offers.len() - 1;
        let lines: Vec<String> = offers
            .iter()
            .enumerate()
            .map(|(n, offer)| format!("250{}{offer}", if n == last { ' ' } else { '-' }))
            .collect();
        self.say(&lines.join("\r\n"))
    }

    /// Reads a mail up to its dot; false when the relay hangs up.
    fn mail(&mut self) -> std::io::Result<bool> {
        let mut text = String::new();
        let mut line = String::new();
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Ok(false);
            }
            if line == ".\r\n" {
                break;
            }
            text.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        self.take(text)
    }

    /// Takes or refuses a whole mail; false when the relay hangs up.
    fn take(&mut self, text: String) -> std::io::Result<bool> {
        if text.is_empty() || self.recipient.is_empty() {
            return self.say("554 5.5.1 no valid recipients").map(|()| true);
        }
        match self.name() {
            "lost" => return Ok(false),
            "mute" => {
                // Nothing is said until the client gives up.
                return self.stream.read_line(&mut String::new()).map(|_| false);
            }
            "spam" => self.say("554 5.7.1 looks like spam")?,
            _ => {
                self.seen.mails.lock().unwrap().push((self.recipient.clone(), text));
                self.say("250 2.0.0 ok: queued as 4F1C2")?;
            }
        }
        self.mails += 1;
        Ok(self.manners.hangs_up_after != Some(self.mails))
    }

    fn name(&self) -> &str {
        self.recipient.split('@').next().unwrap_or_default()
    }

    /// Answers a command that others may follow in the same packet.
    fn say_in_time(&mut self, text: &str) -> std::io::Result<()> {
        if !self.manners.withholds {
            return self.say(text);
        }
        self.withheld.push_str(text);
        self.withheld.push_str("\r\n");
        Ok(())
    }

    fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.seen.answers.fetch_add(1, Ordering::SeqCst);
        let text = std::mem::take(&mut self.withheld) + text;
        let stream = self.stream.get_mut();
        stream.write_all(format!("{text}\r\n").as_bytes())?;
        stream.flush()
    }
}
