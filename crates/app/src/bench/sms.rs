//! What our way of texting costs: texts through the channel to a sink on this machine, beside what a bare HTTP client and
//! bare sockets do with the very same request.

mod bare;
mod sink;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use channels::settings::SmsProvider;
use channels::{Channel, Outgoing, Sms, Text, TextBody};
use domain::delivery::SendResult;
use domain::{Contact, Env, PhoneNumber};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::core::{CLIENT, SERVER, on_core};
use super::figure::Source;
use super::people;
use super::statistics::{Samples, count};

/// Texts of one round.
const TEXTS: usize = 40_000;

/// Connections, each with one request under way.
const AT_ONCE: usize = 32;

/// Each client gets its turn so often; the figure is the median.
const ROUNDS: usize = 5;

const SOURCE: Source = Source { bench: "sms", store: "none" };

/// Measures the channel and the bare sockets in turns.
///
/// # Errors
/// When taskset is not installed, or a text is refused.
pub(super) async fn run() -> anyhow::Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let first: sink::First = Arc::new(OnceLock::new());
    let (of_sink, stop) = (Arc::clone(&first), CancellationToken::new());
    let (stopped, _stop) = (stop.clone(), stop.drop_guard());
    let mut taking = JoinSet::new();
    taking.spawn(on_core(SERVER, move || sink::take(listener, of_sink, stopped)));
    let (mut ours, mut http, mut sockets) = (Samples::default(), Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        ours.add(on_core(CLIENT, move || through_the_channel(address)).await?);
        let request = first.get().context("the sink got no text")?.clone();
        let same = request.clone();
        http.add(on_core(CLIENT, move || bare::by_http(address, request)).await?);
        sockets.add(on_core(CLIENT, move || bare::by_sockets(address, same)).await?);
    }
    let ours = SOURCE.figure("one core, beside a bare HTTP client", (ours.median(), "texts/s"));
    ours.against(http.median()).say()?;
    SOURCE.figure("a bare HTTP client, beside bare sockets", (http.median(), "texts/s")).against(sockets.median()).say()
}

async fn through_the_channel(address: SocketAddr) -> anyhow::Result<f64> {
    let sms = Arc::new(Sms::new(&provider(address)?, Env::real())?);
    let body = Arc::new(TextBody::new("Benchmark 1: systems are slow today. http://127.0.0.1:8080/i/9000"));
    let phones: Vec<PhoneNumber> = (0..TEXTS as u64).map_while(phone).collect();
    let phones = Arc::new(phones);
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for first in 0..AT_ONCE {
        senders.spawn(send_every(first, Arc::clone(&sms), Arc::clone(&phones), Arc::clone(&body)));
    }
    finish(senders, start).await
}

async fn send_every(
    first: usize,
    sms: Arc<Sms>,
    phones: Arc<Vec<PhoneNumber>>,
    body: Arc<TextBody>,
) -> anyhow::Result<()> {
    for place in (first..TEXTS).step_by(AT_ONCE) {
        let text = Text {
            to: phones.get(place).context("the range of numbers is at its end")?.clone(),
            body: Arc::clone(&body),
            valid_for: Duration::from_hours(1),
            delivery: format!("1.{place}"),
        };
        let result = sms.send(&Outgoing::Text(text)).await;
        ensure!(matches!(result, SendResult::Accepted { reference: Some(_) }), "the sink refused a text: {result:?}");
    }
    Ok(())
}

async fn finish(mut senders: JoinSet<anyhow::Result<()>>, start: Instant) -> anyhow::Result<f64> {
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    Ok(count(TEXTS) / start.elapsed().as_secs_f64())
}

fn provider(address: SocketAddr) -> anyhow::Result<SmsProvider> {
    let (account, service) = ("a".repeat(32), "c".repeat(32));
    Ok(toml::from_str(&format!(
        "name = 'sink'\nbase_url = 'http://{address}'\naccount_sid = 'AC{account}'\nmessaging_service_sid = 'MG{service}'\n\
         auth_token = '0123456789abcdef0123456789abcdef'\nconcurrency = {AT_ONCE}\n\
         callback_url = 'https://status.example.wales/hooks/sms/sink'"
    ))?)
}

fn phone(place: u64) -> Option<PhoneNumber> {
    match people::number(place)? {
        Contact::Phone(number) => Some(number),
        Contact::Email(_) => None,
    }
}
