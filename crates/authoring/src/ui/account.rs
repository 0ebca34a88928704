//! One's own account: what it may do, and new recovery codes.

use axum::extract::State;
use edge::RawForm;
use http::StatusCode;
use render::Form;

use super::incidents::short_name;
use super::person::Person;
use super::views::Account;
use crate::Authoring;
use crate::error::ActionError;

pub(super) async fn show(State(authoring): State<Authoring>, person: Person) -> edge::Result {
    draw(&authoring, &person, (Form::new(), Vec::new(), StatusCode::OK)).await
}

pub(super) async fn renew_codes(State(authoring): State<Authoring>, person: Person, form: RawForm) -> edge::Result {
    match authoring.renew_recovery_codes(person.known.account.id, form.text("code")).await {
        Ok(codes) => draw(&authoring, &person, (Form::new(), codes, StatusCode::OK)).await,
        Err(ActionError::Invalid(problems)) => {
            let form = form.refused(problems);
            draw(&authoring, &person, (form, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn draw(
    authoring: &Authoring,
    person: &Person,
    (form, recovery_codes, status): (Form, Vec<String>, StatusCode),
) -> edge::Result {
    let account = &person.known.account;
    let catalogue = authoring.lists().await?;
    let view = Account {
        form,
        name: account.name.clone(),
        email: account.email.clone(),
        role: account.role.key(),
        organisation: account.organisation.as_deref().map(|key| short_name(&catalogue, key)),
        recovery_codes,
    };
    authoring.screen_with(person, &view, (status, None)).await
}
