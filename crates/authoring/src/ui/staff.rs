//! The accounts of staff, for administrators.

use axum::extract::{Path, State};
use domain::staff::{Act, Role};
use edge::{Problem, RawForm};
use http::StatusCode;
use render::{Args, Form};

use super::incidents::short_name;
use super::person::Person;
use super::screen::see;
use super::views::{Choice, Staff, StaffRow};
use crate::Authoring;
use crate::accounts::{Invitation, NewAccount, within_reach};
use crate::error::{ActionError, Result};

pub(super) async fn list(State(authoring): State<Authoring>, person: Person) -> edge::Result {
    draw(&authoring, &person, (Form::new(), None, StatusCode::OK)).await
}

pub(super) async fn add(State(authoring): State<Authoring>, person: Person, form: RawForm) -> edge::Result {
    match invite(&authoring, &person, &form).await {
        Ok(invitation) => draw(&authoring, &person, (Form::new(), Some(invitation), StatusCode::OK)).await,
        Err(ActionError::Invalid(problems)) => {
            let shown = form.refused(problems);
            draw(&authoring, &person, (shown, None, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn invite(authoring: &Authoring, person: &Person, form: &RawForm) -> Result<Invitation> {
    let role = Role::from_key(form.text("role"));
    let role = role.ok_or_else(|| ActionError::Invalid(vec![Problem::new("role", "choice")]))?;
    let organisation = Some(form.text("organisation").to_owned()).filter(|key| !key.is_empty());
    let who =
        NewAccount { email: form.text("email").to_owned(), name: form.text("name").to_owned(), role, organisation };
    authoring.add_staff(&person.caller, who).await
}

pub(super) async fn change(
    State(authoring): State<Authoring>,
    person: Person,
    Path(id): Path<i64>,
    form: RawForm,
) -> edge::Result {
    let role = Role::from_key(form.text("role")).ok_or_else(|| ActionError::field("role", "choice"))?;
    authoring.change_staff(&person.caller, id, role, form.text("active") == "yes").await?;
    see("/staff?done=changed")
}

async fn draw(
    authoring: &Authoring,
    person: &Person,
    (form, invitation, status): (Form, Option<Invitation>, StatusCode),
) -> edge::Result {
    person.caller.permit(Act::ManageStaff)?;
    let catalogue = authoring.lists().await?;
    let language = person.visit.language;
    let row = |one: store::StaffAccount| StaffRow {
        url: format!("/staff/{}", one.id),
        name: one.name,
        email: one.email,
        role: one.role.key(),
        organisation: one.organisation.as_deref().map(|key| short_name(&catalogue, key)),
        active: one.active,
        waiting: one.setup_hash.is_some(),
        own: one.id == person.known.account.id,
    };
    let mut people = authoring.store().all_staff().await.map_err(ActionError::from)?;
    let reaches = |organisation: Option<&str>| within_reach(&person.caller, &catalogue, organisation).is_ok();
    people.retain(|one| reaches(one.organisation.as_deref()));
    let role = |role: Role| -> Result<Choice> {
        let label = authoring.renderer().text(language, &format!("au-role-{}", role.key()), &Args::new())?;
        Ok(Choice { value: role.key().to_owned(), label, hint: None })
    };
    let all = authoring.renderer().text(language, "au-all-organisations", &Args::new()).map_err(ActionError::from)?;
    let mut organisations = Vec::new();
    if reaches(None) {
        organisations.push(Choice { value: String::new(), label: all, hint: None });
    }
    let today = authoring.today();
    let own = catalogue.organisations.iter().filter(|one| one.exists_on(today) && reaches(Some(&one.key)));
    organisations.extend(own.map(|one| Choice {
        value: one.key.clone(),
        label: one.short.text(language).to_owned(),
        hint: None,
    }));
    let view = Staff {
        form,
        people: people.into_iter().map(row).collect(),
        roles: Role::ALL.into_iter().map(role).collect::<Result<_>>()?,
        organisations,
        invitation: invitation.map(|one| (one.link, one.code)),
    };
    authoring.screen_with(person, &view, (status, None)).await
}
