//! `GET` and `POST /faults`: shows the faults that are on, and switches them.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Simulator;
use crate::faults::{Channel, Fault, FaultKind};
use crate::order::{Order, back_to_page};

pub(crate) fn router() -> Router<Simulator> {
    Router::new().route("/faults", get(faults).post(set_fault))
}

async fn faults(State(simulator): State<Simulator>) -> Json<Value> {
    let list = simulator.world().faults.list();
    Json(json!({"faults": list.iter().map(describe).collect::<Vec<_>>()}))
}

/// A fault as ordered. `seconds` is how long it stays on; for `slow`, how long each answer waits.
#[derive(Deserialize)]
struct FaultOrder {
    channel: Channel,
    kind: Word,
    account: Option<String>,
    share: Option<f64>,
    seconds: Option<f64>,
    /// How long an answer waits, where `seconds` does not say so.
    delay: Option<f64>,
}

/// `429` may come as a number or as a word.
#[derive(Deserialize)]
#[serde(untagged)]
enum Word {
    Number(u16),
    Word(String),
}

async fn set_fault(State(simulator): State<Simulator>, order: Order<FaultOrder>) -> Response {
    let Some(fault) = read_fault(order.content) else {
        let detail = "channel: sms, email, mastodon or bluesky; kind: none, slow, 429, 500, accept_then_timeout, \
                      refused or undelivered; share: 0 to 1; seconds and delay: 0 to 86400";
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": detail}))).into_response();
    };
    let description = describe(&fault);
    simulator.set_fault(fault);
    if order.from_page { back_to_page() } else { Json(description).into_response() }
}

fn read_fault(order: FaultOrder) -> Option<Fault> {
    let word = match order.kind {
        Word::Number(number) => number.to_string(),
        Word::Word(word) => word,
    };
    let kind: FaultKind = serde_json::from_value(Value::String(word)).ok()?;
    let share = order.share.unwrap_or(1.0);
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let mut fault = Fault::new(order.channel, kind).share(share);
    fault.account = order.account.filter(|account| !account.is_empty());
    match order.seconds.filter(|seconds| *seconds != 0.0) {
        Some(seconds) if kind == FaultKind::Slow => fault.delay = duration(seconds)?,
        Some(seconds) => fault.lasts = Some(duration(seconds)?),
        None => {}
    }
    if let Some(delay) = order.delay {
        fault.delay = duration(delay)?;
    }
    Some(fault)
}

/// At most a day.
fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok().filter(|duration| *duration <= Duration::from_hours(24))
}

fn describe(fault: &Fault) -> Value {
    json!({
        "channel": fault.channel,
        "account": fault.account,
        "kind": fault.kind,
        "share": f64::from(fault.share_ppm) / 1_000_000.0,
        "seconds": fault.lasts.map(|lasts| lasts.as_secs_f64()),
        "delay": fault.delay.as_secs_f64(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(order: Value) -> Option<Fault> {
        read_fault(serde_json::from_value(order).ok()?)
    }

    #[test]
    fn fault_orders_are_read_as_people_write_them() {
        let slow = read(json!({"channel": "sms", "kind": "slow", "share": 0.5, "seconds": 3})).unwrap();
        assert_eq!((slow.delay, slow.lasts, slow.share_ppm), (Duration::from_secs(3), None, 500_000));
        let refused = read(json!({"channel": "email", "kind": "refused", "seconds": 30})).unwrap();
        assert_eq!((refused.lasts, refused.share_ppm), (Some(Duration::from_secs(30)), 1_000_000));
        assert_eq!(read(json!({"channel": "sms", "kind": 429})).unwrap().kind, FaultKind::TooMany);
        assert_eq!(read(json!({"channel": "sms", "kind": "500"})).unwrap().kind, FaultKind::Broken);
        for bad in [
            json!({"channel": "fax", "kind": "slow"}),
            json!({"channel": "sms", "kind": "418"}),
            json!({"channel": "sms", "kind": "slow", "share": 50}),
            json!({"channel": "sms", "kind": "slow", "seconds": -1}),
        ] {
            assert!(read(bad.clone()).is_none(), "{bad}");
        }
    }
}
