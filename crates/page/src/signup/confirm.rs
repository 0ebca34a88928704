//! Proves a contact, with the code of a text or the button behind the link of a mail, and makes it a subscriber.

use axum::extract::{Path, State};
use domain::link::{self, LinkPurpose};
use domain::site::PathWords;
use domain::subscriber::ConsentSource;
use domain::{Contact, Language};
use edge::{ClientAddress, Failure, RawForm, ReaderLanguage};
use http::StatusCode;
use render::{Form, Problem};
use store::CodeResult;

use super::ask::{code_page, form_page, hash, send_proof_in_turn, sent_page};
use super::line::Errand;
use super::message::Letter;
use super::views::{ConfirmLink, Done, below};
use super::{WORDING, frame, html, not_now, token_frame};
use crate::Page;

/// Answers the form for the code, and the button for a new one.
pub(super) async fn code(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    client: ClientAddress,
    form: RawForm,
) -> edge::Result {
    let token = form.text("token").to_owned();
    if form.has("again") {
        let sent = again(&page, language, &token, client).await;
        return sent.or_else(|failure| code_later(&page, language, (token, &form, failure)));
    }
    let digits: String = form.text("code").chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 6 {
        return refuse(&page, language, token, Problem::new("code", "signup-code-length"));
    }
    let proof = match prove(&page, &token, &digits).await {
        Ok(proof) => proof,
        Err(failure) => return code_later(&page, language, (token, &form, failure)),
    };
    match proof {
        Proof::Subscribed(id) => subscribed(&page, language, id),
        Proof::Refused(CodeResult::Wrong { left }) if left > 0 => {
            refuse(&page, language, token, Problem::new("code", "signup-code-wrong").with("n", i64::from(left)))
        }
        Proof::Refused(CodeResult::Wrong { .. } | CodeResult::TooMany) => {
            refuse(&page, language, token, Problem::new("code", "signup-code-used-up"))
        }
        Proof::Refused(_) => refuse(&page, language, token, Problem::new("code", "code-old")),
    }
}

/// Shows the button behind the link of a mail. Nothing is looked up: a scanner that follows the link learns nothing.
pub(super) async fn show_link(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
) -> edge::Result {
    link_page(&page, language, (&token, Form::new()), StatusCode::OK)
}

/// The button behind the link of a mail. The token is the proof: only the mailbox has seen it.
pub(super) async fn link(
    State(page): State<Page>,
    ReaderLanguage(language): ReaderLanguage,
    Path(token): Path<String>,
) -> edge::Result {
    match prove(&page, &token, "").await {
        Err(failure) => {
            let form = Form::new().refused(not_now(failure)?);
            link_page(&page, language, (&token, form), StatusCode::SERVICE_UNAVAILABLE)
        }
        Ok(Proof::Subscribed(id)) => subscribed(&page, language, id),
        Ok(Proof::Refused(_)) => {
            let view = Done::new("old", language);
            Ok(html(StatusCode::GONE, page.draw(&frame(&page, language)?, &view, language)?))
        }
    }
}

fn link_page(page: &Page, language: Language, (token, form): (&str, Form), status: StatusCode) -> edge::Result {
    let view = ConfirmLink { form, action: below(language, confirm_word, Some(token)) };
    let frame = token_frame(page, language, confirm_word, token)?;
    Ok(html(status, page.draw(&frame, &view, language)?))
}

enum Proof {
    Subscribed(i64),
    Refused(CodeResult),
}

/// Tries a code in one transaction: a right one subscribes and welcomes, a wrong one uses up a try.
async fn prove(page: &Page, token: &str, code: &str) -> edge::Result<Proof> {
    let signup = &page.shared.own().signup;
    let token_hash = hash(token);
    let _turn = page.turn(Errand::SignUp).await?;
    let tx = signup.subscriptions.begin().await?;
    let result = tx.try_code(&token_hash, &signup.code_hash(&token_hash, code)).await?;
    let proved = match result {
        CodeResult::Right => tx.verification(&token_hash).await?,
        _ => None,
    };
    let Some(proved) = proved else {
        tx.commit().await?;
        return Ok(Proof::Refused(if result == CodeResult::Right { CodeResult::Old } else { result }));
    };
    let id = tx.subscribe(&proved.contact, proved.wishes, ConsentSource::Web, WORDING).await?;
    tx.end_verification(&token_hash).await?;
    let letter = Letter { page, contact: &proved.contact, language: proved.wishes.language };
    tx.enqueue_message(&letter.welcome(id, &token_hash)?).await?;
    tx.commit().await?;
    Ok(Proof::Subscribed(id))
}

/// A new code for the same contact and the same wishes, within the same limits.
async fn again(page: &Page, language: Language, token: &str, client: ClientAddress) -> edge::Result {
    let _turn = page.turn(Errand::SignUp).await?;
    let tx = page.shared.own().signup.subscriptions.begin().await?;
    let old = tx.verification(&hash(token)).await?.filter(|old| matches!(old.contact, Contact::Phone(_)));
    if old.is_some() {
        // The code before must not work beside the new one.
        tx.end_verification(&hash(token)).await?;
    }
    tx.commit().await?;
    let Some(old) = old else {
        let form = Form::new().refused(vec![Problem::new("channel", "code-old")]);
        return form_page(page, language, &*page.lists().await?, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    match send_proof_in_turn(page, &old.contact, old.wishes, client).await? {
        Some(token) => sent_page(page, language, &old.contact, token),
        None => {
            let form = Form::new().refused(vec![Problem::new("channel", "signup-too-often")]);
            form_page(page, language, &*page.lists().await?, form, StatusCode::TOO_MANY_REQUESTS)
        }
    }
}

fn refuse(page: &Page, language: Language, token: String, problem: Problem) -> edge::Result {
    let form = Form::new().refused(vec![problem]);
    code_page(page, language, (token, form), StatusCode::UNPROCESSABLE_ENTITY)
}

/// The same form with the same digits, to be sent again when the database is back or fewer ask.
fn code_later(page: &Page, language: Language, (token, form, failure): (String, &RawForm, Failure)) -> edge::Result {
    let form = Form::new().value("code", form.text("code")).refused(not_now(failure)?);
    code_page(page, language, (token, form), StatusCode::SERVICE_UNAVAILABLE)
}

fn subscribed(page: &Page, language: Language, id: i64) -> edge::Result {
    let token = link::sign(&page.shared.own().signup.link_key, LinkPurpose::Manage, id);
    let mut view = Done::new("subscribed", language);
    view.manage_url = Some(below(language, |words: &PathWords| words.manage, Some(&token)));
    Ok(html(StatusCode::OK, page.draw(&frame(page, language)?, &view, language)?))
}

fn confirm_word(words: &PathWords) -> &str {
    words.confirm
}
