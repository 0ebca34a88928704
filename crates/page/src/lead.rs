//! Hands the edition out to page processes elsewhere that know the secret: the present as one parcel, what is old as the
//! packs that it lies in. Nothing here is a secret by itself; the pass keeps strangers from fetching megabytes.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use domain::{Kind, Secret, seal};
use edge::Failure;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::sync::Mutex;

use crate::Page;
use crate::edition::Edition;
use crate::edition::archive::pack::Pack;
use crate::edition::parcel::parcel;
use crate::edition::shelf::ShelfError;
use crate::wire::{CONFIRMED, EDITION, HAS, LONGEST_WAIT, NAMED, NONCE, PACKS, SEAL, Statement, WAIT, pass};

/// How much of a pack is read at once.
const PIECE: usize = 256 * 1024;

/// What a page needs to be followed.
#[derive(Debug)]
pub(crate) struct Lead {
    secret: Secret,
    pass: Secret,
    /// The last parcel, so that several who follow cost as much as one.
    parcel: Mutex<Option<Arc<Parcel>>>,
}

#[derive(Debug)]
struct Parcel {
    /// The very edition, not only its number: where its old pages lie may change without another one.
    of: Weak<Edition>,
    bytes: Bytes,
    digest: [u8; 32],
}

impl Lead {
    pub(crate) fn new(secret: Secret) -> Self {
        Self { pass: Secret::new(pass(&secret)), secret, parcel: Mutex::default() }
    }

    async fn parcel(&self, edition: &Arc<Edition>, page: &Page) -> edge::Result<Arc<Parcel>> {
        let (mut last, of) = (self.parcel.lock().await, Arc::downgrade(edition));
        if let Some(parcel) = last.as_ref().filter(|parcel| parcel.of.ptr_eq(&of)) {
            return Ok(Arc::clone(parcel));
        }
        let (edition, common) = (Arc::clone(edition), Arc::clone(&page.shared.press.common));
        let pack_up = move || {
            let bytes = parcel(&edition, &common)?;
            let digest = seal::digest(&bytes);
            Ok::<_, ShelfError>(Parcel { of, bytes, digest })
        };
        let broken = || Failure::new(Kind::Broken, "broken");
        let made = tokio::task::spawn_blocking(pack_up).await.map_err(|error| broken().because(error))?;
        let made = Arc::new(made.map_err(|error| broken().because(error))?);
        *last = Some(Arc::clone(&made));
        Ok(made)
    }
}

impl Page {
    pub(crate) fn is_closing(&self) -> bool {
        self.shared.closing.load(Ordering::Relaxed)
    }

    /// Lets go of whoever waits for the next edition.
    pub(crate) fn close(&self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        self.shared.turns.send_modify(|count| *count += 1);
    }
}

/// The addresses for those who follow; none where nobody may.
pub(crate) fn router(page: Page) -> Router {
    if page.shared.lead.is_none() {
        return Router::new();
    }
    Router::new().route(EDITION, get(give_edition)).route(&format!("{PACKS}/{{name}}"), get(give_pack)).with_state(page)
}

/// Strangers get what every address without a page gets.
fn lead_for<'p>(page: &'p Page, headers: &HeaderMap) -> edge::Result<&'p Lead> {
    let said = text(headers, &header::AUTHORIZATION).and_then(|said| said.strip_prefix("Bearer "));
    let lead = page.shared.lead.as_ref().filter(|lead| said.is_some_and(|said| lead.pass.is(said)));
    lead.ok_or_else(Failure::not_found)
}

async fn give_edition(State(page): State<Page>, headers: HeaderMap) -> edge::Result<Response> {
    let lead = lead_for(&page, &headers)?;
    let nonce = text(&headers, &NONCE).filter(|nonce| (16..=128).contains(&nonce.len()));
    let nonce = nonce.ok_or_else(|| Failure::new(Kind::Invalid, "invalid"))?;
    let has = text(&headers, &HAS).unwrap_or_default();
    let seconds = text(&headers, &WAIT).and_then(|wait| wait.parse().ok()).unwrap_or(0);
    let edition = newer_than(&page, has, Duration::from_secs(seconds).min(LONGEST_WAIT)).await;
    if edition.published_version() < 0 {
        return Err(Failure::new(Kind::Unavailable, "unavailable"));
    }
    let (status, body, digest) = if edition.id() == has {
        (StatusCode::NOT_MODIFIED, Bytes::new(), seal::digest(b""))
    } else {
        let parcel = lead.parcel(&edition, &page).await?;
        (StatusCode::OK, parcel.bytes.clone(), parcel.digest)
    };
    let confirmed_ms = page.confirmed_at().timestamp_millis().to_string();
    let statement = Statement { nonce, status, edition: edition.id(), confirmed_ms: &confirmed_ms, digest };
    let said = [(SEAL, statement.sealed(&lead.secret)), (NAMED, edition.id().to_owned()), (CONFIRMED, confirmed_ms)];
    let mut response = for_programs(Body::from(body));
    *response.status_mut() = status;
    for (name, value) in said {
        let value =
            HeaderValue::try_from(value).map_err(|error| Failure::new(Kind::Broken, "broken").because(error))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// The edition, once it is another one than this, or when the wait is over.
async fn newer_than(page: &Page, has: &str, wait: Duration) -> Arc<Edition> {
    let mut turns = page.turns();
    let is_news = async { while page.edition().id() == has && !page.is_closing() && turns.changed().await.is_ok() {} };
    let _ = tokio::time::timeout(wait, is_news).await;
    page.edition()
}

/// A pack needs no seal: its name says what is in it, and stands in a parcel that has one.
async fn give_pack(State(page): State<Page>, Path(name): Path<String>, headers: HeaderMap) -> edge::Result<Response> {
    lead_for(&page, &headers)?;
    let edition = page.edition();
    let pack = edition.archive().packs().find(|pack| pack.name == name).cloned().ok_or_else(Failure::not_found)?;
    let length = pack.length().map_err(|error| Failure::new(Kind::Unavailable, "unavailable").because(error))?;
    let pieces = futures_util::stream::try_unfold((pack, 0), next_piece);
    let mut response = for_programs(Body::from_stream(pieces));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

/// A pack that is being read, and how far.
type Reading = (Arc<Pack>, u64);

async fn next_piece((pack, at): Reading) -> std::io::Result<Option<(Bytes, Reading)>> {
    let read = move || pack.piece(at, PIECE).map(|piece| (pack, piece));
    let (pack, piece) = tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)??;
    let next = at + piece.len() as u64;
    Ok((!piece.is_empty()).then_some((piece, (pack, next))))
}

fn for_programs(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
