//! Shows and changes what a subscriber chose, for whoever holds the signed link.

use axum::extract::{Path, State};
use domain::link::{self, LinkPurpose};
use domain::site::PathWords;
use domain::{Contact, Language, Subscriber};
use edge::{Failure, RawForm, ReaderLanguage};
use http::StatusCode;
use render::Form;

use super::views::{Choice, Done, Manage, below, chosen};
use super::{html, token_frame, wishes};
use crate::Page;

/// Shows what was chosen.
pub(super) async fn show(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
) -> edge::Result {
    let subscriber = holder(&page, &token).await?;
    let form = chosen(subscriber.wishes, &*page.lists().await?);
    draw(&page, language, (&token, &subscriber), form, StatusCode::OK).await
}

/// Changes it. The signed link in the address is the proof, and no other site can know it.
pub(super) async fn change(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
    form: RawForm,
) -> edge::Result {
    let subscriber = holder(&page, &token).await?;
    match wishes::of_choices(&form, &*page.lists().await?) {
        Err(problems) => {
            let (form, status) = (form.refused(problems), StatusCode::UNPROCESSABLE_ENTITY);
            draw(&page, language, (&token, &subscriber), form, status).await
        }
        Ok(wishes) => {
            let tx = page.shared.signup.subscriptions.begin().await?;
            let changed = tx.change_wishes(subscriber.id, wishes).await?;
            tx.commit().await?;
            if !changed {
                return Err(gone());
            }
            let mut view = Done::new("changed", language);
            view.manage_url = Some(below(language, manage_word, Some(&token)));
            let frame = token_frame(&page, language, manage_word, &token)?;
            Ok(html(StatusCode::OK, page.draw(&frame, &view, language)?))
        }
    }
}

/// The subscriber of a signed link. A forged link and one of somebody who left look the same.
async fn holder(page: &Page, token: &str) -> edge::Result<Subscriber> {
    let id = link::verify(&page.shared.signup.link_key, LinkPurpose::Manage, token).ok_or_else(gone)?;
    page.shared.signup.subscriptions.by_id(id).await?.ok_or_else(gone)
}

fn gone() -> Failure {
    Failure::new(domain::Kind::NotFound, "signup-link")
}

async fn draw(
    page: &Page,
    language: Language,
    (token, subscriber): (&str, &Subscriber),
    form: Form,
    status: StatusCode,
) -> edge::Result {
    let leave = link::sign(&page.shared.signup.link_key, LinkPurpose::Leave, subscriber.id);
    let contact = match &subscriber.contact {
        Contact::Phone(number) => number.masked(),
        Contact::Email(address) => address.masked(),
    };
    let view = Manage {
        form,
        action: below(language, manage_word, Some(token)),
        contact,
        areas: Choice::areas(&*page.lists().await?, language),
        leave_url: below(language, |words: &PathWords| words.leave, Some(&leave)),
    };
    let frame = token_frame(page, language, manage_word, token)?;
    Ok(html(status, page.draw(&frame, &view, language)?))
}

fn manage_word(words: &PathWords) -> &str {
    words.manage
}
