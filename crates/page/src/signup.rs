//! Signing up for messages, changing what was chosen, and leaving. These are the only pages that ask the database, and
//! nothing that goes wrong here touches reading.
//!
//! Nobody learns here whether a contact is known: the answer is the same for a new one and a known one, and only the
//! contact itself is told more. No GET changes anything, because mail scanners follow every link.

mod api;
mod ask;
mod confirm;
mod leave;
mod limit;
mod line;
mod manage;
pub(crate) mod message;
pub(crate) mod views;
mod wishes;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::site::PathWords;
use domain::{Catalogue, Kind, Language};
use edge::Failure;
use render::{PublicFrame, RenderError, View};
use store::{Key, Subscriptions};

use self::line::Lines;
use crate::Page;
use crate::routes::Place;
use crate::settings::SignupLimits;
use crate::view::frame::Frames;

/// Which words people agree to when they sign up here. It changes with the words.
const WORDING: &str = "page-1";

/// After how many seconds a form that could not be answered may be sent again.
const LATER: u64 = 10;

/// What the forms need beside the page.
pub(crate) struct Signup {
    limits: SignupLimits,
    subscriptions: Subscriptions,
    /// Signs the links of subscribers.
    link_key: [u8; 32],
    key: Key,
    lines: Lines,
}

impl Signup {
    pub(crate) fn new(limits: SignupLimits, subscriptions: Subscriptions, key: &Key) -> Self {
        let link_key = key.derive(domain::link::KEY_LABEL);
        Self { limits, subscriptions, link_key, key: key.clone(), lines: Lines::new(&limits) }
    }

    /// What is stored in place of a code: of use only together with the installation's key.
    fn code_hash(&self, token_hash: &str, code: &str) -> Vec<u8> {
        self.key.derive(&format!("signup-code/{token_hash}/{code}")).to_vec()
    }
}

/// The forms under their addresses in every language.
pub(crate) fn router(page: Page) -> Router {
    // Mail programs press the button of leaving by themselves, and come from anywhere.
    let (mut router, mut open) = (Router::new(), Router::new());
    for language in &page.shared.site.languages {
        let words = PathWords::of(*language);
        let base = Place::Alerts.path(*language);
        let below = |word: &str| format!("{base}/{word}/{{token}}");
        let tidy = base.clone();
        router = router
            .route(&base, get(ask::show).post(ask::ask))
            .route(&format!("{base}/"), get(move || async move { Redirect::permanent(&tidy) }))
            .route(&format!("{base}/{}", words.confirm), post(confirm::code))
            .route(&below(words.confirm), get(confirm::show_link).post(confirm::link))
            .route(&below(words.manage), get(manage::show).post(manage::change));
        open = open.route(&below(words.leave), get(leave::show).post(leave::leave));
    }
    let router = router.merge(api::router(&page)).layer(from_fn(from_here)).merge(open);
    router.layer(from_fn(private)).with_state(page)
}

/// Keeps answers out of caches and search engines. The empty form says nothing about anybody, and may be found.
async fn private(request: Request, next: Next) -> Response {
    let is_form = |language: Language| Place::Alerts.path(language) == request.uri().path();
    let is_empty_form = request.method().is_safe() && Language::ALL.into_iter().any(is_form);
    let mut response = edge::headers::private(next.run(request).await);
    if is_empty_form && response.status().is_success() {
        response.headers_mut().remove("x-robots-tag");
    }
    response
}

impl Page {
    /// The lists as last read: they are in memory, so that the form shows without the database. Nobody can choose the
    /// area of a body that does not exist today.
    async fn lists(&self) -> edge::Result<Arc<Catalogue>> {
        let lists = match self.shared.model.load().as_ref() {
            Some(model) => Arc::clone(&model.catalogue),
            None => Arc::new(self.shared.own().signup.subscriptions.catalogue().await?),
        };
        let zone = self.shared.press.renderer.settings().time_zone;
        let today = self.shared.env.now().with_timezone(&zone).date_naive();
        // Hardly ever is there anything to leave out, and the lists are long.
        if lists.offers_only_existing(today) {
            return Ok(lists);
        }
        Ok(Arc::new(Arc::unwrap_or_clone(lists).offered_on(today)))
    }

    fn draw<V: View>(&self, frame: &PublicFrame, view: &V, language: Language) -> edge::Result<String> {
        Ok(self.shared.press.renderer.render_in(frame, view, language)?)
    }
}

/// The frame of the sign-up pages, and of their errors.
pub(crate) fn frame(page: &Page, language: Language) -> Result<PublicFrame, RenderError> {
    let shared = &page.shared;
    Frames { site: &shared.site, renderer: &shared.press.renderer }.private(Place::Alerts, language)
}

/// The same for the empty form, which may be found and shared.
fn public_frame(page: &Page, language: Language) -> Result<PublicFrame, RenderError> {
    let shared = &page.shared;
    Frames { site: &shared.site, renderer: &shared.press.renderer }.of(Place::Alerts, language)
}

/// The same for a page with a personal link: its twin in the other language is the page with the same link.
fn token_frame(
    page: &Page,
    language: Language,
    word: fn(&PathWords) -> &str,
    token: &str,
) -> edge::Result<PublicFrame> {
    let mut frame = frame(page, language)?;
    for twin in &mut frame.languages {
        twin.url = format!("{}/{}/{token}", twin.url, word(PathWords::of(twin.language)));
    }
    Ok(frame)
}

/// What to say at the top of a form that cannot be answered while the database is away or too many ask at once. Any
/// other failure goes on.
fn not_now(failure: Failure) -> edge::Result<Vec<render::Problem>> {
    if failure.kind() != Kind::Unavailable {
        return Err(failure);
    }
    if failure.code() == line::BUSY {
        // A line for each of a flood would only be another flood.
        tracing::debug!("too many forms at once");
        return Ok(vec![render::Problem::new("", "signup-busy")]);
    }
    failure.log();
    Ok(vec![render::Problem::new("", "signup-not-now")])
}

/// A page that answers a form.
fn html(status: http::StatusCode, page: String) -> Response {
    let mut response = (status, axum::response::Html(page)).into_response();
    if status == http::StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(http::header::RETRY_AFTER, LATER.into());
    }
    response
}

/// Refuses a form that another site sent in the reader's name. Nobody is signed in here, so no token is needed.
async fn from_here(request: Request, next: Next) -> Response {
    let is_post = request.method() == http::Method::POST;
    if is_post && !edge::csrf::is_same_origin(request.headers(), request.uri()) {
        return Failure::new(Kind::Forbidden, "csrf").into_response();
    }
    next.run(request).await
}

/// The mails with sample data.
pub(crate) fn mail_samples() -> Vec<render::Sample> {
    let mail = message::Mail {
        subject: "Start your alerts".to_owned(),
        paragraphs: vec!["Somebody asked for alerts.".to_owned()],
        button: "Start my alerts".to_owned(),
        url: "https://status.example/en/alerts/confirm/x".to_owned(),
        after: vec!["If it was not you, do nothing.".to_owned()],
        manage_url: Some("https://status.example/en/alerts/manage/x".to_owned()),
    };
    vec![render::Sample::of(mail.clone()), render::Sample::of(message::PlainMail(mail))]
}
