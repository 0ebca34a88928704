//! The three calls on messages: create one, list them, show one.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Simulator;
use crate::callbacks::Work;
use crate::faults::{Channel, FaultKind};
use crate::texts::{Direction, Status, Stored};
use crate::trouble::{self, Api};
use crate::twilio::order::Order;
use crate::twilio::refusal::Refusal;
use crate::twilio::{sign_in, view};
use crate::world::time;

/// `POST …/Messages.json`
pub(crate) async fn create(
    State(simulator): State<Simulator>,
    Path(account): Path<String>,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    if let Err(refusal) = sign_in(&simulator, &account, &headers) {
        return refusal.into_response();
    }
    let api = Api { channel: Channel::Sms, account: Some(&account), too_many, broken };
    trouble::meet(&simulator, &api, || {
        match Order::read(&form).and_then(|order| accept(&simulator, &account, &order)) {
            Ok(message) => (StatusCode::CREATED, Json(message)).into_response(),
            Err(refusal) => {
                simulator.world().ledger.rejected(Channel::Sms);
                refusal.into_response()
            }
        }
    })
    .await
}

/// What a list can be narrowed by.
#[derive(Deserialize)]
pub(crate) struct Listing {
    #[serde(rename = "To")]
    to: Option<String>,
    #[serde(rename = "From")]
    from: Option<String>,
    #[serde(rename = "DateSent")]
    date_sent: Option<NaiveDate>,
    #[serde(rename = "PageSize")]
    page_size: Option<usize>,
    #[serde(rename = "Page")]
    page: Option<usize>,
}

/// `GET …/Messages.json`
pub(crate) async fn list(
    State(simulator): State<Simulator>,
    Path(account): Path<String>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = sign_in(&simulator, &account, &headers) {
        return refusal.into_response();
    }
    let api = Api { channel: Channel::Sms, account: Some(&account), too_many, broken };
    trouble::meet_reading(&simulator, &api, || page(&simulator, &account, &listing).into_response()).await
}

/// `GET …/Messages/{sid}.json`
pub(crate) async fn show(
    State(simulator): State<Simulator>,
    Path((account, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = sign_in(&simulator, &account, &headers) {
        return refusal.into_response();
    }
    let api = Api { channel: Channel::Sms, account: Some(&account), too_many, broken };
    let sid = file.strip_suffix(".json").unwrap_or(&file);
    let answer = || match find(&simulator, &account, sid) {
        Some(message) => Json(message).into_response(),
        None => Refusal::NOT_FOUND.into_response(),
    };
    trouble::meet_reading(&simulator, &api, answer).await
}

/// Records the text and sets its delivery going.
fn accept(simulator: &Simulator, account: &str, order: &Order) -> Result<Value, Refusal> {
    let at = simulator.moment();
    let mut world = simulator.world();
    let world = &mut *world;
    if world.texts.phones.get(order.to.as_str()).is_some_and(|phone| phone.opted_out) {
        return Err(Refusal::OPTED_OUT);
    }
    let text = Stored {
        account: world.names.get(account),
        service: order.service.as_deref().map(|service| world.names.get(service)),
        from: world.names.get(order.from.as_deref().unwrap_or(&simulator.settings().sender)),
        to: world.names.get(&order.to),
        body: world.texts.body(&order.body),
        at,
        updated: at.machine,
        status: if order.service.is_some() { Status::Accepted } else { Status::Queued },
        direction: Direction::OutboundApi,
    };
    world.ledger.accepted(Channel::Sms, &text.to, text.body.hash, at.machine);
    let undelivered = world.faults.meet(Channel::Sms, Some(account), &[FaultKind::Undelivered]).is_some();
    let number = world.texts.add(text);
    let text = world.texts.shelf.get(number).expect("just added");
    let message = view::message(&world.texts.sid(number), text);
    let url = order.callback.as_deref().map(Into::into);
    let work = Work::Status { text: number, status: Status::Sent, undelivered, url };
    simulator.queue().push(simulator.settings().sent_after, work);
    Ok(message)
}

fn find(simulator: &Simulator, account: &str, sid: &str) -> Option<Value> {
    let world = simulator.world();
    let text = world.texts.shelf.get(world.texts.number(sid)?)?;
    (&*text.account == account).then(|| view::message(sid, text))
}

/// One page of the account's texts, newest first.
fn page(simulator: &Simulator, account: &str, listing: &Listing) -> Json<Value> {
    let size = listing.page_size.unwrap_or(50).clamp(1, 1000);
    let page = listing.page.unwrap_or(0);
    let start = page.saturating_mul(size);
    let world = simulator.world();
    let wanted = |text: &Stored| {
        let day = time(text.at.machine).date_naive();
        &*text.account == account
            && listing.to.as_deref().is_none_or(|to| &*text.to == to)
            && listing.from.as_deref().is_none_or(|from| &*text.from == from)
            && listing.date_sent.is_none_or(|date| date == day)
    };
    let found: Vec<Value> = candidates(&world.texts, listing.to.as_deref())
        .filter(|(_, text)| wanted(text))
        .skip(start)
        .take(size + 1)
        .map(|(number, text)| view::message(&world.texts.sid(number), text))
        .collect();
    let more = found.len() > size;
    let messages: Vec<Value> = found.into_iter().take(size).collect();
    let uri = |page: usize| format!("/2010-04-01/Accounts/{account}/Messages.json?PageSize={size}&Page={page}");
    Json(json!({
        "page": page,
        "page_size": size,
        "start": start,
        "end": start + messages.len().saturating_sub(1),
        "uri": uri(page),
        "first_page_uri": uri(0),
        "next_page_uri": more.then(|| uri(page + 1)),
        "previous_page_uri": page.checked_sub(1).map(uri),
        "messages": messages,
    }))
}

/// The texts of one phone when it is named, else all, newest first: a look-up after a lost answer must stay quick.
fn candidates<'a>(
    texts: &'a crate::texts::Texts,
    to: Option<&str>,
) -> Box<dyn Iterator<Item = (u64, &'a Stored)> + 'a> {
    let Some(to) = to else { return Box::new(texts.shelf.newest()) };
    let on_phone = texts.phones.get(to).map(|phone| phone.texts.iter().rev().copied());
    Box::new(on_phone.into_iter().flatten().filter_map(|number| Some((number, texts.shelf.get(number)?))))
}

fn too_many() -> Response {
    Refusal::TOO_MANY.into_response()
}

fn broken() -> Response {
    Refusal::BROKEN.into_response()
}
