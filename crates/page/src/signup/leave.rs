//! Leaving with a signed link: a page with one button, which mail programs may press by themselves (RFC 8058).

use axum::extract::{Path, State};
use domain::Language;
use domain::link::{self, LinkPurpose};
use domain::site::PathWords;
use edge::{Failure, ReaderLanguage};
use http::StatusCode;
use render::Form;

use super::line::Errand;
use super::views::{Done, Leave, below};
use super::{html, not_now, token_frame};
use crate::Page;
use crate::routes::Place;

/// Shows the button. Nothing happens yet: scanners follow every link in a mail.
pub(super) async fn show(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
) -> edge::Result {
    button(&page, language, (&token, Form::new()), StatusCode::OK)
}

fn button(page: &Page, language: Language, (token, form): (&str, Form), status: StatusCode) -> edge::Result {
    let (action, home_url) = (below(language, leave_word, Some(token)), Place::Home.path(language));
    let frame = token_frame(page, language, leave_word, token)?;
    Ok(html(status, page.draw(&frame, &Leave { form, action, home_url }, language)?))
}

/// Leaves at once, whatever the body says. Whoever has left already is told the same again.
pub(super) async fn leave(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
) -> edge::Result {
    let signup = &page.shared.own().signup;
    let id = link::verify(&signup.link_key, LinkPurpose::Leave, &token);
    let id = id.ok_or_else(|| Failure::new(domain::Kind::NotFound, "signup-link"))?;
    if let Err(failure) = end(&page, id).await {
        let form = Form::new().refused(not_now(failure)?);
        return button(&page, language, (&token, form), StatusCode::SERVICE_UNAVAILABLE);
    }
    let frame = token_frame(&page, language, leave_word, &token)?;
    Ok(html(StatusCode::OK, page.draw(&frame, &Done::new("left", language), language)?))
}

async fn end(page: &Page, id: i64) -> edge::Result<()> {
    let _turn = page.turn(Errand::Leave).await?;
    let tx = page.shared.own().signup.subscriptions.begin().await?;
    tx.leave(id, "link").await?;
    Ok(tx.commit().await?)
}

fn leave_word(words: &PathWords) -> &str {
    words.leave
}
