//! Answers for the staff view. Whoever has no right key gets what every address without a page gets.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::site::PathWords;
use domain::{Kind, Language, StaffKey};
use edge::{Failure, ReaderLanguage};
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use render::{LanguageLink, PublicFrame, View};

use super::board::Known;
use super::view::{Around, Notice, StaffView};
use super::{Leaf, Sheet, Source};
use crate::Page;
use crate::edition::document::{MediaClass, Nature};
use crate::edition::{Document, compress};
use crate::model::now::Now;
use crate::model::print_of;
use crate::routes::Place;
use crate::view::Voice;
use crate::view::frame::Frames;

/// Everything that is going on.
pub(super) async fn all(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer(&page, Leaf { language, sheet: Sheet::All }, &key, &headers)
}

/// The notice about one incident.
pub(super) async fn notice(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path((key, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    // What is no number is the number of no incident.
    let number = number.parse().unwrap_or(-1);
    answer(&page, Leaf { language, sheet: Sheet::Notice(number) }, &key, &headers)
}

/// Also what is not found is nobody else's business: the address may hold a key that was right yesterday.
fn answer(page: &Page, leaf: Leaf, key: &str, headers: &HeaderMap) -> Response {
    let mut response = match document_of(page, leaf, key) {
        Ok(document) => crate::serve::send(&document, StatusCode::OK, headers).map(Body::from),
        Err(failure) => failure.into_response(),
    };
    let headers = response.headers_mut();
    headers.remove(header::ETAG);
    let mut fixed = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    fixed(header::CACHE_CONTROL, "private, no-store");
    fixed(header::REFERRER_POLICY, "no-referrer");
    fixed(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    response
}

fn document_of(page: &Page, leaf: Leaf, typed: &str) -> edge::Result<Arc<Document>> {
    let staff = &page.shared.own().staff;
    let known = staff.known.load_full();
    let key = known.right_key(typed).ok_or_else(Failure::not_found)?;
    let edition = page.edition();
    let doubted_since = known.doubted_since(&page.shared.env);
    let source = Source { edition: edition.id().to_owned(), version: known.version, doubted_since };
    if let Some(document) = staff.remembered(&source, leaf) {
        return Ok(document);
    }
    // The key is right, and the first edition is still being made.
    let starting = || Failure::new(Kind::Unavailable, "busy");
    let model = page.shared.model.load_full().ok_or_else(starting)?;
    let now = Now { model, at: page.shared.env.now(), unconfirmed_since: doubted_since };
    let desk = Desk { page, now: &now, known: &known, key: &key };
    let document = Arc::new(desk.draw(leaf)?);
    staff.remember(source, leaf, Arc::clone(&document));
    Ok(document)
}

/// What a sheet is drawn from.
struct Desk<'a> {
    page: &'a Page,
    now: &'a Now,
    known: &'a Known,
    key: &'a StaffKey,
}

impl Desk<'_> {
    fn draw(&self, leaf: Leaf) -> edge::Result<Document> {
        let Leaf { language, sheet } = leaf;
        let shared = &self.page.shared;
        let frame = self.frame(leaf)?;
        let around = Around { site: &shared.site, renderer: &shared.press.renderer };
        let html = match sheet {
            Sheet::All => {
                let notice = |number| self.path(Leaf { language, sheet: Sheet::Notice(number) });
                let view = StaffView::of(self.voice(language), &self.known.board, around, notice)?;
                self.render(&frame, &view, language)?
            }
            Sheet::Notice(number) => {
                let story = self.now.model.stories.values().find(|story| story.incident.number == number);
                let story = story.ok_or_else(Failure::not_found)?;
                let back = self.path(Leaf { language, sheet: Sheet::All });
                self.render(&frame, &Notice::of(story, self.voice(language), around, back), language)?
            }
        };
        let nature = Nature::page(language);
        let print = print_of(html.as_bytes());
        let encodings = compress::encode(MediaClass::Page, html.into_bytes());
        Ok(Document::finish(nature, print, encodings, &self.headers()))
    }

    const fn voice(&self, language: Language) -> Voice<'_> {
        Voice { now: self.now, language }
    }

    fn render<V: View>(&self, frame: &PublicFrame, view: &V, language: Language) -> edge::Result<String> {
        Ok(self.page.shared.press.renderer.render_in(frame, view, language)?)
    }

    /// The frame has no navigation: whoever reads this has no time, and nothing may lead here.
    fn frame(&self, leaf: Leaf) -> edge::Result<PublicFrame> {
        let (language, shared) = (leaf.language, &self.page.shared);
        let frames = Frames { site: &shared.site, renderer: &shared.press.renderer };
        let mut frame = frames.private(Place::Home, language)?;
        frame.nav.clear();
        frame.feeds.clear();
        frame.confirmed_at = Some(self.known.confirmed_at);
        frame.languages = shared.site.languages.iter().map(|one| self.twin(leaf, *one)).collect();
        frames.doubt(&mut frame, self.now, language)?;
        Ok(frame)
    }

    /// The link from a page to the same in this language.
    fn twin(&self, from: Leaf, language: Language) -> LanguageLink {
        let site = &self.page.shared.site;
        let path = self.path(Leaf { language, ..from });
        let same_host = site.origin(language) == site.origin(from.language);
        LanguageLink { language, url: if same_host { path } else { site.absolute(language, &path) } }
    }

    fn path(&self, Leaf { language, sheet }: Leaf) -> String {
        let words = PathWords::of(language);
        let base = format!("/{}/{}/{}", language.code(), words.staff, self.key.reveal());
        match sheet {
            Sheet::All => base,
            Sheet::Notice(number) => format!("{base}/{}/{number}", words.notice),
        }
    }

    /// The headers of the page, with leave for one more style sheet.
    fn headers(&self) -> HeaderMap {
        let press = &self.page.shared.press;
        let mut headers = (*press.common).clone();
        let own = format!("style-src {}", press.renderer.style_source("papers"));
        let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
        let policy = policy.map(|policy| policy.replacen("style-src", &own, 1));
        if let Some(policy) = policy.and_then(|policy| HeaderValue::try_from(policy).ok()) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        headers
    }
}
