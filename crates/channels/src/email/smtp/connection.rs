//! One conversation with the relay, mail after mail.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::time::{Instant, timeout};

use super::pool::Endpoint;
use super::reply::{Line, Reply};
use super::wire::{self, Wire};
use super::{Content, Envelope, Failure, Stage};
use crate::settings::Security;

/// More text than this is no reply; RFC 5321 allows lines of 512.
const REPLY_LIMIT: usize = 16 * 1024;

/// After a rest as long as this the relay may have hung up, which a mail that is sent in one go would not notice in time.
const FRESH: Duration = Duration::from_secs(1);

pub(super) struct Connection {
    wire: BufReader<Box<dyn Wire>>,
    limit: Duration,
    pipelining: bool,
    chunking: bool,
    used_at: Instant,
    /// Whether the relay waits for our next mail: only then may the connection be used again.
    pub(super) is_ready: bool,
}

impl Connection {
    /// Connects, greets, protects and signs in, as the settings ask for.
    pub(super) async fn open(endpoint: &Endpoint) -> Result<Self, Failure> {
        let stream = wire::connect(&endpoint.relay.host, endpoint.relay.port).await?;
        let wire: Box<dyn Wire> = match (&endpoint.tls, endpoint.relay.security) {
            (Some(tls), Security::Tls) => tls.protect(stream, endpoint.limit).await?,
            _ => Box::new(stream),
        };
        let (wire, limit, used_at) = (BufReader::new(wire), endpoint.limit, Instant::now());
        let mut connection = Self { wire, limit, pipelining: false, chunking: false, used_at, is_ready: false };
        connection.reply(Stage::Connect).await?;
        let mut hello = connection.hello(&endpoint.hello_name).await?;
        if let (Some(tls), Security::StartTls) = (&endpoint.tls, endpoint.relay.security) {
            if !hello.offers("STARTTLS") {
                return Err(Failure::Unprotected);
            }
            connection.command(Stage::Session, "STARTTLS\r\n").await?;
            connection = connection.protected(tls).await?;
            hello = connection.hello(&endpoint.hello_name).await?;
        }
        connection.sign_in(endpoint, &hello).await?;
        connection.pipelining = hello.offers("PIPELINING");
        connection.chunking = connection.pipelining && hello.offers("CHUNKING");
        connection.used_at = Instant::now();
        connection.is_ready = true;
        Ok(connection)
    }

    /// Hands one mail over. After a refusal the connection stays, with what was begun forgotten; after anything
    /// unclear it is not used again.
    pub(super) async fn deliver(&mut self, envelope: &Envelope, content: &Content) -> Result<Reply, Failure> {
        self.is_ready = false;
        let result = self.hand_over(envelope, content).await;
        match &result {
            Ok(_) => self.is_ready = true,
            Err(Failure::Refused { reply, .. }) if reply.code != 421 => {
                self.is_ready = self.command(Stage::Session, "RSET\r\n").await.is_ok();
            }
            Err(_) => {}
        }
        self.used_at = Instant::now();
        result
    }

    /// Takes leave, without waiting for an answer.
    pub(super) async fn quit(mut self) {
        // Whether the relay still hears it makes no difference to us.
        let _ = timeout(Duration::from_secs(1), self.write(Stage::Session, b"QUIT\r\n")).await;
    }

    async fn hand_over(&mut self, envelope: &Envelope, content: &Content) -> Result<Reply, Failure> {
        let sender = format!("MAIL FROM:<{}>\r\n", envelope.sender);
        let recipient = format!("RCPT TO:<{}>\r\n", envelope.recipient);
        if self.chunking && !content.has_dots && self.used_at.elapsed() < FRESH {
            return self.hand_over_at_once(&format!("{sender}{recipient}"), &content.bytes).await;
        }
        let commands = [(Stage::Sender, sender), (Stage::Recipient, recipient), (Stage::Data, "DATA\r\n".to_owned())];
        if self.pipelining {
            self.ask_at_once(&commands).await?;
        } else {
            for (stage, command) in &commands {
                self.command(*stage, command).await?;
            }
        }
        // Were this write cut short, the final dot would be missing, and the relay would drop the mail.
        self.write(Stage::Data, &[&content.bytes[..], b".\r\n"].concat()).await?;
        self.reply(Stage::Content).await
    }

    /// Commands and mail in one write and one wait (RFC 3030 with RFC 2920): the mail's length stands before it, so the
    /// relay need not say that it is ready. Only a refusal tells that it did not take what is written.
    async fn hand_over_at_once(&mut self, commands: &str, content: &[u8]) -> Result<Reply, Failure> {
        let length = format!("BDAT {} LAST\r\n", content.len());
        self.write(Stage::Sender, &[commands.as_bytes(), length.as_bytes(), content].concat()).await?;
        let mut refusal = None;
        for stage in [Stage::Sender, Stage::Recipient] {
            match self.reply(stage).await {
                Ok(_) => {}
                Err(failure @ Failure::Refused { .. }) => refusal = refusal.or(Some(failure)),
                Err(_) => return Err(refusal.unwrap_or(Failure::Lost { stage: Stage::Content })),
            }
        }
        let taken = self.reply(Stage::Content).await;
        refusal.map_or(taken, Err)
    }

    /// All commands in one packet (RFC 2920). Each has its own reply, also after one was refused; and a relay that
    /// says 354 without a recipient waits for a mail, which is then an empty one to nobody.
    async fn ask_at_once(&mut self, commands: &[(Stage, String)]) -> Result<(), Failure> {
        let all: String = commands.iter().map(|(_, command)| command.as_str()).collect();
        self.write(Stage::Sender, all.as_bytes()).await?;
        let mut refusal = None;
        for (stage, _) in commands {
            match self.reply(*stage).await {
                Ok(reply) if reply.code == 354 && refusal.is_some() => {
                    self.write(Stage::Data, b".\r\n").await?;
                    // Refused or not, nobody gets it.
                    let _ = self.reply(Stage::Data).await;
                }
                Ok(_) => {}
                Err(failure @ Failure::Refused { .. }) => refusal = refusal.or(Some(failure)),
                // A relay that hangs up after its refusal has still given it.
                Err(failure) => return Err(refusal.unwrap_or(failure)),
            }
        }
        refusal.map_or(Ok(()), Err)
    }

    async fn hello(&mut self, name: &str) -> Result<Reply, Failure> {
        self.command(Stage::Session, &format!("EHLO {name}\r\n")).await
    }

    /// Goes on under TLS. Words that came before it were not protected and must not be taken for the relay's
    /// (CVE-2011-0411).
    async fn protected(self, tls: &wire::Tls) -> Result<Self, Failure> {
        if !self.wire.buffer().is_empty() {
            return Err(Failure::Tls);
        }
        let wire = tls.protect(self.wire.into_inner(), self.limit).await?;
        Ok(Self { wire: BufReader::new(wire), ..self })
    }

    async fn sign_in(&mut self, endpoint: &Endpoint, hello: &Reply) -> Result<(), Failure> {
        let Some((user, password)) = &endpoint.credentials else { return Ok(()) };
        let mechanisms = hello.offer("AUTH").unwrap_or_default();
        if !mechanisms.iter().any(|mechanism| mechanism.eq_ignore_ascii_case("PLAIN")) {
            return Err(Failure::Unauthenticated);
        }
        let plain = STANDARD.encode(format!("\0{user}\0{}", password.reveal()));
        self.command(Stage::Session, &format!("AUTH PLAIN {plain}\r\n")).await.map(drop)
    }

    async fn command(&mut self, stage: Stage, command: &str) -> Result<Reply, Failure> {
        self.write(stage, command.as_bytes()).await?;
        self.reply(stage).await
    }

    async fn write(&mut self, stage: Stage, bytes: &[u8]) -> Result<(), Failure> {
        let writing = async {
            self.wire.write_all(bytes).await?;
            self.wire.flush().await
        };
        match timeout(self.limit, writing).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Failure::Lost { stage }),
        }
    }

    /// Waits for one reply; a refusal is a failure.
    async fn reply(&mut self, stage: Stage) -> Result<Reply, Failure> {
        let text = match timeout(self.limit, self.reply_text()).await {
            Ok(Some(text)) => text,
            Ok(None) | Err(_) => return Err(Failure::Lost { stage }),
        };
        match Reply::parse(&text) {
            Some(reply) if reply.is_positive() => Ok(reply),
            Some(reply) => Err(Failure::Refused { stage, reply }),
            None => Err(Failure::Lost { stage }),
        }
    }

    /// The lines of one reply; none when the connection ends or the other side does not speak SMTP.
    async fn reply_text(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        let mut start = 0;
        loop {
            let piece = self.wire.fill_buf().await.ok().filter(|piece| !piece.is_empty())?;
            let end = piece.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(piece.len(), |end| end + 1);
            bytes.extend_from_slice(&piece[..taken]);
            self.wire.consume(taken);
            if bytes.len() > REPLY_LIMIT {
                return None;
            }
            if end.is_none() {
                continue;
            }
            match Line::of(String::from_utf8_lossy(&bytes[start..]).trim_end()) {
                Line::More => start = bytes.len(),
                Line::Last => return Some(String::from_utf8_lossy(&bytes).into_owned()),
                Line::Nonsense => return None,
            }
        }
    }
}
