//! A text as Twilio's API shows it: counts are strings, times are RFC 2822.

use serde_json::{Value, json};

use crate::texts::{Direction, Status, Stored};
use crate::world::time;

/// The JSON object of one text.
pub(crate) fn message(sid: &str, text: &Stored) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}/Messages/{sid}", text.account);
    let sent = matches!(text.status, Status::Sent | Status::Delivered | Status::Undelivered);
    // A messaging service has not chosen its sender yet when it accepts a text, so it can not count the parts.
    let chosen = text.status != Status::Accepted;
    json!({
        "account_sid": text.account,
        "api_version": "2010-04-01",
        "body": text.body.text,
        "date_created": time(text.at.machine).to_rfc2822(),
        "date_sent": sent.then(|| time(text.updated).to_rfc2822()),
        "date_updated": time(text.updated).to_rfc2822(),
        "direction": direction(text.direction),
        "error_code": (text.status == Status::Undelivered).then_some(30003),
        "error_message": (text.status == Status::Undelivered).then_some("Unreachable destination handset"),
        "from": chosen.then_some(&text.from),
        "messaging_service_sid": text.service,
        "num_media": "0",
        "num_segments": if chosen { text.body.count.parts.to_string() } else { "0".into() },
        "price": null,
        "price_unit": "GBP",
        "sid": sid,
        "status": text.status.word(),
        "subresource_uris": {"media": format!("{uri}/Media.json")},
        "to": text.to,
        "uri": format!("{uri}.json"),
    })
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::OutboundApi => "outbound-api",
        Direction::OutboundReply => "outbound-reply",
        Direction::Inbound => "inbound",
    }
}
