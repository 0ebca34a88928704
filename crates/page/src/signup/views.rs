//! The typed pages of signing up and leaving.

use domain::site::PathWords;
use domain::subscriber::Wishes;
use domain::{Catalogue, Language, Severity};
use render::{Form, View};
use serde::Serialize;

use super::wishes::areas;
use crate::routes::Place;

/// A box to tick.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
}

impl Choice {
    /// The areas that people may choose.
    pub(crate) fn areas(catalogue: &Catalogue, language: Language) -> Vec<Self> {
        let choice = |one: &domain::organisation::Organisation| {
            let label = one.name.text(language).to_owned();
            let hint = one.area.get(language).filter(|area| *area != one.short.text(language)).map(str::to_owned);
            Self { value: one.key.clone(), label, hint }
        };
        areas(catalogue).map(choice).collect()
    }
}

/// The sign-up form.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Ask {
    pub(crate) form: Form,
    pub(crate) action: String,
    pub(crate) areas: Vec<Choice>,
    pub(crate) sms_number: Option<String>,
    pub(crate) privacy_url: String,
}

impl View for Ask {
    const TEMPLATE: &'static str = "signup/ask.html";
}

/// Where the code from the text message goes.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Code {
    pub(crate) form: Form,
    pub(crate) action: String,
    /// Stands for the sign-up; in the body alone, never in an address.
    pub(crate) token: String,
    pub(crate) alerts_url: String,
}

impl View for Code {
    const TEMPLATE: &'static str = "signup/code.html";
}

/// "Look into your mailbox."
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Mailed {
    pub(crate) alerts_url: String,
}

impl View for Mailed {
    const TEMPLATE: &'static str = "signup/mailed.html";
}

/// The page behind the link of a mail: one button.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ConfirmLink {
    pub(crate) form: Form,
    pub(crate) action: String,
}

impl View for ConfirmLink {
    const TEMPLATE: &'static str = "signup/link.html";
}

/// Signed up, changed or left.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Done {
    /// `subscribed`, `changed`, `left` or `old`.
    pub(crate) what: &'static str,
    pub(crate) home_url: String,
    pub(crate) alerts_url: String,
    pub(crate) manage_url: Option<String>,
}

impl View for Done {
    const TEMPLATE: &'static str = "signup/done.html";
}

impl Done {
    pub(crate) fn new(what: &'static str, language: Language) -> Self {
        let (home_url, alerts_url) = (Place::Home.path(language), Place::Alerts.path(language));
        Self { what, home_url, alerts_url, manage_url: None }
    }
}

/// Changing what was chosen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Manage {
    pub(crate) form: Form,
    pub(crate) action: String,
    /// Masked, so that a picture of the screen gives nothing away. Not known while the database is not asked.
    pub(crate) contact: Option<String>,
    pub(crate) areas: Vec<Choice>,
    pub(crate) leave_url: String,
}

impl View for Manage {
    const TEMPLATE: &'static str = "signup/manage.html";
}

/// Leaving: one button.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Leave {
    pub(crate) form: Form,
    pub(crate) action: String,
    pub(crate) home_url: String,
}

impl View for Leave {
    const TEMPLATE: &'static str = "signup/leave.html";
}

/// A form filled with what was chosen.
pub(crate) fn chosen(wishes: Wishes, catalogue: &Catalogue) -> Form {
    let mut form = Form::new().value("language", wishes.language.code());
    for key in wishes.areas.keys(catalogue) {
        form = form.value("area", key);
    }
    if wishes.min_severity >= Severity::Serious { form.value("serious", "yes") } else { form }
}

/// An address below the sign-up form.
pub(crate) fn below(language: Language, word: fn(&PathWords) -> &str, token: Option<&str>) -> String {
    let base = format!("{}/{}", Place::Alerts.path(language), word(PathWords::of(language)));
    match token {
        Some(token) => format!("{base}/{token}"),
        None => base,
    }
}
