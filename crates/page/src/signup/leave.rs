//! Leaving with a signed link: a page with one button, which mail programs may press by themselves (RFC 8058).

use axum::extract::{Path, State};
use domain::link::{self, LinkPurpose};
use domain::site::PathWords;
use edge::{Failure, ReaderLanguage};
use http::StatusCode;

use super::views::{Done, Leave, below};
use super::{html, token_frame};
use crate::Page;
use crate::routes::Place;

/// Shows the button. Nothing happens yet: scanners follow every link in a mail.
pub(super) async fn show(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
) -> edge::Result {
    let view = Leave { action: below(language, leave_word, Some(&token)), home_url: Place::Home.path(language) };
    let frame = token_frame(&page, language, leave_word, &token)?;
    Ok(html(StatusCode::OK, page.draw(&frame, &view, language)?))
}

/// Leaves at once, whatever the body says. Whoever has left already is told the same again.
pub(super) async fn leave(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
) -> edge::Result {
    let signup = &page.shared.signup;
    let id = link::verify(&signup.link_key, LinkPurpose::Leave, &token);
    let id = id.ok_or_else(|| Failure::new(domain::Kind::NotFound, "signup-link"))?;
    let tx = signup.subscriptions.begin().await?;
    tx.leave(id, "link").await?;
    tx.commit().await?;
    let frame = token_frame(&page, language, leave_word, &token)?;
    Ok(html(StatusCode::OK, page.draw(&frame, &Done::new("left", language), language)?))
}

fn leave_word(words: &PathWords) -> &str {
    words.leave
}
