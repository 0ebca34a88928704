//! Who looks at a page: anybody, or somebody who has signed in.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Duration;
use domain::staff::Act;
use domain::{HasKind, Kind, Language};
use edge::{CsrfToken, Failure, ReaderLanguage};
use http::Method;
use http::request::Parts;

use super::SESSION_COOKIE;
use crate::Authoring;
use crate::accounts::{Known, actor, hashed};
use crate::caller::{Caller, Once};
use crate::error::ActionError;

/// What every page needs to know of a request.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) language: Language,
    pub(crate) csrf: String,
    /// The address without its host, to come back to.
    pub(crate) path: String,
    /// The key of a sentence that says what the last click did.
    pub(crate) done: Option<&'static str>,
}

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) visit: Visit,
    pub(crate) caller: Caller,
    pub(crate) known: Known,
    /// The database could not be asked; this is somebody it knew a moment ago.
    pub(crate) offline: bool,
}

impl Person {
    pub(crate) fn may(&self, act: Act) -> bool {
        self.caller.actor.role.may(act)
    }

    /// The caller of a form that must have its effect once, however often its button is pressed.
    pub(crate) fn once(&self, form_id: &str, fields: &str) -> Caller {
        let once =
            (!form_id.is_empty()).then(|| Once::new(&format!("form:{form_id}"), &self.visit.path, fields.as_bytes()));
        Caller { once, ..self.caller.clone() }
    }
}

/// What a click can have done; the address carries the word, so it is looked up and never printed.
const DONE: [(&str, &str); 14] = [
    ("saved", "au-done-saved"),
    ("submitted", "au-done-submitted"),
    ("approved", "au-done-approved"),
    ("rejected", "au-done-rejected"),
    ("published", "au-done-published"),
    ("paused", "au-done-paused"),
    ("resumed", "au-done-resumed"),
    ("cancelled", "au-done-cancelled"),
    ("retried", "au-done-retried"),
    ("changed", "au-done-changed"),
    ("new-key", "au-done-new-key"),
    ("address-closed", "au-done-address-closed"),
    ("signed-out", "au-done-signed-out"),
    ("set-up", "au-done-set-up"),
];

impl FromRequestParts<Authoring> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Authoring) -> Result<Self, Failure> {
        let CsrfToken(csrf) = CsrfToken::from_request_parts(parts, state).await?;
        let Ok(ReaderLanguage(language)) = ReaderLanguage::from_request_parts(parts, state).await;
        let query = parts.uri.query().unwrap_or_default();
        let done = query.split('&').find_map(|pair| pair.strip_prefix("done="));
        let done = DONE.iter().find(|(word, _)| Some(*word) == done).map(|(_, key)| *key);
        Ok(Self { language, csrf, path: parts.uri.path().to_owned(), done })
    }
}

/// Nobody is signed in. A reader is led to the sign-in page; whoever posts is told, so that nothing typed gets lost.
pub(crate) enum Stranger {
    Reads(String),
    Failed(Failure),
}

impl IntoResponse for Stranger {
    fn into_response(self) -> Response {
        match self {
            Self::Reads(path) => Redirect::to(&format!("/sign-in?next={path}")).into_response(),
            Self::Failed(failure) => failure.into_response(),
        }
    }
}

impl From<Failure> for Stranger {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl FromRequestParts<Authoring> for Person {
    type Rejection = Stranger;

    async fn from_request_parts(parts: &mut Parts, state: &Authoring) -> Result<Self, Stranger> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let token = state.cookies().read(&parts.headers, SESSION_COOKIE).map(str::to_owned);
        let found = match token {
            Some(token) => recognise(state, &token).await.map_err(Failure::from)?,
            None => None,
        };
        match found {
            Some((known, offline)) => Ok(Self { visit, caller: Caller::from(actor(&known.account)), known, offline }),
            None if parts.method == Method::GET => Err(Stranger::Reads(visit.path)),
            None => Err(Failure::unauthenticated().into()),
        }
    }
}

async fn recognise(state: &Authoring, token: &str) -> Result<Option<(Known, bool)>, ActionError> {
    let now = state.env().machine_now();
    match state.known(token).await {
        Ok(Some(known)) => {
            let until = now + Duration::minutes(state.settings().idle_minutes.into());
            state.memory().remember(&known.token_hash, &known.account, until);
            Ok(Some((known, false)))
        }
        Ok(None) => {
            state.memory().forget(&hashed(token));
            Ok(None)
        }
        Err(ActionError::Store(error)) if error.kind() == Kind::Unavailable => {
            let token_hash = hashed(token);
            let account = state.memory().recall(&token_hash, now).ok_or(ActionError::Store(error))?;
            Ok(Some((Known { account, token_hash }, true)))
        }
        Err(error) => Err(error),
    }
}
