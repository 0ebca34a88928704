//! A form whose sender nobody can name while the database is away, such as after a restart: it comes back with everything
//! that was typed, to be sent again.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use domain::{Kind, Language};
use edge::{Failure, RawForm};
use http::StatusCode;
use render::Form;

use super::editor::PARTS;
use super::person::{Person, Stranger, Visit};
use super::views::{Kept, KeptField, KeptWords};
use crate::Authoring;

/// A form of the writing screen with whoever sent it.
pub(super) struct Posted {
    pub(super) person: Person,
    pub(super) form: RawForm,
}

impl FromRequest<Authoring> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &Authoring) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let person = Person::from_request_parts(&mut parts, state).await;
        let form = RawForm::from_request(Request::from_parts(parts.clone(), body), state).await;
        let form = form.map_err(IntoResponse::into_response)?;
        match person {
            Ok(person) => Ok(Self { person, form }),
            // The form token was right, so these are the words of whoever gets them back.
            Err(Stranger::Failed(failure)) if failure.kind() == Kind::Unavailable => {
                failure.log();
                let visit = Visit::from_request_parts(&mut parts, state).await.map_err(IntoResponse::into_response)?;
                Err(given_back(state, &visit, &form).unwrap_or_else(Failure::into_response))
            }
            Err(stranger) => Err(stranger.into_response()),
        }
    }
}

fn given_back(authoring: &Authoring, visit: &Visit, form: &RawForm) -> edge::Result {
    let mut words = Vec::new();
    for (name, label, rows) in PARTS {
        for language in Language::ALL {
            let name = format!("{name}.{language}");
            if !form.text(&name).is_empty() {
                words.push(KeptWords { name, label, rows, language });
            }
        }
    }
    let is_shown = |name: &str| name == "csrf" || name == "action" || words.iter().any(|one| one.name == name);
    let hidden = form.pairs().filter(|(name, _)| !is_shown(name));
    let hidden = hidden.map(|(name, value)| KeptField { name: name.to_owned(), value: value.to_owned() }).collect();
    let view = Kept { form: Form::posted(form.pairs()), action: form.text("action").to_owned(), words, hidden };
    authoring.open_screen(visit, &view, StatusCode::SERVICE_UNAVAILABLE)
}
