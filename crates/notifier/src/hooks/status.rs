//! Receipts: appended at once and answered; a worker applies them in batches.

use axum::body::Bytes;
use axum::extract::{Path, State};
use domain::delivery::{OutcomeState, SendResult};
use domain::{ChannelKind, text};
use edge::Failure;
use http::{HeaderMap, StatusCode, Uri};
use store::{Consequence, DeliveryKey, ReceiptIn};

use super::{Callback, Genuine, Hooks, Shared, delivery_of, genuine};

/// `POST /hooks/sms/{provider}/status`: 204 once it is kept, also for a replay.
pub(super) async fn receive(
    State(hooks): Shared,
    Path(provider): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let callback = Callback { provider: &provider, end: "status", uri: &uri, headers: &headers, body: &body };
    let callback = genuine(&hooks, &callback)?;
    learn(&hooks, &callback);
    if callback.form.text("MessageStatus") == "delivered"
        && let Some(message) = direct_message(&uri)
    {
        hooks.inner.store.seed_arrived(message).await?;
    }
    hooks.inner.store.append_receipt(&receipt(&callback, &uri)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What overflowed at the provider was sent too fast, and what arrives late says something about its way.
fn learn(hooks: &Hooks, callback: &Genuine) {
    let Some(way) = hooks.inner.ways.named(ChannelKind::Sms, &callback.provider) else { return };
    if let Ok(code) = callback.form.text("ErrorCode").parse() {
        way.heed_report(&channels::sms::codes::callback(code));
    }
    if callback.form.text("MessageStatus") == "delivered" {
        way.has_arrived(&callback.message);
    }
}

fn receipt(callback: &Genuine, uri: &Uri) -> ReceiptIn {
    let form = &callback.form;
    let code = form.text("ErrorCode").parse().unwrap_or(0);
    let status = form.text("MessageStatus");
    let meaning = channels::sms::codes::callback(code);
    let failed = matches!(status, "failed" | "undelivered");
    ReceiptIn {
        provider: callback.provider.clone(),
        delivery: delivery(uri),
        provider_ref: callback.message.clone(),
        // The longest word there is has 16 letters.
        status: text::shorten(status, 32),
        code,
        becomes: becomes(status),
        consequence: match meaning {
            SendResult::RecipientGone { .. } if failed => Consequence::Gone,
            SendResult::OptedOut { .. } if failed => Consequence::OptedOut,
            _ => Consequence::None,
        },
    }
}

/// What the provider's word means for us; words we do not know are kept, and change nothing.
fn becomes(status: &str) -> Option<OutcomeState> {
    match status {
        "sent" => Some(OutcomeState::Sent),
        "delivered" | "read" => Some(OutcomeState::Delivered),
        "failed" | "undelivered" | "canceled" => Some(OutcomeState::Failed),
        _ => None,
    }
}

/// The direct message that our own reference in the signed query is about.
fn direct_message(uri: &Uri) -> Option<i64> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("d=m."))?.parse().ok()
}

/// What our own reference in the signed query is about; none for a direct message.
fn delivery(uri: &Uri) -> Option<DeliveryKey> {
    delivery_of(uri.query()?.split('&').find_map(|pair| pair.strip_prefix("d="))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_reference_names_broadcast_and_subscriber() {
        assert_eq!(delivery(&"/x?d=12.34".parse().unwrap()), Some(DeliveryKey { broadcast: 12, subscriber: 34 }));
        assert_eq!(delivery(&"/x?a=1&d=12.34&b".parse().unwrap()), Some(DeliveryKey { broadcast: 12, subscriber: 34 }));
        for other in ["/x", "/x?d=m.34", "/x?d=12", "/x?d=12.34.5", "/x?d="] {
            assert_eq!(delivery(&other.parse().unwrap()), None, "{other}");
        }
    }

    #[test]
    fn an_unknown_word_changes_nothing() {
        assert_eq!(becomes("foo"), None);
        assert_eq!(becomes("delivered"), Some(OutcomeState::Delivered));
    }
}
