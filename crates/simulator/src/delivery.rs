//! Delivers what the queue holds: moves texts from `queued` to `delivered`, posts callbacks, lets phones be heard.

use std::time::Duration;

use domain::WithCauses;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio_util::sync::CancellationToken;

use crate::Simulator;
use crate::callbacks::{Job, Work};
use crate::handset;
use crate::texts::Status;
use crate::twilio::signature::sign;

/// A provider waits 15 seconds for us.
const PATIENCE: Duration = Duration::from_secs(15);

/// After this many repeats a callback is given up; with a first wait of one second that is about a minute.
const MAX_REPEATS: u32 = 6;

/// Where a post went wrong, and whether another try can help.
pub(crate) enum Outcome {
    Done,
    Again,
    GivenUp,
}

/// Runs until `stop`.
pub(crate) async fn run(simulator: &Simulator, stop: &CancellationToken) {
    let client = match client() {
        Ok(client) => client,
        Err(error) => return tracing::error!(error = %WithCauses(&error), "the simulator can not deliver callbacks"),
    };
    let mut under_way = FuturesUnordered::new();
    loop {
        let has_room = under_way.len() < simulator.settings().callback_concurrency.max(1);
        tokio::select! {
            () = stop.cancelled() => return,
            Some(()) = under_way.next(), if !under_way.is_empty() => {}
            job = simulator.queue().next(), if has_room => under_way.push(perform(simulator, &client, job)),
        }
    }
}

/// The simulator's callers are on this machine: no proxy, no redirects, plain HTTP without any certificates to load.
fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only([])
        .no_proxy()
        .build()
}

async fn perform(simulator: &Simulator, client: &reqwest::Client, job: Job) {
    let outcome = match &job.work {
        Work::Status { text, status, url, .. } => {
            if job.tries == 0 {
                simulator.advance(*text, *status);
            }
            tell(simulator, client, *text, *status, url.as_deref()).await
        }
        Work::Inbound { text } => handset::deliver(simulator, client, *text).await,
    };
    if job.tries == 0 {
        simulator.plan_next(&job.work);
    }
    match outcome {
        Outcome::Again if job.tries < MAX_REPEATS => {
            let wait = simulator.settings().callback_retry * 2_u32.pow(job.tries);
            simulator.queue().push_again(wait, job);
        }
        Outcome::Again | Outcome::GivenUp => tracing::warn!("a callback of the simulator was given up"),
        Outcome::Done => {}
    }
    simulator.queue().finish();
    simulator.changed();
}

/// Posts one status callback.
async fn tell(
    simulator: &Simulator,
    client: &reqwest::Client,
    text: u64,
    status: Status,
    url: Option<&str>,
) -> Outcome {
    let Some(url) = url else { return Outcome::Done };
    let Some(form) = status_form(simulator, text, status) else { return Outcome::Done };
    post(simulator, client, url, &form).await.into()
}

/// Posts `form`, signed for the account named in it, and answers with the response.
pub(crate) async fn post(
    simulator: &Simulator,
    client: &reqwest::Client,
    url: &str,
    form: &[(&str, String)],
) -> reqwest::Result<reqwest::Response> {
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let account = fields.iter().find(|(name, _)| *name == "AccountSid").map_or("", |(_, account)| account);
    let signature = sign(simulator.settings().token_of(account).unwrap_or_default(), url, &fields);
    client.post(url).header("X-Twilio-Signature", signature).form(form).send().await
}

/// The fields of a status callback; `None` once the text is forgotten.
fn status_form(simulator: &Simulator, number: u64, status: Status) -> Option<Vec<(&'static str, String)>> {
    let world = simulator.world();
    let text = world.texts.shelf.get(number)?;
    let sid = world.texts.sid(number);
    let mut form = vec![
        ("AccountSid", text.account.to_string()),
        ("ApiVersion", "2010-04-01".to_owned()),
        ("From", text.from.to_string()),
        ("MessageSid", sid.clone()),
        ("MessageStatus", status.word().to_owned()),
        ("SmsSid", sid),
        ("SmsStatus", status.word().to_owned()),
        ("To", text.to.to_string()),
    ];
    form.extend(text.service.as_ref().map(|service| ("MessagingServiceSid", service.to_string())));
    match status {
        Status::Delivered => form.push(("RawDlrDoneDate", carrier_time(text.updated))),
        Status::Undelivered => form.push(("ErrorCode", "30003".to_owned())),
        _ => {}
    }
    Some(form)
}

/// `YYMMDDhhmm`, as carriers write it.
fn carrier_time(milliseconds: i64) -> String {
    crate::world::time(milliseconds).format("%y%m%d%H%M").to_string()
}

impl Simulator {
    fn advance(&self, number: u64, status: Status) {
        let machine = self.env().machine_now().timestamp_millis();
        if let Some(text) = self.world().texts.shelf.get_mut(number) {
            text.status = status;
            text.updated = machine;
        }
        self.changed();
    }

    /// After `sent` comes the end. It is planned once, so a slow callback does not hold up the phone.
    fn plan_next(&self, done: &Work) {
        let Work::Status { text, status: Status::Sent, undelivered, url } = done else { return };
        let status = if *undelivered { Status::Undelivered } else { Status::Delivered };
        let work = Work::Status { text: *text, status, undelivered: *undelivered, url: url.clone() };
        self.queue().push(self.settings().delivered_after, work);
    }
}

impl From<reqwest::Result<reqwest::Response>> for Outcome {
    fn from(answer: reqwest::Result<reqwest::Response>) -> Self {
        match answer {
            Ok(response) if response.status().is_success() => Self::Done,
            Ok(response) if response.status().is_server_error() || response.status() == 429 => Self::Again,
            Ok(_) => Self::GivenUp,
            Err(_) => Self::Again,
        }
    }
}
