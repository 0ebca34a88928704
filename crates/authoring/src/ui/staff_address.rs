//! The screen of the unlisted address for staff: to hand it out, and for administrators to change its key.

use axum::extract::State;
use domain::staff::Act;
use edge::{Failure, RawForm};
use http::StatusCode;

use super::person::Person;
use super::screen::see;
use super::views::StaffAddress;
use crate::Authoring;
use crate::actions::AddressChange;

pub(super) async fn show(State(authoring): State<Authoring>, person: Person) -> edge::Result {
    let addresses = authoring.staff_addresses(&person.caller).await?;
    let view = StaffAddress { addresses, may_change: person.may(Act::ManageStaff) };
    authoring.screen_with(&person, &view, (StatusCode::OK, None)).await
}

pub(super) async fn change(State(authoring): State<Authoring>, person: Person, form: RawForm) -> edge::Result {
    let (change, done) = match form.text("action") {
        "new-key" => (AddressChange::NewKey, "new-key"),
        "close" => (AddressChange::Close, "address-closed"),
        _ => return Err(Failure::not_found()),
    };
    authoring.change_staff_address(&person.caller, change).await?;
    see(&format!("/staff-address?done={done}"))
}
