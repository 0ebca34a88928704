//! Signing in and out.

use axum::extract::{Query, State};
use edge::{ClientAddress, Failure, Problem, RawForm};
use http::StatusCode;
use http::header::SET_COOKIE;
use serde::Deserialize;

use super::SESSION_COOKIE;
use super::language::local;
use super::person::{Person, Visit};
use super::screen::see;
use super::views::SignIn;
use crate::Authoring;
use crate::accounts::Credentials;
use crate::error::ActionError;

#[derive(Debug, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

pub(super) async fn show(State(authoring): State<Authoring>, visit: Visit, Query(next): Query<Next>) -> edge::Result {
    let form = render::Form::new().value("next", local(&next.next));
    authoring.open_screen(&visit, &SignIn { form }, StatusCode::OK)
}

pub(super) async fn sign_in(
    State(authoring): State<Authoring>,
    visit: Visit,
    address: ClientAddress,
    form: RawForm,
) -> edge::Result {
    let credentials = Credentials {
        email: form.text("email").to_owned(),
        password: form.get("password").unwrap_or_default().to_owned(),
        code: form.text("code").to_owned(),
        block: address.block(),
    };
    let signed_in = match authoring.sign_in(&credentials).await {
        Ok(signed_in) => signed_in,
        Err(error) => return refused(&authoring, &visit, &form, error),
    };
    let mut response = see(local(form.text("next")))?;
    let cookie = authoring.cookies().set(SESSION_COOKIE, &signed_in.token, None);
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// One answer for everything that can be wrong.
fn refused(authoring: &Authoring, visit: &Visit, form: &RawForm, error: ActionError) -> edge::Result {
    let code = match &error {
        ActionError::Unauthenticated(code) => *code,
        ActionError::TooMany(_) => "sign-in-too-often",
        _ => return Err(error.into()),
    };
    let status = Failure::from(error).status();
    let form = form.refused(vec![Problem::new("email", code)]);
    authoring.open_screen(visit, &SignIn { form }, status)
}

pub(super) async fn sign_out(State(authoring): State<Authoring>, person: Person) -> edge::Result {
    authoring.memory().forget(&person.known.token_hash);
    authoring.sign_out(&person.known).await?;
    let mut response = see("/sign-in?done=signed-out")?;
    response.headers_mut().append(SET_COOKIE, authoring.cookies().clear(SESSION_COOKIE));
    Ok(response)
}
