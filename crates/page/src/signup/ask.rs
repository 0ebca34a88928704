//! The sign-up form: shows it, and answers it with a code or a link sent to the contact itself.

use axum::extract::State;
use axum::response::Response;
use domain::digest::sha256;
use domain::link::{self, LinkPurpose};
use domain::site::PathWords;
use domain::subscriber::{SubscriberState, Wishes};
use domain::{Catalogue, Contact, Language};
use edge::{ClientAddress, RawForm, ReaderLanguage};
use http::StatusCode;
use render::{Form, Problem};
use store::Verification;

use super::line::Errand;
use super::message::{CODE_LIVES, LINK_LIVES, Letter};
use super::views::{Ask, Choice, Code, Mailed, below};
use super::{frame, html, limit, not_now, public_frame, wishes};
use crate::Page;
use crate::routes::Place;

/// How many wrong codes are forgiven.
const TRIES: u32 = 5;

/// Shows the empty form. The database is not asked.
pub(super) async fn show(State(page): State<Page>, ReaderLanguage(language): ReaderLanguage) -> edge::Result {
    let catalogue = page.lists().await?;
    form_page(&page, language, &catalogue, Form::new(), StatusCode::OK)
}

/// Answers the form. The answer is the same whether the contact is known or not.
pub(super) async fn ask(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    client: ClientAddress,
    form: RawForm,
) -> edge::Result {
    let catalogue = page.lists().await?;
    match wishes::of_signup(&form, &catalogue, page.shared.own().signup.limits.accept_drama_numbers) {
        Err(problems) => {
            form_page(&page, language, &catalogue, form.refused(problems), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Ok((contact, wishes)) => match send_proof(&page, &contact, wishes, client).await {
            Ok(Some(token)) => sent_page(&page, language, &contact, token),
            Err(failure) => {
                let refused = form.refused(not_now(failure)?);
                form_page(&page, language, &catalogue, refused, StatusCode::SERVICE_UNAVAILABLE)
            }
            Ok(None) => {
                let field = if matches!(contact, Contact::Phone(_)) { "mobile" } else { "email" };
                let refused = form.refused(vec![Problem::new(field, "signup-too-often")]);
                form_page(&page, language, &catalogue, refused, StatusCode::TOO_MANY_REQUESTS)
            }
        },
    }
}

/// Waits for a turn, and sends a code or a link to the contact. Gives the token that stands for this sign-up; `None`
/// when a limit refuses.
pub(super) async fn send_proof(
    page: &Page,
    contact: &Contact,
    wishes: Wishes,
    client: ClientAddress,
) -> edge::Result<Option<String>> {
    let _turn = page.turn(Errand::SignUp).await?;
    send_proof_in_turn(page, contact, wishes, client).await
}

/// The same for whoever has a turn already.
pub(super) async fn send_proof_in_turn(
    page: &Page,
    contact: &Contact,
    wishes: Wishes,
    client: ClientAddress,
) -> edge::Result<Option<String>> {
    let (signup, env) = (&page.shared.own().signup, &page.shared.env);
    // Whoever has left gets no alerts, and a link of theirs leads nowhere.
    let known = signup.subscriptions.find(contact).await?.filter(|one| one.state == SubscriberState::Active);
    let tx = signup.subscriptions.begin().await?;
    if !limit::allows(&tx, contact, client, &signup.limits).await? {
        drop(tx);
        tracing::warn!(channel.kind = contact.channel().key(), "a sign-up was refused by a limit");
        return Ok(None);
    }
    let token = env.token();
    let token_hash = hash(&token);
    let is_text = matches!(contact, Contact::Phone(_));
    let code = if is_text { format!("{:06}", env.below(1_000_000)) } else { String::new() };
    let lives = if is_text { CODE_LIVES } else { LINK_LIVES };
    tx.start_verification(&Verification {
        code_hash: signup.code_hash(&token_hash, &code),
        token_hash: token_hash.clone(),
        contact: contact.clone(),
        wishes,
        tries_left: TRIES,
        expires_at: env.machine_now() + lives,
    })
    .await?;
    let manage = known.map(|one| link::sign(&signup.link_key, LinkPurpose::Manage, one.id));
    let letter = Letter { page, contact, language: wishes.language };
    let message = match contact {
        Contact::Phone(_) => letter.code(&code, manage.as_deref(), &token_hash)?,
        Contact::Email(_) => letter.confirm(&token, manage.as_deref(), &token_hash)?,
    };
    tx.enqueue_message(&message).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Says where to look, for a code or for a link.
pub(super) fn sent_page(page: &Page, language: Language, contact: &Contact, token: String) -> edge::Result {
    match contact {
        Contact::Phone(_) => code_page(page, language, (token, Form::new()), StatusCode::OK),
        Contact::Email(_) => {
            let view = Mailed { alerts_url: Place::Alerts.path(language) };
            Ok(html(StatusCode::OK, page.draw(&frame(page, language)?, &view, language)?))
        }
    }
}

/// The form for the code.
pub(super) fn code_page(
    page: &Page,
    language: Language,
    (token, form): (String, Form),
    status: StatusCode,
) -> edge::Result {
    let action = below(language, |words: &PathWords| words.confirm, None);
    let view = Code { form, action, token, alerts_url: Place::Alerts.path(language) };
    Ok(html(status, page.draw(&frame(page, language)?, &view, language)?))
}

/// The sign-up form with what was typed and what is wrong with it.
pub(super) fn form_page(
    page: &Page,
    language: Language,
    catalogue: &Catalogue,
    form: Form,
    status: StatusCode,
) -> edge::Result<Response> {
    let view = Ask {
        form,
        action: Place::Alerts.path(language),
        areas: Choice::areas(catalogue, language),
        sms_number: page.shared.site.sms_number.clone(),
        privacy_url: Place::Privacy.path(language),
    };
    // The empty form is a page like any other; what somebody wrote into it is theirs.
    let frame = if status == StatusCode::OK { public_frame(page, language)? } else { frame(page, language)? };
    Ok(html(status, page.draw(&frame, &view, language)?))
}

/// What is stored in place of a token.
pub(super) fn hash(token: &str) -> String {
    sha256(token)
}
