//! Setting up an account, in two steps that both carry the one-time code.

use axum::extract::{Path, State};
use axum::response::Response;
use edge::{Failure, Problem, RawForm};
use http::StatusCode;
use render::Form;

use super::person::Visit;
use super::views::{SetUp, SetUpApp, SetUpDone};
use crate::Authoring;
use crate::accounts::app_secret;
use crate::error::ActionError;

/// The page is the same for any link, so that it tells nothing.
pub(super) async fn show(State(authoring): State<Authoring>, visit: Visit) -> edge::Result {
    shown(authoring.open_screen(&visit, &SetUp { form: Form::new() }, StatusCode::OK))
}

pub(super) async fn set_up(
    State(authoring): State<Authoring>,
    visit: Visit,
    Path(link): Path<String>,
    form: RawForm,
) -> edge::Result {
    shown(match form.text("step") {
        "app" => confirm(&authoring, &visit, &link, &form).await,
        _ => prepare(&authoring, &visit, &link, &form).await,
    })
}

async fn prepare(authoring: &Authoring, visit: &Visit, link: &str, form: &RawForm) -> edge::Result {
    let password = form.get("password").unwrap_or_default();
    if form.get("password_again") != Some(password) {
        return again(authoring, visit, vec![Problem::new("password_again", "passwords-differ")]);
    }
    match authoring.prepare_account(link, form.text("set_up_code"), password).await {
        Ok(prepared) => app_page(authoring, visit, (&prepared.secret, &prepared.email), form, Vec::new()),
        Err(error) => again(authoring, visit, problems(error)?),
    }
}

async fn confirm(authoring: &Authoring, visit: &Visit, link: &str, form: &RawForm) -> edge::Result {
    match authoring.confirm_account(link, form.text("set_up_code"), form.text("app_code")).await {
        Ok(confirmed) => {
            authoring.open_screen(visit, &SetUpDone { recovery_codes: confirmed.recovery_codes }, StatusCode::OK)
        }
        Err(ActionError::Invalid(problems)) => {
            let account = authoring.invited(link, form.text("set_up_code")).await?;
            let secret = account.totp_secret.unwrap_or_default();
            app_page(authoring, visit, (&secret, &account.email), form, problems)
        }
        Err(error) => again(authoring, visit, problems(error)?),
    }
}

fn app_page(
    authoring: &Authoring,
    visit: &Visit,
    (secret, email): (&[u8], &str),
    form: &RawForm,
    problems: Vec<Problem>,
) -> edge::Result {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let name = authoring.renderer().site_name(visit.language).map_err(ActionError::from)?;
    let app = app_secret(secret, &name, email);
    let form = Form::new().value("set_up_code", form.text("set_up_code")).refused(problems);
    authoring.open_screen(visit, &SetUpApp { form, app }, status)
}

fn again(authoring: &Authoring, visit: &Visit, problems: Vec<Problem>) -> edge::Result {
    let view = SetUp { form: Form::new().refused(problems) };
    authoring.open_screen(visit, &view, StatusCode::UNPROCESSABLE_ENTITY)
}

fn problems(error: ActionError) -> Result<Vec<Problem>, Failure> {
    match error {
        ActionError::Invalid(problems) => Ok(problems),
        ActionError::Unauthenticated(code) => Ok(vec![Problem::new("set_up_code", code)]),
        error => Err(error.into()),
    }
}

/// Secrets on a page: not stored anywhere.
fn shown(page: edge::Result) -> edge::Result {
    page.map(|response: Response| edge::headers::private(response))
}
