//! One conversation with a mail sender.

use std::io;

use tokio::io::{AsyncWriteExt, BufReader, BufWriter};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use crate::Simulator;
use crate::faults::{Channel, Fault, FaultKind};
use crate::mails::Envelope;
use crate::smtp::PATIENCE;
use crate::smtp::command::Command;
use crate::smtp::lines::{self, Line};

const MAX_COMMAND: usize = 4096;
const MAX_RECIPIENTS: usize = 1000;

/// Which faults concern a whole mail, rather than a connection or a recipient.
const OF_A_MAIL: [FaultKind; 4] =
    [FaultKind::Slow, FaultKind::TooMany, FaultKind::Broken, FaultKind::AcceptThenTimeout];

pub(crate) struct Session {
    simulator: Simulator,
    reader: BufReader<OwnedReadHalf>,
    writer: BufWriter<OwnedWriteHalf>,
    line: Vec<u8>,
    envelope: Option<Envelope>,
}

/// Whether the conversation goes on after a command.
#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    HangUp,
}

/// How the reading of a mail ended.
enum Data {
    Whole(Vec<u8>),
    TooLarge,
    Cut,
}

impl Session {
    pub(crate) fn new(simulator: Simulator, stream: TcpStream) -> Self {
        let (reader, writer) = stream.into_split();
        Self {
            simulator,
            reader: BufReader::new(reader),
            writer: BufWriter::new(writer),
            line: Vec::new(),
            envelope: None,
        }
    }

    /// Talks until the sender quits, hangs up or falls silent.
    pub(crate) async fn run(mut self) -> io::Result<()> {
        self.say("220 simulator.example ESMTP ready").await?;
        loop {
            let command = match self.next_line().await? {
                Line::End => return Ok(()),
                Line::TooLong => {
                    self.say("500 5.5.2 Line too long").await?;
                    continue;
                }
                Line::Whole => Command::read(&self.line),
            };
            if self.obey(command).await? == Next::HangUp {
                return self.writer.flush().await;
            }
        }
    }

    async fn obey(&mut self, command: Command) -> io::Result<Next> {
        match command {
            Command::Quit => {
                self.say("221 2.0.0 Bye").await?;
                return Ok(Next::HangUp);
            }
            Command::Data => return self.data().await,
            Command::AuthPlain { with_secret } => self.auth(if with_secret { &[] } else { &["334 "] }).await?,
            Command::AuthLogin { with_name: true } => self.auth(&["334 UGFzc3dvcmQ6"]).await?,
            Command::AuthLogin { with_name: false } => self.auth(&["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"]).await?,
            Command::ExtendedHello => self.greet().await?,
            command => {
                let reply = self.reply_to(command);
                self.say(&reply).await?;
            }
        }
        Ok(Next::GoOn)
    }

    /// The commands that one line answers.
    fn reply_to(&mut self, command: Command) -> String {
        let reply = match command {
            Command::Hello | Command::Reset => {
                self.envelope = None;
                "250 2.0.0 Ok"
            }
            Command::Mail { from, size } => return self.open(from, size).to_owned(),
            Command::Recipient(to) => return self.address(to).to_owned(),
            Command::Nothing => "250 2.0.0 Ok",
            Command::Verify => "252 2.1.5 Send some mail, it will be taken",
            Command::Help => "214 2.0.0 See RFC 5321",
            Command::Malformed => "501 5.5.4 Syntax error in arguments",
            _ => "502 5.5.1 Command not implemented",
        };
        reply.to_owned()
    }

    async fn greet(&mut self) -> io::Result<()> {
        self.envelope = None;
        let size = self.simulator.settings().max_mail_size;
        let abilities = format!(
            "250-simulator.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n\
             250-AUTH PLAIN LOGIN\r\n250 SIZE {size}"
        );
        self.say(&abilities).await
    }

    /// Every name and password is right here.
    async fn auth(&mut self, prompts: &[&str]) -> io::Result<()> {
        for prompt in prompts {
            self.say(prompt).await?;
            if self.next_line().await? != Line::Whole || self.line.starts_with(b"*") {
                return self.say("501 5.7.0 Authentication cancelled").await;
            }
        }
        self.say("235 2.7.0 Authentication successful").await
    }

    fn open(&mut self, from: String, size: Option<usize>) -> &'static str {
        if self.envelope.is_some() {
            return "503 5.5.1 Sender already given";
        }
        if size.is_some_and(|size| size > self.simulator.settings().max_mail_size) {
            return "552 5.3.4 Message too big";
        }
        self.envelope = Some(Envelope { from, to: Vec::new() });
        "250 2.1.0 Ok"
    }

    fn address(&mut self, to: String) -> &'static str {
        let Some(envelope) = &mut self.envelope else { return "503 5.5.1 Need MAIL first" };
        if envelope.to.len() >= MAX_RECIPIENTS {
            return "452 4.5.3 Too many recipients";
        }
        if self.simulator.world().faults.meet(Channel::Email, None, &[FaultKind::Undelivered]).is_some() {
            self.simulator.world().ledger.rejected(Channel::Email);
            return "550 5.1.1 No such mailbox";
        }
        envelope.to.push(to);
        "250 2.1.5 Ok"
    }

    async fn data(&mut self) -> io::Result<Next> {
        let Some(envelope) = self.envelope.take_if(|envelope| !envelope.to.is_empty()) else {
            self.say("503 5.5.1 Need RCPT first").await?;
            return Ok(Next::GoOn);
        };
        let fault = self.simulator.world().faults.meet(Channel::Email, None, &OF_A_MAIL);
        if let Some(reply) = fault.as_ref().and_then(refusal) {
            self.simulator.world().ledger.rejected(Channel::Email);
            self.simulator.changed();
            self.say(reply).await?;
            return Ok(Next::GoOn);
        }
        self.say("354 End data with <CR><LF>.<CR><LF>").await?;
        match self.read_mail().await? {
            Data::Cut => return Ok(Next::HangUp),
            Data::TooLarge => self.say("552 5.3.4 Message too big").await?,
            Data::Whole(raw) => return self.keep(&envelope, &raw, fault).await,
        }
        Ok(Next::GoOn)
    }

    async fn keep(&mut self, envelope: &Envelope, raw: &[u8], fault: Option<Fault>) -> io::Result<Next> {
        match fault {
            Some(fault) if fault.kind == FaultKind::AcceptThenTimeout => {
                self.simulator.take_mail(envelope, raw);
                self.simulator.world().ledger.unanswered(Channel::Email);
                self.simulator.pause(fault.delay).await;
                return Ok(Next::HangUp);
            }
            Some(fault) => self.simulator.pause(fault.delay).await,
            None => {}
        }
        let id = self.simulator.take_mail(envelope, raw);
        self.say(&format!("250 2.0.0 Ok: queued as {id}")).await?;
        Ok(Next::GoOn)
    }

    /// Reads up to the lone dot and removes the dots that were added. Only CR LF ends a line here: other servers'
    /// leniency made it possible to smuggle a second mail inside the first.
    async fn read_mail(&mut self) -> io::Result<Data> {
        let max = self.simulator.settings().max_mail_size;
        let mut mail = Vec::new();
        let mut too_large = false;
        let mut at_line_start = true;
        loop {
            match self.read_line(max).await? {
                Line::End => return Ok(Data::Cut),
                Line::TooLong => (too_large, at_line_start) = (true, true),
                Line::Whole if at_line_start && self.line == b".\r\n" => break,
                Line::Whole => {
                    let stuffed = at_line_start && self.line.starts_with(b".");
                    let line = &self.line[usize::from(stuffed)..];
                    too_large |= mail.len() + line.len() > max;
                    if !too_large {
                        mail.extend_from_slice(line);
                    }
                    at_line_start = self.line.ends_with(b"\r\n");
                }
            }
        }
        Ok(if too_large { Data::TooLarge } else { Data::Whole(mail) })
    }

    async fn next_line(&mut self) -> io::Result<Line> {
        self.read_line(MAX_COMMAND).await
    }

    /// Replies are kept back while the sender's next commands are already here: that is what pipelining saves.
    async fn read_line(&mut self, max: usize) -> io::Result<Line> {
        if !self.reader.buffer().contains(&b'\n') {
            self.writer.flush().await?;
        }
        timeout(PATIENCE, lines::read(&mut self.reader, &mut self.line, max)).await?
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.writer.write_all(reply.as_bytes()).await?;
        self.writer.write_all(b"\r\n").await
    }
}

/// What is said instead of taking the mail.
fn refusal(fault: &Fault) -> Option<&'static str> {
    match fault.kind {
        FaultKind::TooMany => Some("451 4.7.0 Too many messages, slow down"),
        FaultKind::Broken => Some("451 4.3.0 Internal error"),
        _ => None,
    }
}
