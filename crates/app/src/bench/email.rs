//! What our way of mailing costs: mails through the channel to `smtp-sink`, beside `smtp-source` with the very same
//! mail. Both belong to Postfix and are made to measure relays.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use channels::settings::EmailSettings;
use channels::{Channel, Email, Letter, Mail, MailIdentity, MailTemplate, Outgoing, Verp};
use domain::announcement::LEAVE_LINK;
use domain::delivery::SendResult;
use domain::{EmailAddress, Language};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use super::core::{CLIENT, SERVER, on_core};
use super::figure::Source;
use super::statistics::{Samples, count};

/// Mails of one round.
const MAILS: usize = 20_000;

/// Connections, as many as a relay is given by default.
const AT_ONCE: usize = 8;

/// Each client gets its turn so often; the figure is the median.
const ROUNDS: usize = 5;

/// How long the sink may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

const SOURCE: Source = Source { bench: "email", store: "none" };

/// Measures the channel and `smtp-source` in turns.
///
/// # Errors
/// When Postfix or taskset are not installed, or a mail is refused.
pub(super) async fn run() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    drop(listener);
    let _sink = sink(address).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("mail");
    tokio::fs::write(&file, template(address)?.address(&addressed(Arc::new(template(address)?), 0)?)?).await?;
    let (mut ours, mut bare) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        ours.add(on_core(CLIENT, move || through_the_channel(address)).await?);
        bare.add(by_smtp_source(address, &file).await?);
    }
    SOURCE.figure("one core, beside smtp-source", (ours.median(), "mails/s")).against(bare.median()).say()
}

/// Takes every mail and forgets it.
async fn sink(address: SocketAddr) -> anyhow::Result<Child> {
    let mut command = Command::new("taskset");
    command.args(["-c", SERVER, "smtp-sink"]);
    if rustix::process::geteuid().is_root() {
        command.args(["-u", "nobody"]);
    }
    command.args([&address.to_string(), "128"]).stdin(Stdio::null()).kill_on_drop(true);
    let child = command.spawn().context("cannot start taskset; install util-linux")?;
    let listening = async {
        while TcpStream::connect(address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, listening).await.context("smtp-sink does not listen; scripts/bench installs it")?;
    Ok(child)
}

async fn through_the_channel(address: SocketAddr) -> anyhow::Result<f64> {
    let verp = Verp::new(&[7; 32], "bounce.status.example");
    let email = Arc::new(Email::new(&settings(address)?, Some(verp))?);
    let template = Arc::new(template(address)?);
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for first in 0..AT_ONCE {
        let (email, template) = (Arc::clone(&email), Arc::clone(&template));
        senders.spawn(async move {
            for place in (first..MAILS).step_by(AT_ONCE) {
                let mail = addressed(Arc::clone(&template), place)?;
                let result = email.send(&Outgoing::Mail(mail)).await;
                ensure!(matches!(result, SendResult::Accepted { .. }), "the sink refused a mail: {result:?}");
            }
            Ok(())
        });
    }
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    Ok(count(MAILS) / start.elapsed().as_secs_f64())
}

/// As many connections at once, kept open from mail to mail as ours are.
async fn by_smtp_source(address: SocketAddr, file: &Path) -> anyhow::Result<f64> {
    let (sessions, mails) = (AT_ONCE.to_string(), MAILS.to_string());
    let mut command = Command::new("taskset");
    command.args(["-c", CLIENT, "smtp-source", "-d", "-s", &sessions, "-m", &mails]);
    command.args(["-f", "alerts@status.example", "-t", "nel@example.wales", "-F"]).arg(file).arg(address.to_string());
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).status().await.context("cannot start taskset")?;
    ensure!(status.success(), "smtp-source failed; scripts/bench installs it");
    Ok(count(MAILS) / start.elapsed().as_secs_f64())
}

fn settings(address: SocketAddr) -> anyhow::Result<EmailSettings> {
    let from = "NHS Wales alerts <alerts@status.example>";
    Ok(toml::from_str(&format!("relay = 'smtp://{address}'\nfrom = '{from}'\nconnections = {AT_ONCE}"))?)
}

/// About as much as an update says in both forms.
fn template(address: SocketAddr) -> anyhow::Result<MailTemplate> {
    let words =
        "The appointment system of hospitals in the north is slow. Go to your appointment as planned. ".repeat(6);
    let letter = Letter {
        language: Language::En,
        subject: "Appointments are slow in the north".to_owned(),
        text: format!("{words}\n\nTo leave: {LEAVE_LINK}\n"),
        html: format!("<!doctype html><html lang=\"en\"><body><p>{words}</p><p><a href=\"{LEAVE_LINK}\">Leave</a></p>"),
        thread: "inc-42@status.example".to_owned(),
        feedback_id: "inc42:update:status:example".to_owned(),
    };
    Ok(MailTemplate::new(&MailIdentity::new(&settings(address)?)?, &letter)?)
}

fn addressed(template: Arc<MailTemplate>, place: usize) -> anyhow::Result<Mail> {
    Ok(Mail {
        to: EmailAddress::parse(&format!("nel{place}@example.wales"))?,
        template,
        delivery: format!("7.{place}"),
        message_id: format!("inc-42.u3.s{place}@status.example"),
        leave_url: format!("https://status.example/alerts/leave/{place}-0123456789abcdef0123456789abcdef"),
        date: "2018-01-24T09:05:00Z".parse()?,
    })
}
