//! Shows and changes what a subscriber chose, for whoever holds the signed link.

use axum::extract::{Path, State};
use domain::link::{self, LinkPurpose};
use domain::site::PathWords;
use domain::subscriber::Wishes;
use domain::{Language, Subscriber};
use edge::{Failure, RawForm, ReaderLanguage};
use http::StatusCode;
use render::Form;

use super::line::Errand;
use super::views::{Choice, Done, Manage, below, chosen};
use super::{html, not_now, token_frame, wishes};
use crate::Page;

/// Shows what was chosen.
pub(super) async fn show(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
) -> edge::Result {
    let subscriber = subscriber(&page, holder(&page, &token)?).await?;
    let form = chosen(subscriber.wishes, &*page.lists().await?);
    draw(&page, language, (&token, Some(&subscriber)), (form, StatusCode::OK)).await
}

/// Changes it. The signed link in the address is the proof, and no other site can know it.
pub(super) async fn change(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
    form: RawForm,
) -> edge::Result {
    let id = holder(&page, &token)?;
    let wishes = match wishes::of_choices(&form, &*page.lists().await?) {
        Ok(wishes) => wishes,
        Err(problems) => {
            let refused = (form.refused(problems), StatusCode::UNPROCESSABLE_ENTITY);
            return draw(&page, language, (&token, None), refused).await;
        }
    };
    if let Err(failure) = keep(&page, id, wishes).await {
        let refused = (form.refused(not_now(failure)?), StatusCode::SERVICE_UNAVAILABLE);
        return draw(&page, language, (&token, None), refused).await;
    }
    let mut view = Done::new("changed", language);
    view.manage_url = Some(below(language, manage_word, Some(&token)));
    let frame = token_frame(&page, language, manage_word, &token)?;
    Ok(html(StatusCode::OK, page.draw(&frame, &view, language)?))
}

/// Whose signed link it is. The database is not asked for a forged one.
fn holder(page: &Page, token: &str) -> edge::Result<i64> {
    link::verify(&page.shared.own().signup.link_key, LinkPurpose::Manage, token).ok_or_else(gone)
}

/// A forged link and one of somebody who left look the same.
async fn subscriber(page: &Page, id: i64) -> edge::Result<Subscriber> {
    let _turn = page.turn(Errand::Change).await?;
    page.shared.own().signup.subscriptions.by_id(id).await?.ok_or_else(gone)
}

async fn keep(page: &Page, id: i64, wishes: Wishes) -> edge::Result<()> {
    let _turn = page.turn(Errand::Change).await?;
    let tx = page.shared.own().signup.subscriptions.begin().await?;
    let changed = tx.change_wishes(id, wishes).await?;
    tx.commit().await?;
    changed.then_some(()).ok_or_else(gone)
}

fn gone() -> Failure {
    Failure::new(domain::Kind::NotFound, "signup-link")
}

async fn draw(
    page: &Page,
    language: Language,
    (token, subscriber): (&str, Option<&Subscriber>),
    (form, status): (Form, StatusCode),
) -> edge::Result {
    let leave = link::sign(&page.shared.own().signup.link_key, LinkPurpose::Leave, holder(page, token)?);
    let view = Manage {
        form,
        action: below(language, manage_word, Some(token)),
        contact: subscriber.map(|one| one.contact.masked()),
        areas: Choice::areas(&*page.lists().await?, language),
        leave_url: below(language, |words: &PathWords| words.leave, Some(&leave)),
    };
    let frame = token_frame(page, language, manage_word, token)?;
    Ok(html(status, page.draw(&frame, &view, language)?))
}

fn manage_word(words: &PathWords) -> &str {
    words.manage
}
