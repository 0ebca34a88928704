//! Signing up as programs for Statuspage do it: `POST /api/v2/subscribers.json`, and one sign-up under the token of its
//! own links. The limits, the proof of the contact and the words that are agreed to are those of the form.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use domain::audience::Areas;
use domain::link::{self, LinkPurpose};
use domain::phone::{self, DramaNumbers};
use domain::site::PathWords;
use domain::subscriber::Wishes;
use domain::{Contact, EmailAddress, HasKind, Kind, Language, Severity};
use edge::{ClientAddress, Failure, Json};
use http::StatusCode;
use render::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ask::send_proof;
use super::line::Errand;
use super::views::below;
use crate::Page;
use crate::statuspage;

#[derive(Deserialize)]
struct Call {
    subscriber: Wanted,
}

/// What somebody wants, in the words of that API. Its other fields are ignored.
#[derive(Deserialize)]
struct Wanted {
    email: Option<String>,
    phone_number: Option<String>,
    phone_country: Option<String>,
    endpoint: Option<Value>,
    component_id: Option<Value>,
    component_ids: Option<Value>,
    incident_id: Option<Value>,
}

/// The calls in every language.
pub(super) fn router(page: &Page) -> Router<Page> {
    let mut router = Router::new();
    for language in &page.shared.site.languages {
        let path = |file: &str| statuspage::path(*language, &page.shared.site, &format!("api/v2/{file}"));
        let calls = Router::new()
            .route(&path("subscribers.json"), post(subscribe))
            .route(&path("subscribers/{id}"), get(show).delete(leave));
        // A program asks for no language but by the address.
        router = router.merge(calls.layer(Extension(*language)));
    }
    router
}

/// Sends a code or a link to the contact. The answer is the same whether the contact is known or not.
async fn subscribe(
    State(page): State<Page>,
    Extension(language): Extension<Language>,
    client: ClientAddress,
    Json(call): Json<Call>,
) -> edge::Result {
    let contact = contact(&call.subscriber, page.shared.own().signup.limits.accept_drama_numbers)?;
    let catalogue = page.lists().await?;
    // The page as a whole is subscribed to: that is the body at the top, and so everything below it.
    let root = catalogue.organisations.iter().find(|one| one.subscribable && one.parent.is_none());
    let areas = Areas::chosen(&catalogue, root.map(|one| one.key.as_str()));
    let wishes = Wishes { language, areas, min_severity: Severity::Info };
    let token = send_proof(&page, &contact, wishes, client).await?;
    let token = token.ok_or_else(|| Failure::too_many(std::time::Duration::from_secs(60 * 60)))?;
    let given = match &contact {
        Contact::Phone(_) => &call.subscriber.phone_number,
        Contact::Email(_) => &call.subscriber.email,
    };
    let mut answer = answer(&page, language, (&contact, given.as_deref().unwrap_or_default()))?;
    if matches!(contact, Contact::Phone(_)) {
        let url = below(language, |words: &PathWords| words.confirm, None);
        let url = page.shared.site.absolute(language, &url);
        // Ours: where the code of the text is sent to, as a form with `token` and `code`.
        answer["confirm"] = json!({ "url": url, "token": token });
    }
    Ok((StatusCode::CREATED, axum::Json(answer)).into_response())
}

/// The contact of a call. What we cannot do is refused: nobody is signed up for more than they asked for.
fn contact(wanted: &Wanted, drama: bool) -> edge::Result<Contact> {
    let unknown = [
        ("endpoint", &wanted.endpoint),
        ("component_id", &wanted.component_id),
        ("component_ids", &wanted.component_ids),
        ("incident_id", &wanted.incident_id),
    ];
    let unknown = unknown.into_iter().filter(|(_, value)| value.as_ref().is_some_and(|value| !value.is_null()));
    let mut problems: Vec<Problem> = unknown.map(|(field, _)| problem(field, "other")).collect();
    if wanted.phone_country.as_deref().is_some_and(|country| !country.eq_ignore_ascii_case("gb")) {
        problems.push(problem("phone_country", "other"));
    }
    let drama = if drama { DramaNumbers::Accept } else { DramaNumbers::Refuse };
    let contact = match (&wanted.email, &wanted.phone_number) {
        (Some(address), None) => {
            EmailAddress::parse(address).map(Contact::Email).map_err(|refused| problem("email", refused.code()))
        }
        (None, Some(number)) => {
            phone::parse(number, drama).map(Contact::Phone).map_err(|refused| problem("phone_number", refused.code()))
        }
        _ => Err(problem("email", "blank")),
    };
    match contact {
        Ok(contact) if problems.is_empty() => Ok(contact),
        contact => {
            problems.extend(contact.err());
            Err(Failure::invalid(problems))
        }
    }
}

fn problem(field: &str, code: &str) -> Problem {
    Problem::new(format!("subscriber.{field}"), code)
}

/// What a subscriber sees of themselves: whoever holds the token of the links in their messages.
async fn show(
    State(page): State<Page>,
    Extension(language): Extension<Language>,
    Path(id): Path<String>,
) -> edge::Result {
    let id = holder(&page, &id).ok_or_else(gone)?;
    let turn = page.turn(Errand::Change).await?;
    let subscriber = page.shared.own().signup.subscriptions.by_id(id).await?.ok_or_else(gone)?;
    drop(turn);
    let masked = subscriber.contact.masked();
    Ok(axum::Json(answer(&page, language, (&subscriber.contact, &masked))?).into_response())
}

/// Leaves at once. Whoever has left already is told the same again.
async fn leave(State(page): State<Page>, Path(id): Path<String>) -> edge::Result<Response> {
    let id = holder(&page, &id).ok_or_else(gone)?;
    let _turn = page.turn(Errand::Leave).await?;
    let tx = page.shared.own().signup.subscriptions.begin().await?;
    tx.leave(id, "api").await?;
    tx.commit().await?;
    Ok(axum::Json(true).into_response())
}

/// A sign-up is gone for whoever asks with a wrong token, and for whoever asks after it ended.
fn gone() -> Failure {
    Failure::new(Kind::NotFound, "signup-link")
}

/// Whose token it is: both links of a message may be shown to a program.
fn holder(page: &Page, id: &str) -> Option<i64> {
    let token = id.strip_suffix(".json")?;
    let key = &page.shared.own().signup.link_key;
    [LinkPurpose::Manage, LinkPurpose::Leave].into_iter().find_map(|purpose| link::verify(key, purpose, token))
}

fn answer(page: &Page, language: Language, (contact, shown): (&Contact, &str)) -> edge::Result<Value> {
    let model = page.shared.model.load_full().ok_or_else(|| Failure::new(Kind::Unavailable, "unavailable"))?;
    let now = crate::model::now::Now { model, at: page.shared.env.now(), unconfirmed_since: None };
    let voice = crate::view::Voice { now: &now, language };
    let zone = page.shared.press.renderer.settings().time_zone.name();
    let mut answer = json!({
        "page": statuspage::page(voice, &page.shared.site, zone),
        "can_select_components": false,
        "mode": "email_sms",
    });
    let kind = if matches!(contact, Contact::Phone(_)) { "phone" } else { "email" };
    answer[kind] = shown.into();
    Ok(answer)
}
