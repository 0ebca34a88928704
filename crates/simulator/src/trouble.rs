//! Carries out switched-on faults on the HTTP side: late answers, errors, lost answers, dropped connections.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use futures_util::stream;

use crate::Simulator;
use crate::faults::{Channel, Fault, FaultKind};

/// Whose trouble it is, and how that provider words its errors.
pub(crate) struct Api<'a> {
    pub(crate) channel: Channel,
    pub(crate) account: Option<&'a str>,
    pub(crate) too_many: fn() -> Response,
    pub(crate) broken: fn() -> Response,
}

const WHEN_SENDING: [FaultKind; 5] =
    [FaultKind::Slow, FaultKind::TooMany, FaultKind::Broken, FaultKind::AcceptThenTimeout, FaultKind::Refused];

/// A provider that is down is down for look-ups as well; the other faults concern sending.
const WHEN_READING: [FaultKind; 2] = [FaultKind::Broken, FaultKind::Refused];

/// Answers a request to send with `answer`, or with the fault that it meets.
pub(crate) async fn meet(simulator: &Simulator, api: &Api<'_>, answer: impl FnOnce() -> Response) -> Response {
    let response = match find(simulator, api, &WHEN_SENDING) {
        Some(fault) => suffer(simulator, api, &fault, answer).await,
        None => answer(),
    };
    simulator.changed();
    response
}

/// Answers a look-up with `answer`, unless the provider is down.
pub(crate) async fn meet_reading(simulator: &Simulator, api: &Api<'_>, answer: impl FnOnce() -> Response) -> Response {
    match find(simulator, api, &WHEN_READING).map(|fault| fault.kind) {
        Some(FaultKind::Refused) => hang_up(),
        Some(_) => (api.broken)(),
        None => answer(),
    }
}

fn find(simulator: &Simulator, api: &Api<'_>, kinds: &[FaultKind]) -> Option<Fault> {
    simulator.world().faults.meet(api.channel, api.account, kinds)
}

async fn suffer(simulator: &Simulator, api: &Api<'_>, fault: &Fault, answer: impl FnOnce() -> Response) -> Response {
    match fault.kind {
        FaultKind::None | FaultKind::Undelivered => return answer(),
        FaultKind::Slow => {
            simulator.pause(fault.delay).await;
            return answer();
        }
        FaultKind::AcceptThenTimeout => {
            if answer().status().is_success() {
                simulator.world().ledger.unanswered(api.channel);
            }
            simulator.changed();
            simulator.pause(fault.delay).await;
            return hang_up();
        }
        FaultKind::TooMany | FaultKind::Broken | FaultKind::Refused => {}
    }
    simulator.world().ledger.rejected(api.channel);
    match fault.kind {
        FaultKind::TooMany => (api.too_many)(),
        FaultKind::Broken => (api.broken)(),
        _ => hang_up(),
    }
}

impl Simulator {
    /// Waits, but not beyond the end of the simulator.
    pub(crate) async fn pause(&self, wait: Duration) {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.closing().cancelled() => {}
        }
    }
}

/// Ends the connection without an answer: hyper gives up a connection whose body fails before its head was flushed.
fn hang_up() -> Response {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    Response::new(Body::from_stream(stream::iter([Err::<&[u8], _>(broken)])))
}
